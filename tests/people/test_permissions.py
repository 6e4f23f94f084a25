"""Who may call what: every route is in the table, and every role gets on every route what the table says."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from parish_world import GLEN, PASSWORD, WAVE, account, build, code
from quick_app import quick_app
from walker import Walker
from werkzeug.routing import IntegerConverter, Rule

from csp_consult.db import db
from csp_consult.web.permissions import PERMISSIONS, may_call

SURVEY_SLUG, WAVE_SLUG = WAVE.split("/")
# What an address is filled in with; anything else gets a word that names nothing.
FILLING = {"parish_code": GLEN, "survey": SURVEY_SLUG, "wave": WAVE_SLUG, "page_id": "worries"}
# Signing out in the middle would change who asks; so would the steps between password and door, which lead back to
# the sign-in when nobody is on the way (tests/people/test_second_step.py).
NOT_TRIED = {
    "security.logout",
    "security.two_factor_setup",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "account.end_session",
}


@pytest.fixture
def site(database_url: str) -> Iterator[Flask]:
    """The application with an account for each role. Forms need no token: the roles are what is tried."""
    app = quick_app(database_url, WTF_CSRF_ENABLED=False)
    with app.app_context():
        session = db.session()
        today = date.today()
        build(session, opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
        for role in ("officer", "administrator"):
            account(session, f"{role}@example.org", role)
        session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def calls(site: Flask) -> list[tuple[Rule, str, str]]:
    """Every rule with a method and an address to try it by."""
    urls = site.url_map.bind("localhost")
    found: list[tuple[Rule, str, str]] = []
    for rule in site.url_map.iter_rules():
        converters = rule._converters
        values = {
            name: FILLING.get(name, 1 if isinstance(converters[name], IntegerConverter) else "nothing")
            for name in converters
        } | dict(rule.defaults or {})
        methods = sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})
        found.extend((rule, method, urls.build(rule.endpoint, values)) for method in methods)
    return [call for call in found if call[0].endpoint not in NOT_TRIED]


def test_every_route_is_in_the_table_and_the_table_has_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(PERMISSIONS)


def test_what_is_not_in_the_table_may_be_called_by_nobody() -> None:
    assert not may_call("somewhere.new", ["clerk", "officer", "administrator"])


@pytest.mark.parametrize("role", [None, "clerk", "officer", "administrator"])
def test_every_role_gets_on_every_route_what_the_table_says(site: Flask, role: str | None) -> None:
    client = site.test_client()
    if role is not None:
        email = "glen@example.org" if role == "clerk" else f"{role}@example.org"
        client.post("/sign-in", data={"email": email, "password": PASSWORD})
        if role != "clerk":
            client.post("/sign-in/code", data={"code": code()})

    for rule, method, path in calls(site):
        response = client.open(path, method=method)
        what = (role, method, path, response.status_code)
        sent_to_sign_in = response.status_code == 302 and response.location.startswith("/sign-in")
        if may_call(rule.endpoint, [role] if role else []):
            assert response.status_code not in {401, 403}, what
            assert response.status_code < 500, what
            assert not sent_to_sign_in, what
        elif role is None:
            assert sent_to_sign_in, what
        else:
            assert response.status_code == 403, what


def test_a_refused_page_is_explained_and_the_same_page_opens_for_its_own_role(site: Flask) -> None:
    officer, clerk = Walker(site.test_client()), Walker(site.test_client())
    officer.client.post("/sign-in", data={"email": "officer@example.org", "password": PASSWORD})
    officer.client.post("/sign-in/code", data={"code": code()})
    clerk.client.post("/sign-in", data={"email": "glen@example.org", "password": PASSWORD})

    officer.get("/clerk/")
    clerk.get("/clerk/")

    assert (officer.status, officer.heading) == (403, "You cannot open this page")
    assert (clerk.status, clerk.heading) == (200, "Your parishes")


def test_a_page_refused_before_signing_in_is_the_page_to_come_back_to(site: Flask) -> None:
    client = site.test_client()

    asked = client.get("/clerk/?from=letter")
    sent = client.post(f"/clerk/{GLEN}/{WAVE}/amend")

    assert asked.location == "/sign-in?next=/clerk/?from%3Dletter"
    assert sent.location == "/sign-in"
