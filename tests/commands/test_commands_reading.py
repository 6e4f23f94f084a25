"""A command that only reads takes no writer's turn: it answers while somebody else writes."""

from collections.abc import Iterator

import click
import pytest
from flask import Flask
from sqlalchemy import event

from csp_consult.commands.place import place
from csp_consult.commands.recorded import recorded
from csp_consult.commands.source import source
from csp_consult.commands.wave import wave
from csp_consult.db import db

READING = (
    (place, "list"),
    (place, "lookup", "LE8 9AA"),
    (recorded, "list"),
    (recorded, "series", "asb", "--area", "E07000131"),
    (recorded, "published"),
    (source, "list"),
    (source, "show", "nobody"),
    (wave, "list"),
)


@pytest.fixture
def begun(app: Flask) -> Iterator[list[str]]:
    """How transactions were begun."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("BEGIN"):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("command", READING, ids=lambda command: " ".join([command[0].name, *command[1:]]))
def test_a_reading_command_never_begins_as_a_writer(
    app: Flask, begun: list[str], command: tuple[click.Group, *tuple[str, ...]]
) -> None:
    group, *arguments = command
    app.test_cli_runner().invoke(group, arguments)

    with app.app_context():
        begins_itself = db.engine.dialect.name == "postgresql"
    assert set(begun) == (set() if begins_itself else {"BEGIN"})
