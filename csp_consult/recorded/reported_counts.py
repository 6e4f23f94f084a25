"""Counting what sheets report: figures by area as they are given, added up over the parts of an area, never split.

A figure stands for its own month or quarter. Months on record make up a quarter; a quarter is never spread over
its months. What a sheet does not give, or withholds, is not known, and a zero is a figure.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from csp_consult.places.models import Area, AreaLink
from csp_consult.recorded.counted import Counted, NoSeriesError
from csp_consult.recorded.models import RecordedCount
from csp_consult.recorded.periods import between, first_day, is_quarter, month_of, months_in, quarter_of
from csp_consult.topics.taxonomy import Mapped, covers

PARTS: Mapping[str, tuple[str, ...]] = {"district": ("beat", "ward"), "beat": ("ward",)}
"""Kinds of area that make up a kind wholly, so that their figures add up to its own."""
KINDS = {"beat": "beats", "ward": "wards"}

Figures = dict[tuple[str, str], int]
"""(area code, category) to count, in one period."""


@dataclass(frozen=True)
class _Part:
    code: str
    method: str


@dataclass(frozen=True)
class _Given:
    """Everything on record for the categories, by period, in one kind of period throughout."""

    by_period: Mapping[str, Figures]
    imports: frozenset[int]

    @property
    def categories(self) -> set[str]:
        """Every category given in any period."""
        return {category for figures in self.by_period.values() for _code, category in figures}

    def categories_on(self, mapped: Sequence[Mapped], on: date) -> set[str]:
        """Those that make up the topic on a day: with one of them missing, its figure is not known."""
        return {one.category for one in mapped if covers(one, on)} & self.categories


def has_figures(session: Session, mapped: Sequence[Mapped]) -> bool:
    """Whether any sheet gave a figure for one of the categories."""
    return session.scalar(select(RecordedCount.n).where(_counts_of(mapped)).limit(1)) is not None


def counted(session: Session, mapped: Sequence[Mapped], place: Area, start: date | None, end: date | None) -> Counted:
    """Figures of an area by month, or by quarter where one is on record whole. Raises NoSeriesError."""
    given = _given(session, mapped)
    if not given.by_period:
        raise NoSeriesError("No sheet with figures of this has been taken in yet.")
    periods = sorted(given.by_period)
    as_period = quarter_of if is_quarter(periods[0]) else str
    first = as_period(month_of(start)) if start else periods[0]
    last = as_period(month_of(end)) if end else periods[-1]
    counts: dict[str, int] = {}
    methods = []
    for period in between(first, last):
        ways = _ways(session, place, first_day(period))
        figure = _figure(given.by_period.get(period, {}), given.categories_on(mapped, first_day(period)), ways)
        if figure is not None:
            counts[period], method = figure
            methods.append(method)
    if not methods:
        raise NoSeriesError(f"The sheets taken in give no figures for {place.name}, nor for all its parts.")
    return Counted(
        counts=counts,
        missing=tuple(period for period in between(first, last) if period not in counts),
        categories=tuple(sorted(given.categories)),
        method="; ".join(dict.fromkeys(methods)),
        unplaced=0,
        resting=given.imports,
    )


def _counts_of(mapped: Sequence[Mapped]) -> ColumnElement[bool]:
    """The condition for what a topic is held against; the mappings are of one source."""
    categories = {one.category for one in mapped}
    return (RecordedCount.source == mapped[0].source) & RecordedCount.category.in_(categories)


def _given(session: Session, mapped: Sequence[Mapped]) -> _Given:
    query = select(
        RecordedCount.period, RecordedCount.area_code, RecordedCount.category, RecordedCount.n, RecordedCount.import_id
    ).where(_counts_of(mapped))
    by_period: dict[str, Figures] = defaultdict(dict)
    imports = set()
    for period, code, category, n, import_id in session.execute(query):
        if any(one.category == category and covers(one, first_day(period)) for one in mapped):
            by_period[period][code, category] = n
            imports.add(import_id)
    if any(map(is_quarter, by_period)):
        by_period = _by_quarter(by_period)
    return _Given(by_period, frozenset(imports))


def _by_quarter(by_period: Mapping[str, Figures]) -> dict[str, Figures]:
    """Quarters as given; where the three months of one are all on record, those added up in its place."""
    quarters: dict[str, Figures] = defaultdict(dict)
    for period in by_period:
        if is_quarter(period):
            quarters[period].update(by_period[period])
    for quarter in {quarter_of(period) for period in by_period if not is_quarter(period)}:
        months = [by_period.get(month, {}) for month in months_in(quarter)]
        for key in months[0].keys() & months[1].keys() & months[2].keys():
            quarters[quarter][key] = sum(month[key] for month in months)
    return {period: figures for period, figures in quarters.items() if figures}


def _ways(session: Session, place: Area, on: date) -> list[list[_Part]]:
    """The ways to make up an area: by itself, then of each kind of parts it has on a day."""
    ways = [[_Part(place.code, "as the sheet gives it")]]
    for kind in PARTS.get(place.kind, ()):
        rows = session.execute(
            select(Area.code, AreaLink.method, Area.valid_from, Area.valid_to)
            .join(AreaLink, AreaLink.inner_code == Area.code)
            .where(AreaLink.outer_code == place.code, Area.kind == kind)
        ).all()
        present = [row for row in rows if (row.valid_from or on) <= on and (row.valid_to is None or on < row.valid_to)]
        if present:
            ways.append([_Part(row.code, f"{KINDS[kind]} added up{_how(place, row.method)}") for row in present])
    return ways


def _how(place: Area, method: str) -> str:
    return "" if method == "official" else f"; to {place.kind} {method}"


def _figure(figures: Figures, categories: set[str], ways: Sequence[Sequence[_Part]]) -> tuple[int, str] | None:
    """The count of an area in a period with its method; None where no way has every part and category."""
    for parts in ways:
        keys = [(part.code, category) for part in parts for category in categories]
        if keys and all(key in figures for key in keys):
            return sum(figures[key] for key in keys), parts[0].method
    return None
