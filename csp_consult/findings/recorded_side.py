"""The record's side of a gap: of all pairs of equal periods on record, the one that best meets the perception's."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from sqlalchemy.orm import Session

from csp_consult.analysis.comparability import period_overlap
from csp_consult.analysis.recorded_change import FEW_MONTHS, Change, published_change, recorded_change
from csp_consult.analysis.verdict import recorded_in_words
from csp_consult.findings.gap_contract import RecordedChange
from csp_consult.places.lookup import within
from csp_consult.places.models import Area
from csp_consult.recorded import published
from csp_consult.recorded.models import PublishedComparison, RecordingNote
from csp_consult.recorded.periods import first_day, following, in_words, last_day, months_in, year_before
from csp_consult.recorded.series import NoSeriesError, Series, series
from csp_consult.topics.taxonomy import mappings

Period = tuple[date, date]
Coverage: TypeAlias = Literal["covers", "partly", "none"]
LONGEST: Final = 12
"""Months of a comparison at most: each month is held against the same month a year before."""


@dataclass(frozen=True)
class Pair:
    """A recorded change from one period to an equal one."""

    change: Change
    area: Area
    overlap: float
    """With the period the perception is about, 0 to 1."""
    period: str
    previous_period: str
    source: str
    citation: str
    smaller_areas: bool
    """Whether the same record can be had for parts of the area."""
    counted_by: str | None
    """Source whose categories were counted (``police_uk``); None for a printed figure on the topic itself."""
    placed_by: str = ""
    """How incidents are placed in the area; empty for a printed figure."""


@dataclass(frozen=True)
class RecordedSide:
    """The pair taken, and what was there to take it from."""

    pair: Pair | None
    others: int
    """How many other pairs there were."""
    coverage: Coverage
    """Whether a recorded category or published figure covers the topic."""
    note: str | None
    """What to know of how the topic is recorded."""
    wider: str = ""
    """The name of the pair's area where it is not the one asked for."""

    def finding(self, topic: str) -> RecordedChange | None:
        """The pair as pages show it; ``topic`` as a sentence uses it."""
        if self.pair is None:
            return None
        pair, change = self.pair, self.pair.change
        clause = recorded_in_words(change, topic=topic, area=pair.area.name)
        return RecordedChange(
            text=f"{clause}, {pair.period} against {pair.previous_period} ({pair.source}).",
            change_pct=change.change_pct,
            lower_pct=change.lower_pct,
            upper_pct=change.upper_pct,
            count=change.after,
            previous_count=change.before,
            source=pair.source,
            citation=pair.citation,
            period=pair.period,
            previous_period=pair.previous_period,
            direction_only=change.direction_only,
            recording_note=" ".join(filter(None, [self.note, change.note])) or None,
            placed_by=pair.placed_by,
            wider=self.wider,
        )


class Record:
    """The record of one topic, read once for as many areas as asked."""

    def __init__(self, session: Session, topic: str, district: Area, perceived: Period) -> None:
        self._session = session
        self._topic = topic
        self._district = district
        self._perceived = perceived
        self._found: dict[str, list[Pair]] = {}
        note = session.get(RecordingNote, topic)
        self._note = note.text if note else None
        self._mappings = mappings(session, topic)

    def side(self, area: Area) -> RecordedSide:
        """The pair that overlaps best with the perceived period, of the area or else of its district.

        Where they overlap alike the area's own record comes before the district's, and counts before a published
        change.
        """
        places = {area.code: area, self._district.code: self._district}
        pairs = [pair for place in places.values() for pair in self._pairs(place)]
        best = max(
            pairs, key=lambda p: (p.overlap, p.area.code == area.code, not p.change.direction_only), default=None
        )
        wider = best.area.name if best and best.area.code != area.code else ""
        return RecordedSide(best, max(len(pairs) - 1, 0), self._coverage(best), self._note, wider)

    def _coverage(self, pair: Pair | None) -> Coverage:
        """By the mapping that the counts rest on; a printed figure is of the topic it says it is of."""
        if pair is None:
            return "covers" if self._mappings else "none"
        partly = any(one.partly for one in self._mappings if one.source == pair.counted_by)
        return "partly" if partly else "covers"

    def _pairs(self, area: Area) -> list[Pair]:
        if area.code not in self._found:
            self._found[area.code] = list(_pairs(self._session, self._topic, area, self._perceived))
        return self._found[area.code]


