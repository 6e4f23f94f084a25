"""How often one caller may do what could be abused, counted across all workers and forgetting who called.

An address is only ever hashed, with a random key of the day that is thrown away on the next: after that nobody,
not even with the whole database, can tell whether an address called.
"""

import hmac
import os
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import CallCount, DayKey
from csp_consult.fieldwork.upsert import upsert_into

SENDING = ("send", 300)
"""Responses an hour from one address: a library, an office or a telephone network may share one."""
RETURNING = ("return", 30)
"""Return codes tried an hour from one address."""
WITHDRAWING = ("withdraw", 30)
"""References tried an hour from one address."""
ASKING_NEWS = ("news", 30)
"""Addresses for news of the results an hour from one address."""
MAILING = ("mail a code", 10)
"""Return codes sent by e-mail an hour from one address."""
PRINTING = ("print", 60)
"""Paper forms made an hour for one address."""

_KEY_BYTES = 32


def within(session: Session, limit: tuple[str, int], address: str, now: datetime) -> bool:
    """Count one call and say whether the caller is within the limit. The caller commits, also when it is not."""
    action, most = limit
    told = f"{action} {now.hour} {address}".encode()
    mark = hmac.digest(_key_of_day(session, now), told, "sha256").hex()
    insert = upsert_into(session, CallCount).values(mark=mark, n=1)
    counted = insert.on_conflict_do_update(index_elements=["mark"], set_={"n": CallCount.n + 1})
    n = session.scalar(counted.returning(CallCount.n).execution_options(populate_existing=True))
    return n is not None and n <= most


def _key_of_day(session: Session, now: datetime) -> bytes:
    today = now.date()
    key = session.scalar(select(DayKey.key).where(DayKey.day == today))
    if key is not None:
        return key
    # The first call of a day: what yesterday counted goes together with the key it was counted under.
    session.execute(delete(DayKey).where(DayKey.day != today).execution_options(synchronize_session=False))
    session.execute(delete(CallCount).execution_options(synchronize_session=False))
    insert = upsert_into(session, DayKey).values(day=today, key=os.urandom(_KEY_BYTES))
    session.execute(insert.on_conflict_do_nothing())
    return session.scalars(select(DayKey.key).where(DayKey.day == today)).one()
