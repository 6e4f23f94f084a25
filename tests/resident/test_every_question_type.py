"""Every question type makes one journey through the real application: answer, change, submit, tally, export, import."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from journeys import FEATURES, JOURNEYS, Counted, source_of
from resident.conftest import wave_of
from sqlalchemy import select
from sqlalchemy.orm import Session
from walker import Walker

from csp_consult.db import writing
from csp_consult.fieldwork import exports, tally, waves
from csp_consult.fieldwork.imports import ColumnMapping, import_rows
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.fieldwork.row_files import read_rows
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.questions import KINDS
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.reports import response_files

TODAY = date.today()


def test_every_feature_has_a_journey_and_every_type_a_feature() -> None:
    assert set(FEATURES) == set(JOURNEYS)
    asked = {question.kind for feature in FEATURES for question in load(source_of(feature)).questions.values()}
    assert asked == set(KINDS)


@pytest.mark.parametrize("feature", FEATURES)
def test_an_answer_is_given_changed_sent_counted_exported_and_read_back(
    app: Flask, tmp_path: Path, feature: str
) -> None:
    journey = JOURNEYS[feature]
    survey = wave_of(app, source_of(feature))
    resident = Walker(app.test_client())

    resident.get(f"{survey}?language={journey.language}")
    resident.get(str(resident.page.select(".govuk-button--start")[0]["href"]))
    for fields in journey.first:
        resident.submit(dict(fields))
        assert resident.errors == []
    assert resident.path == f"{survey}/check"
    resident.get(change_link(resident, journey.link))
    for fields in journey.changed:
        resident.submit(dict(fields))
        assert resident.errors == []
    assert resident.path == f"{survey}/check"
    for words in journey.shown:
        assert words in resident.text
    resident.submit()
    assert resident.path == f"{survey}/thanks"

    with app.app_context(), writing() as session:
        wave = waves.find(session, "small/now")
        sent = session.scalars(select(Response).where(Response.wave_id == wave.id)).one()
        assert sent.answers == journey.stored
        assert sent.language == journey.language
        assert counted(session, wave) == journey.counted
        for to in ("csv", "xlsx"):
            again = second_wave(session, wave, to)
            carry(session, wave, again, tmp_path / f"responses.{to}")
            read = session.scalars(select(Response).where(Response.wave_id == again.id)).one()
            assert (read.answers, read.cell, read.orders) == (sent.answers, sent.cell, sent.orders), to
            assert (read.language, read.mode) == (sent.language, "imported")
            assert tally.read(session, again.id) == tally.read(session, wave.id)


def change_link(resident: Walker, question: str) -> str:
    """Where the check page's link to change a question leads."""
    for row in resident.page.select(".govuk-summary-list__row"):
        if row.dt is not None and row.dt.get_text(strip=True) == question and row.a is not None:
            return str(row.a["href"])
    raise AssertionError(f"no {question!r} in:\n{resident.text}")


def counted(session: Session, wave: Wave) -> Counted:
    """How often each option was chosen, by question key, over all cells of the tally."""
    tally.fold_all(session, wave.id)
    found: Counted = {}
    for cell in tally.read(session, wave.id).values():
        for question, options in cell.options.items():
            for option, (n, _, _) in options.items():
                found.setdefault(question, {})[option] = found.get(question, {}).get(option, 0) + int(n)
    return found


def second_wave(session: Session, wave: Wave, slug: str) -> Wave:
    """Another wave that asks the same."""
    version = session.get_one(QuestionnaireVersion, wave.questionnaire_id)
    closes_on = TODAY + timedelta(days=9)
    return waves.create(
        session,
        wave.survey,
        slug,
        title=slug,
        questionnaire=version,
        opens_on=TODAY,
        cleared_on=TODAY,
        closes_on=closes_on,
    )


def carry(session: Session, wave: Wave, into: Wave, file: Path) -> None:
    """Export every response of a wave as it is, and import the file into another."""
    questionnaire = questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
    about = response_files.of_wave(session, wave, questionnaire, today=TODAY)
    response_files.write(file.suffix[1:], file, about, exports.rows(session, wave, questionnaire))
    import_rows(session, into, questionnaire, read_rows(file), ColumnMapping(), today=TODAY)
    tally.fold_all(session, into.id)
