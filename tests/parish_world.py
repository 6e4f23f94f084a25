"""Three parishes, two clerks, one consultation: what tests of parishes and of the clerk door start from."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from flask_security.utils import hash_password
from passlib.totp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import create, create_survey
from csp_consult.parishes.access import link_clerk
from csp_consult.parishes.models import ParishResponse
from csp_consult.people.models import Role, User
from csp_consult.people.second_step import set_up_codes
from csp_consult.places.models import Area
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.store import questionnaire_of, store

PASSWORD = "otter-lantern-quarry"
CODE_KEY = "TESTTESTTESTTESTTESTTESTTESTTEST"
GLEN, KIBWORTH, TUR_LANGTON = "E04000001", "E04000002", "E04000003"
WAVE = "parish-test/first"

QUESTIONNAIRE = """
questionnaire: parish-test
version: "1"
title: Parish test consultation
organisation: Test partnership
audience: parishes
minutes: 10
intro:
  purpose: To learn what councils worry about.
  decides: The partnership decides on its priorities.
  after: Every council is told what was decided.
scales:
  worry: {1: Not at all, 5: Very much}
pages:
  - page: worries
    title: What worries the council
    lead: Rate each of these.
    questions:
      - id: ratings
        kind: grid
        text: How much of a worry is each?
        required: true
        rows: {speeding: Speeding, burglary: Burglary}
        options: worry
  - page: police
    title: The police
    questions:
      - id: met_police
        kind: single
        text: Has the council met the police this year?
        options: {met: It has, not_met: It has not}
      - id: top
        kind: rank
        text: What should come first?
        choose: 2
        options: {patrols: Patrols, cameras: Cameras, talks: Talks}
  - page: meeting
    title: The meeting with the police
    show_if: {question: met_police, is: [met]}
    questions:
      - id: meeting_note
        kind: long_text
        text: What came of it?
"""


@dataclass(frozen=True)
class World:
    """What was built."""

    wave: Wave
    questionnaire: Questionnaire
    glen: Area
    kibworth: Area
    tur_langton: Area
    glen_clerk: User
    """Acts for Great Glen only."""
    kibworth_clerk: User
    """Acts for Kibworth and Tur Langton."""


@cache
def _hashed() -> str:
    # Argon2 is slow on purpose; a test needs it no more than once.
    return str(hash_password(PASSWORD))


def account(session: Session, email: str, role: str, *, name: str = "") -> User:
    """An account that signs in with PASSWORD and, unless it is a clerk's, with ``code()``. It waits for no hash."""
    held = session.scalar(select(Role).where(Role.name == role)) or Role(name=role)
    user = User(email=email, name=name or email, password=_hashed(), active=True, fs_uniquifier=email, roles=[held])
    session.add(user)
    if role != "clerk":
        set_up_codes(user, CODE_KEY)
        user.mf_recovery_codes = ["kept in a drawer"]
    session.flush()
    return user


def code() -> str:
    """What the authenticator app of such an account shows now."""
    return str(TOTP(key=CODE_KEY).generate().token)


def build(session: Session, *, opens_on: date, closes_on: date) -> World:
    """Build and commit it."""
    areas = [
        Area(code=code, kind="parish", name=name, source="test")
        for code, name in ((GLEN, "Great Glen"), (KIBWORTH, "Kibworth"), (TUR_LANGTON, "Tur Langton"))
    ]
    session.add_all(areas)
    session.flush()
    glen, kibworth, tur_langton = areas
    glen_clerk = account(session, "glen@example.org", "clerk", name="Gill Glen")
    kibworth_clerk = account(session, "kibworth@example.org", "clerk", name="Kit Kibworth")
    link_clerk(session, glen_clerk.id, glen.code)
    link_clerk(session, kibworth_clerk.id, kibworth.code)
    link_clerk(session, kibworth_clerk.id, tur_langton.code)
    version = store(session, QUESTIONNAIRE, today=opens_on)
    survey = create_survey(
        session, slug="parish-test", title="Parish test consultation", organisation="Test", audience="parishes"
    )
    wave = create(
        session,
        survey,
        "first",
        title="First test consultation",
        questionnaire=version,
        opens_on=opens_on,
        closes_on=closes_on,
        recruitment="invited",
        cleared_on=opens_on,
    )
    session.commit()
    return World(wave, questionnaire_of(version), glen, kibworth, tur_langton, glen_clerk, kibworth_clerk)


def respond(session: Session, wave: Wave, code: str, met: str, *, minuted: bool = True) -> None:
    """A council's first answer to a wave: whether it has met the police, and on a minute or not."""
    session.add(
        ParishResponse(
            wave_id=wave.id,
            parish_code=code,
            version=1,
            reference=f"{wave.id}-{code}",
            submission="x",
            answers={"ratings": {"speeding": "5", "burglary": "1"}, "met_police": met},
            mandate="full council" if minuted else None,
            meeting_on=wave.opens_on if minuted else None,
            minute_reference="1" if minuted else None,
            submitted_on=wave.opens_on,
        )
    )
