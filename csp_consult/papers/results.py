"""The results of one wave for the public: what was asked, who answered, what they said, the record, what was done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, response_due, state
from csp_consult.findings import gaps, releases
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.contract import Progress, RankingFinding
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.fieldwork_progress import progress
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.ranking import ranking
from csp_consult.findings.reading import headline, of_parishes
from csp_consult.findings.releases import ReleasedTable
from csp_consult.papers import notes
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.papers.open_data import RESULTS
from csp_consult.papers.pictures import of_ranking
from csp_consult.papers.public_figures import (
    HIDDEN,
    asked_of,
    gaps_table,
    perceived,
    ranking_picture,
    ranking_said,
    ranking_table,
)
from csp_consult.plan.models import Activity
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.reports.finding_tables import parish_table
from csp_consult.reports.finding_tables import ranking_table as council_table
from csp_consult.reports.readings import ranking_reading
from csp_consult.reports.tables import Cell, Column, Table

KIND = RESULTS
ANSWERED: Final = "answered"
"""The section on who answered: it has tables where counts can be given out."""
Noted: TypeAlias = tuple[tuple[Table, str], ...]
"""Tables, each with its footnote."""
_ON_INTERVALS = (
    "Intervals are worked out from the whole percentage, the number of people who answered and the design effect, so "
    "that they tell nothing of single people: the partnership’s own pages may give one that differs by a point."
)
_ON_HIDDEN = "A count is not shown where it is small, or where it would tell a small one."


def results(session: Session, wave: Wave, today: date, *, organisation: str, rules: BaseRules) -> Paper:
    """What may be said in public of a closed wave. Nothing is kept: publishing does that.

    Raises NotYetError until the wave has closed: figures that move with one response would tell that response.
    """
    if state(wave, today) is not WaveState.CLOSED:
        raise NotYetError(f"{wave.title} is still open: its results can be made when it has closed.")
    questionnaire = questionnaire_for(session, wave)
    so_far = progress(session, wave)
    found = ranking(session, wave, rules=rules)
    tables, refusal = _released(session, wave, today)
    return Paper(
        kind=KIND,
        title=wave.title,
        subtitle=f"{wave.survey.organisation}, {words.period(wave.opens_on, wave.closes_on)}",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            Section("asked", "What we asked", _asked(questionnaire)),
            Section(ANSWERED, "Who answered, and who did not", *_answered(questionnaire, so_far, tables, refusal)),
            _said(questionnaire, found, tables),
            Section("record", "What the record shows", *_record(session, wave, questionnaire, tables, rules)),
            Section("done", "What we did", _done(session, wave)),
            Section("run", "How the consultation was run", _run(wave, questionnaire)),
        ),
        synthetic=so_far.synthetic,
        about={"wave": wave.key, "period": words.period(wave.opens_on, wave.closes_on)},
    )


def released(session: Session, wave: Wave, today: date) -> Sequence[ReleasedTable]:
    """The counts and percentages that may be given out; empty for councils, who answer in public.

    Raises FindingError where nothing can be given out without telling of single people.
    """
    if of_parishes(wave):
        return ()
    questionnaire = questionnaire_for(session, wave)
    return releases.release(session, wave, asked_of(questionnaire, headline(questionnaire)), today)


def _released(session: Session, wave: Wave, today: date) -> tuple[Sequence[ReleasedTable], str]:
    try:
        return released(session, wave, today), ""
    except FindingError as error:
        return (), str(error)


def _asked(questionnaire: Questionnaire) -> tuple[Paragraph, ...]:
    intro = questionnaire.intro
    count = len(questionnaire.questions)
    texts = (intro.purpose(), f"We asked {count} questions, which take about {questionnaire.minutes} minutes.")
    return tuple(Paragraph(text) for text in texts if text)


def _answered(
    questionnaire: Questionnaire, so_far: Progress, tables: Sequence[ReleasedTable], refusal: str
) -> tuple[tuple[Paragraph, ...], Noted]:
    if so_far.parishes:
        answered = [parish for parish in so_far.parishes if parish.state == "answered"]
        text = so_far.coverage or f"{len(answered)} of {len(so_far.parishes)} councils answered."
        # Who is still drafting is the council's own business.
        public = replace(so_far, parishes=tuple(answered))
        return (Paragraph(text),), ((parish_table(public), "Councils answer in public."),)
    sentences = [Paragraph(f"{words.number(so_far.responses)} people answered.", notes.SYNTHETIC * so_far.synthetic)]
    if refusal:
        return (*sentences, Paragraph(f"Their ages, sexes and areas are not shown. {refusal}")), ()
    fewest = _under_represented(so_far)
    if fewest:
        sentences.append(Paragraph(f"Fewer answered than live here, for their number: {fewest}."))
    cell = questionnaire.cell
    people = [table for table in tables if table.questions[0] in {cell.age, cell.sex, cell.area}]
    return tuple(sentences), tuple((_people_table(table, questionnaire, so_far), _ON_HIDDEN) for table in people)


def _said(questionnaire: Questionnaire, found: RankingFinding, tables: Sequence[ReleasedTable]) -> Section:
    """What came first, in words, as a chart and as a table; of residents with no figure but those let out."""
    section, note = Section("said", "What you said"), notes.of_ranking(found)
    if not found.ranking.topics:
        return replace(section, paragraphs=(Paragraph(ranking_reading(found), note),))
    if found.coverage is not None:
        return replace(
            section,
            paragraphs=(Paragraph(ranking_reading(found), note),),
            pictures=(of_ranking(found),),
            tables=((council_table(found), note),),
        )
    measure = headline(questionnaire)
    note = f"{note} {_ON_INTERVALS}"
    picture = ranking_picture(found, measure, tables)
    return replace(
        section,
        paragraphs=(Paragraph(ranking_said(found, measure, tables), note),),
        pictures=(picture,) if picture else (),
        tables=((ranking_table(found, measure, tables), note),),
    )


def _under_represented(so_far: Progress) -> str:
    """The ages and sexes furthest below their share of the population, in words; counts too small to tell left out."""
    short = [
        (group.response_share / group.population_share, group.title)
        for group in so_far.groups
        if group.variable in {"age", "sex"} and group.response_share is not None and group.population_share
    ]
    return words.listing(title for ratio, title in sorted(short)[:3] if ratio < 0.8)


def _people_table(table: ReleasedTable, questionnaire: Questionnaire, so_far: Progress) -> Table:
    question = table.questions[0]
    titles = {group.category: group.title for group in so_far.groups if "x" not in group.variable.split()}
    titles |= {choice.code: choice.text() for choice in questionnaire.question(question).choices()}
    rows = [
        [
            Cell(titles.get(one.row, one.row) if one.row else "Everybody who said", one.row or "all"),
            Cell(HIDDEN if one.count is None else words.number(one.count), one.count),
        ]
        for one in table.figures
    ]
    return Table(
        id=f"answered-{question}",
        caption=questionnaire.question(question).text(),
        columns=[Column("Answer", "answer"), Column("People", "people", number=True)],
        rows=rows,
        about={"wave": so_far.wave},
        synthetic=so_far.synthetic,
    )


def _record(
    session: Session, wave: Wave, questionnaire: Questionnaire, tables: Sequence[ReleasedTable], rules: BaseRules
) -> tuple[tuple[Paragraph, ...], Noted]:
    shares = {change.topic: perceived(questionnaire, change, tables) for change in questionnaire.change}
    shown = {topic: share for topic, share in shares.items() if share is not None}
    compared = [gap for gap in _compared(session, wave, rules) if gap.topic in shown]
    if not compared:
        return (Paragraph("Nothing that was asked can be held against the record here."),), ()
    verdicts = tuple(Paragraph(gap.verdict, notes.of_gap(gap)) for gap in compared)
    return verdicts, ((gaps_table(compared, shown, compared[0].synthetic), notes.of_gap(compared[0])),)


def _compared(session: Session, wave: Wave, rules: BaseRules) -> list[GapFinding]:
    if of_parishes(wave):
        return []
    try:
        return gaps.gaps(session, wave, rules=rules)
    except FindingError:
        return []


def _done(session: Session, wave: Wave) -> tuple[Paragraph, ...]:
    done = session.scalars(select(Activity).where(Activity.wave_id == wave.id).order_by(Activity.starts_on))
    lines = [
        f"{activity.title}: {activity.channel}, from {words.day(activity.starts_on)} ({activity.status})."
        for activity in done
        if activity.status in {"under way", "done"} and activity.approved_on
    ]
    return tuple(map(Paragraph, lines)) or (
        Paragraph("No activity that was approved has been started because of this survey yet."),
    )


def _run(wave: Wave, questionnaire: Questionnaire) -> tuple[Paragraph, ...]:
    intro = questionnaire.intro
    days = words.number((wave.closes_on - wave.opens_on).days + 1)
    sentences = (
        f"What was still open: {intro.decides()}",
        f"What people were told about their answers: {intro.after()}",
        f"How long people had: {days} days, until {words.day(wave.closes_on)}.",
        _HOW_READ,
        f"The partnership means to answer by {words.day(response_due(wave))}, twelve weeks after the survey closed.",
    )
    return tuple(map(Paragraph, sentences))


_HOW_READ = (
    "How the answers were read: counted by rule, weighted where a table says so, and given with what they cannot "
    "show. Words that people wrote were read by officers and are not printed here."
)
