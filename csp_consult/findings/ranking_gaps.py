"""Where residents place each concern, beside where the record places it by volume, over the same topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.figures import FloatArray, RankedTopic
from csp_consult.analysis.ranking_gap import RankGap, ranking_gap
from csp_consult.analysis.recorded_change import overdispersion
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.errors import FindingError
from csp_consult.findings.groups import area_group
from csp_consult.findings.ranking import ranking
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.recorded_side import year_to
from csp_consult.findings.targets import district_of
from csp_consult.places.lookup import area as area_called
from csp_consult.recorded.periods import first_day, is_quarter
from csp_consult.recorded.series import NoSeriesError, Series, series

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
    rows: tuple[RankGap, ...]
    counts: Mapping[str, int]
    """Recorded incidents by topic, in the months shown."""
    months: tuple[str, ...]
    """The same for every topic: those of the year to the end of fieldwork that are on record for all."""
    left_out: tuple[str, ...]
    """Topics that could not be placed, each with its reason."""
    topic_titles: Mapping[str, str]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    """What to know of how the topics are recorded."""
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
    session: Session, wave: Wave, area: str | None = None, *, rules: BaseRules = DEFAULT_RULES
) -> RankingGapFinding:
    """The concerns of a wave of residents beside recorded volume, in the district or in a ward or beat of it.

    Only topics that have both are ranked, in both orders. Raises FindingError for a wave of parish councils, and for
    an area that it does not know.
    """
    if of_parishes(wave):
        raise FindingError(f"{wave.key} asks parish councils; places beside the record are of what residents say.")
    place = district_of(session, wave.closes_on)
    if area is not None and area_group(session, area, wave.closes_on).variable:
        place = area_called(session, area)
    smaller = None if area is None or place.kind == "district" else place.code
    said = ranking(session, wave, area=smaller, rules=rules)
    held: dict[str, Series] = {}
    left_out = []
    for topic in said.ranking.topics:
        try:
            found = series(session, topic.topic, place.code, *year_to(wave.closes_on))
        except NoSeriesError as error:
            left_out.append(str(error))
            continue
        if found.points and is_quarter(found.points[0].period):
            left_out.append(f"{found.topic_title} is on record by quarter only, the others by month.")
        else:
            held[topic.topic] = found
    months = sorted(set.intersection(*({p.period for p in one.points} for one in held.values()))) if held else []
    reason = said.ranking.reason or _reason(held, months)
    return RankingGapFinding(
        wave=wave.key,
        wave_title=wave.title,
        area=place.code,
        area_name=place.name,
        measure=said.ranking.measure,
        rows=() if reason else _ranked(session, said.ranking.topics, said.ranking.covariance, held, months),
        counts={topic: sum(_counts(one, months)) for topic, one in held.items()},
        months=tuple(months),
        left_out=tuple(left_out),
        topic_titles=said.topic_titles,
        sources=tuple(sorted({one.source_title for one in held.values()})),
        notes=tuple(f"{one.topic_title}: {one.note}" for one in held.values() if one.note),
        reason=reason,
        caveat=said.caveat,
        synthetic=said.synthetic,
    )


def _reason(held: Mapping[str, Series], months: Sequence[str]) -> str | None:
    """Why the two orders cannot be had; None where they can."""
    if len(held) < _LEAST:
        return "Fewer than two of the topics that residents were asked about have a recorded counterpart on record."
    if not months:
        return "No month of the year to the end of fieldwork is on record for every topic, so nothing can be placed."
    return None


def _ranked(
    session: Session,
    topics: Sequence[RankedTopic],
    covariance: FloatArray,
    held: Mapping[str, Series],
    months: list[str],
) -> tuple[RankGap, ...]:
    places = [i for i, one in enumerate(topics) if one.topic in held and one.concern.estimate is not None]
    both = [topics[i] for i in places]
    kept = covariance[np.ix_(places, places)]
    counts = [_counts(held[one.topic], months) for one in both]
    return ranking_gap(
        [one.topic for one in both],
        [one.concern.estimate or 0.0 for one in both],
        None if np.isnan(kept).any() else kept,
        [sum(count) for count in counts],
        [
            # Of a count of 0 the variance would be 0, as if it were certain.
            max(sum(count), 1) * spread(session, held[one.topic], months, count)
            for one, count in zip(both, counts, strict=True)
        ],
    )


def _counts(found: Series, months: Sequence[str]) -> list[int]:
    counts = {point.period: point.count for point in found.points}
    return [counts[month] for month in months]


def spread(session: Session, found: Series, months: Sequence[str], counts: list[int]) -> float:
    """phi, from the same months a year before; 1, chance alone, where they are not on record."""
    earlier = [f"{int(month[:4]) - 1:04d}{month[4:]}" for month in months]
    start, end = first_day(earlier[0]), first_day(earlier[-1])
    before = {point.period: point.count for point in series(session, found.topic, found.area, start, end).points}
    if any(month not in before for month in earlier):
        return 1.0
    return overdispersion([before[month] for month in earlier], counts).phi
