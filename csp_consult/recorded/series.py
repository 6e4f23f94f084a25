"""Monthly counts of a topic in an area, with everything a reader needs to judge them.

A month that was not imported is missing, never zero. What could not be placed is counted beside the series.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.places.lookup import Lsoas, PlaceError, area, lsoas_of
from csp_consult.places.models import Area
from csp_consult.recorded import police_uk, stats19
from csp_consult.recorded.models import RecordedCount, RecordedImport, RecordingNote
from csp_consult.recorded.periods import first_day, month_of, months_between
from csp_consult.topics.models import Topic
from csp_consult.topics.taxonomy import Mapped, covers, mappings

SOURCE_TITLES: Mapping[str, str] = {
    police_uk.SOURCE: "data.police.uk street-level files; points are approximate",
    stats19.SOURCE: "Department for Transport, road collisions with injury (STATS19)",
    "fire_rescue": "fire and rescue service",
}
# Which categories the files of a source tell apart; a mapping to any other has no figures here.
FILE_CATEGORIES: Mapping[str, frozenset[str]] = {
    police_uk.SOURCE: police_uk.CATEGORIES,
    stats19.SOURCE: stats19.CATEGORIES,
}
EVERY_CATEGORY = "all"


class NoSeriesError(ValueError):
    """There is no series to show; the message says why in plain words."""


@dataclass(frozen=True)
class Point:
    """Incidents of one month."""

    period: str
    """Month as ``2018-10``."""
    count: int


@dataclass(frozen=True)
class ImportOfSeries:
    """A file the series rests on."""

    id: int
    file_name: str
    imported_on: date


@dataclass(frozen=True)
class Series:
    """A topic's monthly counts in an area."""

    topic: str
    topic_title: str
    area: str
    area_name: str
    source: str
    """``police_uk`` or ``stats19``."""
    source_title: str
    categories: tuple[str, ...]
    """The recorded categories counted, of any month of the series."""
    method: str
    """How incidents are placed in the area."""
    points: tuple[Point, ...]
    """The months that were imported, in order; a count of 0 is a real zero."""
    missing: tuple[str, ...]
    """Months of the span asked for that were not imported."""
    unplaced: int
    """Incidents of these categories and months whose place is not known, so that they may belong to the area."""
    imports: tuple[ImportOfSeries, ...]
    note: str | None
    """What to know of how the topic is recorded."""

    @property
    def total(self) -> int:
        """All incidents of the months imported."""
        return sum(point.count for point in self.points)


def series(
    session: Session,
    topic: str,
    area_code: str,
    start: date | None = None,
    end: date | None = None,
    *,
    source: str | None = None,
) -> Series:
    """The series of a topic in an area over the months from ``start`` to ``end`` (all imported ones by default).

    ``source`` is the recorded source, by default the first the topic is held against that has figures.
    Raises NoSeriesError where the topic has no recorded counterpart, nothing of it was imported, or the area
    cannot be counted.
    """
    described = session.get(Topic, topic)
    if described is None:
        raise NoSeriesError(f"No topic is called {topic!r}.")
    mapped = _mapped(session, described, source)
    try:
        place, lsoas = area(session, area_code), lsoas_of(session, area_code)
    except PlaceError as error:
        raise NoSeriesError(str(error)) from error
    chosen = mapped[0].source
    covered = months_covered(session, chosen)
    if not covered:
        raise NoSeriesError(f"No figures of {chosen} have been imported: csp-consult recorded import.")
    span = list(months_between(month_of(start) if start else min(covered), month_of(end) if end else max(covered)))
    inside = [period for period in span if period in covered]
    held = {period: _held(mapped, period) for period in inside}
    counted = _counted(session, chosen, place, lsoas, inside)
    resting = _resting_on(session, chosen, inside)
    imports = session.scalars(select(RecordedImport).where(RecordedImport.id.in_(resting)).order_by(RecordedImport.id))
    taken = imports.all()
    note = session.get(RecordingNote, topic)
    return Series(
        topic=topic,
        topic_title=described.title,
        area=place.code,
        area_name=place.name,
        source=chosen,
        source_title=SOURCE_TITLES[chosen],
        categories=tuple(sorted(set().union(*held.values()))),
        method=lsoas.method,
        points=tuple(Point(period, sum(counted[period, name] for name in held[period])) for period in inside),
        missing=tuple(period for period in span if period not in covered),
        unplaced=_unplaced(taken, resting, held) + _unplaced_within(session, chosen, place, lsoas, held),
        imports=tuple(ImportOfSeries(row.id, row.file_name, row.imported_on) for row in taken),
        note=note.text if note else None,
    )


