from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from databases import Fill, nothing
from findings_world import DISTRICT, make_world
from flask import Flask
from parish_world import PASSWORD, account, code
from quick_app import quick_app
from sqlalchemy.orm import Session
from walker import Walker

from csp_consult.db import db
from csp_consult.recorded.models import PublishedComparison
from csp_consult.topics.models import TopicRecord

_DAWN, _START, _END = date(2010, 1, 1), date(2021, 10, 1), date(2022, 9, 30)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application of the made-up district. Charts are kept in a folder of the test's own."""
    app = quick_app(database_url, district=DISTRICT)
    app.instance_path = str(tmp_path)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def filled_with(request: pytest.FixtureRequest) -> Fill:
    return officers_district if "site" in request.fixturenames else nothing


@pytest.fixture
def site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application in the officers' district. Nothing is drawn: that is slow."""
    for page in ("officer.door", "paper_pictures"):
        monkeypatch.setattr(f"csp_consult.web.{page}.drawn", lambda chart, folder: None)
    return app


def officers_district(session: Session) -> None:
    """The made-up district with answers, a published fall of ASB, and an officer."""
    world = make_world(session)
    world.crowd()
    world.residents.synthetic = True
    for parish, first in (("P1", "5"), ("P2", "4"), ("P3", "5")):
        world.council(parish, {"road-safety": first, "acquisitive-crime": "3", "asb": "2"})
    publish_fall(session)
    account(session, "olive@example.org", "officer", name="Olive Officer")
    account(session, "clerk@example.org", "clerk")


def publish_fall(session: Session) -> None:
    session.add(TopicRecord(topic_slug="asb", source="police_uk", category="Anti-social behaviour", valid_from=_DAWN))
    session.add(
        PublishedComparison(
            id="asb-fall",
            position=1,
            kind="change",
            text="ASB incidents down 33.4% on the year before",
            source="Made-up Police",
            citation="Made-up plan",
            topic_slug="asb",
            area_code=DISTRICT,
            period="year to September 2022",
            period_from=_START,
            period_to=_END,
            previous_period="the year before",
            change_pct=-33.4,
            detail={"mix_pct": {"noise": 91.5}, "top_beats": ["Beat B1", "Beat B2"]},
        )
    )


@pytest.fixture
def olive(site: Flask) -> Walker:
    """The officer, signed in, in a browser without JavaScript."""
    walker = Walker(site.test_client())
    walker.get("/sign-in")
    walker.submit({"email": "olive@example.org", "password": PASSWORD})
    walker.submit({"code": code()})
    assert walker.heading == "Surveys", walker.text
    return walker
