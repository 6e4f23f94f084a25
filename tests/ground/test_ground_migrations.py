from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, func, inspect, select

from csp_consult.app import create_app
from csp_consult.db import Base, db
from csp_consult.fieldwork.models import Wave
from csp_consult.settings import Settings


@pytest.fixture
def empty_url(database_url: str, database: str, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if database == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    app = create_app(Settings(database_url=database_url))
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        db.engine.dispose()
    return database_url


def test_migrations_make_exactly_the_tables_of_the_models(empty_url: str) -> None:
    app = create_app(Settings(database_url=empty_url))

    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            differences = compare_metadata(context, Base.metadata)
        db.engine.dispose()

    assert differences == []


def test_migrations_can_be_taken_back(empty_url: str) -> None:
    app = create_app(Settings(database_url=empty_url))

    with app.app_context():
        upgrade()
        downgrade(revision="base")
        left = inspect(db.engine).get_table_names()
        db.engine.dispose()

    assert left == ["alembic_version"]


def test_migrations_keep_what_an_installation_holds_on_the_way_here_and_back(empty_url: str, database: str) -> None:
    app = create_app(Settings(database_url=empty_url))
    first, day, drawn = "0009", date(2026, 11, 1), uuid4()
    # What was reflected of SQLite knows an id as text.
    response = drawn.hex if database == "sqlite" else drawn
    rows: list[tuple[str, dict[str, Any]]] = [
        ("survey", {"id": 1, "slug": "s", "title": "S", "organisation": "O", "audience": "residents"}),
        (
            "questionnaire_version",
            {"id": 1, "slug": "q", "version": "1", "sha256": "", "source": "words", "loaded_on": day},
        ),
        (
            "wave",
            {"id": 1, "survey_id": 1, "slug": "w", "title": "W", "questionnaire_id": 1, "recruitment": "open"}
            | {"opens_on": day, "closes_on": day, "synthetic": False},
        ),
        (
            "response",
            {"id": response, "reference": "7KQ4-M2TX", "submission": "s", "mode": "online", "language": "en"}
            | {"wave_id": 1, "submitted_on": day, "answers": {}, "cell": "||", "folded": False},
        ),
        (
            "care_flag",
            {"id": 1, "wave_id": 1, "response_id": response, "reference": "7KQ4-M2TX", "question": "q"}
            | {"kinds": ["danger"], "found_on": day},
        ),
    ]

    with app.app_context():
        upgrade(revision=first)
        tables = MetaData()
        tables.reflect(db.engine)
        with db.engine.begin() as connection:
            for table, values in rows:
                connection.execute(tables.tables[table].insert().values(values))
        upgrade()
        downgrade(revision=first)
        with db.engine.connect() as connection:
            left = {
                table: connection.scalar(select(func.count()).select_from(tables.tables[table])) for table, _ in rows
            }
            held = database != "sqlite" or connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one()
        db.engine.dispose()

    assert left == dict.fromkeys(left, 1)
    assert held


def test_what_had_begun_counts_as_cleared_and_what_was_planned_only_where_its_checks_were_signed_off(
    empty_url: str,
) -> None:
    app = create_app(Settings(database_url=empty_url))
    today = date.today()
    signed = {"published_by": "o", "signed_off_by": "Chair", "reason": "", "paper": {}, "kind": "before-opening"}

    with app.app_context():
        upgrade(revision="0130")
        tables = MetaData()
        tables.reflect(db.engine)
        with db.engine.begin() as connection:

            def hold(table: str, **values: Any) -> None:
                connection.execute(tables.tables[table].insert().values(values))

            hold("survey", id=1, slug="s", title="S", organisation="O", audience="residents")
            texts = {"sha256": "", "source_sha256": "", "source": "words"}
            hold("questionnaire_version", id=1, slug="q", version="1", loaded_on=today, **texts)
            for place, (slug, days) in enumerate((("begun", 0), ("planned", 5), ("checked", 5)), start=1):
                dates = {"opens_on": today + timedelta(days), "closes_on": today + timedelta(9)}
                names = {"slug": slug, "title": "W", "recruitment": "open", "synthetic": False}
                hold("wave", id=place, survey_id=1, questionnaire_id=1, **names, **dates)
            for version, days in ((1, 4), (2, 2)):
                hold("publication", about="s/checked", version=version, published_on=today - timedelta(days), **signed)
        upgrade()
        with db.engine.connect() as connection:
            cleared = dict(connection.execute(select(Wave.slug, Wave.cleared_on)).all())
        db.engine.dispose()

    assert cleared == {"begun": today, "planned": None, "checked": today - timedelta(4)}
