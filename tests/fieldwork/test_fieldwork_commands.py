import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import stamp
from parish_world import account
from small_survey import SOURCE, give, make_wave
from sqlalchemy import func, select

from csp_consult.commands.db import db as db_command
from csp_consult.commands.response import response as response_command
from csp_consult.commands.wave import wave as wave_command
from csp_consult.db import db, writing
from csp_consult.fieldwork import tally, waves
from csp_consult.fieldwork.models import Response
from csp_consult.people.models import AuditEntry
from csp_consult.questionnaire.store import store

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    def call(group: Any, *arguments: str) -> Result:
        return app.test_cli_runner().invoke(group, list(arguments))

    return call


@pytest.fixture
def officer(app: Flask) -> str:
    """The address of an officer's account."""
    with app.app_context(), writing() as session:
        account(session, "olive@example.org", "officer")
    return "olive@example.org"


@pytest.fixture
def responses_of_two(app: Flask) -> str:
    """A wave that holds two responses, folded."""
    today = date.today()
    with app.app_context(), writing() as session:
        wave = make_wave(session, "now", opens_on=today, closes_on=today + timedelta(days=9))
        give(session, wave, {"victim": "no"}, "one")
        give(session, wave, {"victim": "yes"}, "two")
        tally.fold(session)
    return "small/now"


def test_a_loaded_questionnaire_is_opened_listed_and_closed(app: Flask, run: Run) -> None:
    with app.app_context(), writing() as session:
        store(session, SOURCE, today=date.today())

    opened = run(wave_command, "open", "small/first")
    listed = json.loads(run(wave_command, "list", "--format", "json").output)["waves"]
    closed = run(wave_command, "close", "small/first")
    after = json.loads(run(wave_command, "status", "small/first", "--format", "json").output)

    assert opened.output.startswith("small/first is open until ")
    assert [(one["wave"], one["state"], one["questionnaire"]) for one in listed] == [("small/first", "open", "small 1")]
    assert closed.output == "small/first is closed. It holds 0 responses.\n"
    assert after["state"] == "closed"


def test_a_wave_opened_or_closed_by_command_is_in_the_trail_with_the_checks_that_were_skipped(
    app: Flask, run: Run
) -> None:
    today = date.today()
    with app.app_context(), writing() as session:
        late = today - timedelta(days=5)
        make_wave(session, "next", opens_on=late, closes_on=today + timedelta(days=9)).cleared_on = None

    opened = run(wave_command, "open", "small/next")
    run(wave_command, "close", "small/next")

    assert "checks before opening were skipped: nobody has signed them off" in opened.output
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert waves.find(db.session(), "small/next").opens_on == today, "the record says when it truly opened"
    assert [(one.action, one.subject) for one in entries] == [
        ("wave opened", "small/next"),
        ("wave closed", "small/next"),
    ]
    assert entries[0].detail["checks"] == "skipped"
    assert all(one.actor.endswith("at the command line") for one in entries)


def test_the_status_of_a_wave_counts_responses_by_mode(run: Run, responses_of_two: str) -> None:
    status = json.loads(run(wave_command, "status", responses_of_two, "--format", "json").output)

    assert (status["responses"], status["modes"]) == (2, [{"mode": "online", "responses": 2}])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("open", "never/now"), "no questionnaire 'never'"),
        (("open", "nonsense"), "does not name a wave"),
        (("open", "small/now", "--title", "New"), "exists already"),
        (("close", "small/never"), "There is no wave 'small/never'"),
        (("status", "small/never"), "There is no wave"),
    ],
)
def test_what_cannot_be_done_to_a_wave_is_one_plain_sentence(
    run: Run, responses_of_two: str, arguments: tuple[str, ...], words: str
) -> None:
    refused = run(wave_command, *arguments)

    assert refused.exit_code == 1
    assert words in refused.output


