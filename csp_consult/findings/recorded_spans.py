"""The record by quarter, financial year to date and rolling twelve months, each beside its own months a year before.

Months are only ever set against the same months: part of a year never stands beside a whole one, and a span with a
month that was not imported is not shown at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.recorded_change import Change, recorded_change
from csp_consult.places.bands import EVERYONE
from csp_consult.places.lookup import PlaceError, within
from csp_consult.places.populations import Persons, persons
from csp_consult.recorded.periods import first_day, months_between
from csp_consult.recorded.series import Series

_APRIL: Final = 4
_ROLLING: Final = 12


@dataclass(frozen=True)
class Span:
    """Some months of a series together."""

    kind: str
    """``Quarter``, ``Financial year to date`` or ``Twelve months``."""
    months: tuple[str, ...]
    count: int
    before: int | None
    """The same months a year before; None where one of them was not imported."""
    change: Change | None
    rate: float | None
    """Incidents per 1,000 residents in these months; None where the residents are not known."""

    @property
    def title(self) -> str:
        """Its months in words."""
        first, last = words.month(self.months[0]), words.month(self.months[-1])
        return first if first == last else f"{first} to {last}"


@dataclass(frozen=True)
class Spans:
    """Every span of a series that can be had, the latest of each kind first."""

    spans: tuple[Span, ...]
    residents: int | None
    base: str
    """What the rates are of, with source and date; or why there are none."""


def spans(session: Session, found: Series) -> Spans:
    """The spans of a series, with rates per 1,000 residents of its area at the date of its last month."""
    if not found.points:
        return Spans((), None, "Nothing is on record.")
    try:
        people = _residents(session, found.area, first_day(found.points[-1].period))
    except PlaceError as error:
        return Spans(tuple(_spans(found, None)), None, f"No rates: {error}")
    base = f"{people.persons:,} residents of every age, {people.source}, {words.day(people.as_at)}"
    return Spans(tuple(_spans(found, people.persons)), people.persons, base)


def _spans(found: Series, residents: int | None) -> Iterator[Span]:
    counts = {point.period: point.count for point in found.points}
    last = max(counts)
    for kind, runs in (
        ("Twelve months", [_ending(last, _ROLLING)]),
        ("Financial year to date", [_financial_year(last)]),
        ("Quarter", _quarters(counts)),
    ):
        for months in runs:
            if all(month in counts for month in months):
                yield _span(kind, months, counts, residents)


def _span(kind: str, months: Sequence[str], counts: dict[str, int], residents: int | None) -> Span:
    now, before = [counts[month] for month in months], [counts.get(_year_before(month)) for month in months]
    known = [count for count in before if count is not None]
    whole = len(known) == len(now)
    return Span(
        kind=kind,
        months=tuple(months),
        count=sum(now),
        before=sum(known) if whole else None,
        change=recorded_change(known, now) if whole else None,
        rate=1000 * sum(now) / residents if residents else None,
    )


def _residents(session: Session, area: str, on: date) -> Persons:
    """People of an area, of every age; those of a beat are those of its wards. Raises PlaceError."""
    wards = within(session, area, "ward", on)
    try:
        return persons(session, area, on, age_band=EVERYONE)
    except PlaceError:
        if not wards:
            raise
    parts = [persons(session, ward.code, on, age_band=EVERYONE) for ward in wards]
    return Persons(sum(part.persons for part in parts), parts[0].as_at, f"{parts[0].source}, its wards together")


def _ending(last: str, length: int) -> list[str]:
    month = int(last[:4]) * 12 + int(last[5:]) - length
    return list(months_between(f"{month // 12:04d}-{month % 12 + 1:02d}", last))


def _financial_year(last: str) -> list[str]:
    """April to the last month."""
    year, month = int(last[:4]), int(last[5:])
    return list(months_between(f"{year if month >= _APRIL else year - 1:04d}-{_APRIL:02d}", last))


def _quarters(counts: dict[str, int]) -> list[list[str]]:
    """The calendar quarters of the series, the latest first."""
    starts = {f"{month[:4]}-{(int(month[5:]) - 1) // 3 * 3 + 1:02d}" for month in counts}
    return [[f"{start[:4]}-{int(start[5:]) + step:02d}" for step in range(3)] for start in sorted(starts, reverse=True)]


def _year_before(month: str) -> str:
    return f"{int(month[:4]) - 1:04d}-{month[5:]}"
