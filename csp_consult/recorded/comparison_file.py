"""Published comparisons from a CSV file: a change without its counts, a rate without a base, a share of a larger area.

Each row is one figure as somebody printed it. What was not printed is left empty and stays unknown.
"""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import IO, Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import RowError
from csp_consult.places.models import Area
from csp_consult.places.printed_cells import check_cells, check_share, known_area, known_topic, one_of, printed_number
from csp_consult.places.row_files import RowsReceipt, take_rows
from csp_consult.recorded.models import PublishedComparison
from csp_consult.topics.models import Topic

ACTION: Final = "published figures taken in"
"""In the audit trail."""
NEEDED: Final = ("id", "kind", "text", "source", "citation", "period")
OPTIONAL: Final = (
    *("topic", "area_code", "period_from", "period_to", "previous_period", "as_at", "unit"),
    *("value", "previous_value", "change_pct", "change_abs"),
)
FIGURES: Final[Mapping[str, tuple[str, ...]]] = {
    "change": ("change_pct", "change_abs"),
    "rate": ("value",),
    "count": ("value",),
    "share": ("value",),
    "statement": (),
}
"""By kind, the figures of which at least one was printed. An order is a survey's, or is written as a statement."""
_LIMITS: Final = {
    "id": 80,
    "text": 400,
    "source": 200,
    "citation": 400,
    "period": 120,
    "previous_period": 120,
    "as_at": 40,
    "unit": 120,
}


def import_comparisons(session: Session, stream: IO[bytes], name: str, *, district: str) -> RowsReceipt:
    """Take in a file with the columns ``NEEDED`` and any of ``OPTIONAL``. The caller commits.

    A figure with an ``id`` that is on record takes its place. A row without an area is of the district. Raises
    FileError when the file has other columns or no row of it can be kept.
    """
    topics = frozenset(session.scalars(select(Topic.slug)))
    areas = frozenset(session.scalars(select(Area.code)))
    known = set(session.scalars(select(PublishedComparison.id)))
    positions = count(1 + (session.scalar(select(func.max(PublishedComparison.position))) or 0))
    seen: set[str] = set()

    def keep(row: Mapping[str, str]) -> None:
        figure = _figure(row, topics, areas, district)
        if figure["id"] in seen:
            raise RowError("the same id stands earlier in the file", figure["id"])
        seen.add(figure["id"])
        # What else was printed of a figure on record stays with it.
        more = {} if figure["id"] in known else {"position": next(positions), "detail": {}}
        session.merge(PublishedComparison(**figure, **more))

    receipt = take_rows(stream, name, keep, needed=NEEDED, optional=OPTIONAL)
    session.flush()
    return receipt


def _figure(row: Mapping[str, str], topics: frozenset[str], areas: frozenset[str], district: str) -> dict[str, Any]:
    """One row as it is kept. Raises RowError."""
    check_cells(row, needed=NEEDED, limits=_LIMITS)
    kind = one_of(row, "kind", FIGURES)
    topic, area = known_topic(row["topic"], topics), known_area(row, areas, district)
    numbers = {
        column: printed_number(row, column) for column in ("value", "previous_value", "change_pct", "change_abs")
    }
    _check_figures(kind, numbers)
    start, end = _day(row["period_from"]), _day(row["period_to"])
    if start and end and end < start:
        raise RowError("the period ends before it begins", row["period_to"])
    return {
        **{column: row[column] for column in NEEDED},
        **{column: row[column] or None for column in ("previous_period", "as_at", "unit")},
        **numbers,
        "topic_slug": topic,
        "area_code": area,
        "period_from": start,
        "period_to": end,
    }


def _check_figures(kind: str, numbers: Mapping[str, float | None]) -> None:
    wanted = FIGURES[kind]
    if wanted and all(numbers[column] is None for column in wanted):
        raise RowError(f"a {kind} is printed with {' or '.join(wanted)}", kind)
    check_share(kind, numbers)
    if (change := numbers["change_pct"]) is not None and change < -100:
        raise RowError("nothing can fall by more than 100 per cent", str(change))


def _day(text: str) -> date | None:
    """The day as printed; None where none was. Raises RowError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RowError("a date is not written as 2022-03-31", text) from error
