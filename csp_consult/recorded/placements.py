"""How far the two ways of placing incidents in wards differ, ward by ward."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from csp_consult.places.lookup import areas
from csp_consult.recorded.series import NoSeriesError, Series, series


@dataclass(frozen=True)
class Placement:
    """One ward, counted both ways over the same months."""

    ward: str
    ward_name: str
    best_fit: int
    by_point: int

    @property
    def ratio(self) -> float | None:
        """Count by point over count by best fit; None where the latter is 0."""
        return self.by_point / self.best_fit if self.best_fit else None


@dataclass(frozen=True)
class Placements:
    """Every ward of the district, counted both ways."""

    topic: str
    topic_title: str
    months: tuple[str, ...]
    rows: tuple[Placement, ...]
    """The furthest apart first."""
    methods: tuple[str, str]
    """Of the best fit, and of the points."""
    elsewhere: int
    """Incidents of the district whose point lies in no ward; negative where wards drew in more."""


def placements(session: Session, topic: str, district: str, on: date) -> Placements:
    """A topic's incidents in each ward of a day, by best fit and by map point, over the latest twelve months of both.

    Raises NoSeriesError where there are none.
    """
    whole = series(session, topic, district)
    pairs = [
        (series(session, topic, ward.code, source=whole.source), _by_point(session, topic, ward.code, whole))
        for ward in areas(session, "ward", on)
    ]
    months = _months([found for pair in pairs for found in pair])
    if not months:
        raise NoSeriesError(f"No month of {whole.topic_title.lower()} is on record both ways.")
    rows = [Placement(one.area, one.area_name, _count(one, months), _count(other, months)) for one, other in pairs]
    return Placements(
        topic=topic,
        topic_title=whole.topic_title,
        months=months,
        rows=tuple(sorted(rows, key=lambda row: (-abs(row.by_point - row.best_fit), row.ward_name))),
        methods=(pairs[0][0].method, pairs[0][1].method),
        elsewhere=_count(whole, months) - sum(row.by_point for row in rows),
    )


def _by_point(session: Session, topic: str, ward: str, whole: Series) -> Series:
    return series(session, topic, ward, source=whole.source, by_point=True)


def _months(every: Sequence[Series]) -> tuple[str, ...]:
    """The latest twelve months on record in every one."""
    shared = [{point.period for point in found.points} for found in every]
    return tuple(sorted(set.intersection(*shared))[-12:]) if shared else ()


def _count(found: Series, months: Sequence[str]) -> int:
    counts = {point.period: point.count for point in found.points}
    return sum(counts[month] for month in months)
