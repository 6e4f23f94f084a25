"""The next wave from the last one: the same questions and people, with the days of its mails."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import personal_links, waves
from csp_consult.fieldwork.models import Wave
from csp_consult.people import audit
from csp_consult.typed_dates import DateError, read_date
from csp_consult.web.officer.door import wave_called
from csp_consult.web.officer.first_wave import name_for

DAYS = {
    "opens": "first day",
    "closes": "last day",
    "invitation": "day of the invitation",
    "reminder": "day of the reminder",
}
NEEDED = ("opens", "closes")


class CopyError(ValueError):
    """The form cannot be taken as it is; ``field_id`` is the field that it is about."""

    def __init__(self, field_id: str, message: str) -> None:
        super().__init__(message)
        self.field_id = field_id


def copy_wave(survey: str, wave: str) -> str | Response:
    """Plan a wave that asks what this one asked, of the people it asked."""
    source, session = wave_called(survey, wave), db.session()
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            made, people = _copy(session, source)
        except CopyError as error:
            session.rollback()
            errors = [{"field_id": error.field_id, "message": str(error)}]
        else:
            session.commit()
            listed = f", with {words.number(people)} people on its list, each by a new link" if people else ""
            flash(f"{made.title} is planned from {words.day(made.opens_on)} on{listed}.", "success")
            page = ".council_post" if made.survey.audience == "parishes" else ".invited"
            return redirect(url_for(page, survey=made.survey.slug, wave=made.slug))
    return render_template(
        "officer/wave_copy.html",
        wave=source,
        days=DAYS,
        people=personal_links.standing(session, source).people,
        given=request.form,
        errors=errors,
    )


def _copy(session: Session, source: Wave) -> tuple[Wave, int]:
    days = {name: _day(name, what) for name, what in DAYS.items()}
    opens_on, closes_on = (days[name] for name in NEEDED)
    if opens_on is None or closes_on is None:
        raise CopyError("opens" if opens_on is None else "closes", "Enter the first and the last day of the new wave.")
    if opens_on < date.today():
        raise CopyError("opens", "The first day is past. Choose today or a later day.")
    slug = name_for(session, source.survey.slug, f"{opens_on:%Y-%m}")
    if waves.lookup(session, source.survey.slug, slug) is not None:
        slug = name_for(session, source.survey.slug, opens_on.isoformat())
    title = " ".join(request.form.get("title", "").split())[:200] or f"{source.survey.title}, {words.month(slug[:7])}"
    try:
        made = waves.copy(session, source, slug, title=title, opens_on=opens_on, closes_on=closes_on)
    except waves.WaveError as error:
        raise CopyError("closes", str(error)) from error
    audit.record(session, "wave copied", subject=made.key, detail={"from": source.key})
    # Councils are asked through the clerks that act for them by then; people on a list come along here.
    people = personal_links.copy_list(session, source, made) if source.by_link else 0
    for kind in ("invitation", "reminder"):
        send_on = days[kind]
        if send_on is not None:
            _schedule(session, made, kind, send_on)
    return made, people


def _schedule(session: Session, made: Wave, kind: str, send_on: date) -> None:
    if not made.by_link and made.survey.audience == "residents":
        raise CopyError(kind, "This wave has no list of people to write to. Leave the day empty.")
    try:
        personal_links.schedule(session, made, kind, send_on, date.today())
    except waves.WaveError as error:
        raise CopyError(kind, str(error)) from error


def _day(name: str, what: str) -> date | None:
    try:
        return read_date(request.form, name, what)
    except DateError as error:
        raise CopyError(name, str(error)) from error
