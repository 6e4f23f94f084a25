"""The demo, built once, copied for each test that may change it."""

from collections.abc import Iterator
from datetime import date

import pytest
from databases import Databases
from flask import Flask
from quick_app import quick_app
from sqlalchemy.orm import Session

from csp_consult.db import db
from csp_consult.demo.build import build


def demo(session: Session) -> None:
    """What ``csp-consult demo`` builds."""
    build(session, "E07000131", date.today())


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a demo database of its own, in place of an empty one.

    On each kind for tests that use ``database``; the others, of pages and papers, are content with one.
    """
    kind = "databases" if "database" in request.fixturenames else "sqlite_databases"
    databases: Databases = request.getfixturevalue(kind)
    with databases.like(demo) as address:
        app = quick_app(address)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
