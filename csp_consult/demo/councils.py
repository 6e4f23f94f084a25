"""Councils that do not exist as clerks' accounts and drafts: 91 parishes, each somewhere on its way. All synthetic."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.demo.sign_ins import SIGN_INS
from csp_consult.fieldwork.models import Wave
from csp_consult.mail.bounces import flag
from csp_consult.parishes.models import ClerkParish, ParishBody, ParishDraft, ParishExtension, ParishResponse
from csp_consult.people.models import Role, User
from csp_consult.places.lookup import areas
from csp_consult.places.models import Area

VACANT = 6
"""Parishes whose clerk's post is vacant."""
DRAFTING = 19
OFFICER_DRAFTS = 4
MEETINGS = 5


def load_councils(session: Session, wave: Wave, today: date, rng: random.Random) -> None:
    """Clerks for the parishes of the open wave, and councils at every state beside those that answered."""
    responses = session.scalars(
        select(ParishResponse).where(ParishResponse.wave_id == wave.id).order_by(ParishResponse.parish_code)
    ).all()
    answered = {response.parish_code for response in responses}
    demo = {name for who in SIGN_INS for name in who.parishes}
    others = [area for area in areas(session, "parish", today) if area.name not in demo]
    waiting = [area for area in others if area.code not in answered]
    rng.shuffle(waiting)
    clerks = _clerks(session, others, {area.code for area in waiting[:VACANT]}, rng)
    drafting = waiting[VACANT : VACANT + DRAFTING]
    for area in drafting:
        session.add(_draft(wave, area, clerks[area.code], today, rng))
    _without_minutes([one for one in responses if one.parish_code in clerks][:OFFICER_DRAFTS])
    responses[-1].mode = "paper"
    _time(session, wave, [area.code for area in drafting], clerks, today)
    for area in waiting[-MEETINGS:]:
        session.add(ParishBody(parish_code=area.code, since=wave.opens_on, kind="meeting"))
    together, lead, unreached = waiting[VACANT + DRAFTING : VACANT + DRAFTING + 3]
    session.add(ParishBody(parish_code=together.code, since=wave.opens_on, kind="grouped", answers_with=lead.code))
    flag(session, clerks[unreached.code].email, reason="550 no such mailbox (synthetic)", today=today)
    session.flush()


def _clerks(session: Session, parishes: Sequence[Area], vacant: set[str], rng: random.Random) -> dict[str, User]:
    """An account for each parish, some for two; nobody can sign in by them, as they have no password."""
    role = session.scalars(select(Role).where(Role.name == "clerk")).first() or Role(name="clerk")
    found: dict[str, User] = {}
    user: User | None = None
    for number, area in enumerate(area for area in parishes if area.code not in vacant):
        if user is None or rng.random() > 0.25:
            name = area.name.lower().replace(" ", "-").replace(",", "").replace("'", "")
            user = User(
                email=f"clerk.{name}@example.org",
                name=f"Clerk of {area.name} (synthetic)",
                active=True,
                fs_uniquifier=f"synthetic-clerk-{number}",
                roles=[role],
            )
            session.add(user)
            session.flush()
        session.add(ClerkParish(user_id=user.id, parish_code=area.code))
        found[area.code] = user
    session.flush()
    return found


def _draft(wave: Wave, area: Area, clerk: User, today: date, rng: random.Random) -> ParishDraft:
    answers: dict[str, Any] = {"asb_change": rng.choice(("more", "same", "less"))}
    return ParishDraft(
        wave_id=wave.id,
        parish_code=area.code,
        answers=answers,
        edits={"asb_change": [1, "", clerk.name]},
        revision=1,
        saved_by=clerk.id,
        saved_on=today - timedelta(days=rng.randint(1, 9)),
    )


def _without_minutes(responses: Sequence[ParishResponse]) -> None:
    for response in responses:
        response.mandate = response.meeting_on = response.minute_reference = None


def _time(session: Session, wave: Wave, codes: Sequence[str], clerks: dict[str, User], today: date) -> None:
    """One council asks for more time, one was given it."""
    for number, code in enumerate(codes[1:3]):
        decided = number == 1
        until = wave.closes_on + timedelta(days=14)
        session.add(
            ParishExtension(
                wave_id=wave.id,
                parish_code=code,
                asked_on=today - timedelta(days=3),
                asked_by=clerks[code].id,
                asked_until=until,
                asked_reason="The council next meets after the closing day. (Synthetic)",
                decided_on=today - timedelta(days=1) if decided else None,
                decided_by=None,
                decision_reason="Agreed, as the council does not meet in time. (Synthetic)" if decided else None,
                until=until if decided else None,
            )
        )
