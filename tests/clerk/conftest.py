from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from parish_world import GLEN, PASSWORD, QUESTIONNAIRE, account, build, code, respond
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import create
from csp_consult.places.models import Area
from csp_consult.questionnaire.store import store

SignIn = Callable[[str], Walker]


@pytest.fixture
def site(app: Flask) -> Flask:
    """The application with its world, the wave open. No context stays open: requests in one would share a user."""
    today = date.today()
    with app.app_context():
        build(db.session(), opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
    return app


@pytest.fixture
def closed_site(site: Flask) -> Flask:
    """Great Glen and twelve others answered a wave that has closed; Great Glen answered one the year before too."""
    with site.app_context():
        session = db.session()
        wave = session.scalars(select(Wave)).one()
        wave.opens_on, wave.closes_on = (date.today() - timedelta(days=n) for n in (30, 1))
        last_year = date.today() - timedelta(days=400)
        before = create(
            session,
            wave.survey,
            "before",
            title="Earlier test consultation",
            questionnaire=store(session, QUESTIONNAIRE, today=last_year),
            opens_on=last_year,
            cleared_on=last_year,
            closes_on=last_year,
        )
        respond(session, before, GLEN, "met")
        respond(session, wave, GLEN, "not_met")
        for number in range(12):
            code = f"E0401{number:04}"
            session.add(Area(code=code, kind="parish", name=f"Parish {number}", source="test"))
            session.flush()
            respond(session, wave, code, "met" if number < 10 else "not_met")
        session.commit()
    return site


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
