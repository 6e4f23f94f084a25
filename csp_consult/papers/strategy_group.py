"""The Strategy Group's paper of one quarter: what people say, what was recorded, what was done, what changed.

For the partnership's own meeting: its figures are officers' figures, so signing it off does not make it public.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.findings.base_rules import BaseRules
from csp_consult.papers import notes
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.papers.pictures import of_ranking
from csp_consult.reports.readings import MEASURES, ranking_reading
from csp_consult.reports.strategy import Quarter, StrategyPage, strategy_page
from csp_consult.reports.tables import Cell, Column, Table

KIND = "strategy-group"
_MOST = 5
"""Concerns named: the first of the ranking."""


def paper(
    session: Session, district: str, quarter: Quarter, today: date, *, organisation: str, rules: BaseRules
) -> Paper:
    """The paper of a quarter, from what is on record today."""
    page = strategy_page(session, district, quarter, today, rules=rules)
    return Paper(
        kind=KIND,
        title=f"Strategy Group: {quarter.title}",
        subtitle="For the Community Safety Partnership Strategy Group. Not for publication",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            _said(page),
            _recorded(page),
            Section("gaps", "Where they part", tuple(_gaps(page))),
            Section("done", "What we did", tuple(_done(page))),
            Section("changed", "What changed", tuple(_changed(page))),
        ),
        synthetic=page.synthetic,
        about={
            "quarter": str(quarter),
            "earlier": str(quarter.previous),
            "earlier_title": quarter.previous.title,
            "later": str(quarter.next),
            "later_title": quarter.next.title,
        },
    )


def _said(page: StrategyPage) -> Section:
    title = "What people say"
    if page.ranking is None or page.wave is None:
        nothing = "No survey of residents had closed within a year before the end of this quarter, or it cannot be "
        return Section("said", title, (Paragraph(f"{nothing}weighted yet."),))
    found, measure = page.ranking, MEASURES[page.ranking.ranking.measure]
    note = notes.of_ranking(found)
    first = replace(found, ranking=replace(found.ranking, topics=found.ranking.topics[:_MOST]))
    rows = [
        [
            Cell(found.topic_titles.get(one.topic, one.topic), one.topic),
            Cell(words.ordinal(one.rank), one.rank),
            Cell(words.ranks(one.rank_lower, one.rank_upper)),
            Cell(measure.figures(one.concern), one.concern.estimate),
        ]
        for one in first.ranking.topics
    ]
    columns = [
        Column("Concern", "topic"),
        Column("Place", "place", number=True),
        Column("Could be", None),
        Column(measure.heading, "estimate"),
    ]
    caption = f"The first {len(rows)} concerns: {found.wave_title}"
    table = Table("concerns", caption, columns, rows, {"wave": found.wave}, found.synthetic)
    when = f"Asked from {words.period(page.wave.opens_on, page.wave.closes_on).replace(' to ', ' until ')}."
    paragraphs = (Paragraph(ranking_reading(found), note), Paragraph(when))
    if not rows:
        return Section("said", title, paragraphs)
    picture = of_ranking(first)
    picture = replace(picture, data={**picture.data, "title": caption})
    return Section("said", title, paragraphs, ((table, note),), pictures=(picture,))


def _recorded(page: StrategyPage) -> Section:
    title = "What was recorded"
    if not page.recorded:
        return Section("recorded", title, (Paragraph("Nothing of these months is on record here."),))
    lines = tuple(Paragraph(f"{line.topic}: {line.text}.", f"{line.source}.") for line in page.recorded)
    return Section("recorded", title, lines)


def _gaps(page: StrategyPage) -> Iterator[Paragraph]:
    for gap in page.gaps:
        called = f" ({gap.classification})" if gap.classification else ""
        yield Paragraph(f"{gap.topic_title}{called}, grade {gap.grade}: {gap.verdict}", notes.of_gap(gap))
    if not page.gaps:
        yield Paragraph("What people say and what was recorded cannot be compared on any topic.")
    if page.refused:
        more = "comparison is" if page.refused == 1 else "comparisons are"
        yield Paragraph(
            f"{page.refused} further {more} refused: the two sides are too far apart in time, place or meaning."
        )


def _done(page: StrategyPage) -> Iterator[Paragraph]:
    for one in page.activities:
        partner = f" with {one.partner}" if one.partner else ""
        made_from = f"Communication plan; made from {one.gap['wave_title']}."
        yield Paragraph(
            f"{one.title}, for {one.audience}, by {one.owner}{partner} ({one.status}).",
            made_from + f" {notes.SYNTHETIC}" * bool(one.gap["synthetic"]),
        )
    if not page.activities:
        yield Paragraph("No activity of the communication plan ran in this quarter.")


def _changed(page: StrategyPage) -> Iterator[Paragraph]:
    for one, found in page.outcomes:
        waves = words.listing(wave.title for wave in (found.before, found.after) if wave)
        yield Paragraph(f"{one.title}, for {one.audience}: {found.text}", f"{waves}." if waves else "")
    if not page.outcomes:
        yield Paragraph(
            "Nothing can be said yet: no activity started by the end of this quarter has been held against a later "
            "wave."
        )
