"""Counts of a topic in an area by month or quarter, with everything a reader needs to judge them.

A month that was not imported is missing, never zero. What could not be placed is counted beside the series.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.places.lookup import PlaceError, area
from csp_consult.recorded import incident_counts, point_counts, police_uk, reported_counts, stats19, stats19_linked
from csp_consult.recorded.counted import Counted, NoSeriesError
from csp_consult.recorded.models import RecordedImport, RecordingNote
from csp_consult.recorded.sheets.mapping import SHEET_SOURCES
from csp_consult.topics.models import Topic
from csp_consult.topics.taxonomy import Mapped, mappings

SOURCE_TITLES: Mapping[str, str] = {
    police_uk.SOURCE: "data.police.uk street-level files; points are approximate",
    stats19.SOURCE: "Department for Transport, road collisions with injury (STATS19)",
    stats19_linked.CASUALTIES: "Department for Transport, people hurt in road collisions (STATS19)",
    stats19_linked.VEHICLES: "Department for Transport, vehicles in road collisions with injury (STATS19)",
    **SHEET_SOURCES,
}

__all__ = ["SOURCE_TITLES", "ImportOfSeries", "NoSeriesError", "Point", "Series", "series"]


@dataclass(frozen=True)
class Point:
    """Incidents of one month, or of one quarter where nothing finer is known."""

    period: str
    """Month as ``2018-10``, calendar quarter as ``2018-Q4``; one kind throughout a series."""
    count: int


@dataclass(frozen=True)
class ImportOfSeries:
    """A file the series rests on."""

    id: int
    file_name: str
    imported_on: date


@dataclass(frozen=True)
class Series:
    """A topic's counts in an area."""

    topic: str
    topic_title: str
    area: str
    area_name: str
    source: str
    """A key of ``SOURCE_TITLES``."""
    source_title: str
    categories: tuple[str, ...]
    """The recorded categories counted, of any month of the series."""
    method: str
    """How incidents are placed in the area."""
    points: tuple[Point, ...]
    """The periods on record, in order; a count of 0 is a real zero."""
    missing: tuple[str, ...]
    """Periods of the span asked for that are not on record."""
    unplaced: int
    """Incidents of these categories and periods whose place is not known, so that they may belong to the area."""
    imports: tuple[ImportOfSeries, ...]
    note: str | None
    """What to know of how the topic is recorded."""
    other_sources: tuple[str, ...] = ()
    """Further sources with figures the topic is held against."""

    @property
    def total(self) -> int:
        """All incidents of the periods on record."""
        return sum(point.count for point in self.points)


def series(
    session: Session,
    topic: str,
    area_code: str,
    start: date | None = None,
    end: date | None = None,
    *,
    source: str | None = None,
    by_point: bool = False,
) -> Series:
    """The series of a topic in an area over the months from ``start`` to ``end`` (all on record by default).

    ``source`` is the recorded source, by default the first the topic is held against that has figures. Incidents are
    placed in a ward or beat by the best fit of their LSOA or, ``by_point``, by the boundary their map point lies in.
    Raises NoSeriesError where the topic has no recorded counterpart, nothing of it was imported, or the area
    cannot be counted.
    """
    described = session.get(Topic, topic)
    if described is None:
        raise NoSeriesError(f"No topic is called {topic!r}.")
    by_source = _by_source(session, described, source)
    try:
        place = area(session, area_code)
    except PlaceError as error:
        raise NoSeriesError(str(error)) from error
    with_figures = [name for name, held in by_source.items() if _has_figures(session, held)]
    chosen = with_figures[0] if with_figures else next(iter(by_source))
    count = reported_counts.counted if chosen in SHEET_SOURCES else incident_counts.counted
    if by_point:
        if chosen in SHEET_SOURCES:
            raise NoSeriesError(f"{described.title}: a sheet gives figures by area, without map points.")
        count = point_counts.counted
    found: Counted = count(session, by_source[chosen], place, start, end)
    imports = session.scalars(
        select(RecordedImport).where(RecordedImport.id.in_(found.resting)).order_by(RecordedImport.id)
    )
    note = session.get(RecordingNote, topic)
    return Series(
        topic=topic,
        topic_title=described.title,
        area=place.code,
        area_name=place.name,
        source=chosen,
        source_title=SOURCE_TITLES[chosen],
        other_sources=tuple(name for name in with_figures if name != chosen),
        categories=found.categories,
        method=found.method,
        points=tuple(Point(period, found.counts[period]) for period in sorted(found.counts)),
        missing=found.missing,
        unplaced=found.unplaced,
        imports=tuple(ImportOfSeries(row.id, row.file_name, row.imported_on) for row in imports),
        note=note.text if note else None,
    )


def _has_figures(session: Session, mapped: Sequence[Mapped]) -> bool:
    """Whether anything is on record for what a topic is held against, by mappings of one source."""
    if mapped[0].source in SHEET_SOURCES:
        return reported_counts.has_figures(session, mapped)
    return bool(incident_counts.months_covered(session, mapped[0].source))


def _by_source(session: Session, topic: Topic, source: str | None) -> dict[str, list[Mapped]]:
    """The topic's mappings by source. Raises NoSeriesError where there are none whose figures can be told apart."""
    every = [mapped for mapped in mappings(session, topic.slug) if source in {None, mapped.source}]
    if not every:
        note = f" {topic.note}" if topic.note else ""
        raise NoSeriesError(f"{topic.title} has no recorded counterpart{f' in {source}' if source else ''}.{note}")
    told = [mapped for mapped in every if mapped.source in SHEET_SOURCES or incident_counts.told_apart(mapped)]
    if not told:
        named = "; ".join(sorted(f"{mapped.source}: {mapped.category}" for mapped in every))
        raise NoSeriesError(f"{topic.title}: the files imported here do not tell apart {named}.")
    by_source = {name: [mapped for mapped in told if mapped.source == name] for name in SOURCE_TITLES}
    return {name: held for name, held in by_source.items() if held}
