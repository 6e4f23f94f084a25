"""What officers hold a topic against: mappings added, ended and withdrawn, with who did it and when.

Nothing is overwritten. A mapping that no longer holds is withdrawn and stays in the history; one that ends on a
day is withdrawn in favour of the same with that end.
"""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.topics.models import Topic, TopicRecord
from csp_consult.topics.taxonomy import RECORD_SOURCES, Mapped, as_mapped

LONGEST = 120
EARLIEST = date(1979, 1, 1)
"""The oldest record of any source read here (STATS19)."""


class RecordMappingError(ValueError):
    """The mapping cannot be kept; ``field_id`` names the part of the form to change."""

    def __init__(self, message: str, field_id: str) -> None:
        super().__init__(message)
        self.field_id = field_id


def add(session: Session, topic: str, mapped: Mapped, *, by: str, today: date) -> TopicRecord:
    """Hold a topic against a category of a source for some time. The caller commits.

    Raises RecordMappingError, also where the topic is held against the category in some of that time already.
    """
    category = " ".join(mapped.category.split())
    _check(session, topic, replace(mapped, category=category))
    row = TopicRecord(
        topic_slug=topic,
        source=mapped.source,
        category=category,
        valid_from=mapped.valid_from,
        valid_to=mapped.valid_to,
        partly=mapped.partly,
        added_by=by,
        added_on=today,
    )
    session.add(row)
    session.flush()
    return row


def _check(session: Session, topic: str, mapped: Mapped) -> None:
    if session.get(Topic, topic) is None:
        raise RecordMappingError("Choose a topic of the list", "topic")
    if mapped.source not in RECORD_SOURCES:
        raise RecordMappingError("Choose a source of the list", "source")
    if not 0 < len(mapped.category) <= LONGEST:
        raise RecordMappingError(f"Write the category as the source names it, in 1 to {LONGEST} characters", "category")
    if mapped.valid_from < EARLIEST:
        raise RecordMappingError(f"The mapping starts in {EARLIEST.year} or later", "from")
    if mapped.valid_to is not None and mapped.valid_to <= mapped.valid_from:
        raise RecordMappingError("The end must come after the start", "to")
    if any(_overlap(row, mapped) for row in _live(session, topic, mapped.source, mapped.category)):
        raise RecordMappingError("The topic is held against this category in that time already", "category")


def withdraw(session: Session, row: TopicRecord, *, by: str, today: date) -> None:
    """Take a mapping out of use; it stays in the history. The caller commits."""
    if row.withdrawn_by is None:
        row.withdrawn_by, row.withdrawn_on = by, today
        session.flush()


def end(session: Session, row: TopicRecord, valid_to: date, *, by: str, today: date) -> TopicRecord:
    """Let a mapping hold to the day before ``valid_to``. The caller commits. Raises RecordMappingError."""
    if valid_to <= row.valid_from:
        raise RecordMappingError("The end must come after the start", "to")
    withdraw(session, row, by=by, today=today)
    return add(session, row.topic_slug, replace(as_mapped(row), valid_to=valid_to), by=by, today=today)


def reach_back(session: Session, topic: str, mapped: Mapped, *, by: str, today: date) -> None:
    """Make sure a topic is held against a category from a day on, whatever was mapped before. The caller commits."""
    live = _live(session, topic, mapped.source, mapped.category)
    if not live:
        add(session, topic, mapped, by=by, today=today)
    elif (first := min(live, key=lambda row: row.valid_from)).valid_from > mapped.valid_from:
        withdraw(session, first, by=by, today=today)
        earlier = replace(as_mapped(first), valid_from=mapped.valid_from)
        add(session, topic, earlier, by=by, today=today)


def history(session: Session, topic: str) -> list[TopicRecord]:
    """Every mapping of a topic there ever was, those in use first."""
    query = select(TopicRecord).where(TopicRecord.topic_slug == topic)
    return list(
        session.scalars(query.order_by(TopicRecord.withdrawn_by.isnot(None), TopicRecord.source, TopicRecord.id))
    )


def _live(session: Session, topic: str, source: str, category: str) -> list[TopicRecord]:
    rows = history(session, topic)
    return [row for row in rows if row.withdrawn_by is None and (row.source, row.category) == (source, category)]


def _overlap(row: TopicRecord, mapped: Mapped) -> bool:
    starts_before = row.valid_to is None or mapped.valid_from < row.valid_to
    return starts_before and (mapped.valid_to is None or row.valid_from < mapped.valid_to)
