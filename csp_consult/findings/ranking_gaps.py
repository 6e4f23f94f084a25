"""Where residents place each concern, beside where the record places it by volume or by change, topic by topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.figures import ConcernRanking
from csp_consult.analysis.ranking_gap import RankGap, ranking_gap
from csp_consult.analysis.recorded_change import FEW_MONTHS, Change, overdispersion, recorded_change
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import FindingError
from csp_consult.findings.groups import area_group
from csp_consult.findings.ranking import ranking
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.recorded_side import Period, by_part, year_to
from csp_consult.findings.targets import district_of
from csp_consult.places.lookup import area as area_called
from csp_consult.places.models import Area
from csp_consult.recorded.periods import first_day, is_quarter, year_before
from csp_consult.recorded.series import NoSeriesError, Series, series

RecordedBy: TypeAlias = Literal["volume", "change"]
_LEAST: Final = 2
"""Topics that make an order."""


@dataclass(frozen=True)
class RankingGapFinding:
    """Both orders, or why there are none."""

    wave: str
    wave_title: str
    area: str
    area_name: str
    measure: str
    by: RecordedBy
    """What the record's order is by: ``volume`` or ``change``."""
    rows: tuple[RankGap, ...]
    counts: Mapping[str, int]
    """Recorded incidents by topic, in the months shown."""
    changes: Mapping[str, Change]
    """By topic, from the same months a year before; empty by volume."""
    months: tuple[str, ...]
    """The same for every topic: those of the year to the end of fieldwork that are on record for all, by change
    with the same months a year before."""
    left_out: tuple[str, ...]
    """Topics that could not be placed, each with its reason."""
    topic_titles: Mapping[str, str]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    """What to know of how the topics are recorded."""
    placed_by: tuple[str, ...]
    """How incidents are placed in the area."""
    reason: str | None
    caveat: str
    synthetic: bool

    @property
    def period(self) -> str:
        """The months in words; empty where there are none."""
        if not self.months:
            return ""
        first, last = words.month(self.months[0]), words.month(self.months[-1])
        return first if first == last else f"{first} to {last}"


def ranking_gaps(
    session: Session,
    wave: Wave,
    area: str | None = None,
    *,
    by: RecordedBy = "volume",
    rules: BaseRules = DEFAULT_RULES,
) -> RankingGapFinding:
    """The concerns of a wave of residents beside the record's, in the district or in a ward or beat of it.

    The record's order is by volume, or by change: greatest rise from the same months a year before first. Only topics
    that have both are ranked, in both orders. Raises FindingError for a wave of parish councils, and for an area that
    it does not know.
    """
    if of_parishes(wave):
        raise FindingError(f"{wave.key} asks parish councils; places beside the record are of what residents say.")
    place = district_of(session, wave.closes_on)
    if area is not None and area_group(session, area, wave.closes_on).variable:
        place = area_called(session, area)
    smaller = None if area is None or place.kind == "district" else place.code
    said = ranking(session, wave, area=smaller, rules=rules)
    record = _Recorded(session, place, year_to(wave.closes_on))
    for topic in said.ranking.topics:
        record.take(topic.topic, by)
    months = record.months()
    changes = record.changes(months) if by == "change" and months else {}
    reason = said.ranking.reason or _reason(record.held, months, by)
    return RankingGapFinding(
        wave=wave.key,
        wave_title=wave.title,
        area=place.code,
        area_name=place.name,
        measure=said.ranking.measure,
        by=by,
        rows=() if reason else _ranked(said.ranking, record, months, changes if by == "change" else None),
        counts={topic: sum(record.counts(topic, months)) for topic in record.held},
        changes=changes,
        months=tuple(months),
        left_out=tuple(record.left_out),
        topic_titles=said.topic_titles,
        sources=tuple(sorted({one.source_title for one in record.held.values()})),
        notes=tuple(f"{one.topic_title}: {one.note}" for one in record.held.values() if one.note),
        placed_by=tuple(sorted({one.method for one in record.held.values()})),
        reason=reason,
        caveat=said.caveat,
        synthetic=said.synthetic,
    )


