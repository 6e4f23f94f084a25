"""The community consultation chapter of the Partnership Strategic Assessment: every source, and what all say."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings import gaps
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.blending import blend
from csp_consult.findings.contract import GapFinding, RankingFinding
from csp_consult.findings.errors import FindingError
from csp_consult.findings.published_perception import printed_gaps
from csp_consult.findings.ranking import ranking
from csp_consult.papers import notes
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.reports.finding_tables import blend_table, ranking_table
from csp_consult.reports.gap_tables import gap_table
from csp_consult.reports.readings import blend_reading, ranking_reading
from csp_consult.reports.tables import Cell, Column, Table

KIND = "consultation"


def chapter(session: Session, today: date, *, organisation: str, rules: BaseRules) -> Paper:
    """The chapter on all closed waves and all that others published, as at a date."""
    closed = [wave for wave in waves.listed(session) if state(wave, today) is WaveState.CLOSED]
    latest = list({wave.survey_id: wave for wave in sorted(closed, key=lambda wave: wave.closes_on)}.values())
    ranked = [found for wave in latest if (found := _ranked(session, wave, rules)) is not None]
    blended = blend(session, rules=rules)
    compared = [gap for wave in latest for gap in _gaps(session, wave, rules)] + printed_gaps(session)
    return Paper(
        kind=KIND,
        title="Community consultation",
        subtitle=f"A chapter of the Partnership Strategic Assessment, as at {words.day(today)}",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            Section("sources", "Who was asked", _introduction(closed), ((_waves_table(closed, today), _COUNTS),)),
            Section(
                "together",
                "What all sources say together",
                (Paragraph(blend_reading(blended), notes.of_blend(blended)),),
                ((blend_table(blended), notes.of_blend(blended)),) if blended.topics else (),
            ),
            *(_survey(found) for found in ranked),
            Section("record", "What people say, and what was recorded", *_against_record(compared)),
            Section("limits", "What this cannot show", _limits(ranked)),
        ),
        synthetic=any(wave.synthetic for wave in closed),
        about={"as_at": today.isoformat()},
    )


_COUNTS = "Counted from the responses held, people who live outside the district included."


def _ranked(session: Session, wave: Wave, rules: BaseRules) -> RankingFinding | None:
    try:
        return ranking(session, wave, rules=rules)
    except FindingError:
        return None


def _gaps(session: Session, wave: Wave, rules: BaseRules) -> list[GapFinding]:
    try:
        return gaps.gaps(session, wave, rules=rules)
    except FindingError:
        return []


def _introduction(closed: Sequence[Wave]) -> tuple[Paragraph, ...]:
    if not closed:
        return (Paragraph("No survey has closed yet."),)
    surveys = words.listing(dict.fromkeys(wave.survey.title for wave in closed))
    return (Paragraph(f"This chapter draws on {surveys}, and on what other bodies have published."),)


def _waves_table(closed: Sequence[Wave], today: date) -> Table:
    rows = [
        [
            Cell(wave.title, wave.key),
            Cell(wave.survey.organisation, wave.survey.organisation),
            Cell(words.period(wave.opens_on, wave.closes_on), wave.closes_on.isoformat()),
            Cell("Yes" if wave.synthetic else "No", "yes" if wave.synthetic else "no"),
        ]
        for wave in closed
    ]
    columns = [
        Column("Survey", "wave"),
        Column("Asked by", "organisation"),
        Column("When", "closed_on"),
        Column("Synthetic", "contains_synthetic"),
    ]
    synthetic = any(wave.synthetic for wave in closed)
    return Table("sources", "Surveys that have closed", columns, rows, {"as_at": today.isoformat()}, synthetic)


def _survey(found: RankingFinding) -> Section:
    note = notes.of_ranking(found)
    tables = ((ranking_table(found), note),) if found.ranking.topics else ()
    return Section(
        f"ranking-{found.wave.replace('/', '-')}", found.wave_title, (Paragraph(ranking_reading(found), note),), tables
    )


def _against_record(compared: Sequence[GapFinding]) -> tuple[tuple[Paragraph, ...], tuple[tuple[Table, str], ...]]:
    if not compared:
        return (Paragraph("Nothing that was asked can be held against the record."),), ()
    verdicts = tuple(Paragraph(gap.verdict, notes.of_gap(gap)) for gap in compared)
    return verdicts, ((gap_table(compared, "gaps"), "Each line has its own sources, named under its verdict above."),)


def _limits(ranked: Sequence[RankingFinding]) -> tuple[Paragraph, ...]:
    caveats = dict.fromkeys(found.caveat for found in ranked if found.caveat)
    return tuple(map(Paragraph, caveats)) or (Paragraph("No survey has closed yet."),)
