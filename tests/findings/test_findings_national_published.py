"""``csp-consult nation publish``: from the database to a Parquet file, and what is written down of it."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from findings_world import World
from flask import Flask
from parish_world import account
from sqlalchemy import select

from csp_consult.commands.nation import nation
from csp_consult.findings.national_counts import COLUMNS, counts_of
from csp_consult.people.models import AuditEntry
from csp_consult.reports import national
from csp_consult.settings import Settings

needs_extra = pytest.mark.skipif(
    find_spec("pyarrow") is None,
    reason="the optional extra is not installed: pip install --require-hashes -r requirements-scale.lock",
)
WAVE = "residents-test/2022"
OFFICER = "olive@example.org"
Publish = Callable[..., Result]


@pytest.fixture
def publish(app: Flask, crowd: World, tmp_path: Path) -> Publish:
    """``publish(wave, by=...)`` runs the command on the crowded district, into the test's folder."""
    account(crowd.session, OFFICER, "officer")
    account(crowd.session, "glen@example.org", "clerk")
    crowd.session.commit()

    def run(wave: str = WAVE, *, by: str = OFFICER) -> Result:
        return app.test_cli_runner().invoke(nation, ["publish", wave, "--output", str(tmp_path), "--by", by])

    return run


def given_out(crowd: World) -> list[tuple[str, str, object]]:
    """Who gave out what of which wave, as the audit trail tells."""
    crowd.session.rollback()
    return [
        (entry.actor, entry.subject, entry.detail.get("what"))
        for entry in crowd.session.scalars(select(AuditEntry).where(AuditEntry.action == "export taken"))
    ]


def held(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = import_module("pyarrow.parquet").read_table(file).to_pylist()
    return rows


@needs_extra
def test_what_is_counted_in_the_database_stands_in_the_file_without_a_cell_of_1_to_4(
    publish: Publish, crowd: World, tmp_path: Path
) -> None:
    done = publish()

    file = tmp_path / f"{Settings.district}--residents-test--2022.parquet"
    assert [*tmp_path.iterdir()] == [file], done.output
    rows = held(file)
    assert done.output == f"{len(rows)} rows of {WAVE} written to {file}.\n"
    assert [*rows[0]] == [*COLUMNS]
    assert rows == counts_of(crowd.session, crowd.residents, Settings.district, today=date.today())
    assert not any(row[name] in range(1, 5) for row in rows for name in ("n", "base"))
    withheld = [row for row in rows if row["n"] is None]
    assert withheld, "the crowd has cells of 1 to 4"
    assert all(row[name] is None for row in withheld for name in ("weighted", "variance", "covariance"))


@needs_extra
def test_publishing_again_puts_the_new_counts_in_place_of_the_earlier_file_and_both_are_written_down(
    publish: Publish, crowd: World, tmp_path: Path
) -> None:
    publish()
    (file,) = tmp_path.iterdir()
    before = next(row["base"] for row in held(file) if row["question"] == "disabled")
    crowd.answer(disabled="no")
    crowd.session.commit()

    publish(by="OLIVE@example.org")

    assert [*tmp_path.iterdir()] == [file]
    assert next(row["base"] for row in held(file) if row["question"] == "disabled") == before + 1
    assert given_out(crowd) == [(OFFICER, WAVE, "counts as parquet")] * 2


@pytest.mark.parametrize(
    ("wave", "by", "said"),
    [
        (WAVE, OFFICER, f"Error: {WAVE} has not closed: its counts still change. Publish it afterwards."),
        ("residents-test/1999", OFFICER, "Error: There is no wave 'residents-test/1999'."),
        ("councils-test/2022", OFFICER, "Error: councils-test/2022 asks parish councils"),
        (WAVE, "glen@example.org", "Error: glen@example.org is not an officer's account"),
    ],
    ids=["still open", "no such wave", "of councils", "no officer"],
)
def test_what_must_not_be_published_is_refused_in_words_and_nothing_is_given_out(
    publish: Publish, crowd: World, tmp_path: Path, wave: str, by: str, said: str
) -> None:
    if by == OFFICER:
        crowd.residents.closes_on = date.today() + timedelta(days=1)
        crowd.session.commit()

    done = publish(wave, by=by)

    assert done.exit_code == 1
    assert done.output.startswith(said)
    assert (given_out(crowd), [*tmp_path.iterdir()]) == ([], [])


def test_what_could_not_be_written_was_not_given_out(
    publish: Publish, crowd: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Callable[..., Any]:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(national, "import_module", missing)

    done = publish()

    assert done.output == f"Error: {national.EXTRA}\n"
    assert (given_out(crowd), [*tmp_path.iterdir()]) == ([], [])
