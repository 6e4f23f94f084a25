"""The results of one wave for the public: what was asked, who answered, what they said, the record, what was done."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings import gaps, releases
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.contract import GapFinding, Progress
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.fieldwork_progress import progress
from csp_consult.findings.ranking import ranking
from csp_consult.findings.reading import of_parishes, questionnaire_for
from csp_consult.findings.releases import ReleasedTable
from csp_consult.papers import notes
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.plan.models import Activity
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.reports.finding_tables import parish_table, ranking_table
from csp_consult.reports.gap_tables import gap_table
from csp_consult.reports.readings import ranking_reading
from csp_consult.reports.tables import Cell, Column, Table

KIND = "results"
ANSWERED_WITHIN = timedelta(weeks=12)
"""How long after it closed a consultation should be answered (Cabinet Office, Consultation Principles, 2018)."""
HIDDEN = "Not shown"
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
    compared = [] if of_parishes(wave) else _compared(session, wave, rules)
    note = notes.of_ranking(found)
    ranked = ((ranking_table(found), note),) if found.ranking.topics else ()
    answered = _answered(session, wave, questionnaire, so_far, today)
    return Paper(
        kind=KIND,
        title=wave.title,
        subtitle=f"{wave.survey.organisation}, {words.period(wave.opens_on, wave.closes_on)}",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            Section("asked", "What we asked", _asked(questionnaire)),
            Section("answered", "Who answered, and who did not", *answered),
            Section("said", "What you said", (Paragraph(ranking_reading(found), note),), ranked),
            Section("record", "What the record shows", *_record(compared)),
            Section("done", "What we did", _done(session, wave)),
            Section("run", "How the consultation was run", _run(wave, questionnaire)),
        ),
        synthetic=so_far.synthetic,
        about={"wave": wave.key, "period": words.period(wave.opens_on, wave.closes_on)},
    )


def released(session: Session, wave: Wave, today: date) -> Sequence[ReleasedTable]:
    """The counts of who answered that may be given out; empty for councils, who answer in public."""
    if of_parishes(wave):
        return ()
    cell = questionnaire_for(session, wave).cell
    asked = [key for key in (cell.age, cell.sex, cell.area) if key]
    return releases.release(session, wave, [(key, "") for key in asked], today)


def due(wave: Wave) -> date:
    """When the partnership should have answered the consultation."""
    return wave.closes_on + ANSWERED_WITHIN


def _asked(questionnaire: Questionnaire) -> tuple[Paragraph, ...]:
    intro = questionnaire.intro
    count = len(questionnaire.questions)
    texts = (intro.purpose(), f"We asked {count} questions, which take about {questionnaire.minutes} minutes.")
    return tuple(Paragraph(text) for text in texts if text)


def _answered(
    session: Session, wave: Wave, questionnaire: Questionnaire, so_far: Progress, today: date
) -> tuple[tuple[Paragraph, ...], tuple[tuple[Table, str], ...]]:
    if so_far.parishes:
        answered = sum(parish.state == "answered" for parish in so_far.parishes)
        text = f"{answered} of {len(so_far.parishes)} councils answered. {so_far.coverage or ''}".strip()
        return (Paragraph(text),), ((parish_table(so_far), "Councils answer in public."),)
    sentences = [Paragraph(f"{words.number(so_far.responses)} people answered.", notes.SYNTHETIC * so_far.synthetic)]
    try:
        tables = released(session, wave, today)
    except FindingError as error:
        return (*sentences, Paragraph(f"Their ages, sexes and areas are not shown. {error}")), ()
    fewest = _under_represented(so_far)
    if fewest:
        sentences.append(Paragraph(f"Fewer answered than live here, for their number: {fewest}."))
    shown = tuple((_release_table(table, questionnaire, so_far), _ON_HIDDEN) for table in tables)
    return tuple(sentences), shown


def _under_represented(so_far: Progress) -> str:
    """The ages and sexes furthest below their share of the population, in words; counts too small to tell left out."""
    short = [
        (group.response_share / group.population_share, group.title)
        for group in so_far.groups
        if group.variable in {"age", "sex"} and group.response_share is not None and group.population_share
    ]
    return words.listing(title for ratio, title in sorted(short)[:3] if ratio < 0.8)


def _release_table(table: ReleasedTable, questionnaire: Questionnaire, so_far: Progress) -> Table:
    question = table.questions[0]
    titles = {choice.code: choice.text() for choice in questionnaire.question(question).choices()}
    titles |= {group.category: group.title for group in so_far.groups if "x" not in group.variable.split()}
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


def _compared(session: Session, wave: Wave, rules: BaseRules) -> list[GapFinding]:
    try:
        return gaps.gaps(session, wave, rules=rules)
    except FindingError:
        return []


def _record(compared: Sequence[GapFinding]) -> tuple[tuple[Paragraph, ...], tuple[tuple[Table, str], ...]]:
    if not compared:
        return (Paragraph("Nothing that was asked can be held against the record."),), ()
    verdicts = tuple(Paragraph(gap.verdict, notes.of_gap(gap)) for gap in compared)
    return verdicts, ((gap_table(compared, "record"), notes.of_gap(compared[0])),)


def _done(session: Session, wave: Wave) -> tuple[Paragraph, ...]:
    done = session.scalars(select(Activity).where(Activity.wave_id == wave.id).order_by(Activity.starts_on))
    lines = [
        f"{activity.title}: {activity.channel}, from {words.day(activity.starts_on)} ({activity.status})."
        for activity in done
        if activity.status in {"under way", "done"}
    ]
    return tuple(map(Paragraph, lines)) or (Paragraph("Nothing has been started yet because of this survey."),)


def _run(wave: Wave, questionnaire: Questionnaire) -> tuple[Paragraph, ...]:
    intro = questionnaire.intro
    days = words.number((wave.closes_on - wave.opens_on).days + 1)
    sentences = (
        f"What was still open: {intro.decides()}",
        f"What people were told about their answers: {intro.after()}",
        f"How long people had: {days} days, until {words.day(wave.closes_on)}.",
        _HOW_READ,
        f"The partnership means to answer by {words.day(due(wave))}, twelve weeks after the survey closed.",
    )
    return tuple(map(Paragraph, sentences))


_HOW_READ = (
    "How the answers were read: counted by rule, weighted where a table says so, and given with what they cannot "
    "show. Words that people wrote were read by officers and are not printed here."
)
