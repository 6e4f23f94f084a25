"""What other bodies' surveys printed of a change, beside the record: what follows from it and what does not."""

import calendar
import re
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.comparability import Comparison, Grade, grade
from csp_consult.analysis.verdict import published_verdict
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.phrasing import in_sentence
from csp_consult.findings.recorded_side import Period, Record, RecordedSide, year_to
from csp_consult.findings.taxonomy import Taxonomy, taxonomy
from csp_consult.places.lookup import area as area_called
from csp_consult.sources.models import PublishedResult, PublishedSurvey

_JOINED: Final = "decreased or stayed the same"
_MONTH: Final = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{4})")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NEVER: Final[Period] = (date.min, date.min)
CAVEAT: Final = "As the survey printed it; how its respondents were chosen was not published."


def printed_gaps(session: Session) -> list[GapFinding]:
    """One finding for every printed share who agree that a topic "decreased or stayed the same"."""
    known = taxonomy(session)
    surveys = session.scalars(select(PublishedSurvey).order_by(PublishedSurvey.slug))
    results = [result for survey in surveys for result in survey.results if _is_joined(result)]
    return [_finding(session, result, known) for result in results]


def _is_joined(result: PublishedResult) -> bool:
    told = result.topic_slug is not None and result.value is not None
    return result.kind == "share" and told and _JOINED in result.text.lower()


def _finding(session: Session, result: PublishedResult, known: Taxonomy) -> GapFinding:
    topic, place = result.topic_slug or "", area_called(session, result.area_code)
    perceived = _looked_back_on(result)
    side = Record(session, topic, place, perceived or _NEVER).side(place)
    title = known.title(topic)
    graded = _grade(result, side, dated=perceived is not None)
    return GapFinding(
        wave=None,
        wave_title=result.survey.title,
        topic=topic,
        topic_title=title,
        area=place.code,
        area_name=place.name,
        question_text=result.text,
        perceived_up=None,
        perceived_down=None,
        balance=None,
        contrary_share=None,
        contrary_adults=None,
        recorded=side.finding(in_sentence(title)),
        gap_points=None,
        classification="",
        class_probabilities={},
        grade=graded.letter,
        grade_reasons=graded.reasons,
        verdict=_verdict(result, side, graded, title),
        perception_text=_perception_text(result),
        synthetic=False,
        other_pairs=side.others,
        caveat=CAVEAT,
    )


def _grade(result: PublishedResult, side: RecordedSide, *, dated: bool) -> Grade:
    if not dated:
        return Grade("D", (f"when it was asked was not printed ({result.period or result.survey.period})",))
    pair = side.pair
    facts = Comparison(
        record_area="same",
        overlap=1.0 if pair is None else pair.overlap,
        wording="not known",
        base="not published" if result.survey.base is None else "known",
        category=side.coverage,
        smaller_areas_recorded=pair is None or pair.smaller_areas,
    )
    return grade(facts, pair.change if pair else None)


def _verdict(result: PublishedResult, side: RecordedSide, graded: Grade, title: str) -> str:
    if side.pair is None or not graded.comparable:
        return f"Cannot be compared, because {', and '.join(graded.reasons)}."
    return published_verdict(
        share=(result.value or 0) / 100,
        previous_share=None if result.previous_value is None else result.previous_value / 100,
        statement=_statement(result),
        recorded=side.pair.change,
        grade=graded,
        topic=in_sentence(title),
        area=side.pair.area.name,
    )


def _perception_text(result: PublishedResult) -> str:
    before = ""
    if result.previous_value is not None:
        when = f" in {result.previous_period}" if result.previous_period else " before"
        before = f", {words.as_printed(result.previous_value)}%{when}"
    base = "no base was published" if result.survey.base is None else f"{result.survey.base:,} answered"
    return (
        f"{words.as_printed(result.value or 0)}% agreed that “{_statement(result)}” in "
        f"{result.period or result.survey.period}{before} ({result.survey.title}; {base})."
    )


def _statement(result: PublishedResult) -> str:
    """What people agreed with, without the words that say they did."""
    return result.text.removeprefix("Agree that ")


def _looked_back_on(result: PublishedResult) -> Period | None:
    """The year to the end of the month that was printed; None where none was."""
    printed = _MONTH.search(result.period or result.survey.period)
    if printed is None or printed[1] not in _MONTHS:
        return None
    year, month = int(printed[2]), _MONTHS.index(printed[1]) + 1
    return year_to(date(year, month, calendar.monthrange(year, month)[1]))
