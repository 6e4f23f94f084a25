"""One page a quarter for the Strategy Group: what people say, what was recorded, what we did, what changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import listed as listed_waves
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.contract import RankingFinding
from csp_consult.findings.errors import FindingError
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.gaps import gaps
from csp_consult.findings.published_perception import printed_gaps
from csp_consult.findings.ranking import ranking
from csp_consult.findings.recorded_spans import Span, spans
from csp_consult.findings.taxonomy import taxonomy
from csp_consult.plan.activities import listed as listed_activities
from csp_consult.plan.evaluation import STARTED, Outcome, outcome
from csp_consult.plan.models import Activity
from csp_consult.recorded.published import comparisons, left_out
from csp_consult.recorded.series import NoSeriesError, series
from csp_consult.topics.models import TopicRecord

_ADDRESS = re.compile(r"(20\d\d)-([1-4])")
_RECENT = timedelta(days=365)


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a calendar year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, given: str) -> "Quarter":
        """The quarter an address names, as ``2022-4``. Raises FindingError."""
        found = _ADDRESS.fullmatch(given)
        if found is None:
            raise FindingError("Name the quarter by its year and number, for example 2022-4.")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        """As an address names it: ``2022-4``."""
        return f"{self.year}-{self.number}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.next.first_day - timedelta(days=1)

    @property
    def months(self) -> tuple[str, ...]:
        """Its months, as ``2022-10``."""
        return tuple(f"{self.year}-{3 * self.number - 2 + step:02d}" for step in range(3))

    @property
    def title(self) -> str:
        """Its months in words: ``October to December 2022``."""
        return f"{words.month(self.months[0]).split()[0]} to {words.month(self.months[2])}"

    @property
    def next(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """The quarter before it."""
        return Quarter.of(self.first_day - timedelta(days=1))


@dataclass(frozen=True)
class RecordedLine:
    """What was recorded of one topic in a quarter, or in a period that somebody printed and that ends in it."""

    topic: str
    text: str
    source: str


@dataclass(frozen=True)
class StrategyPage:
    """Everything the page shows, for the district."""

    quarter: Quarter
    wave: Wave | None
    """The residents' wave that had closed last when the quarter ended, if it was within a year."""
    ranking: RankingFinding | None
    recorded: tuple[RecordedLine, ...]
    gaps: tuple[GapFinding, ...]
    """Those that can be compared."""
    refused: int
    """How many topics cannot be compared."""
    activities: tuple[Activity, ...]
    """Those that ran in the quarter."""
    outcomes: tuple[tuple[Activity, Outcome], ...]
    """Of everything started by the end of the quarter whose next wave says something by now."""
    synthetic: bool


def latest_quarter(session: Session, today: date) -> Quarter:
    """The quarter in which a residents' wave closed last; without one, the last whole quarter."""
    closed = [wave.closes_on for wave in _asked_waves(session) if wave.closes_on < today]
    return Quarter.of(max(closed)) if closed else Quarter.of(today).previous


def strategy_page(
    session: Session, district: str, quarter: Quarter, today: date, *, rules: BaseRules = DEFAULT_RULES
) -> StrategyPage:
    """The page of one quarter, from what is on record today."""
    wave = _wave(session, quarter, today)
    every = [*_gaps(session, wave, rules), *printed_gaps(session)]
    activities = listed_activities(session)
    started = [one for one in activities if one.status in STARTED and one.starts_on <= quarter.last_day]
    said = [(one, outcome(session, one, today, rules=rules)) for one in started]
    ran = tuple(one for one in activities if _ran_in(one, quarter))
    return StrategyPage(
        quarter=quarter,
        wave=wave,
        ranking=_ranking(session, wave, rules),
        recorded=tuple(_recorded(session, district, quarter)),
        gaps=tuple(one for one in every if one.grade != "D"),
        refused=sum(one.grade == "D" for one in every),
        activities=ran,
        outcomes=tuple((one, found) for one, found in said if found.result is not None),
        synthetic=bool(wave and wave.synthetic) or any(one.gap["synthetic"] for one in ran),
    )


def _wave(session: Session, quarter: Quarter, today: date) -> Wave | None:
    """Public figures come from closed waves; one that closed long before the quarter says nothing of it."""
    end = min(quarter.last_day, today - timedelta(days=1))
    closed = [one for one in _asked_waves(session) if end - _RECENT <= one.closes_on <= end]
    asked = [one for one in closed if _asks_about_change(session, one)]
    return max(asked or closed, key=lambda one: one.closes_on, default=None)


def _asked_waves(session: Session) -> list[Wave]:
    """The residents' waves but for those that wait to be cleared, or whose days went by so: they have asked nobody."""
    return [one for one in listed_waves(session, audience="residents") if one.cleared_on is not None]


def _asks_about_change(session: Session, wave: Wave) -> bool:
    try:
        return bool(gaps(session, wave))
    except FindingError:
        return False


def _ranking(session: Session, wave: Wave | None, rules: BaseRules) -> RankingFinding | None:
    try:
        return ranking(session, wave, rules=rules) if wave else None
    except FindingError:
        return None


def _gaps(session: Session, wave: Wave | None, rules: BaseRules) -> Sequence[GapFinding]:
    try:
        return gaps(session, wave, rules=rules) if wave else ()
    except FindingError:
        return ()


def _recorded(session: Session, district: str, quarter: Quarter) -> Iterator[RecordedLine]:
    """Counts of the quarter beside the same months a year before; then what was printed of periods ending in it."""
    known = taxonomy(session)
    mapped = set(session.scalars(select(TopicRecord.topic_slug)))
    for topic in (slug for slug in known.titles if slug in mapped):
        try:
            found = series(session, topic, district, date(quarter.year - 1, 1, 1), quarter.last_day)
        except NoSeriesError:
            continue
        held = [one for one in spans(session, found).spans if one.kind == "Quarter" and one.months == quarter.months]
        for span in held:
            yield RecordedLine(known.title(topic), _in_words(span), found.source_title)
    for printed in comparisons(session, area=district):
        if printed.period_to and quarter.first_day <= printed.period_to <= quarter.last_day:
            topic = known.title(printed.topic_slug) if printed.topic_slug else "Other"
            figures = left_out(printed)
            when = f", {printed.period}{figures}" if figures else f" ({printed.period})"
            yield RecordedLine(topic, f"{printed.text}{when}", printed.source)


def _in_words(span: Span) -> str:
    count = f"{words.number(span.count)} recorded"
    if span.change is None or span.change.change_pct is None or span.before is None:
        return f"{count}; the same months of the year before are not on record"
    change = span.change
    interval = ""
    if change.lower_pct is not None and change.upper_pct is not None:
        interval = f", 95% interval {words.signed(change.lower_pct, 1)}% to {words.signed(change.upper_pct, 1)}%"
    said = words.change(change.change_pct or 0)
    return f"{count}, {said} from {words.number(span.before)} in the same months a year before{interval}"


def _ran_in(activity: Activity, quarter: Quarter) -> bool:
    """Without a last day, an activity under way runs on, and any other is over the day it starts."""
    last = activity.ends_on or (quarter.last_day if activity.status == "under way" else activity.starts_on)
    return activity.status != "stopped" and activity.starts_on <= quarter.last_day and last >= quarter.first_day
