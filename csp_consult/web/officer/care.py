"""Answers to read today: what was written, and what was done about it."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.fieldwork import care
from csp_consult.fieldwork.models import CareFlag, Response, Wave
from csp_consult.parishes.models import ParishResponse
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of

HIGHEST_ID = 2**31 - 1


def to_read() -> str | WerkzeugResponse:
    """The answers that wait, the oldest first."""
    session = db.session()
    error = ""
    if request.method == "POST":
        error = _settle(session)
        if not error:
            session.commit()
            return redirect(url_for(".to_read"), 303)
        session.rollback()
    waiting = [_shown(session, *one) for one in care.waiting(session)]
    return render_template(
        "officer/to_read.html",
        waiting=waiting,
        outcomes=[{"code": code, "text": words} for code, words in care.OUTCOMES.items()],
        errors=[{"field_id": f"outcome-{request.form.get('flag', '')}", "message": error}] if error else [],
        faulty=request.form.get("flag") if error else None,
        synthetic=any(one.wave.synthetic for one in waiting),
    )


def _settle(session: Session) -> str:
    """Note what was done; says what is wrong with the form where something is."""
    flag_id = request.form.get("flag", "")
    outcome = request.form.get(f"outcome-{flag_id}", "")
    if not (flag_id.isascii() and flag_id.isdecimal() and int(flag_id) <= HIGHEST_ID):
        return "Choose what was done about one of the answers below."
    if outcome not in care.OUTCOMES:
        return "Choose what was done."
    if care.settle(session, int(flag_id), outcome, by=current_user.email, today=date.today()):
        flash("It is noted that the answer was read.", "success")
    else:
        flash("Somebody else had read that answer already.", "important")
    return ""


def _shown(session: Session, flag: CareFlag, wave: Wave, response: Response | None) -> care.ToRead:
    questionnaire = questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
    answers = response.answers if response else _of_council(session, flag.reference)
    question = questionnaire.question(flag.question)
    given = answers.get(flag.question)
    words = tuple(question.own_words(given)) if given is not None else ()
    return care.ToRead(flag, wave, question.text(), words)


def _of_council(session: Session, reference: str) -> dict[str, object]:
    return session.scalar(select(ParishResponse.answers).where(ParishResponse.reference == reference)) or {}
