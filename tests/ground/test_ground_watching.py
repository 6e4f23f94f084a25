import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from small_survey import make_wave
from sqlalchemy import inspect, text

from csp_consult.commands.settings import settings as settings_command
from csp_consult.db import db, writing
from csp_consult.web.data_protection import PEOPLE, unexplained
from csp_consult.web.watching import JsonLines

ADDRESS = "203.0.113.77"
WORDS = "Mr Bloggs of 3 Mill Lane"


@pytest.fixture
def log() -> Any:
    """What goes into the log in production, while the test runs."""
    written, ours = io.StringIO(), logging.getLogger("csp_consult")
    handler, before = logging.StreamHandler(written), ours.level
    handler.setFormatter(JsonLines())
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield written
    ours.removeHandler(handler)
    ours.setLevel(before)


def test_a_request_is_one_line_with_an_id_and_without_its_path(app: Flask, log: io.StringIO) -> None:
    answer = app.test_client().get(f"/s/small/never?name={WORDS}", environ_base={"REMOTE_ADDR": ADDRESS})

    [line] = [json.loads(line) for line in log.getvalue().splitlines()]
    assert line["request"] == answer.headers["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/s/<survey>/<wave>", 404)
    assert "never" not in log.getvalue()


def test_a_fault_is_logged_by_kind_and_place_and_not_in_words(
    app: Flask, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise ValueError(f"{WORDS} said so")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "public.privacy", fail)
    app.test_client().get("/privacy", environ_base={"REMOTE_ADDR": ADDRESS})

    fault = json.loads(log.getvalue().splitlines()[0])
    assert (fault["fault"], fault["route"]) == ("ValueError", "/privacy")
    assert any("in fail" in place for place in fault["where"])
    assert WORDS not in log.getvalue()


def test_no_internet_address_is_in_any_table_or_in_the_log(app: Flask, log: io.StringIO) -> None:
    with app.app_context(), writing() as session:
        make_wave(session)
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    client.get("/s/small/2027")
    for path in ("/s/withdraw", "/sign-in"):
        mark = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(path).text)
        assert mark
        sent = {"reference": "AAAA-BBBB", "email": "nobody@example.org", "password": "wrong wrong"}
        client.post(path, data={**sent, "csrf_token": mark[1]})

    with app.app_context(), db.engine.connect() as connection:
        stored = [
            str(row)
            for table in inspect(connection).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    assert len([row for row in stored if re.search("'[0-9a-f]{64}'", row)]) >= 2, "both calls were counted, by a mark"
    assert not [row for row in stored if ADDRESS in row]
    assert ADDRESS not in log.getvalue()


def test_health_asks_nothing_and_ready_asks_the_database(app: Flask) -> None:
    client = app.test_client()

    assert [client.get(path).status_code for path in ("/health", "/ready")] == [200, 200]

    with app.app_context(), writing() as session:
        session.execute(text("DROP TABLE edition"))
    assert [client.get(path).status_code for path in ("/health", "/ready")] == [200, 503]


def test_an_error_of_the_database_does_not_repeat_what_was_typed(app: Flask) -> None:
    with app.app_context():
        assert db.engine.hide_parameters


def test_the_page_of_settings_is_what_the_program_says() -> None:
    page = Path(__file__).parent.parent.parent / "docs" / "configuration.md"

    assert page.read_text() == CliRunner().invoke(settings_command).output, (
        "run: .venv/bin/csp-consult settings > docs/configuration.md"
    )


def test_every_table_that_may_hold_something_of_a_person_says_why_and_how_long(app: Flask) -> None:
    assert unexplained() == [], "say so in csp_consult/web/data_protection.py"

    page = app.test_client().get("/data-protection").text

    assert all(f'id="table-{name}"' in page for name in PEOPLE)
    assert "24 months after the wave" in page
