from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from parish_world import PASSWORD, account, build, code
from walker import Walker

from csp_consult.db import db

SignIn = Callable[[str], Walker]


@pytest.fixture
def site(app: Flask) -> Flask:
    """The application with its world, the wave open. No context stays open: requests in one would share a user."""
    today = date.today()
    with app.app_context():
        build(db.session(), opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
    return app


@pytest.fixture
def sign_in(site: Flask) -> SignIn:
    """``sign_in(name)`` is a browser of its own in which that clerk has signed in."""

    def arrive(name: str) -> Walker:
        walker = Walker(site.test_client())
        walker.get("/sign-in")
        walker.submit({"email": f"{name}@example.org", "password": PASSWORD})
        assert walker.heading == "Your parishes", walker.text
        return walker

    return arrive


@pytest.fixture
def gill(sign_in: SignIn) -> Walker:
    """The clerk of Great Glen."""
    return sign_in("glen")


@pytest.fixture
def olive(site: Flask) -> Walker:
    """An officer."""
    with site.app_context():
        account(db.session(), "olive@example.org", "officer", name="Olive Officer")
        db.session.commit()
    walker = Walker(site.test_client())
    walker.get("/sign-in")
    walker.submit({"email": "olive@example.org", "password": PASSWORD})
    walker.submit({"code": code()})
    return walker
