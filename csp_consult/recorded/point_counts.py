"""Counting incidents by the ward their map point lies in, and how far that differs from the best fit of LSOAs.

The map points of police.uk are anonymous and may lie across a ward's boundary, and an LSOA goes to one ward as a
whole: neither method is the truth, so both are named and shown side by side.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.places.lookup import around, within
from csp_consult.places.models import Area, Boundary
from csp_consult.recorded.counted import Counted, NoSeriesError
from csp_consult.recorded.incident_counts import categories_held, months_covered
from csp_consult.recorded.models import RecordedPoint
from csp_consult.recorded.periods import between, first_day, month_of
from csp_consult.topics.taxonomy import Mapped

_NO_POINTS = "No file with map points was taken in since the boundaries of wards were: take them in again."


def counted(session: Session, mapped: Sequence[Mapped], place: Area, start: date | None, end: date | None) -> Counted:
    """Incidents of a ward or beat by month, by their points. Raises NoSeriesError where there are none to be had."""
    source = mapped[0].source
    placed = _months_with_points(session, source)
    if not placed:
        raise NoSeriesError(_NO_POINTS)
    wards, vintage, method = _wards(session, place, end or first_day(max(placed)))
    covered = placed & _months_drawn(session, source, vintage)
    if not covered:
        raise NoSeriesError(_NO_POINTS)
    span = list(between(month_of(start) if start else min(covered), month_of(end) if end else max(covered)))
    inside = [period for period in span if period in covered]
    held = {period: categories_held(mapped, period) for period in inside}
    sums, resting = _sums(session, source, wards, inside), _imports(session, source, inside)
    return Counted(
        counts={period: sum(sums[period, name] for name in held[period]) for period in inside},
        missing=tuple(period for period in span if period not in covered),
        categories=tuple(sorted(set().union(*held.values()))),
        method=method,
        unplaced=0,
        resting=resting,
    )


def _wards(session: Session, place: Area, on: date) -> tuple[list[str], int, str]:
    """The wards of an area, the year of their boundaries, and how incidents are placed. Raises NoSeriesError."""
    wards = [place] if place.kind == "ward" else within(session, place.code, "ward", on) if place.kind == "beat" else []
    if not wards:
        raise NoSeriesError(f"Map points are placed in wards and beats; {place.name} is a {place.kind}.")
    codes = [ward.code for ward in wards]
    drawn = session.execute(
        select(func.count(Boundary.area_code.distinct()), func.max(Boundary.vintage)).where(
            Boundary.area_code.in_(codes)
        )
    ).one()
    if drawn[0] < len(codes):
        raise NoSeriesError(f"The boundaries of {place.name} are not held, so no point can be placed in it.")
    method = f"point in polygon, boundaries of {drawn[1]}"
    if place.kind == "beat":
        how = {placed.method for ward in wards for placed in around(session, ward.code, "beat", on)}
        method += f"; ward to beat {' or '.join(sorted(how))}"
    return codes, drawn[1], method


def _months_with_points(session: Session, source: str) -> set[str]:
    """The months on record whole, of which there are points."""
    months = session.scalars(select(RecordedPoint.period).where(RecordedPoint.source == source).distinct())
    return set(months) & months_covered(session, source)


def _months_drawn(session: Session, source: str, vintage: int) -> set[str]:
    """The months of which points were placed in the wards of a set of boundaries, in one of them at least.

    A file taken in before that set was has points in other wards alone: of these it tells nothing, and not nought.
    """
    drawn = select(Boundary.area_code).where(Boundary.vintage == vintage)
    query = select(RecordedPoint.period).where(RecordedPoint.source == source, RecordedPoint.area_code.in_(drawn))
    return set(session.scalars(query.distinct()))


def _sums(session: Session, source: str, wards: Collection[str], periods: Collection[str]) -> Counter[tuple[str, str]]:
    query = (
        select(RecordedPoint.period, RecordedPoint.category, func.sum(RecordedPoint.n))
        .where(RecordedPoint.source == source, RecordedPoint.area_code.in_(wards), RecordedPoint.period.in_(periods))
        .group_by(RecordedPoint.period, RecordedPoint.category)
    )
    return Counter({(period, category): int(n) for period, category, n in session.execute(query)})


def _imports(session: Session, source: str, periods: Collection[str]) -> frozenset[int]:
    query = select(RecordedPoint.import_id).where(RecordedPoint.source == source, RecordedPoint.period.in_(periods))
    return frozenset(session.scalars(query.distinct()))
