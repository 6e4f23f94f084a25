"""When a wave runs: other days for a planned one, a later or earlier last day for an open one, and calling it off."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import personal_links, waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import state
from csp_consult.papers.publishing import forget_words
from csp_consult.people import audit
from csp_consult.typed_dates import DateError, read_date
from csp_consult.web.officer.door import wave_called

DAYS = {"opens": "first day", "closes": "last day"}


def wave_dates(survey: str, wave: str) -> str | Response:
    """The days of one wave. A POST changes them, closes it today, or cancels it."""
    found, session, today = wave_called(survey, wave), db.session(), date.today()
    title = found.title
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            said = _done(session, found, today)
        except (DateError, waves.WaveError) as error:
            session.rollback()
            errors = [{"field_id": "closes" if "last day" in str(error) else "opens", "message": str(error)}]
        else:
            session.commit()
            flash(f"{title} {said}", "success")
            return redirect(url_for(".home"), 303)
    found = wave_called(survey, wave)
    return render_template(
        "officer/wave_dates.html",
        wave=found,
        state=state(found, today),
        days=DAYS,
        given=request.form or _as_typed(found),
        mails=[one for one in personal_links.mailings(session, found) if one.queued is None],
        errors=errors,
    )


def _done(session: Session, wave: Wave, today: date) -> str:
    """Do what the form asks, and say so. Raises DateError or WaveError."""
    then, key = request.form.get("then"), wave.key
    if then == "cancel":
        waves.cancel(session, wave, today)
        forget_words(session, key)
        audit.record(session, "wave cancelled", subject=key)
        return "is cancelled."
    if then == "close":
        waves.close_now(wave, today)
        audit.record(session, "wave closed", subject=key)
        return "is closed. Nobody can answer it any more."
    opens_on, closes_on = (read_date(request.form, name, what) for name, what in DAYS.items())
    if opens_on is None and "opens-day" not in request.form:
        opens_on = wave.opens_on
    if opens_on is None or closes_on is None:
        raise waves.WaveError(f"Enter the {DAYS['opens' if opens_on is None else 'closes']} of the wave.")
    before = words.period(wave.opens_on, wave.closes_on)
    waves.change_dates(wave, opens_on, closes_on, today)
    detail = {"from": opens_on.isoformat(), "until": closes_on.isoformat(), "before": before}
    audit.record(session, "wave dates changed", subject=key, detail=detail)
    return f"now runs from {words.period(opens_on, closes_on)}."


def _as_typed(wave: Wave) -> dict[str, str]:
    return {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (("opens", wave.opens_on), ("closes", wave.closes_on))
        for part in ("day", "month", "year")
    }
