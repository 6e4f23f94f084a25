"""What speaks for and against the priorities of the three-year plan, from figures that are public.

Of surveys held here only what their published results say counts; of others, and of the record, what was printed, and
what is open data. Which way each points follows from one rule a kind of evidence, printed with the review.
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork import waves
from csp_consult.findings.errors import FindingError
from csp_consult.findings.recorded_spans import Span, spans
from csp_consult.findings.taxonomy import Taxonomy, taxonomy
from csp_consult.papers.contents import Paper
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import RESULTS
from csp_consult.papers.published import latest, paper_of
from csp_consult.recorded.models import PublishedComparison
from csp_consult.recorded.published import left_out
from csp_consult.recorded.series import NoSeriesError, series
from csp_consult.recorded.sheets.mapping import SHEET_SOURCES
from csp_consult.reports.tables import Table, Value
from csp_consult.sources.models import PublishedResult
from csp_consult.topics.models import TopicRecord

Says = Literal["for", "against", "neither"]
RULES: Final = (
    (
        "A place in an order of concerns speaks for a priority where, even at the worst place its interval allows, the "
        "concern is in the upper half of the order; against it where, even at the best, it is in the lower half of an "
        "order of six concerns or more."
    ),
    (
        "What residents say of change, held against the record, speaks for a priority where the two together are "
        "clearly of a class in which more say that it rose (act, reassure), and against it where of one in which more "
        "say that it fell (alert, maintain). Where the class is unclear it points neither way."
    ),
    (
        "A recorded figure speaks for a priority where it rose and against it where it fell. Where its counts are on "
        "record here, the change has to be beyond chance; of a printed figure only its sign can be known."
    ),
    (
        "A printed order of concerns speaks for what it names among the first three. Other printed results speak for a "
        "priority where the problem grew, and against it where it shrank; how many told the police says neither."
    ),
    (
        "That evidence speaks against a priority does not say that work on it failed or should stop: a fall may be its "
        "success."
    ),
)
"""How evidence is sorted, in words."""
_APRIL: Final = 4
_FIRST: Final = 3
_LONG: Final = 6
"""Concerns in an order whose lower half says something against them."""
_MONTHS: Final = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_SEASONS: Final = {"spring": 5, "summer": 8, "autumn": 11, "winter": 12}
_JOINED: Final = "decreased or stayed the same"
_OF_REPORTING: Final = frozenset({"reported"})
"""Questions on telling the police: that more victims do says nothing of how many victims there are."""
_CLASS_SAYS: Final[Mapping[str, Says]] = {"act": "for", "reassure": "for", "alert": "against", "maintain": "against"}
"""By the class of a gap: which way what residents say of change points. The record is evidence of its own."""


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence on a topic."""

    topic: str
    text: str
    says: Says
    dated: date
    """The end of the time it tells of; where only a year was printed, the end of that year."""
    note: str
    synthetic: bool = False


@dataclass(frozen=True, order=True)
class FinancialYear:
    """A year from April to March."""

    first: int

    @classmethod
    def of(cls, day: date) -> "FinancialYear":
        """The year a day lies in."""
        return cls(day.year - (day.month < _APRIL))

    @classmethod
    def read(cls, given: str) -> "FinancialYear":
        """The year an address names, as ``2022-23``. Raises FindingError."""
        found = re.fullmatch(r"(20\d\d)-\d\d", given)
        if found is None or str(cls(int(found[1]))) != given:
            raise FindingError("Name the financial year by both its years, for example 2022-23.")
        return cls(int(found[1]))

    @property
    def last_day(self) -> date:
        """Its last day."""
        return date(self.first + 1, 3, 31)

    def __str__(self) -> str:
        """As an address names it: ``2022-23``."""
        return f"{self.first}-{(self.first + 1) % 100:02d}"

    @property
    def title(self) -> str:
        """In words: ``April 2022 to March 2023``."""
        return f"April {self.first} to March {self.first + 1}"


