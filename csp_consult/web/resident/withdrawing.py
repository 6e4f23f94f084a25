"""What somebody may do with a reference: see the response, and have it erased."""

from typing import Any

from flask import render_template, request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from csp_consult.catalogues import marked
from csp_consult.db import db, writing
from csp_consult.fieldwork import limits, responses
from csp_consult.fieldwork.models import Wave
from csp_consult.questionnaire.pages import FieldError
from csp_consult.web import languages
from csp_consult.web.calling import within
from csp_consult.web.confirming import is_meant
from csp_consult.web.languages import gettext
from csp_consult.web.resident.door import TOO_OFTEN, blueprint, render, visit_of
from csp_consult.web.resident.sending import sections

SEE = "form-see"
UNKNOWN = marked("We hold no answers with this reference. Check it, or they were erased already.")


@blueprint.get("/withdraw")
def withdrawal() -> str:
    """Ask for the reference of the response to erase."""
    languages.choose()
    return _page("withdraw", reference="", errors=[])


@blueprint.post("/withdraw")
def withdraw() -> str | tuple[str, int]:
    """Show the response of that reference, or erase it once it was asked whether that is meant."""
    languages.choose()
    reference = request.form.get("reference", "").strip()[:60]
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _withdrawal_refused(
            reference, gettext("This form was open too long. Nothing was erased: send it once more.")
        )
    if not reference:
        return _withdrawal_refused(reference, gettext("Enter the reference you were given, such as 7KQ4-M2TX."))
    if not within(limits.WITHDRAWING):
        return _withdrawal_refused(reference, gettext(TOO_OFTEN), 429)
    if SEE in request.form or not is_meant():
        return _show(reference, "seen" if SEE in request.form else "withdraw_sure")
    with writing() as session:
        if not responses.withdraw(session, reference):
            return _withdrawal_refused(reference, gettext(UNKNOWN))
    return _page("withdrawn")


def _show(reference: str, template: str) -> str | tuple[str, int]:
    """What we hold under a reference: its owner's right, and nobody else has the reference."""
    session = db.session()
    found = responses.find(session, reference)
    if found is None:
        return _withdrawal_refused(reference, gettext(UNKNOWN))
    wave = session.get_one(Wave, found.wave_id)
    visit = visit_of(session, wave.survey.slug, wave.slug)
    return render(visit, template, reference=found.reference, sections=sections(visit, found.answers))


def _withdrawal_refused(reference: str, message: str, status: int = 422) -> tuple[str, int]:
    errors = [FieldError("", "reference", message)]
    return _page("withdraw", reference=reference, errors=errors), status


def _page(name: str, **values: Any) -> str:
    return render_template(f"resident/{name}.html", unchecked=languages.own_words_unchecked(), **values)
