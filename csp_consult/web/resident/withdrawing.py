"""Withdrawing: the response of a reference is erased."""

from flask import render_template, request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from csp_consult.db import writing
from csp_consult.fieldwork import limits, responses
from csp_consult.questionnaire.pages import FieldError
from csp_consult.web import languages
from csp_consult.web.languages import gettext
from csp_consult.web.resident.door import TOO_OFTEN, blueprint, within


@blueprint.get("/withdraw")
def withdrawal() -> str:
    """Ask for the reference of the response to erase."""
    languages.choose()
    return render_template("resident/withdraw.html", reference="", errors=[])


@blueprint.post("/withdraw")
def withdraw() -> str | tuple[str, int]:
    """Erase the response of that reference."""
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
    with writing() as session:
        if not responses.withdraw(session, reference):
            return _withdrawal_refused(
                reference, gettext("We hold no answers with this reference. Check it, or they were erased already.")
            )
    return render_template("resident/withdrawn.html")


def _withdrawal_refused(reference: str, message: str, status: int = 422) -> tuple[str, int]:
    errors = [FieldError("", "reference", message)]
    return render_template("resident/withdraw.html", reference=reference, errors=errors), status
