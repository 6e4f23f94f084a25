"""The clerk's first page: the parishes, each with what is asked of it and what it has answered."""

from datetime import date, timedelta
from typing import Any

from flask import render_template
from flask_security import current_user
from sqlalchemy.orm import Session

from csp_consult.db import db
from csp_consult.fieldwork.waves import WaveState, listed
from csp_consult.parishes.access import parishes_of
from csp_consult.parishes.bodies import asked_on, body_of
from csp_consult.parishes.standing import Standing, standings
from csp_consult.places.models import Area
from csp_consult.web.clerk.door import blueprint, said_synthetic

LATELY = timedelta(days=28)
"""So long after the close a consultation that nothing was written for still stands on the page."""


@blueprint.get("/")
def home() -> str:
    """The clerk's parishes, each with what is asked of it and what it has answered."""
    store, today = db.session(), date.today()
    waves = sorted(listed(store, audience="parishes"), key=lambda wave: wave.closes_on, reverse=True)
    parishes = parishes_of(store, current_user.id)
    found = standings(store, waves, parishes)
    asked = {wave.id: {parish.code for parish in asked_on(store, wave.closes_on).councils} for wave in waves}
    groups = [
        _group(store, parish, [one for one in found if one.parish is parish], asked, today) for parish in parishes
    ]
    return render_template("clerk/home.html", groups=groups, synthetic=said_synthetic([one.wave for one in found]))


def _group(
    store: Session, parish: Area, standing: list[Standing], asked: dict[int, set[str]], today: date
) -> dict[str, Any]:
    now = [one for one in standing if one.window.state(today) is not WaveState.CLOSED]
    _, answers_with = body_of(store, parish.code, today)
    return {
        "parish": parish,
        "answers_with": store.get(Area, answers_with) if answers_with else None,
        "asked": [one for one in now if parish.code in asked[one.wave.id]],
        "earlier": [one for one in standing if one.window.state(today) is WaveState.CLOSED and one.current is not None],
        # Closed without an answer: the clerk can still ask for more time there, lately also where none was begun.
        "missed": [
            one
            for one in standing
            if one.window.state(today) is WaveState.CLOSED
            and one.current is None
            and (one.saved_on is not None or today - one.window.last_day <= LATELY)
            and parish.code in asked[one.wave.id]
        ],
    }
