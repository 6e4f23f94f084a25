from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from csp_consult.app import create_app
from csp_consult.db import Base, db
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
