"""Districts like ours and their published rates: a list somebody else made, kept as data and set beside our rate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import RowError
from csp_consult.places.row_files import RowsReceipt, take_rows
from csp_consult.recorded.models import ComparatorArea, ComparatorRate
from csp_consult.topics.models import Topic

COLUMNS = ("area_code", "area_name", "topic", "period_from", "period_to", "per_1000", "source")
LARGEST_RATE = 1000.0
SOURCE_LIMIT, NAME_LIMIT, CODE_LIMIT = 300, 120, 12


class ComparatorError(ValueError):
    """An area cannot be put on the list; ``field_id`` names the part of the form to change."""

    def __init__(self, message: str, field_id: str) -> None:
        super().__init__(message)
        self.field_id = field_id


@dataclass(frozen=True)
class AlikeRate:
    """The rate of an area like ours, for one topic and period."""

    code: str
    name: str
    per_1000: float
    source: str


def listed(session: Session) -> list[ComparatorArea]:
    """The areas like ours, by name."""
    return list(session.scalars(select(ComparatorArea).order_by(ComparatorArea.name)))


def add(session: Session, code: str, name: str, source: str) -> ComparatorArea:
    """Put an area on the list, or change its name and source. The caller commits. Raises ComparatorError."""
    code, name, source = (" ".join(text.split()) for text in (code, name, source))
    for text, limit, field_id, what in (
        (code, CODE_LIMIT, "code", "its code, such as E07000130"),
        (name, NAME_LIMIT, "name", "its name"),
        (source, SOURCE_LIMIT, "source", "who says that it is like ours, and by what"),
    ):
        if not 0 < len(text) <= limit:
            raise ComparatorError(f"Write {what}, in 1 to {limit} characters", field_id)
    area = session.merge(ComparatorArea(code=code, name=name, source=source))
    session.flush()
    return area


def take_off(session: Session, code: str) -> None:
    """Take an area off the list, with its rates. The caller commits."""
    session.execute(delete(ComparatorRate).where(ComparatorRate.area_code == code))
    session.execute(delete(ComparatorArea).where(ComparatorArea.code == code))


def import_rates(session: Session, stream: IO[bytes], name: str) -> RowsReceipt:
    """Take in areas and their rates from a CSV file with the columns ``COLUMNS``. The caller commits.

    A row without a topic only puts its area on the list; a rate already there takes the new value.
    Raises FileError when the file has other columns or no row of it can be kept.
    """
    topics = frozenset(session.scalars(select(Topic.slug)))
    receipt = take_rows(stream, name, lambda row: _keep(session, row, topics), needed=COLUMNS)
    session.flush()
    return receipt


def rates_alike(session: Session, topic: str, start: date, end: date) -> list[AlikeRate]:
    """The rates of areas like ours for a topic in exactly that period, the lowest first."""
    query = (
        select(ComparatorArea, ComparatorRate)
        .join(ComparatorRate, ComparatorRate.area_code == ComparatorArea.code)
        .where(ComparatorRate.topic_slug == topic, ComparatorRate.period_from == start, ComparatorRate.period_to == end)
        .order_by(ComparatorRate.per_1000, ComparatorArea.name)
    )
    return [AlikeRate(area.code, area.name, rate.per_1000, rate.source) for area, rate in session.execute(query)]


def _keep(session: Session, row: Mapping[str, str], topics: frozenset[str]) -> None:
    """Keep what one row says. Raises RowError."""
    rate = None
    if row["topic"]:
        if row["topic"] not in topics:
            raise RowError("no topic has that name", row["topic"])
        start, end = _day(row["period_from"]), _day(row["period_to"])
        if end <= start:
            raise RowError("the period ends before it begins", row["period_to"])
        rate = ComparatorRate(
            area_code=row["area_code"],
            topic_slug=row["topic"],
            period_from=start,
            period_to=end,
            per_1000=_rate(row["per_1000"]),
            source=row["source"],
        )
    try:
        add(session, row["area_code"], row["area_name"], row["source"])
    except ComparatorError as error:
        raise RowError("the code, name or source is missing or too long", row["area_code"]) from error
    if rate is not None:
        session.merge(rate)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RowError("a date is not written as 2022-03-31", text) from error


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError as error:
        raise RowError("the rate is not a number", text) from error
    if not 0 <= rate <= LARGEST_RATE:
        raise RowError(f"the rate is not between 0 and {LARGEST_RATE:.0f}", text)
    return rate
