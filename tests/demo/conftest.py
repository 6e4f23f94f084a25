"""The demo, built once, copied for each test that may change it."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from csp_consult.app import create_app
from csp_consult.db import db, writing
from csp_consult.demo.build import build
from csp_consult.settings import Settings


@pytest.fixture(scope="session")
def built_demo(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(sqlite_template, path)
    app = create_app(Settings(database_url=f"sqlite:///{path}"))
    with app.app_context():
        with writing() as session:
            build(session, "E07000131", date.today())
        db.engine.dispose()
    return path


@pytest.fixture
def app(built_demo: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a demo database of its own, in place of an empty one."""
    path = tmp_path / "demo.db"
    shutil.copy(built_demo, path)
    app = create_app(Settings(database_url=f"sqlite:///{path}"), TESTING=True)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
