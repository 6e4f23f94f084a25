import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import stamp
from small_survey import TODAY, give, make_wave
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.commands.db import db as db_command
from csp_consult.db import db, writing
from csp_consult.fieldwork import drafts, responses, retention, tally, waves
from csp_consult.fieldwork.drafts import DraftContent, DraftKey
from csp_consult.fieldwork.models import CodedText, Draft, Response, ReturnCode, TextCode, Wave
from csp_consult.fieldwork.returning import give_code
from csp_consult.findings.errors import FindingError
from csp_consult.findings.microdata import residents
from csp_consult.findings.weighting import caveat
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of

MONTHS = 24


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    def call(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(db_command, list(arguments))

    return call


def held(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Response)) or 0


def test_responses_are_kept_to_their_last_day_and_erased_on_the_next(session: Session, wave: Wave) -> None:
    give(session, wave, {"victim": "no"}, "one")
    last = retention.kept_until(wave, MONTHS)

    assert last == date(2029, 3, 31)
    assert retention.let_go(session, last, months=MONTHS).waves == []
    assert held(session) == 1
    assert retention.let_go(session, last + timedelta(days=1), months=MONTHS).waves == [("small/2027", 1)]
    assert held(session) == 0


def test_months_end_where_the_shorter_month_ends(session: Session) -> None:
    wave = make_wave(session, opens_on=date(2027, 1, 1), closes_on=date(2027, 8, 31))

    assert retention.kept_until(wave, 6) == date(2028, 2, 29)


def test_the_tally_stays_as_it_was_is_marked_and_no_longer_changes(session: Session, wave: Wave) -> None:
    give(session, wave, {"victim": "no", "problem": {"speeding": "big"}}, "folded", base_weight=0.3)
    tally.fold(session)
    give(session, wave, {"victim": "yes"}, "not folded yet")
    after = date(2029, 4, 1)

    retention.let_go(session, after, months=MONTHS)

    [(_, counts)] = tally.read(session, wave.id).items()
    assert (counts.n, counts.options["victim"]) == (2, {"no": [1, 0.3, 0.09], "yes": [1, 1.0, 1.0]})
    assert wave.erased_on == after
    assert "Single responses were erased on 1 April 2029" in caveat(wave)
    with pytest.raises(tally.FrozenTallyError):
        tally.rebuild(session, wave.id)
    with pytest.raises(waves.WaveError, match="were erased on 1 April 2029: make a new wave"):
        waves.open_now(wave, after, closes_on=after)
    with pytest.raises(FindingError, match="can no longer be broken down"):
        residents(
            session,
            wave,
            questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id)),
            ["victim"],
            {},
        )


def test_what_officers_found_in_own_words_goes_with_the_response(session: Session, wave: Wave) -> None:
    response = give(session, wave, {"victim": "no"}, "one")
    session.add(TextCode(id=1, survey_id=wave.survey_id, question="why", name="Noise", description="Noise at night."))
    session.add(
        CodedText(response_id=response.id, question="why", codes=[1], coded_by="olive@example.org", coded_on=TODAY)
    )
    session.flush()

    retention.let_go(session, date(2029, 4, 1), months=MONTHS)

    assert session.scalar(select(func.count()).select_from(CodedText)) == 0


def test_drafts_and_codes_go_when_nobody_can_open_them_any_more(session: Session, wave: Wave) -> None:
    key, late = DraftKey.new(), DraftKey.new()
    drafts.change(session, key, wave.id, lambda _: DraftContent(answers={"victim": "no"}), today=TODAY)
    drafts.change(session, late, wave.id, lambda _: DraftContent(), today=TODAY + timedelta(days=1))
    give_code(session, wave, key, TODAY)
    session.flush()

    gone = retention.let_go(session, TODAY + timedelta(days=drafts.KEPT_DAYS + 1), months=MONTHS)

    assert (gone.drafts, gone.codes) == (1, 1)
    assert session.scalars(select(Draft.id)).all() == [late.draft_id]
    assert session.scalar(select(ReturnCode.id)) is None


def test_a_backup_does_not_bring_back_what_is_past_its_date(
    app: Flask, run: Callable[..., Result], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    with app.app_context():
        stamp()
        with writing() as session:
            wave = make_wave(session, "long-ago", opens_on=date(2020, 1, 1), closes_on=date(2020, 2, 1))
            give(session, wave, {"victim": "no"}, "one")
            tally.fold(session)

    assert run("backup", str(copy)).exit_code == 0
    rehearsed = run("rehearse", str(copy))
    restored = run("restore", str(copy), "--yes")

    assert "small/long-ago: 1 responses; the tally agrees with them." in rehearsed.output
    assert "small/long-ago: 1 responses were past their date and are erased" in restored.output
    with app.app_context():
        assert held(db.session()) == 0
        assert [counts.n for counts in tally.read(db.session(), 1).values()] == [1]
    assert "so its counts stay as they are" in run("rebuild-tally").output


def test_a_backup_does_not_bring_back_what_was_withdrawn_since(
    app: Flask, run: Callable[..., Result], tmp_path: Path
) -> None:
    copy, today = tmp_path / "copy", date.today()
    with app.app_context():
        stamp()
        with writing() as session:
            wave = make_wave(session, "now", opens_on=today, closes_on=today)
            gone, kept = (give(session, wave, {"victim": "no"}, name).reference for name in ("one", "two"))
            tally.fold(session)
        run("backup", str(copy))
        with writing() as session:
            responses.withdraw(session, gone)

    restored = run("restore", str(copy), "--yes")

    assert "1 responses had been withdrawn since and are erased again" in restored.output
    with app.app_context():
        assert db.session.scalars(select(Response.reference)).all() == [kept]
        assert [counts.n for counts in tally.read(db.session(), 1).values()] == [1]
    run("restore", str(copy), "--yes")
    with app.app_context():
        assert db.session.scalars(select(Response.reference)).all() == [kept], "and again, however often"


def test_marks_of_withdrawn_responses_outlast_every_backup_and_then_go(session: Session, wave: Wave) -> None:
    today = date.today()
    responses.withdraw(session, give(session, wave, {"victim": "no"}, "one").reference)

    retention.let_go(session, today + timedelta(days=31), months=999)
    assert len(responses.withdrawn(session)) == 1
    retention.let_go(session, today + timedelta(days=retention.WITHDRAWALS_KEPT_DAYS + 1), months=999)
    assert responses.withdrawn(session) == []


def test_a_damaged_file_is_found(app: Flask, database: str, run: Callable[..., Result], tmp_path: Path) -> None:
    if database != "sqlite":
        pytest.skip("PostgreSQL checks its own files")
    with app.app_context(), writing() as session:
        make_wave(session)
    assert run("check").output == "The database is sound.\n"

    with app.app_context():
        file = str(db.engine.url.database)
        db.engine.dispose()
    # The driver by itself minds no references.
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM survey")

    damaged = run("check")
    assert damaged.exit_code == 1
    assert "wave row 1 refers to nothing" in damaged.output
