"""Marks by which callers are counted, and which nobody can read: hashed with a random key of the day.

On the next day the key is thrown away, and with it all that was counted under it: after that nobody, not even with the
whole database and every secret, can tell whether an address called.
"""

import hmac
import os
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csp_consult.db import upsert_into
from csp_consult.people.models import CallCount, DayKey, FailedTry

_KEY_BYTES = 32


def mark_of(session: Session, today: date, told: str) -> str:
    """The mark of a text on that day, in hexadecimal. The first of a day forgets yesterday; the caller commits."""
    return hmac.digest(_key_of(session, today), told.encode(), "sha256").hex()


def _key_of(session: Session, today: date) -> bytes:
    key = session.scalar(select(DayKey.key).where(DayKey.day == today))
    if key is not None:
        return key
    for forgotten in (delete(DayKey).where(DayKey.day != today), delete(CallCount), delete(FailedTry)):
        session.execute(forgotten.execution_options(synchronize_session=False))
    insert = upsert_into(session, DayKey).values(day=today, key=os.urandom(_KEY_BYTES))
    session.execute(insert.on_conflict_do_nothing())
    return session.scalars(select(DayKey.key).where(DayKey.day == today)).one()
