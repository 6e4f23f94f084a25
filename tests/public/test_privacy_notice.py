"""Under which words somebody answered is known, and what the law protects specially is asked with consent."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from small_survey import TODAY, make_wave
from sqlalchemy import select
from sqlalchemy.orm import Session
from whole_site import begun, furnish

from csp_consult.commands.response import response
from csp_consult.db import db, writing
from csp_consult.fieldwork import form_batches, keying, notices
from csp_consult.fieldwork.keying import Keying
from csp_consult.fieldwork.models import FormBatch, KeyedForm, Response
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.pages import Showing
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.questions.base import Question
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.resources import resource_folder

SURVEYS = sorted(Path(resource_folder("surveys")).glob("*.yaml"))
ABOUT_HEALTH = ("condition", "restriction")


def test_the_words_of_the_notice_do_not_change_without_a_new_version() -> None:
    words = (Path(resource_folder("templates")) / "public" / "privacy.html").read_bytes()

    assert hashlib.sha256(words).hexdigest() == notices.NOTICES[notices.current()], (
        "give the changed words a version of their own in csp_consult/fieldwork/notices.py"
    )
    assert list(notices.NOTICES) == sorted(notices.NOTICES)
    assert date.fromisoformat(notices.current()) <= date.today()


def test_a_response_is_stored_with_the_version_that_held_and_the_page_says_which(app: Flask) -> None:
    furnish(app)
    resident = begun(app)
    resident.get("/s/small/now/check")
    while resident.heading != "Check your answers":
        resident.submit(button="Continue")
    resident.submit(button="Send my answers")

    with app.app_context():
        assert notices.current() in db.session.scalars(select(Response.notice)).all()
    resident.get("/privacy")
    day = date.fromisoformat(notices.current())
    assert f"These are the words of {day.day} {day:%B %Y}" in resident.text


def test_a_keyed_form_has_the_version_that_stands_on_it_and_a_call_that_of_its_day(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = make_wave(session)
    questionnaire = questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
    monkeypatch.setattr(notices, "NOTICES", {"2026-11-26": "", "2027-05-01": ""})
    for number, (mode, printed) in enumerate([("paper", "2026-11-26"), ("paper", None), ("telephone", None)], start=1):
        batch = form_batches.make(
            session,
            wave,
            name=f"Pile {number}",
            mode=mode,
            language="en",
            received=1,
            again_every=0,
            notice=printed,
            made_by="olive",
            today=TODAY,
        )
        at = Keying(session, wave, batch, questionnaire, "olive", TODAY)
        keying.key_first(at, 1, {"victim": "no"}, once=str(number))

    stored = dict(
        session.execute(
            select(FormBatch.name, Response.notice)
            .select_from(KeyedForm)
            .join(FormBatch, FormBatch.id == KeyedForm.batch_id)
            .join(Response, Response.id == KeyedForm.response_id)
        ).all()
    )
    assert stored == {"Pile 1": "2026-11-26", "Pile 2": None, "Pile 3": "2027-05-01"}


def test_whoever_imports_says_under_which_version_or_that_nobody_knows(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), writing() as store:
        make_wave(store)
    runner = app.test_cli_runner()
    for name, said in (("a", []), ("b", ["--notice", notices.current()])):
        (tmp_path / name).with_suffix(".csv").write_text(f"response,victim\n{name},no\n")
        outcome = runner.invoke(response, ["import", "small/2027", str(tmp_path / f"{name}.csv"), *said])
        words = said[1] if said else "not known"
        assert f"Privacy notice under which they were given: {words}." in outcome.output
    refused = runner.invoke(response, ["import", "small/2027", str(tmp_path / "a.csv"), "--notice", "2020-01-01"])

    assert refused.exit_code == 2
    assert "There is no privacy notice of “2020-01-01”" in " ".join(refused.output.split())
    with app.app_context():
        assert set(db.session.scalars(select(Response.notice))) == {None, notices.current()}


def test_what_is_asked_about_health_is_asked_with_consent_a_reason_and_a_way_out() -> None:
    found = [
        question for path in SURVEYS if path.stem != "topics" for question in _questions(path) if question.sensitive
    ]

    assert {question.id for question in found} == set(ABOUT_HEALTH)
    for question in found:
        assert question.way_out()
        assert question.reason("en")
        assert "only if you agree" in question.consent("en")
        assert question.consent("cy") != question.consent("en")


def _questions(path: Path) -> list[Question]:
    return list(load(path.read_text()).questions.values())


def test_the_page_with_such_a_question_says_what_an_answer_agrees_to() -> None:
    questionnaire = load((Path(resource_folder("surveys")) / "vrn-community-safety.yaml").read_text())
    showing = Showing("en")

    assert "only if you agree" in showing.words(questionnaire.question("restriction"))["hint"]
    assert "only if you agree" not in showing.words(questionnaire.question("sex"))["hint"]
