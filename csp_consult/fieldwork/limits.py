"""How often one caller may do what could be abused, counted across all workers and forgetting who called.

An address is only ever hashed, as ``people.callers`` does it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from csp_consult.db import upsert_into
from csp_consult.people.callers import mark_of
from csp_consult.people.models import CallCount

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


def within(session: Session, limit: tuple[str, int], address: str, now: datetime) -> bool:
    """Count one call and say whether the caller is within the limit. The caller commits, also when it is not."""
    action, most = limit
    mark = mark_of(session, now.date(), f"{action} {now.hour} {address}")
    insert = upsert_into(session, CallCount).values(mark=mark, n=1)
    counted = insert.on_conflict_do_update(index_elements=["mark"], set_={"n": CallCount.n + 1})
    n = session.scalar(counted.returning(CallCount.n).execution_options(populate_existing=True))
    return n is not None and n <= most
