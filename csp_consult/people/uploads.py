"""How much of what one account sends is kept in a day, so that nobody can fill the disk, by mistake or on purpose.

The count is part of the transaction that keeps the files: what is only looked at or refused is not counted, and two
workers cannot both let the last one in.
"""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from csp_consult.db import upsert_into
from csp_consult.people.callers import mark_of
from csp_consult.people.models import CallCount

KILOBYTE = 1024


def count(session: Session, user_id: int, sizes: list[int], *, most_files: int, most_megabytes: int) -> bool:
    """Count files of these sizes, in bytes, to what an account had kept today; False where that is too much.

    Then a part may have been counted, and the caller must not commit.
    """
    # Kilobytes, since a day's bytes need not fit into the column.
    kilobytes = sum(-(-size // KILOBYTE) for size in sizes)
    return _add(session, f"files of account {user_id}", len(sizes), most_files) and _add(
        session, f"kilobytes of account {user_id}", kilobytes, most_megabytes * KILOBYTE
    )


def _add(session: Session, what: str, n: int, most: int) -> bool:
    if n > most:
        return False
    # The same day as that of wrong tries: whoever counts under another throws away what was counted.
    mark = mark_of(session, datetime.now(UTC).date(), what)
    insert = upsert_into(session, CallCount).values(mark=mark, n=n)
    counted = insert.on_conflict_do_update(
        index_elements=["mark"], set_={"n": CallCount.n + n}, where=CallCount.n + n <= most
    )
    return session.scalar(counted.returning(CallCount.n).execution_options(populate_existing=True)) is not None