class _Recorded:
    """The record of an area, topic by topic, with the months that serve."""

    def __init__(self, session: Session, place: Area, year: Period) -> None:
        self._session, self._place, self._year = session, place, year
        self.held: dict[str, Series] = {}
        self.left_out: list[str] = []
        self._before: dict[str, Mapping[str, int]] = {}

    def take(self, topic: str, by: RecordedBy) -> None:
        """Hold the series of a topic, or say why it is left out."""
        try:
            found = series(self._session, topic, self._place.code, *self._year)
        except NoSeriesError as error:
            self.left_out.append(str(error))
            return
        if found.points and is_quarter(found.points[0].period):
            self.left_out.append(f"{found.topic_title} is on record by quarter only, the others by month.")
            return
        if by == "change" and not self._with_year_before(found):
            self.left_out.append(f"{found.topic_title} is not on record for the same months a year before.")
            return
        self.held[topic] = found

    def _with_year_before(self, found: Series) -> bool:
        """Read the year before; whether any month of it meets one of this year."""
        self._before[found.topic] = _year_before(self._session, found)
        return any(year_before(point.period) in self._before[found.topic] for point in found.points)

    def months(self) -> list[str]:
        """The months on record for every topic; by change also a year before."""
        each = [
            {p.period for p in one.points if topic not in self._before or year_before(p.period) in self._before[topic]}
            for topic, one in self.held.items()
        ]
        return sorted(set.intersection(*each)) if each else []

    def counts(self, topic: str, months: Sequence[str]) -> list[int]:
        """What was recorded in the months."""
        counts = {point.period: point.count for point in self.held[topic].points}
        return [counts[month] for month in months]

    def changes(self, months: list[str]) -> dict[str, Change]:
        """The change of every topic that has one; a topic without is let go, and said."""
        found: dict[str, Change] = {}
        for topic, one in list(self.held.items()):
            before = [self._before[topic][year_before(month)] for month in months]
            pooled = by_part(self._session, one, self._place, months) if len(months) < FEW_MONTHS else None
            change = recorded_change(before, self.counts(topic, months), pooled_with=pooled)
            if change.log_ratio is None:
                self.left_out.append(f"{one.topic_title}: none was recorded in one of the two years, so no rate.")
                del self.held[topic]
            else:
                found[topic] = change
        return found

    def spread(self, topic: str, months: Sequence[str]) -> float:
        """phi of a topic's counts."""
        return spread(self._session, self.held[topic], months, self.counts(topic, months))


def _year_before(session: Session, found: Series) -> dict[str, int]:
    """The counts of the months a year before those of a series, as far as they are on record."""
    if not found.points:
        return {}
    start, end = (first_day(year_before(found.points[at].period)) for at in (0, -1))
    return {p.period: p.count for p in series(session, found.topic, found.area, start, end, source=found.source).points}


def _reason(held: Mapping[str, Series], months: Sequence[str], by: RecordedBy) -> str | None:
    """Why the two orders cannot be had; None where they can."""
    if len(held) < _LEAST:
        before = ", with the same months a year before" if by == "change" else ""
        return (
            "Fewer than two of the topics that residents were asked about have a recorded counterpart on "
            f"record{before}."
        )
    if not months:
        return "No month of the year to the end of fieldwork is on record for every topic, so nothing can be placed."
    return None


def _ranked(
    said: ConcernRanking, record: _Recorded, months: list[str], changes: Mapping[str, Change] | None
) -> tuple[RankGap, ...]:
    """Both orders, the record's by volume or, where changes are given, by them."""
    places = [i for i, one in enumerate(said.topics) if one.topic in record.held and one.concern.estimate is not None]
    both = [said.topics[i] for i in places]
    kept = said.covariance[np.ix_(places, places)]
    counts = {one.topic: sum(record.counts(one.topic, months)) for one in both}
    return ranking_gap(
        [one.topic for one in both],
        [one.concern.estimate or 0.0 for one in both],
        None if np.isnan(kept).any() else kept,
        [counts[one.topic] if changes is None else changes[one.topic].log_ratio or 0.0 for one in both],
        [
            # Of a count of 0 the variance would be 0, as if it were certain.
            max(counts[one.topic], 1) * record.spread(one.topic, months)
            if changes is None
            else (changes[one.topic].se or 0.0) ** 2
            for one in both
        ],
    )


def spread(session: Session, found: Series, months: Sequence[str], counts: list[int]) -> float:
    """phi, from the same months a year before; 1, chance alone, where they are not on record."""
    before = _year_before(session, found)
    earlier = [year_before(month) for month in months]
    if any(month not in before for month in earlier):
        return 1.0
    return overdispersion([before[month] for month in earlier], counts).phi
