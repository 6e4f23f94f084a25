"""The officers' first page: every survey wave with its state, and what needs attention."""

from dataclasses import dataclass
from datetime import date

from flask import render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.db import db
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.fieldwork.waves import WaveState, listed, state
from csp_consult.parishes.models import ParishResponse
from csp_consult.web.officer.attention import everything
from csp_consult.web.officer.first_wave import steps


@dataclass(frozen=True)
class WaveLine:
    """A wave as the first page lists it."""

    wave: Wave
    state: WaveState
    answered: int
    """Responses of residents, or councils that have submitted on a mandate."""


def home() -> str:
    """Waves and what needs attention."""
    session, today = db.session(), date.today()
    counts = answered_by_wave(session)
    lines = [WaveLine(wave, state(wave, today), counts.get(wave.id, 0)) for wave in listed(session)]
    lines.sort(key=lambda line: (line.state is not WaveState.OPEN, -line.wave.closes_on.toordinal()))
    return render_template(
        "officer/home.html",
        lines=lines,
        steps=steps(session, today),
        attention=everything(session, today),
    )


def answered_by_wave(session: Session) -> dict[int, int]:
    """Responses of residents, or councils that have submitted on a mandate, by wave."""
    residents = select(Response.wave_id, func.count()).group_by(Response.wave_id)
    councils = select(ParishResponse.wave_id, func.count(ParishResponse.parish_code.distinct())).where(
        ParishResponse.mandate.is_not(None)
    )
    rows = [*session.execute(residents), *session.execute(councils.group_by(ParishResponse.wave_id))]
    return dict(rows)
