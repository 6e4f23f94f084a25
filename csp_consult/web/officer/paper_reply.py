"""Putting in what a council sent on paper: every question on one page, and the mandate as the paper states it."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.attachments import Upload
from csp_consult.parishes.bodies import asked_on
from csp_consult.parishes.mandates import Mandate, MandateError
from csp_consult.parishes.submission import take_paper_reply
from csp_consult.parishes.versions import current_version
from csp_consult.places.models import Area
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.pages import FieldError, PageResult, Showing, read_page
from csp_consult.web.clerk.sending import ATTACHMENT_HINT, read_authority
from csp_consult.web.officer.parish import found


def paper_reply(survey: str, wave: str, parish_code: str) -> str | Response:
    """The whole questionnaire on one page, blank: a clerk's draft is never shown here."""
    asked, area = found(survey, wave, parish_code)
    if request.method == "GET":
        return _show(asked, area, None, [])
    questionnaire = questionnaire_for(db.session(), asked)
    context = context_for(db.session(), questionnaire.questions.values(), date.today())
    result = read_page(_whole(questionnaire), request.form, context)
    faults: list[FieldError] = list(result.errors)
    stated, upload = None, None
    try:
        amending = current_version(db.session(), asked, area.code) is not None
        stated, upload = read_authority(amending=amending)
    except MandateError as error:
        faults.extend(FieldError(fault.field_id, fault.field_id, fault.message) for fault in error.faults)
    if faults or stated is None:
        return _show(asked, area, result, faults)
    try:
        version = _take(asked, area, result.answers, stated, upload)
    except ParishError as error:
        db.session.rollback()
        return _show(asked, area, result, [FieldError("", "", str(error))])
    flash(f"The reply of {area.name} is kept as version {version}.", "success")
    return redirect(url_for("officer.parish", survey=survey, wave=wave, parish_code=parish_code))


def _take(asked: Wave, area: Area, answers: Mapping[str, Any], stated: Mandate, upload: Upload | None) -> int:
    response = take_paper_reply(
        db.session(),
        asked,
        questionnaire_for(db.session(), asked),
        area.code,
        stated,
        answers=answers,
        submission=request.form.get("form-submission", "")[:64] or secrets.token_urlsafe(24),
        user_id=current_user.id,
        today=date.today(),
        attachment=upload,
    )
    db.session.commit()
    return response.version


def _whole(questionnaire: Questionnaire) -> Page:
    """Every question as one page, none of them held to be needed: the paper is as it is."""
    questions = tuple(replace(question, required=False) for page in questionnaire.pages for question in page.questions)
    return replace(questionnaire.pages[0], questions=questions)


def _show(asked: Wave, area: Area, result: PageResult | None, faults: list[FieldError]) -> str:
    session = db.session()
    questionnaire = questionnaire_for(session, asked)
    context = context_for(session, questionnaire.questions.values(), date.today())
    return render_template(
        "officer/paper_reply.html",
        wave=asked,
        parish=area,
        pages=questionnaire.pages,
        showing=Showing(typed=result.typed if result else {}, errors=faults, context=context),
        current=current_version(session, asked, area.code),
        meeting=area.code in asked_on(session, asked.closes_on).meetings,
        attachment_hint=ATTACHMENT_HINT,
        form=request.form if result else {"form-submission": secrets.token_urlsafe(24)},
        errors=faults,
        messages={fault.field_id: fault.message for fault in faults},
        synthetic=asked.synthetic,
    )
