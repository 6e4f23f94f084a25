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
from csp_consult.recorded.periods import between, first_day, in_words, is_quarter, months_in, quarter_of, year_before
from csp_consult.recorded.series import Series

_APRIL: Final = 4


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
        return in_words(self.months[0], self.months[-1])


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
        people = residents(session, found.area, first_day(found.points[-1].period))
    except PlaceError as error:
        return Spans(tuple(_spans(found, None)), None, f"No rates: {error}")
    base = f"{people.persons:,} residents of every age, {people.source}, {words.day(people.as_at)}"
    return Spans(tuple(_spans(found, people.persons)), people.persons, base)


def _spans(found: Series, residents: int | None) -> Iterator[Span]:
    counts = {point.period: point.count for point in found.points}
    last = max(counts)
    for kind, runs in (
        ("Twelve months", [_year_to(last)]),
        ("Financial year to date", [_financial_year(last)]),
        ("Quarter", _quarters(counts)),
    ):
        for run in runs:
            if all(period in counts for period in run):
                yield _span(kind, run, counts, residents)


def _span(kind: str, run: Sequence[str], counts: dict[str, int], residents: int | None) -> Span:
    now, before = [counts[period] for period in run], [counts.get(year_before(period)) for period in run]
    known = [count for count in before if count is not None]
    whole = len(known) == len(now)
    return Span(
        kind=kind,
        months=tuple(month for period in run for month in months_in(period)),
        count=sum(now),
        before=sum(known) if whole else None,
        change=recorded_change(known, now) if whole else None,
        rate=1000 * sum(now) / residents if residents else None,
    )


def residents(session: Session, area: str, on: date) -> Persons:
    """People of an area, of every age; those of a beat are those of its wards. Raises PlaceError."""
    wards = within(session, area, "ward", on)
    try:
        return persons(session, area, on, age_band=EVERYONE)
    except PlaceError:
        if not wards:
            raise
    parts = [persons(session, ward.code, on, age_band=EVERYONE) for ward in wards]
    return Persons(sum(part.persons for part in parts), parts[0].as_at, f"{parts[0].source}, its wards together")


def _year_to(last: str) -> list[str]:
    """The twelve months or four quarters that end with the last one on record."""
    return list(between(year_before(last), last))[1:]


def _financial_year(last: str) -> list[str]:
    """April to the last month or quarter."""
    year = int(last[:4]) - (int(months_in(last)[0][5:]) < _APRIL)
    start = f"{year:04d}-{_APRIL:02d}"
    return list(between(quarter_of(start) if is_quarter(last) else start, last))


def _quarters(counts: dict[str, int]) -> list[list[str]]:
    """The calendar quarters of the series, the latest first, each as the periods it is made of."""
    quarters = {period if is_quarter(period) else quarter_of(period) for period in counts}
    whole = is_quarter(max(counts))
    return [[one] if whole else list(months_in(one)) for one in sorted(quarters, reverse=True)]
