"""The board of a council consultation: every council by state, who is late, and reminding them."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import state
from csp_consult.parishes import board as boards
from csp_consult.parishes.standing import Stage
from csp_consult.parishes.versions import officer_drafts
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.web.confirming import asked_first, is_meant
from csp_consult.web.officer.door import download, wave_called

ORDER = (Stage.NOT_STARTED, Stage.DRAFT, Stage.OFFICER_DRAFT, Stage.AMENDING, Stage.SUBMITTED)
"""The states as the board lists them: first those that still need something."""


def show(wave: Wave) -> str:
    """The board of a wave of councils."""
    session, today = db.session(), date.today()
    found = boards.board(session, wave, today)
    return render_template(
        "officer/board.html",
        wave=wave,
        state=state(wave, today),
        board=found,
        reading=reading(found),
        groups=[(stage, [line for line in found.lines if line.standing.stage is stage]) for stage in ORDER],
        apart=officer_drafts(session, wave),
        remindable=sum(line.can_be_reminded and line.reminded_on != today for line in found.lines),
        synthetic=wave.synthetic,
    )


def reading(found: boards.Board) -> str:
    """The board in two sentences: councils, and the electors they stand for."""
    answered = sum(line.counted for line in found.lines)
    text = f"{answered} of {len(found.lines)} councils have answered."
    if found.electors is None:
        return f"{text} How many electors they stand for is not known for every parish."
    covered, everyone = found.electors
    share = words.percent(covered / everyone) if everyone else "none"
    return f"{text} They stand for {words.number(covered)} of {words.number(everyone)} electors ({share})."


def board_csv(survey: str, wave: str) -> Response:
    """Where every council stands, as a file: states and days, nothing of what it says."""
    found = wave_called(survey, wave)
    return download(_table(db.session(), found))


def remind(survey: str, wave: str) -> str | Response:
    """Mail the clerks of one late council, or of all of them once the officer has seen who they are."""
    session, today = db.session(), date.today()
    found = wave_called(survey, wave)
    only = request.form.get("parish")
    lines = [line for line in boards.board(session, found, today).late if only in {None, line.standing.parish.code}]
    asked = boards.to_remind(lines, today)
    if only is None and asked and not is_meant():
        return _asked_first(found, asked)
    count = boards.remind(session, found, lines, user_id=current_user.id, today=today)
    session.commit()
    if count:
        flash(f"{count} council{' is' if count == 1 else 's are'} reminded. The mails are on their way.", "success")
    else:
        flash("Nobody was reminded: no clerk can be reached, or they were reminded today.", "important")
    return redirect(url_for("officer.fieldwork", survey=survey, wave=wave))


def _asked_first(wave: Wave, lines: list[boards.Line]) -> str:
    mails = sum(len(line.reachable) for line in lines)
    councils = f"{len(lines)} council{'' if len(lines) == 1 else 's'}"
    return asked_first(
        f"Remind {councils}?",
        f"{mails} mail{'' if mails == 1 else 's'} will go out today, one to each clerk of each of "
        "them. A mail that was sent cannot be called back.",
        items=[
            f"{line.standing.parish.name}: {', '.join(f'{user.name} ({user.email})' for user in line.reachable)}"
            for line in lines
        ],
        words=f"Send {mails} mail{'' if mails == 1 else 's'}",
        back=url_for("officer.fieldwork", survey=wave.survey.slug, wave=wave.slug),
        back_to="No, send nothing",
        warning=False,
    )


def _table(session: Session, wave: Wave) -> Table:
    columns = (
        Column("Parish", "parish_name"),
        Column(None, "parish"),
        Column("State", "state"),
        Column("Late", "late"),
        Column("Last day", "last_day"),
        Column("Electors", "electors", number=True),
        Column("Clerks", "clerks", number=True),
    )
    rows = [
        (
            Cell("", line.standing.parish.name),
            Cell("", line.standing.parish.code),
            Cell("", line.standing.stage.value),
            Cell("", "yes" if line.late else "no"),
            Cell("", line.standing.window.last_day.isoformat()),
            Cell("", line.electors),
            Cell("", len(line.clerks)),
        )
        for line in boards.board(session, wave, date.today()).lines
    ]
    return Table("parishes", "Parishes", columns, rows, {"wave": wave.key}, wave.synthetic)