def test_rebuilding_says_how_many_were_counted(run: Run, responses_of_two: str) -> None:
    assert run(db_command, "rebuild-tally").output == "small/now: 2 responses counted.\n"


def test_a_backup_brings_back_what_was_lost(app: Flask, run: Run, responses_of_two: str, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    with app.app_context():
        stamp()

    assert run(db_command, "backup", str(file)).exit_code == 0
    with app.app_context(), writing() as session:
        for response in session.scalars(select(Response)):
            session.delete(response)
    restored = run(db_command, "restore", str(file), "--yes")

    assert restored.exit_code == 0, restored.output
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Response)) == 2


def test_a_backup_never_overwrites_a_file(run: Run, responses_of_two: str, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    file.write_text("precious")

    refused = run(db_command, "backup", str(file))

    assert refused.exit_code == 1
    assert "exists already" in refused.output
    assert file.read_text() == "precious"


def test_what_is_no_backup_changes_nothing(app: Flask, run: Run, responses_of_two: str, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    file.write_text("no database")

    refused = run(db_command, "restore", str(file), "--yes")

    assert refused.exit_code == 1
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Response)) == 2


def test_an_export_goes_into_another_wave(
    app: Flask, run: Run, responses_of_two: str, officer: str, tmp_path: Path
) -> None:
    with app.app_context(), writing() as session:
        make_wave(session, "copy")
    file = tmp_path / "out.csv"

    exported = run(response_command, "export", responses_of_two, "--to", "csv", "--output", str(file), "--by", officer)
    imported = run(response_command, "import", "small/copy", str(file))
    again = run(response_command, "import", "small/copy", str(file))

    assert (
        exported.output == f"2 responses of small/now written to {file} and {file.with_name('out-dictionary.csv')}.\n"
    )
    assert imported.output == (
        "2 rows read, 2 stored, 0 known from an earlier import.\n"
        "Privacy notice under which they were given: not known.\n"
    )
    assert again.output == "2 rows read, 0 stored, 2 known from an earlier import.\n"


def test_an_export_is_written_down_with_who_and_when(
    run: Run, responses_of_two: str, officer: str, tmp_path: Path
) -> None:
    run(response_command, "export", responses_of_two, "--to", "json", "--output", str(tmp_path / "o"), "--by", officer)

    listed = json.loads(run(response_command, "exports", responses_of_two, "--format", "json").output)["exports"]

    assert listed == [{"date": date.today().isoformat(), "by": officer, "what": "responses as json"}]


def test_responses_are_given_to_officers_only(app: Flask, run: Run, responses_of_two: str, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    with app.app_context(), writing() as session:
        account(session, "clerk@example.org", "clerk")

    for who in ("clerk@example.org", "nobody@example.org"):
        refused = run(response_command, "export", responses_of_two, "--to", "csv", "--output", str(file), "--by", who)
        assert refused.exit_code == 1
        assert "given to officers only" in refused.output

    assert not file.exists()


def test_responses_imported_as_synthetic_stay_so(
    app: Flask, run: Run, responses_of_two: str, officer: str, tmp_path: Path
) -> None:
    file, out = tmp_path / "in.csv", tmp_path / "out.json"
    file.write_text("victim\nno\n")

    run(response_command, "import", responses_of_two, str(file), "--synthetic")
    run(response_command, "export", responses_of_two, "--to", "json", "--output", str(out), "--by", officer)

    exported = json.loads(out.read_text())
    assert exported["wave"] == "small/now"
    assert sorted(row["synthetic"] for row in exported["responses"]) == [False, False, True]
    assert exported["synthetic"] is True, "figures of a wave with synthetic responses must say so"


def test_a_faulty_file_is_refused_whole(app: Flask, run: Run, responses_of_two: str, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("victim\nno\nperhaps\n")

    refused = run(response_command, "import", responses_of_two, str(file))

    assert refused.exit_code == 1
    assert "Row 3, column victim" in refused.output
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Response)) == 2