def months_covered(session: Session, source: str) -> set[str]:
    """The months whose record is here: those of the body with most of the district's incidents.

    Another body's file (a neighbouring force, the transport police) adds its incidents to a month; by itself it
    does not make the month complete.
    """
    chief = session.scalar(
        select(RecordedCount.recorded_by)
        .where(RecordedCount.source == source)
        .group_by(RecordedCount.recorded_by)
        .order_by(func.sum(RecordedCount.n).desc(), RecordedCount.recorded_by)
        .limit(1)
    )
    query = select(RecordedCount.period).where(RecordedCount.source == source, RecordedCount.recorded_by == chief)
    return set(session.scalars(query.distinct()))


def _mapped(session: Session, topic: Topic, source: str | None) -> list[Mapped]:
    """The topic's mappings to one source. Raises NoSeriesError where there are none with figures."""
    every = [mapped for mapped in mappings(session, topic.slug) if source in {None, mapped.source}]
    if not every:
        note = f" {topic.note}" if topic.note else ""
        raise NoSeriesError(f"{topic.title} has no recorded counterpart{f' in {source}' if source else ''}.{note}")
    told = [mapped for mapped in every if _told_apart(mapped)]
    if not told:
        named = "; ".join(sorted(f"{mapped.source}: {mapped.category}" for mapped in every))
        raise NoSeriesError(f"{topic.title}: the files imported here do not tell apart {named}.")
    with_figures = [mapped.source for mapped in told if months_covered(session, mapped.source)]
    chosen = with_figures[0] if with_figures else told[0].source
    return [mapped for mapped in told if mapped.source == chosen]


def _told_apart(mapped: Mapped) -> bool:
    known = FILE_CATEGORIES.get(mapped.source, frozenset())
    return mapped.category in known or (mapped.category == EVERY_CATEGORY and bool(known))


def _held(mapped: Sequence[Mapped], period: str) -> set[str]:
    """The categories of the month, by the mapping as it stood on its first day."""
    names = {one.category for one in mapped if covers(one, first_day(period))}
    return set(FILE_CATEGORIES[mapped[0].source]) if EVERY_CATEGORY in names else names


def _counted(
    session: Session, source: str, place: Area, lsoas: Lsoas, periods: Collection[str]
) -> Counter[tuple[str, str]]:
    """(month, category) to incidents in the area. The district also has those placed in it and no nearer."""
    codes = {*lsoas.codes, place.code} if place.kind == "district" else lsoas.codes
    return _sums(session, source, codes, periods)


def _sums(session: Session, source: str, codes: Collection[str], periods: Collection[str]) -> Counter[tuple[str, str]]:
    query = (
        select(RecordedCount.period, RecordedCount.category, func.sum(RecordedCount.n))
        .where(RecordedCount.source == source, RecordedCount.area_code.in_(codes), RecordedCount.period.in_(periods))
        .group_by(RecordedCount.period, RecordedCount.category)
    )
    return Counter({(period, category): int(n) for period, category, n in session.execute(query)})


def _resting_on(session: Session, source: str, periods: Collection[str]) -> dict[int, set[str]]:
    """The imports on which those months rest, each with its months."""
    query = select(RecordedCount.import_id, RecordedCount.period).distinct()
    rows = session.execute(query.where(RecordedCount.source == source, RecordedCount.period.in_(periods)))
    months: dict[int, set[str]] = {}
    for import_id, period in rows:
        months.setdefault(import_id, set()).add(period)
    return months


def _unplaced(imports: Sequence[RecordedImport], resting: Mapping[int, set[str]], held: Mapping[str, set[str]]) -> int:
    """Rows of the files without a known place, of the months that rest on them and the categories of the series."""
    return sum(
        n
        for taken in imports
        for period, by_category in taken.receipt["unplaced"].items()
        for category, n in by_category.items()
        if period in resting[taken.id] and category in held[period]
    )


def _unplaced_within(session: Session, source: str, place: Area, lsoas: Lsoas, held: Mapping[str, set[str]]) -> int:
    """Incidents known to lie around a smaller area, not whether inside it.

    Those are the ones recorded for the district as a whole, and for a part of an LSOA of 2011 those recorded
    under the whole of it.
    """
    if place.kind == "district":
        return 0
    districts = session.scalars(select(Area.code).where(Area.kind == "district"))
    around = _sums(session, source, {*lsoas.whole, *districts}, list(held))
    return sum(n for (period, category), n in around.items() if category in held[period])
