"""Under which words somebody answered is known, and what the law protects specially is asked with consent."""

import hashlib
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from whole_site import begun, furnish

from csp_consult.db import db
from csp_consult.fieldwork import notices
from csp_consult.fieldwork.models import Response
from csp_consult.questionnaire.pages import Showing
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.questions.base import Question
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
