from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from small_survey import SOURCE, make_wave
from sqlalchemy import event
from walker import Walker

from csp_consult.db import db, writing
from csp_consult.places.models import Area
from csp_consult.resources import resource_folder

SURVEY = "/s/small/now"


@pytest.fixture
def open_wave(app: Flask) -> str:
    """The address of a wave of the small survey that is open today, in a district of two wards."""
    return wave_of(app, SOURCE)


@pytest.fixture
def real_wave(app: Flask) -> str:
    """The address of an open wave of the VRN Community Safety Survey."""
    return wave_of(app, (Path(resource_folder("surveys")) / "vrn-community-safety.yaml").read_text())


def wave_of(app: Flask, source: str) -> str:
    today = date.today()
    with app.app_context(), writing() as session:
        for code, name in (("E05011957", "Fleckney"), ("E05011958", "Glen")):
            session.add(Area(code=code, kind="ward", name=name, source="test"))
        make_wave(session, "now", source=source, opens_on=today, closes_on=today + timedelta(days=9))
    return SURVEY


@pytest.fixture
def resident(app: Flask) -> Walker:
    """Somebody with a browser without JavaScript."""
    return Walker(app.test_client())


@pytest.fixture
def statements(app: Flask) -> Any:
    """``with statements() as seen``: the SQL statements run meanwhile."""

    @contextmanager
    def listening() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)

    return listening
