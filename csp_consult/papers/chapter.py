"""The community consultation chapter of the Partnership Strategic Assessment: every source, and what all say.

The assessment is handed on, so the chapter is held to the rule of the public: of a survey of residents it repeats what
its published results say, word for word, and adds nothing that is worked out of their answers but an order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.blending import blend
from csp_consult.findings.contract import RankingFinding
from csp_consult.findings.errors import FindingError
from csp_consult.findings.published_perception import printed_gaps
from csp_consult.findings.ranking import ranking
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.weighting import caveat
from csp_consult.papers import notes
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.papers.open_data import RESULTS
from csp_consult.papers.pictures import of_ranking
from csp_consult.papers.public_figures import blend_order_table, blend_said
from csp_consult.papers.published import paper_of, versions
from csp_consult.reports.finding_tables import blend_places_table, ranking_table
from csp_consult.reports.gap_tables import gap_table
from csp_consult.reports.readings import ranking_reading
from csp_consult.reports.tables import Cell, Column, Table

KIND = "consultation"
_COUNTS = "Counted from the responses held, people who live outside the district included."


@dataclass(frozen=True)
class _Heard:
    """The latest closed wave of a survey, and what may be said of it outside."""

    wave: Wave
    public: Paper | None
    """Its published results, for residents; None while there are none."""
    councils: RankingFinding | None
    """Its ranking, for councils, who answer in public."""

    @property
    def open_to_all(self) -> bool:
        """Whether anything of it may be said outside."""
        return self.public is not None or self.councils is not None


def chapter(session: Session, today: date, *, organisation: str, rules: BaseRules) -> Paper:
    """The chapter on all closed waves and all that others published, as at a date."""
    closed = [wave for wave in waves.listed(session) if state(wave, today) is WaveState.CLOSED]
    heard = _newest_that_can_be_quoted([_heard(session, wave, rules) for wave in closed])
    return Paper(
        kind=KIND,
        title="Community consultation",
        subtitle=f"A chapter of the Partnership Strategic Assessment, as at {words.day(today)}",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            Section("sources", "Who was asked", _introduction(closed), ((_waves_table(closed, today), _COUNTS),)),
            _together(session, [one.wave for one in heard if one.open_to_all], rules),
            *map(_survey, heard),
            _against_record(session, heard),
            Section("limits", "What this cannot show", _limits(heard)),
        ),
        synthetic=any(wave.synthetic for wave in closed),
        about={"as_at": today.isoformat()},
    )


def _newest_that_can_be_quoted(heard: Sequence[_Heard]) -> list[_Heard]:
    """Of each survey the newest wave of which something may be said outside, else the newest."""
    ordered = sorted(heard, key=lambda one: (one.open_to_all, one.wave.closes_on))
    return list({one.wave.survey_id: one for one in ordered}.values())


def _heard(session: Session, wave: Wave, rules: BaseRules) -> _Heard:
    if of_parishes(wave):
        try:
            return _Heard(wave, None, ranking(session, wave, rules=rules))
        except FindingError:
            return _Heard(wave, None, None)
    published = versions(session, RESULTS, wave.key)
    return _Heard(wave, paper_of(published[0]) if published else None, None)


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
            Cell(words.period(wave.opens_on, wave.closes_on), wave.opens_on.isoformat()),
            Cell("", wave.closes_on.isoformat()),
            Cell("Yes" if wave.synthetic else "No", "yes" if wave.synthetic else "no"),
        ]
        for wave in closed
    ]
    columns = [
        Column("Survey", "wave"),
        Column("Asked by", "organisation"),
        Column("When", "opened_on"),
        Column(None, "closed_on"),
        Column("Synthetic", "contains_synthetic"),
    ]
    synthetic = any(wave.synthetic for wave in closed)
    return Table("sources", "Surveys that have closed", columns, rows, {"as_at": today.isoformat()}, synthetic)


def _together(session: Session, public: Sequence[Wave], rules: BaseRules) -> Section:
    section = Section("together", "What the sources that are public say together")
    try:
        found = blend(session, waves=public, rules=rules)
    except FindingError as error:
        return replace(section, paragraphs=(Paragraph(str(error)),))
    note = notes.of_blend(found)
    tables = ((blend_order_table(found), note), (blend_places_table(found), note)) if found.topics else ()
    return replace(section, paragraphs=(Paragraph(blend_said(found), note),), tables=tables)


def _survey(heard: _Heard) -> Section:
    section = Section(f"ranking-{_slug(heard.wave)}", heard.wave.title)
    if heard.councils is not None:
        note = notes.of_ranking(heard.councils)
        tables = ((ranking_table(heard.councils), note),) if heard.councils.ranking.topics else ()
        pictures = (of_ranking(heard.councils),) if tables else ()
        said = (Paragraph(ranking_reading(heard.councils), note),)
        return replace(section, paragraphs=said, tables=tables, pictures=pictures)
    if heard.public is not None:
        return _as_published(section, heard, "said")
    missing = (
        "No council has answered yet."
        if of_parishes(heard.wave)
        else "Its results are not published yet. Publish them, and this chapter says what they say."
    )
    return replace(section, paragraphs=(Paragraph(missing),))


def _as_published(section: Section, heard: _Heard, part: str) -> Section:
    """The section with what the published results say in one of their parts, notes and all."""
    found = [one for one in heard.public.sections if one.id == part] if heard.public else []
    paragraphs = [paragraph for one in found for paragraph in one.paragraphs]
    tables = [
        (replace(table, id=f"{table.id}-{_slug(heard.wave)}"), note) for one in found for table, note in one.tables
    ]
    pictures = [picture for one in found for picture in one.pictures]
    return replace(
        section,
        paragraphs=(*section.paragraphs, *paragraphs),
        tables=(*section.tables, *tables),
        pictures=(*section.pictures, *pictures),
    )


def _against_record(session: Session, heard: Sequence[_Heard]) -> Section:
    section = Section("record", "What people say, and what was recorded")
    for one in heard:
        section = _as_published(section, one, "record")
    printed = printed_gaps(session)
    if printed:
        verdicts = tuple(Paragraph(gap.verdict, notes.of_gap(gap)) for gap in printed)
        table = gap_table(printed, "gaps"), "Each line has its own sources, named under its verdict above."
        return replace(section, paragraphs=section.paragraphs + verdicts, tables=(*section.tables, table))
    if not section.paragraphs:
        return replace(section, paragraphs=(Paragraph("Nothing that was asked can be held against the record."),))
    return section


def _limits(heard: Sequence[_Heard]) -> tuple[Paragraph, ...]:
    caveats = dict.fromkeys(
        one.councils.caveat if one.councils else caveat(one.wave) for one in heard if one.open_to_all
    )
    return tuple(map(Paragraph, caveats)) or (Paragraph("No survey has closed yet."),)


def _slug(wave: Wave) -> str:
    return wave.key.replace("/", "-")
