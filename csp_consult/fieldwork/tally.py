"""The tally: how many responses of each weighting cell chose what.

A response is stored unfolded; *folding* claims the unfolded ones and adds their counts. Nothing here reads a
watermark or a clock: a response is counted once because its flag and its counts change in one transaction.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.orm import Session

from csp_consult.db import Base, upsert_into
from csp_consult.fieldwork.counting import CellCounts, Counted, count, counting_for
from csp_consult.fieldwork.models import Response, Tally, Wave
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of

if TYPE_CHECKING:
    from csp_consult.fieldwork.batches import Counting

# Any fixed number would do: PostgreSQL's advisory locks are named by numbers of one's own choosing.
_TALLY_LOCK = 7_311_923


_PORTION = 5_000
"""Responses whose answers are in memory at a time."""
_RESPONSES = Base.metadata.tables[Response.__tablename__]


class FrozenTallyError(ValueError):
    """The responses a tally was made of are gone; the message says so."""


def fold(session: Session, wave_id: int | None = None, *, limit: int = 20_000) -> int:
    """Add up to ``limit`` responses not yet counted (of one wave, or of all) to the tally; returns how many.

    Runs in the session's transaction: the caller commits, and claim and counts then stand or fall together.
    """
    session.flush()
    lock(session)
    counting: dict[int, Counting] = {}
    total = 0
    # Claimed in portions, so that answers take little memory; counts are small, and are added once.
    while total < limit and (rows := _claim(session, wave_id, min(_PORTION, limit - total))):
        total += len(rows)
        by_wave: dict[int, list[Counted]] = defaultdict(list)
        for row in rows:
            by_wave[row.wave_id].append(Counted(row.cell, row.base_weight, row.answers))
        for wave, responses in by_wave.items():
            if wave not in counting:
                counting[wave] = counting_for(_questionnaire(session, wave))
            counting[wave].take(responses)
    for wave, counted in sorted(counting.items()):
        _add(session, wave, counted.counts())
    return total


def fold_all(session: Session, wave_id: int | None = None) -> int:
    """Fold everything (of the wave, or at all) that is left uncounted; returns how many responses were counted."""
    return fold(session, wave_id, limit=sys.maxsize)


def subtract(session: Session, wave_id: int, response: Counted) -> None:
    """Take a counted response that is being erased out of the tally. Call ``lock`` before erasing its row."""
    _add(session, wave_id, count(_questionnaire(session, wave_id), [response], sign=-1))


def rebuild(session: Session, wave_id: int) -> int:
    """Count a wave again from its responses, in the session's transaction; returns how many there are.

    Raises FrozenTallyError where the responses were erased on their date: the counts are all that is left.
    """
    lock(session)
    if session.scalars(select(Wave.erased_on).where(Wave.id == wave_id)).one() is not None:
        raise FrozenTallyError("Its responses were erased on their date, so its counts stay as they are.")
    session.execute(delete(Tally).where(Tally.wave_id == wave_id))
    session.execute(
        update(Response)
        .where(Response.wave_id == wave_id)
        .values(folded=False)
        .execution_options(synchronize_session=False)
    )
    _raise_version(session, wave_id)
    return fold_all(session, wave_id)


def lock(session: Session) -> None:
    """Wait until nobody else changes the tally, and keep them out until the transaction ends."""
    # SQLite needs nothing: a writing transaction is alone there.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TALLY_LOCK})


def alike(one: dict[str, CellCounts], other: dict[str, CellCounts]) -> bool:
    """Whether two tallies are the same, up to what adding fractions in another order can change."""
    return one.keys() == other.keys() and all(one[cell].alike(other[cell]) for cell in one)


def read(session: Session, wave_id: int) -> dict[str, CellCounts]:
    """The wave's counts by cell (``age|sex|area``), in the order of cells. Responses not folded yet are not in it."""
    return _read(session, wave_id)


def _claim(session: Session, wave_id: int | None, limit: int) -> Sequence[Row[Any]]:
    # The literal condition is the partial index's own: SQLite would not use the index for a bound one.
    of = _RESPONSES.c
    unfolded = select(of.id).where(text("NOT folded")).limit(limit)
    if wave_id is not None:
        unfolded = unfolded.where(of.wave_id == wave_id)
    claimed = update(_RESPONSES).where(of.id.in_(unfolded)).values(folded=True)
    return session.execute(claimed.returning(of.wave_id, of.cell, of.base_weight, of.answers)).all()


def _questionnaire(session: Session, wave_id: int) -> Questionnaire:
    return questionnaire_of(session.scalars(select(QuestionnaireVersion).join(Wave).where(Wave.id == wave_id)).one())


def _add(session: Session, wave_id: int, counts: dict[str, CellCounts]) -> None:
    """Add counts to those kept. Whoever calls holds the lock, so nobody adds in between."""
    kept = _read(session, wave_id, list(counts))
    for cell, more in counts.items():
        kept.setdefault(cell, CellCounts()).add(more)
    left = [{"wave_id": wave_id, "cell": cell, **vars(found)} for cell, found in kept.items() if found.n > 0]
    if left:
        insert = upsert_into(session, Tally)
        changed = {name: insert.excluded[name] for name in vars(CellCounts())}
        session.execute(insert.on_conflict_do_update(index_elements=["wave_id", "cell"], set_=changed), left)
    # A rebuild would not make a row of nothing, so none is left behind.
    gone = [cell for cell, found in kept.items() if found.n <= 0]
    if gone:
        session.execute(delete(Tally).where(Tally.wave_id == wave_id, Tally.cell.in_(gone)))
    _raise_version(session, wave_id)


def _raise_version(session: Session, wave_id: int) -> None:
    session.execute(
        update(Wave)
        .where(Wave.id == wave_id)
        .values(tally_version=Wave.tally_version + 1)
        .execution_options(synchronize_session=False)
    )


def _read(session: Session, wave_id: int, cells: Sequence[str] | None = None) -> dict[str, CellCounts]:
    query = select(Tally.cell, Tally.n, Tally.d, Tally.d2, Tally.options, Tally.products)
    query = query.where(Tally.wave_id == wave_id).order_by(Tally.cell)
    if cells is not None:
        query = query.where(Tally.cell.in_(cells))
    return {row.cell: CellCounts(*row[1:]) for row in session.execute(query)}
