"""Answers that an officer reads the same day, because they may tell of abuse, self-harm or danger.

Which answers, is noted when they are stored. What was done about each is one of a few plain outcomes: no word of the
answer is kept twice, and none is in the audit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.asked import AnyWave
from csp_consult.fieldwork.models import CareFlag, Response, Wave
from csp_consult.people import audit
from csp_consult.questionnaire.care import signs
from csp_consult.questionnaire.model import Questionnaire

OUTCOMES: Mapping[str, str] = {
    "police": "Told the police",
    "safeguarding": "Told the safeguarding team",
    "service": "Told another service",
    "nothing": "Read; nothing more to do",
}
"""What an officer can have done, in words."""


@dataclass(frozen=True)
class ToRead:
    """One answer to read, with the words that were written."""

    flag: CareFlag
    wave: Wave
    question: str
    words: tuple[str, ...]


def flag(
    session: Session,
    wave: AnyWave,
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    *,
    reference: str,
    today: date,
    response_id: UUID | None = None,
) -> list[CareFlag]:
    """Note every answer that must be read today. ``response_id`` is a resident's; councils are found by reference."""
    flags = [
        CareFlag(
            wave_id=wave.id,
            response_id=response_id,
            reference=reference,
            question=question_id,
            kinds=list(kinds),
            found_on=today,
        )
        for question_id, kinds in told(questionnaire, answers).items()
    ]
    session.add_all(flags)
    return flags


def told(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The answers that must be read today, by question, with what they may tell of."""
    found = {
        question_id: signs(questionnaire.questions[question_id].own_words(answer))
        for question_id, answer in answers.items()
        if question_id in questionnaire.questions
    }
    return {question_id: kinds for question_id, kinds in found.items() if kinds}


def unread(session: Session) -> int:
    """How many answers wait to be read."""
    return session.scalar(select(func.count()).select_from(CareFlag).where(CareFlag.read_on.is_(None))) or 0


def waiting(session: Session) -> list[tuple[CareFlag, Wave, Response | None]]:
    """The answers that wait, the oldest first, with the resident's response where it is one."""
    query = (
        select(CareFlag, Wave, Response)
        .join(Wave, Wave.id == CareFlag.wave_id)
        .outerjoin(Response, Response.id == CareFlag.response_id)
        .where(CareFlag.read_on.is_(None))
        .order_by(CareFlag.found_on, CareFlag.id)
    )
    return [(one[0], one[1], one[2]) for one in session.execute(query)]


def settle(session: Session, flag_id: int, outcome: str, *, by: str, today: date) -> bool:
    """Note that somebody read an answer and what was done; False where it does not wait any more.

    The caller commits. Raises KeyError for an outcome there is not.
    """
    words = OUTCOMES[outcome]
    found = session.scalar(select(CareFlag).where(CareFlag.id == flag_id, CareFlag.read_on.is_(None)).with_for_update())
    if found is None:
        return False
    found.read_on, found.read_by, found.outcome = today, by, outcome
    audit.record(session, "care.read", subject=f"flag {flag_id}", detail={"outcome": words})
    return True
