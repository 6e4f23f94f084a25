"""One council in one wave, as officers see it: what it sent and its days. Never what it drafts."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.reading import of_parishes
from csp_consult.parishes import windows
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.attachments import attachment_of
from csp_consult.parishes.board import board
from csp_consult.parishes.bodies import body_of
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.versions import versions
from csp_consult.places.models import Area
from csp_consult.typed_dates import DateError, read_date
from csp_consult.web.clerk.door import in_words
from csp_consult.web.files import file_response
from csp_consult.web.officer.door import wave_called


def parish(survey: str, wave: str, parish_code: str) -> str:
    """What the council has sent, and what an officer can do for it."""
    return show(*found(survey, wave, parish_code))


def found(survey: str, wave: str, parish_code: str) -> tuple[Wave, Area]:
    """The wave and the parish of an address; 404 where the wave asks no councils or there is no such parish."""
    asked, area = wave_called(survey, wave), db.session.get(Area, parish_code)
    if not of_parishes(asked) or area is None or area.kind != "parish":
        abort(404)
    return asked, area


def parish_time(survey: str, wave: str, parish_code: str) -> str | Response:
    """Give the council a later last day, or refuse it one; the council is shown the reason."""
    asked, area = found(survey, wave, parish_code)
    session, reason, today = db.session(), request.form.get("reason", ""), date.today()
    try:
        if request.form.get("decision") == "refuse":
            windows.refuse(session, asked, area.code, reason=reason, user_id=current_user.id, today=today)
            done = "The request is answered. The council is shown your reason."
        else:
            until = read_date(request.form, "until", "last day")
            windows.grant(session, asked, area.code, until=until, reason=reason, user_id=current_user.id, today=today)
            done = f"{area.name} may answer until the new day. The council is shown your reason."
    except DateError as error:
        return _refused(asked, area, "until", str(error))
    except windows.WindowError as error:
        return _refused(asked, area, error.field_id, str(error))
    except ParishError as error:
        return _refused(asked, area, "reason", str(error))
    return _done(asked, area, done)


def parish_file(survey: str, wave: str, parish_code: str, version: int) -> Response:
    """The file that came with a version, as a download."""
    asked, area = found(survey, wave, parish_code)
    response = next((one for one in versions(db.session(), asked, area.code) if one.version == version), None)
    attachment = attachment_of(db.session(), response) if response else None
    if attachment is None:
        abort(404)
    return file_response(attachment.content, attachment.name)


def show(asked: Wave, area: Area, error: dict[str, str] | None = None) -> str:
    """The page, with what was wrong in a form that was sent."""
    session, today = db.session(), date.today()
    lines = board(session, asked, today).lines
    line = next((one for one in lines if one.standing.parish.code == area.code), None)
    _, answers_with = body_of(session, area.code, asked.closes_on)
    return render_template(
        "officer/parish.html",
        wave=asked,
        parish=area,
        line=line,
        answers_with=session.get(Area, answers_with) if answers_with else None,
        extensions=windows.extensions(session, asked, area.code),
        request_waits=windows.open_request(session, asked, area.code) is not None,
        versions=[_version(asked, response) for response in versions(session, asked, area.code)],
        form=request.form,
        errors=[error] if error else [],
        messages={error["field_id"]: error["message"]} if error else {},
        synthetic=asked.synthetic,
    )


def _version(asked: Wave, response: ParishResponse) -> dict[str, Any]:
    session = db.session()
    questionnaire = questionnaire_for(session, asked)
    context = context_for(session, questionnaire.questions.values(), asked.closes_on)
    return {
        "response": response,
        "attachment": attachment_of(session, response),
        "sections": in_words(questionnaire, response.answers, context),
    }


def _refused(asked: Wave, area: Area, field_id: str, message: str) -> str:
    db.session.rollback()
    return show(asked, area, {"field_id": field_id, "message": message})


def _done(asked: Wave, area: Area, message: str) -> Response:
    db.session.commit()
    flash(message, "success")
    return redirect(url_for("officer.parish", survey=asked.survey.slug, wave=asked.slug, parish_code=area.code))