def everything(session: Session, district: str, year: FinancialYear) -> list[Evidence]:
    """All evidence there is on any topic, oldest first; of the counts on record those of one year."""
    found = [*_surveys(session), *_printed_results(session, district), *_printed_record(session, district)]
    found += _counted_record(session, district, year)
    return sorted(found, key=lambda one: (one.dated, one.topic))


def on(topic: str | None, evidence: Sequence[Evidence], known: Taxonomy) -> list[Evidence]:
    """The evidence on a topic, and on those within it where it is a theme."""
    return [one for one in evidence if topic and topic in (one.topic, known.themes.get(one.topic))]


def _surveys(session: Session) -> Iterator[Evidence]:
    for publication in latest(session, {RESULTS}):
        paper = paper_of(publication)
        closed = waves.find(session, publication.about).closes_on
        for table, note in _noted(paper):
            if {"topic", "place_upper"} <= _names(table) or {"topic", "rank_upper"} <= _names(table):
                yield from _places(table, _cited(publication, paper, note), closed)
            elif "classification" in _names(table):
                yield from _changes(table, _cited(publication, paper, note), closed)


def _noted(paper: Paper) -> Iterator[tuple[Table, str]]:
    for section in paper.sections:
        yield from section.tables


def _cited(publication: Publication, paper: Paper, note: str) -> str:
    version = f"version {publication.version}, published on {words.day(publication.published_on)}"
    return f"Published results of {paper.title}, {version}. {note}"


def _names(table: Table) -> set[str]:
    return {column.name for column in table.columns if column.name}


def _values(table: Table) -> Iterator[tuple[dict[str, Value], list[str]]]:
    """Each row: its values by name, and its texts."""
    for row in table.rows:
        named = zip(table.columns, row, strict=True)
        yield {column.name: cell.value for column, cell in named if column.name}, [cell.text for cell in row]


def _places(table: Table, note: str, closed: date) -> Iterator[Evidence]:
    middle = (len(table.rows) + 1) / 2
    for row, texts in _values(table):
        place = row.get("place", row.get("rank"))
        best = row.get("place_lower", row.get("rank_lower"))
        worst = row.get("place_upper", row.get("rank_upper"))
        if not (isinstance(place, int) and isinstance(best, int) and isinstance(worst, int)):
            continue
        against = best > middle and len(table.rows) >= _LONG
        says: Says = "for" if worst < middle else "against" if against else "neither"
        between = f" (could be {words.ranks(best, worst)})" if best != worst else ""
        text = f"{texts[0]} is {words.ordinal(place)} of {len(table.rows)} concerns{between}."
        yield Evidence(str(row["topic"]), text, says, closed, note, table.synthetic)


def _changes(table: Table, note: str, closed: date) -> Iterator[Evidence]:
    for row, texts in _values(table):
        says = _CLASS_SAYS.get(str(row["classification"]), "neither")
        said = f"{texts[0]}: {texts[1]} of residents say that it rose and {texts[2]} that it fell."
        yield Evidence(str(row["topic"]), said, says, closed, note, table.synthetic)


def _printed_results(session: Session, district: str) -> Iterator[Evidence]:
    wanted = select(PublishedResult).where(PublishedResult.area_code == district)
    for one in session.scalars(wanted.order_by(PublishedResult.survey_slug, PublishedResult.position)):
        dated = printed_date(one.period or one.survey.period)
        if dated is None:
            continue
        note = f"{one.survey.title}, {one.period or one.survey.period}. {one.survey.citation}"
        for place, named in enumerate(one.order or (), start=1):
            if named["topic"]:
                text = f"{named['printed']} is named {words.ordinal(place)}: {one.text}."
                yield Evidence(
                    named["topic"], text[:1].upper() + text[1:], "for" if place <= _FIRST else "neither", dated, note
                )
        if one.topic_slug and not one.order:
            yield Evidence(one.topic_slug, _with_values(one), _result_says(one), dated, note)


