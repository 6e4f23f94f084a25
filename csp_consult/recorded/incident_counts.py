"""Counting incidents that files list one by one: placed by LSOA, and nothing listed means none happened."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.places.lookup import Lsoas, PlaceError, lsoas_of
from csp_consult.places.models import Area
from csp_consult.recorded import police_uk, stats19, stats19_linked
from csp_consult.recorded.counted import Counted, NoSeriesError
from csp_consult.recorded.models import RecordedCount, RecordedImport
from csp_consult.recorded.periods import between, first_day, month_of
from csp_consult.topics.taxonomy import Mapped, covers

# Which categories the files of a source tell apart; a mapping to any other has no figures here.
FILE_CATEGORIES: Mapping[str, frozenset[str]] = {
    police_uk.SOURCE: police_uk.CATEGORIES,
    stats19.SOURCE: stats19.CATEGORIES,
    stats19_linked.CASUALTIES: stats19_linked.CASUALTY_CATEGORIES,
    stats19_linked.VEHICLES: stats19_linked.VEHICLE_CATEGORIES,
}
EVERY_CATEGORY = "all"


def counted(session: Session, mapped: Sequence[Mapped], place: Area, start: date | None, end: date | None) -> Counted:
    """Incidents of an area by month. Raises NoSeriesError where they cannot be placed or none were imported."""
    source = mapped[0].source
    try:
        lsoas = lsoas_of(session, place.code)
    except PlaceError as error:
        raise NoSeriesError(str(error)) from error
    covered = months_covered(session, source)
    if not covered:
        raise NoSeriesError(f"No figures of {source} have been imported: csp-consult recorded import.")
    span = list(between(month_of(start) if start else min(covered), month_of(end) if end else max(covered)))
    inside = [period for period in span if period in covered]
    held = {period: categories_held(mapped, period) for period in inside}
    # The district also has the incidents placed in it and no nearer.
    codes = {*lsoas.codes, place.code} if place.kind == "district" else lsoas.codes
    sums = _sums(session, source, codes, inside)
    resting = _resting_on(session, source, inside)
    taken = session.scalars(select(RecordedImport).where(RecordedImport.id.in_(resting))).all()
    return Counted(
        counts={period: sum(sums[period, name] for name in held[period]) for period in inside},
        missing=tuple(period for period in span if period not in covered),
        categories=tuple(sorted(set().union(*held.values()))),
        method=lsoas.method,
        unplaced=_unplaced(taken, resting, held) + _unplaced_within(session, source, place, lsoas, held),
        resting=resting.keys(),
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


def told_apart(mapped: Mapped) -> bool:
    """Whether files of the source tell the category apart from others."""
    known = FILE_CATEGORIES.get(mapped.source, frozenset())
    return mapped.category in known or (mapped.category == EVERY_CATEGORY and bool(known))


def categories_held(mapped: Sequence[Mapped], period: str) -> set[str]:
    """The categories of the month, by the mapping as it stood on its first day."""
    names = {one.category for one in mapped if covers(one, first_day(period))}
    return set(FILE_CATEGORIES[mapped[0].source]) if EVERY_CATEGORY in names else names


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
