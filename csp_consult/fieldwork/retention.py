"""Letting go: single responses on their date, drafts and codes that nobody can open any more.

The counts of a wave stay when its responses go: they name nobody, and every ranking is made from them. From then on
they are all there is, so they no longer change and are marked as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork import tally
from csp_consult.fieldwork.drafts import KEPT_DAYS
from csp_consult.fieldwork.models import (
    Draft,
    FormBatch,
    FormEntry,
    KeyedForm,
    Response,
    ReturnCode,
    Survey,
    Wave,
    Withdrawal,
)

WITHDRAWALS_KEPT_DAYS = 90
"""How long marks of withdrawn responses are kept: backups are kept for thirty days."""


@dataclass(frozen=True)
class Gone:
    """What was let go."""

    waves: Sequence[tuple[str, int]]
    """Each wave whose responses were erased, with how many there were."""
    drafts: int
    codes: int


def kept_until(wave: Wave, months: int) -> date:
    """The last day on which the wave's single responses are kept: so many months after its own last day."""
    month = wave.closes_on.month - 1 + months
    first = date(wave.closes_on.year + month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(wave.closes_on.day, last.day))


def let_go(session: Session, today: date, *, months: int) -> Gone:
    """Erase whatever is past its date. Running it again does nothing more. The caller commits."""
    due = [
        wave
        for wave in session.scalars(select(Wave).join(Survey).where(Survey.audience == "residents").order_by(Wave.id))
        if kept_until(wave, months) < today and (_has_responses(session, wave) or _has_entries(session, wave))
    ]
    waves = [(wave.key, _erase(session, wave, today)) for wave in due]
    # A draft is sealed with a key that the browser and a return code forget after so many days.
    forgotten = delete(Draft).where(Draft.saved_on < today - timedelta(days=KEPT_DAYS)).returning(Draft.id)
    expired = delete(ReturnCode).where(ReturnCode.expires_on < today).returning(ReturnCode.id)
    drafts, codes = (
        len(session.scalars(statement.execution_options(synchronize_session=False)).all())
        for statement in (forgotten, expired)
    )
    session.execute(delete(Withdrawal).where(Withdrawal.withdrawn_on < today - timedelta(days=WITHDRAWALS_KEPT_DAYS)))
    return Gone(waves, drafts, codes)


def _has_responses(session: Session, wave: Wave) -> bool:
    return session.scalar(select(Response.id).where(Response.wave_id == wave.id).limit(1)) is not None


def _keyed_in(wave: Wave) -> Select[int]:
    return select(KeyedForm.id).join(FormBatch).where(FormBatch.wave_id == wave.id)


def _has_entries(session: Session, wave: Wave) -> bool:
    return session.scalar(select(FormEntry.form_id).where(FormEntry.form_id.in_(_keyed_in(wave))).limit(1)) is not None


def _erase(session: Session, wave: Wave, today: date) -> int:
    if wave.erased_on is None:
        tally.fold_all(session, wave.id)
    wave.erased_on = wave.erased_on or today
    held = session.scalar(select(func.count()).select_from(Response).where(Response.wave_id == wave.id)) or 0
    # What officers found in answers in own words goes with them.
    session.execute(delete(Response).where(Response.wave_id == wave.id).execution_options(synchronize_session=False))
    # A form that was keyed once, and never became a response, holds answers just as much.
    session.execute(delete(FormEntry).where(FormEntry.form_id.in_(_keyed_in(wave))))
    return held
