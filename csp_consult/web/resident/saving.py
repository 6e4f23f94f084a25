"""Stopping and coming back: a code for later, and clearing the device."""

from flask import redirect, request
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response as WebResponse
from wtforms import ValidationError

from csp_consult import words
from csp_consult.db import db, writing
from csp_consult.fieldwork import drafts, limits, returning
from csp_consult.fieldwork import news as results_news
from csp_consult.mail.letters import address_of, write
from csp_consult.mail.outbox import queue
from csp_consult.questionnaire.pages import FieldError
from csp_consult.web.calling import within
from csp_consult.web.confirming import is_meant
from csp_consult.web.languages import gettext
from csp_consult.web.resident.door import (
    COOKIE,
    TOO_OFTEN,
    WAVE,
    Visit,
    blueprint,
    hand_over,
    open_visit,
    refusal_of,
    render,
    visit_of,
)


@blueprint.post(f"{WAVE}/finish")
def finish(survey: str, wave: str) -> str | WebResponse:
    """Clear this browser: for the next person of a household, or on a device that others use."""
    visit = visit_of(db.session(), survey, wave)
    back = redirect(visit.url("start"), 303)
    if visit.key.owns(request.form.get("csrf_token")):
        if "form-again" in request.form and not is_meant():
            return render(visit, "finish_sure")
        # With a code the answers stay where the code finds them; only this device forgets its key.
        if "form-keep" not in request.form:
            with writing() as session:
                drafts.discard(session, visit.key)
        back.delete_cookie(COOKIE, path=visit.url("start"))
    return back


@blueprint.get(f"{WAVE}/save")
def saving(survey: str, wave: str) -> str | WebResponse:
    """Stop for now: with a code to come back by, or clearing the device."""
    visit = open_visit(db.session(), survey, wave)
    draft = visit.draft.content
    if draft.sent:
        return redirect(visit.url("thanks"))
    if visit.draft.sealed is None:
        return redirect(visit.url("start"))
    return _show_saving(visit)


@blueprint.post(f"{WAVE}/save")
def save(survey: str, wave: str) -> str | WebResponse | tuple[str, int]:
    """Give a code, shown this once: nobody can find it again."""
    visit = open_visit(db.session(), survey, wave)
    if refusal := refusal_of(visit):
        return _show_saving(visit, refusal), 400
    with writing() as session:
        code = returning.give_code(session, visit.wave, visit.key, visit.today)
    return _show_saving(visit, code=code)


@blueprint.post(f"{WAVE}/save/mail")
def mail_code(survey: str, wave: str) -> str | tuple[str, int]:
    """Send a code just given by e-mail. What goes wrong leaves the code on the page: it is shown nowhere else."""
    visit = open_visit(db.session(), survey, wave)
    code = request.form.get("code", "")[:60]
    if refusal := refusal_of(visit):
        return _show_saving(visit, refusal, code), 400
    if returning.open_code(visit.session, visit.wave, code, visit.today) is None:
        return _show_saving(visit, gettext("This code does not open your answers any more. Take a new one.")), 422
    if not within(limits.MAILING):
        return _show_saving(visit, gettext(TOO_OFTEN), code), 429
    try:
        address = results_news.tidy_address(request.form.get("email", ""))
    except ValueError:
        refusal = gettext("Enter an e-mail address, like name@example.org.")
        return _show_saving(visit, refusal, code, field_id="email"), 422
    where = {"survey": visit.wave.survey.slug, "wave": visit.wave.slug, "code": code}
    link = address_of("resident.returned", **where)
    last_day = words.day(returning.last_day(visit.wave, visit.today), visit.language)
    letter = write("return link", link=link, survey=visit.questionnaire.title(visit.language), last_day=last_day)
    with writing() as session:
        queue(
            session,
            to=address,
            subject=letter.subject,
            body=letter.body,
            kind="return link",
            today=visit.today,
            kept=False,
        )
    return _show_saving(visit, code=code, mailed=True)


@blueprint.get(f"{WAVE}/return")
@blueprint.get(f"{WAVE}/return/<code>")
def returned(survey: str, wave: str, code: str = "") -> str:
    """Ask for the code of a saved draft. A link brings the code along; only the button opens anything."""
    return _show_return(open_visit(db.session(), survey, wave), code=code[:60])


@blueprint.post(f"{WAVE}/return")
def come_back(survey: str, wave: str) -> WebResponse | tuple[str, int]:
    """Open the draft of that code in this browser."""
    visit = open_visit(db.session(), survey, wave)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _show_return(visit, gettext("This form was open too long. Enter the code once more.")), 400
    if not within(limits.RETURNING):
        return _show_return(visit, gettext(TOO_OFTEN)), 429
    key = returning.open_code(visit.session, visit.wave, request.form.get("code", ""), visit.today)
    if key is None or drafts.load(visit.session, key, visit.wave.id).sealed is None:
        refusal = gettext("No saved answers have this code. Check it; it may also have expired.")
        return _show_return(visit, refusal), 422
    back = redirect(visit.url("start"), 303)
    hand_over(back, visit, key)
    return back


def _show_saving(visit: Visit, refusal: str = "", code: str = "", *, field_id: str = "", mailed: bool = False) -> str:
    return render(
        visit,
        "save",
        code=code,
        mailed=mailed,
        email=request.form.get("email", "")[:320],
        last_day=returning.last_day(visit.wave, visit.today),
        back=visit.url("start"),
        token=visit.key.form_token,
        errors=[FieldError("", field_id, refusal)] if refusal else [],
    )


def _show_return(visit: Visit, refusal: str = "", code: str = "") -> str:
    errors = [FieldError("", "code", refusal)] if refusal else []
    return render(visit, "return", code=request.form.get("code", code)[:60], errors=errors)