def _with_values(one: PublishedResult) -> str:
    """The result as printed, with the figures that its words leave out."""
    if one.kind != "share" or one.value is None:
        return f"{one.text}."
    return f"{one.text}: {words.as_printed(one.value)}%{_before(one)}."


def _before(one: PublishedResult) -> str:
    """The earlier share with its time as printed: it may be another part of a year, or years before."""
    if one.previous_value is None:
        return ""
    return f"; {one.previous_period or 'before'}: {words.as_printed(one.previous_value)}%"


def _result_says(one: PublishedResult) -> Says:
    if one.question in _OF_REPORTING:
        return "neither"
    if one.kind == "direction" and one.direction:
        return "for" if "up" in one.direction else "against" if "down" in one.direction else "neither"
    told = one.value is not None and one.previous_value is not None
    if one.kind == "share" and told and _JOINED in one.text.lower() and one.value != one.previous_value:
        return "for" if (one.value or 0) < (one.previous_value or 0) else "against"
    return "neither"


def _printed_record(session: Session, district: str) -> Iterator[Evidence]:
    wanted = select(PublishedComparison).where(PublishedComparison.area_code == district)
    for one in session.scalars(wanted.order_by(PublishedComparison.position)):
        dated = one.period_to or printed_date(one.period)
        if one.topic_slug and dated:
            note = f"{one.source}, {one.period}. {one.citation}"
            yield Evidence(one.topic_slug, f"{one.text}{left_out(one)}.", _record_says(one), dated, note)


def _record_says(one: PublishedComparison) -> Says:
    change = one.change_pct if one.change_pct is not None else one.change_abs
    if change is None and one.value is not None and one.previous_value is not None:
        change = one.value - one.previous_value
    return "neither" if not change else "for" if change > 0 else "against"


def _counted_record(session: Session, district: str, year: FinancialYear) -> Iterator[Evidence]:
    """A financial year on record here, as far as it goes, beside the same months a year before."""
    known = taxonomy(session)
    for topic in sorted(set(session.scalars(select(TopicRecord.topic_slug)))):
        try:
            found = series(session, topic, district, date(year.first - 1, 4, 1), year.last_day)
        except NoSeriesError:
            continue
        if found.source in SHEET_SOURCES:
            # A partner's own sheet was given to the partnership, not to the public.
            continue
        for span in spans(session, found).spans:
            if span.kind == "Financial year to date" and span.change and span.months[0] == f"{year.first}-04":
                yield _counted(topic, known.title(topic), span, found.source_title)


def _counted(topic: str, title: str, span: Span, source: str) -> Evidence:
    change = span.change
    lower, upper = (change.lower_pct, change.upper_pct) if change else (None, None)
    says: Says = (
        "for" if lower is not None and lower > 0 else "against" if upper is not None and upper < 0 else "neither"
    )
    percent = change.change_pct if change else None
    beyond = "; chance alone could make such a change" if percent and says == "neither" else ""
    against = f"{words.number(span.before or 0)} in" if percent is None else f"{words.change(percent)} on"
    same = f"{against} the same months a year before{beyond}"
    text = f"{title}: {words.number(span.count)} recorded in {span.title}, {same}."
    year, month = map(int, span.months[-1].split("-"))
    return Evidence(topic, text, says, date(year, month, calendar.monthrange(year, month)[1]), f"{source}.")


def printed_date(period: str) -> date | None:
    """The end of the time that a printed period names: its last month, its season, else its year; None without one."""
    years = re.findall(r"20\d\d", period)
    if not years:
        return None
    year = int(years[-1])
    named = re.findall(r"[A-Za-z]+", period.lower())
    months = [_MONTHS[word[:3]] for word in named if word[:3] in _MONTHS]
    seasons = [_SEASONS[word] for word in named if word in _SEASONS]
    month = months[-1] if months else seasons[-1] if seasons else 12
    return date(year, month, calendar.monthrange(year, month)[1])