def year_to(end: date, months: int = LONGEST) -> Period:
    """The months that end on a day: what *compared with a year ago* is taken to look back on."""
    month = end.year * 12 + end.month - 1 - months
    year, month = divmod(month, 12)
    start = date(year, month + 1, min(end.day, calendar.monthrange(year, month + 1)[1]))
    return date.fromordinal(start.toordinal() + 1), end


def _pairs(session: Session, topic: str, area: Area, perceived: Period) -> Iterator[Pair]:
    yield from _counted(session, topic, area, perceived)
    for printed in published.comparisons(session, topic=topic, area=area.code):
        change = _change_of(printed)
        if change is None or printed.period_from is None or printed.period_to is None:
            continue
        yield Pair(
            change=change,
            area=area,
            overlap=period_overlap(perceived, (printed.period_from, printed.period_to)),
            period=printed.period,
            previous_period=printed.previous_period or "the period before",
            source=printed.source,
            citation=printed.citation,
            smaller_areas=False,
            counted_by=None,
        )


def _change_of(printed: PublishedComparison) -> Change | None:
    """What a published figure says of change; None where it says nothing of two equal periods.

    Two printed counts are compared only when both periods were over: a count "as at" a day may be of part of a year.
    """
    before, after = printed.previous_value, printed.value
    if printed.kind == "count" and printed.as_at is None and before is not None and after is not None:
        return recorded_change([before], [after])
    return None if printed.change_pct is None else published_change(printed.change_pct)


def _counted(session: Session, topic: str, area: Area, perceived: Period) -> Iterator[Pair]:
    """The pair of equal spans of months, a year apart, that overlaps best; none where too few were imported."""
    try:
        found = series(session, topic, area.code)
    except NoSeriesError:
        return
    counts = {point.period: point.count for point in found.points}
    span = max(_spans(counts), key=lambda months: (_overlap(months, perceived), len(months), months), default=None)
    if span is None:
        return
    before = [counts[year_before(month)] for month in span]
    after = [counts[month] for month in span]
    pooled = by_part(session, found, area, span) if len(span) < FEW_MONTHS else None
    yield Pair(
        change=recorded_change(before, after, pooled_with=pooled),
        area=area,
        overlap=_overlap(span, perceived),
        period=in_words(span[0], span[-1]),
        previous_period=in_words(year_before(span[0]), year_before(span[-1])),
        source=found.source_title,
        citation=f"{found.method}; {', '.join(one.file_name for one in found.imports)}",
        smaller_areas=True,
        counted_by=found.source,
        placed_by=found.method,
    )


def _spans(counts: Mapping[str, int]) -> Iterator[list[str]]:
    """Every run of periods on record, a year at most, whose same periods a year before are on record too."""
    run: list[str] = []
    for period in sorted(period for period in counts if year_before(period) in counts):
        run = [*run, period] if run and following(run[-1]) == period else [period]
        longest = LONGEST // len(months_in(period))
        yield from (run[-length:] for length in range(1, min(len(run), longest) + 1))


def by_part(
    session: Session, found: Series, area: Area, span: list[str]
) -> tuple[list[list[int]], list[list[int]]] | None:
    """The same periods by ward, else by beat, before and after: few of one area say little of their spread."""
    for kind in ("ward", "beat"):
        rows = [_row(session, found, part, span) for part in within(session, area.code, kind, last_day(span[-1]))]
        known = [row for row in rows if row is not None]
        if known and len(known) == len(rows):
            return [before for before, _ in known], [after for _, after in known]
    return None


def _row(session: Session, found: Series, part: Area, span: list[str]) -> tuple[list[int], list[int]] | None:
    """The periods of one part, before and after; None where one of them is not on record."""
    try:
        counts = {p.period: p.count for p in series(session, found.topic, part.code, source=found.source).points}
        return [counts[year_before(period)] for period in span], [counts[period] for period in span]
    except (NoSeriesError, KeyError):
        return None


def _overlap(span: list[str], perceived: Period) -> float:
    return period_overlap(perceived, (first_day(span[0]), last_day(span[-1])))
