"""Signing in and out, as it goes in a browser without JavaScript."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from parish_world import PASSWORD, build
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.people.accounts import end_sessions
from csp_consult.people.models import User
from csp_consult.people.signing_in import NOT_RIGHT


@pytest.fixture
def site(app: Flask) -> Flask:
    """The application with its world. No context stays open: requests inside one would share a user."""
    today = date.today()
    with app.app_context():
        build(db.session(), opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
    return app


@pytest.fixture
def walker(site: Flask) -> Walker:
    return Walker(site.test_client())


@contextmanager
def clerk_of(site: Flask) -> Iterator[User]:
    with site.app_context():
        yield db.session.scalars(select(User).where(User.email == "glen@example.org")).one()
        db.session.commit()


def sign_in(walker: Walker, email: str = "glen@example.org", password: str = PASSWORD) -> None:
    walker.submit({"email": email, "password": password})


def test_a_clerk_signs_in_and_arrives_at_the_parishes(walker: Walker) -> None:
    walker.get("/sign-in")

    sign_in(walker)

    assert walker.heading == "Your parishes"
    assert "Great Glen" in walker.text


def test_an_address_with_capitals_and_spaces_is_the_same_address(walker: Walker) -> None:
    walker.get("/sign-in")

    sign_in(walker, email=" Glen@Example.ORG ")

    assert walker.heading == "Your parishes"


@pytest.mark.parametrize(
    ("email", "password"), [("glen@example.org", "not the password"), ("nobody@example.org", PASSWORD)]
)
def test_a_refusal_never_tells_whether_there_is_such_an_account(walker: Walker, email: str, password: str) -> None:
    walker.get("/sign-in")

    sign_in(walker, email, password)

    assert walker.errors == [NOT_RIGHT]
    assert walker.filled()["email"] == email, "what was typed is kept"
    assert walker.filled()["password"] == ""


def test_empty_fields_are_each_named(walker: Walker) -> None:
    walker.get("/sign-in")

    walker.submit({"email": "", "password": ""})

    assert walker.errors == ["Enter your email address", "Enter your password"]


def test_a_closed_account_is_told_so_only_with_the_right_password(site: Flask, walker: Walker) -> None:
    with clerk_of(site) as user:
        user.active = False
    walker.get("/sign-in")

    sign_in(walker, password="not the password")
    assert walker.errors == [NOT_RIGHT]

    sign_in(walker)
    assert walker.errors == ["This account is closed. Write to us if you need it."]


def test_after_signing_in_one_is_where_one_wanted_to_be(walker: Walker) -> None:
    wanted = "/clerk/E04000001/parish-test/first/"
    walker.get(wanted)
    assert walker.heading == "Sign in"

    sign_in(walker)

    assert walker.path == wanted


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com/", "/\\example.com", "///example.com", "javascript:alert(1)"]
)
def test_signing_in_never_leads_off_this_site(walker: Walker, elsewhere: str) -> None:
    walker.get("/sign-in")
    fields = walker.filled({"email": "glen@example.org", "password": PASSWORD, "next": elsewhere})

    response = walker.client.post("/sign-in", data=fields)

    assert response.status_code == 302
    # A browser reads a backslash as a slash.
    arrived = urljoin("http://localhost/sign-in", response.location.replace("\\", "/"))
    assert urlsplit(arrived).netloc == "localhost"


def test_signing_out_ends_the_session_and_says_so(walker: Walker) -> None:
    walker.get("/sign-in")
    sign_in(walker)

    walker.submit(button="Sign out")
    assert walker.heading == "You have signed out"

    walker.get("/clerk/")
    assert walker.heading == "Sign in"


def test_sessions_end_everywhere_when_the_account_says_so(site: Flask) -> None:
    walkers = [Walker(site.test_client()), Walker(site.test_client())]
    for walker in walkers:
        walker.get("/sign-in")
        sign_in(walker)

    with clerk_of(site) as user:
        end_sessions(user)

    for walker in walkers:
        walker.get("/clerk/")
        assert walker.heading == "Sign in"


def test_a_form_without_its_token_signs_nobody_in(walker: Walker) -> None:
    walker.get("/sign-in")
    fields = walker.filled({"email": "glen@example.org", "password": PASSWORD, "csrf_token": None})

    response = walker.client.post("/sign-in", data=fields)

    assert response.status_code == 400
    walker.get("/clerk/")
    assert walker.heading == "Sign in"


def test_a_token_in_a_header_or_an_address_is_no_way_in(site: Flask) -> None:
    with clerk_of(site) as user:
        token = str(user.get_auth_token())
    client = site.test_client()

    for response in (
        client.get("/clerk/", headers={"Authentication-Token": token}),
        client.get("/clerk/", query_string={"auth_token": token}),
    ):
        assert response.status_code == 302
        assert response.location.startswith("/sign-in")
