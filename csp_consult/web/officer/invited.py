"""Who is invited to a survey: the list with its links, the days of its mails, letters, and a notice for the board."""

import base64
from datetime import date
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import personal_links
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.row_files import RowFileError
from csp_consult.fieldwork.waves import WaveError
from csp_consult.jobs import JobError, helper
from csp_consult.mail.letters import address_of
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.settings import current_settings
from csp_consult.typed_dates import DateError, read_date
from csp_consult.web.files import file_response
from csp_consult.web.officer.door import uploaded_rows, wave_called

KINDS = ("invitation", "reminder")
NO_PDF = "This file cannot be made on this server: it lacks the library Pango, which sets type."


def invited(survey: str, wave: str) -> str | WerkzeugResponse:
    """The list of a wave and what is planned; a POST looks at a file, takes it in, or plans a day."""
    found, session = _residents_wave(survey, wave), db.session()
    errors: list[dict[str, str]] = []
    preview: list[personal_links.Invited] = []
    if request.method == "POST":
        try:
            done = plan_day(session, found) if "kind" in request.form else _take_list(session, found, preview)
        except (WaveError, RowFileError, DateError) as error:
            session.rollback()
            field = "day" if "kind" in request.form else "list"
            errors = [{"field_id": field, "message": str(error)}]
        else:
            if done:
                session.commit()
                flash(done, "success")
                return redirect(url_for("officer.invited", survey=survey, wave=wave))
    return render_template(
        "officer/invited.html",
        wave=found,
        errors=errors,
        preview=preview,
        standing=personal_links.standing(session, found),
        mailings=personal_links.mailings(session, found),
        open_link=address_of("resident.start", survey=survey, wave=wave),
        given=request.form,
    )


def letters_pdf(survey: str, wave: str) -> Response | WerkzeugResponse:
    """A letter for everybody on the list who has no address and has not answered."""
    found = _residents_wave(survey, wave)
    people = personal_links.letters_for(db.session(), found)
    return printed(found, "letters", people, _page(found))


def notice_pdf(survey: str, wave: str) -> Response | WerkzeugResponse:
    """The notice for the parish board."""
    found = _residents_wave(survey, wave)
    return printed(found, "notice", address_of("resident.start", survey=survey, wave=wave), _page(found))


def _residents_wave(survey: str, wave: str) -> Wave:
    found = wave_called(survey, wave)
    if found.survey.audience != "residents":
        abort(404)
    return found


def _take_list(session: Session, wave: Wave, preview: list[personal_links.Invited]) -> str:
    people = personal_links.read_list(uploaded_rows("list"))
    new = personal_links.add_list(session, wave, people)
    if request.form.get("then") != "store":
        session.rollback()
        preview.extend(people)
        return ""
    known = len(people) - new
    kept = f" {words.number(known)} were on the list before and keep their links." if known else ""
    return f"{words.number(new)} people were added to the list.{kept}"


def plan_day(session: Session, wave: Wave) -> str:
    """Plan the day of the form that was sent; gives the sentence that says so. Raises WaveError and DateError."""
    kind = request.form["kind"]
    if kind not in KINDS:
        raise WaveError("Select whether it is an invitation or a reminder.")
    send_on = read_date(request.form, "day", "day of the mails")
    if send_on is None:
        raise WaveError("Enter the day on which the mails go out.")
    personal_links.schedule(session, wave, kind, send_on, date.today())
    return f"The {kind} goes out on {words.day(send_on)}, to those who have not answered by then."


def _page(wave: Wave) -> WerkzeugResponse:
    return redirect(url_for("officer.invited", survey=wave.survey.slug, wave=wave.slug))


def printed(wave: Wave, kind: str, content: Any, page: WerkzeugResponse) -> Response | WerkzeugResponse:
    """A PDF of printed post, made by ``reports.post``; back to ``page`` where there is none or it cannot be made."""
    if not content:
        flash("There is nobody to print a letter for.", "important")
        return page
    version = db.session().get_one(QuestionnaireVersion, wave.questionnaire_id)
    questionnaire = questionnaire_of(version)
    about = {
        "title": wave.title,
        "organisation": wave.survey.organisation,
        "purpose": questionnaire.intro.purpose(),
        "minutes": questionnaire.minutes,
        "closes_on": words.day(wave.closes_on),
        "contact": current_settings().partnership_email,
        "synthetic": wave.synthetic,
    }
    try:
        made = helper.call(f"csp_consult.reports.post:{kind}", about, content, timeout=300.0)
    except JobError:
        current_app.logger.exception("The %s could not be made.", kind)
        flash(NO_PDF, "important")
        return page
    name = f"{'synthetic-' if wave.synthetic else ''}{wave.key}-{kind}.pdf".replace("/", "-").replace("_", "-")
    return file_response(base64.b64decode(made), name, "application/pdf")
