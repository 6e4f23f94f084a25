"""What goes out by mail and by letter: the days for councils, and each one as it would be, before it goes."""

from dataclasses import dataclass
from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.fieldwork import personal_links
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveError
from csp_consult.mail.letters import Words, address_of
from csp_consult.parishes import mailing
from csp_consult.parishes.board import board
from csp_consult.typed_dates import DateError
from csp_consult.web.officer.door import wave_called
from csp_consult.web.officer.invited import plan_day, printed

KINDS = ("invitation", "reminder", "letter")
SHOWN = 200
"""So many are shown in full; the rest say the same with another name and link."""
EVERY = "every"
CUT_SHORT = "…"


@dataclass(frozen=True)
class Shown:
    """One mail or letter of a preview."""

    to: str
    words: Words
    link: str = ""


def council_post(survey: str, wave: str) -> str | WerkzeugResponse:
    """The councils that have not answered: the days of their mails, and letters to those that no mail reaches."""
    found, session, today = _councils_wave(survey, wave), db.session(), date.today()
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            done = plan_day(session, found)
        except (WaveError, DateError) as error:
            session.rollback()
            errors = [{"field_id": "day", "message": str(error)}]
        else:
            session.commit()
            flash(done, "success")
            return redirect(url_for("officer.council_post", survey=survey, wave=wave))
    waiting = [line for line in board(session, found, today).lines if not line.counted]
    return render_template(
        "officer/council_post.html",
        wave=found,
        errors=errors,
        given=request.form,
        waiting=len(waiting),
        unreachable=sum(not line.reachable for line in waiting),
        mailings=personal_links.mailings(session, found),
        synthetic=found.synthetic,
    )


def council_letters_pdf(survey: str, wave: str) -> Response | WerkzeugResponse:
    """A letter to each council that has not answered and that no mail reaches, or to every one."""
    found = _councils_wave(survey, wave)
    written = mailing.letters(db.session(), found, date.today(), every=request.args.get("to") == EVERY)
    content = [(one.addressee, one.words.subject, one.words.body, one.link) for one in written]
    page = redirect(url_for("officer.council_post", survey=survey, wave=wave))
    return printed(found, "council_letters", content, page)


def post_preview(survey: str, wave: str, kind: str) -> str:
    """Every mail or letter of a kind as it would go out today."""
    if kind not in KINDS:
        abort(404)
    found = wave_called(survey, wave)
    shown = _of_councils(found, kind) if found.survey.audience == "parishes" else _of_residents(found, kind)
    return render_template(
        "officer/post_preview.html",
        wave=found,
        kind=kind,
        shown=shown[:SHOWN],
        count=len(shown),
        synthetic=found.synthetic,
    )


def _councils_wave(survey: str, wave: str) -> Wave:
    found = wave_called(survey, wave)
    if found.survey.audience != "parishes":
        abort(404)
    return found


def _of_councils(wave: Wave, kind: str) -> list[Shown]:
    session, today = db.session(), date.today()
    if kind == "letter":
        written = mailing.letters(session, wave, today, every=request.args.get("to") == EVERY)
        return [Shown(one.addressee, one.words, one.link) for one in written]
    return [Shown(one.to, one.words) for one in mailing.mails(session, wave, kind, today)]


def _of_residents(wave: Wave, kind: str) -> list[Shown]:
    """Without the links themselves: whoever reads one can answer by it."""
    session: Session = db.session()
    where = {"survey": wave.survey.slug, "wave": wave.slug, "token": CUT_SHORT}
    link = address_of("resident.by_link", **where)
    if kind == "letter":
        # Their letters are looked at as the file that is printed.
        abort(404)
    words = personal_links.words_of(session, wave, kind, link)
    return [Shown(f"{one.invited}, {one.address}", words) for one in personal_links.to_be_mailed(session, wave)]
