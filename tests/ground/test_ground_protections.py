"""What every page and form of every door is protected by: read off the whole site, address by address."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from whole_site import UNSAFE, begun, calls, differences, furnish, signed_in, stored

from csp_consult.app import create_app
from csp_consult.db import db
from csp_consult.settings import Settings

OWN_FILES = "sandbox; default-src 'none'"
PUBLIC = ("static", "results.")
"""Endpoints of what caches may keep: it was published, and is the same for everybody."""


@pytest.fixture
def site(app: Flask) -> Flask:
    furnish(app)
    return app


@pytest.fixture
def production(database_url: str) -> Iterator[Flask]:
    """The application as it runs for real."""
    settings = Settings(
        environment="production",
        database_url=database_url,
        site_address="https://csp.example",
        secret_key="s" * 40,
        codes_secret="c" * 40,
    )
    app = create_app(settings, TESTING=True)
    furnish(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("role", [None, "clerk", "administrator"])
def test_every_page_lets_only_its_own_marked_scripts_run_and_nothing_frame_it(site: Flask, role: str | None) -> None:
    client, nonces, pages = signed_in(site, role), set(), 0
    for call in calls(site):
        if call.method != "GET":
            continue
        answer = client.get(call.path)
        policy = answer.headers["Content-Security-Policy"]
        if policy == OWN_FILES:
            continue
        directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        nonce = re.fullmatch(r"'nonce-([\w-]{20,})' 'strict-dynamic'", directives["script-src"])
        assert nonce, (call, policy)
        assert "unsafe" not in policy, call
        assert directives["default-src"] == directives["base-uri"] == "'none'", call
        assert directives["form-action"] == directives["style-src"] == "'self'", call
        assert directives["frame-ancestors"] in {"'none'", "'self'"}, call
        assert "object-src" not in directives, call
        assert answer.headers["X-Content-Type-Options"] == "nosniff", call
        assert answer.headers["Referrer-Policy"] == "same-origin", call
        assert nonce[1] not in nonces, "a nonce is used once"
        nonces.add(nonce[1])
        if not call.endpoint.startswith(PUBLIC):
            assert "no-store" in answer.headers["Cache-Control"], call
        if answer.mimetype == "text/html" and answer.status_code < 300:
            pages += 1
            _holds_no_code_of_its_own(answer.text, nonce[1], call.path)
    assert pages > 10


def _holds_no_code_of_its_own(body: str, nonce: str, where: str) -> None:
    page = BeautifulSoup(body, "html5lib")
    for script in page("script"):
        assert script.get("nonce") == nonce, (where, script)
        assert script.get("src"), (where, script)
    for element in page.find_all(True):
        assert "style" not in element.attrs or element.find_parent("svg") or element.name == "svg", (where, element)
        assert not [name for name in element.attrs if name.startswith("on")], (where, element)
        assert not str(element.get("href", "")).lower().startswith(("javascript:", "data:")), (where, element)


def test_every_form_is_refused_without_its_mark(site: Flask) -> None:
    client, tried = signed_in(site, "administrator"), 0
    before = stored(site)
    for call in calls(site):
        if call.method not in UNSAFE or call.endpoint.startswith("resident."):
            continue
        answer = client.open(call.path, method=call.method, data={"email": "new@example.org", "role": "officer"})
        assert (answer.status_code, "This form has to be opened again" in answer.text) == (400, True), call
        tried += 1
    assert tried > 50
    assert differences(before, stored(site)) == {}


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_every_form_of_residents_changes_nothing_without_its_mark(site: Flask, token: str | None) -> None:
    resident = begun(site)
    code = _saved_code(site)
    reference = _reference(site)
    before, tried = stored(site), 0
    fields = {"victim": "yes", "email": "me@example.org", "code": code, "reference": reference, "form-go": "on"}
    fields["form-sure"] = "yes"
    sent = fields if token is None else {**fields, "csrf_token": token}
    for call in calls(site):
        if call.method in UNSAFE and call.endpoint.startswith("resident."):
            answer = resident.client.open(call.path, method=call.method, data=sent)
            assert answer.status_code < 500, call
            assert "draft=" not in answer.headers.get("Set-Cookie", ""), "somebody else's draft is not put in its place"
            tried += 1
    assert tried >= 9
    assert differences(before, stored(site)) == {}


def _saved_code(site: Flask) -> str:
    other = begun(site)
    other.get("/s/small/now/save")
    other.submit(button="Give me a code")
    found = re.search(r"\b[A-Z0-9]{4}(-[A-Z0-9]{4}){3}\b", other.text)
    assert found, other.text
    return found[0]


def _reference(site: Flask) -> str:
    [row] = stored(site)["response"]
    found = re.search(r"'([A-Z0-9]{4}-[A-Z0-9]{4})'", row)
    assert found, row
    return found[1]


def test_in_production_browsers_are_told_to_come_by_tls_only(production: Flask) -> None:
    for path in ("/", "/s/small/now", "/nothing-here", "/static/css/site.css"):
        answer = production.test_client().get(path, base_url="https://csp.example")
        header = answer.headers["Strict-Transport-Security"]
        answer.close()
        assert int(header.partition("max-age=")[2].partition(";")[0]) >= 31_536_000


def test_in_production_every_cookie_travels_encrypted_only_and_out_of_scripts_reach(production: Flask) -> None:
    client, given = production.test_client(), []
    for path in ("/sign-in", "/s/small/now/questions/concerns", "/s/small/now/link/a-token", "/s/withdraw"):
        given += client.get(path, base_url="https://csp.example").headers.getlist("Set-Cookie")

    assert {one.partition("=")[0] for one in given} >= {"__Host-session", "draft", "link"}
    for cookie in given:
        marks = {part.strip() for part in cookie.split(";")}
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= marks, cookie
        assert not [mark for mark in marks if mark.startswith("Domain=")], cookie


def test_no_other_site_is_let_read_or_call_ours(site: Flask) -> None:
    elsewhere = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for path in ("/", "/api/results", "/s/small/now"):
        for method in ("GET", "OPTIONS"):
            answer = site.test_client().open(path, method=method, headers=elsewhere)
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control")], path


def test_methods_nobody_needs_are_refused(site: Flask) -> None:
    for method in ("TRACE", "PUT", "DELETE", "CONNECT", "PROPFIND"):
        assert site.test_client().open("/privacy", method=method).status_code == 405, method
