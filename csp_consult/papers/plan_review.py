"""The yearly review of the three-year plan: what the new evidence supports, speaks against, or is silent on.

Everything in it is public already, so the review can be.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.findings.errors import NotYetError
from csp_consult.findings.taxonomy import taxonomy
from csp_consult.papers import notes
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.papers.plan_evidence import RULES, Evidence, FinancialYear, everything, on
from csp_consult.papers.plan_words import actions_table, dates_said
from csp_consult.plan.activities import listed as listed_activities
from csp_consult.plan.models import Activity, Priority, ThreeYearPlan
from csp_consult.plan.three_year import KINDS, plans, priorities_of
from csp_consult.reports.tables import Cell, Column, Table

KIND = "plan-review"
_SAYS = {"for": "Speaks for it", "against": "Speaks against it", "neither": "Points neither way"}


def latest_year(session: Session, district: str, today: date) -> FinancialYear:
    """The last year that has evidence; this one where none has."""
    year = FinancialYear.of(today)
    dated = [one.dated for one in everything(session, district, year) if one.dated <= today]
    return FinancialYear.of(max(dated)) if dated else year


def reviewed_plan(session: Session) -> ThreeYearPlan:
    """The plan under review: the newest that has priorities. Raises NotYetError where there is none."""
    for plan in plans(session):
        if priorities_of(session, plan):
            return plan
    raise NotYetError("There is no three-year plan with priorities yet: begin one under Act, Three-year plan.")


def review(session: Session, district: str, year: FinancialYear, today: date, *, organisation: str) -> Paper:
    """The review of one financial year. Raises NotYetError where there is no plan."""
    plan, known = reviewed_plan(session), taxonomy(session)
    priorities, every = priorities_of(session, plan), everything(session, district, year)
    new: dict[str, list[Evidence]] = {}
    earlier: dict[str, list[Evidence]] = {}
    for one in priorities:
        found = on(one.topic_slug, every, known)
        new[one.slug] = [piece for piece in found if FinancialYear.of(piece.dated) == year]
        earlier[one.slug] = [piece for piece in found if FinancialYear.of(piece.dated) < year]
    acted = [one for one in listed_activities(session) if one.status in {"under way", "done"} and one.approved_on]
    sections = [_section(one, plan, new[one.slug], earlier[one.slug], acted) for one in priorities]
    return Paper(
        kind=KIND,
        title=f"Yearly review of the three-year plan: evidence of {year.title}",
        subtitle=plan.title,
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            Section(
                "summary",
                "What the new evidence says of each priority",
                (Paragraph(_summary(priorities, new)),),
                ((_overview(priorities, new, year), "Counted from the evidence under each priority below."),),
            ),
            *sections,
            Section("actions", "The action plan", *_actions(plan)),
            Section("dates", "The Commissioner’s copy", (Paragraph(dates_said(plan)),)),
            Section("rules", "How evidence was sorted", tuple(map(Paragraph, RULES))),
        ),
        synthetic=any(one.synthetic for told in (new, earlier) for ones in told.values() for one in ones)
        or any(one.synthetic for one in plan.lines)
        or any(one.gap.get("synthetic") for one in acted if {served.slug for served in one.priorities} & new.keys()),
        about={
            "year": str(year),
            "plan": plan.years,
            "earlier": str(FinancialYear(year.first - 1)),
            "earlier_title": FinancialYear(year.first - 1).title,
            "later": str(FinancialYear(year.first + 1)),
            "later_title": FinancialYear(year.first + 1).title,
        },
    )


def verdict(topic: str | None, new: Sequence[Evidence]) -> str:
    """What the new evidence says of a priority, in a few words."""
    said = {one.says for one in new}
    if topic is None:
        return "No figure stands for it"
    if not new:
        return "No new evidence"
    if {"for", "against"} <= said:
        return "Evidence on both sides"
    return "Supported" if "for" in said else "Spoken against" if "against" in said else "Points neither way"


def _summary(priorities: Sequence[Priority], new: dict[str, list[Evidence]]) -> str:
    if not priorities:
        return "The plan has no priorities yet."
    groups: dict[str, list[str]] = {}
    for one in priorities:
        groups.setdefault(verdict(one.topic_slug, new[one.slug]), []).append(one.title)
    order = (
        "Supported",
        "Evidence on both sides",
        "Spoken against",
        "Points neither way",
        "No new evidence",
        "No figure stands for it",
    )
    return " ".join(f"{name}: {words.listing(groups[name])}." for name in order if name in groups)


def _overview(priorities: Sequence[Priority], new: dict[str, list[Evidence]], year: FinancialYear) -> Table:
    rows = []
    for one in priorities:
        counts = Counter(e.says for e in new[one.slug])
        said = verdict(one.topic_slug, new[one.slug])
        numbers = [Cell(words.number(counts[side]), counts[side]) for side in ("for", "against", "neither")]
        rows.append([Cell(one.title, one.slug), Cell(one.group, one.group), *numbers, Cell(said, said)])
    columns = [
        Column("Priority", "priority"),
        Column("Group", "group"),
        Column("For", "for", number=True),
        Column("Against", "against", number=True),
        Column("Neither", "neither", number=True),
        Column("What follows", "verdict"),
    ]
    synthetic = any(one.synthetic for ones in new.values() for one in ones)
    caption = f"Priorities and the evidence of {year.title}"
    return Table("priorities", caption, columns, rows, {"year": str(year)}, synthetic)


def _section(
    priority: Priority,
    plan: ThreeYearPlan,
    new: Sequence[Evidence],
    earlier: Sequence[Evidence],
    acted: Sequence[Activity],
) -> Section:
    said = verdict(priority.topic_slug, new)
    paragraphs = [Paragraph(f"{said}. {_why(priority, new)}")]
    for side in ("for", "against", "neither"):
        paragraphs += [
            Paragraph(
                f"{_SAYS[side]}: {one.text}", f"{one.note} {notes.SYNTHETIC}".strip() if one.synthetic else one.note
            )
            for one in new
            if one.says == side
        ]
    if earlier:
        counts = Counter(one.says for one in earlier)
        paragraphs.append(
            Paragraph(
                f"Evidence of earlier years: {counts['for']} for it, {counts['against']} against it, "
                f"{counts['neither']} neither way.",
                notes.SYNTHETIC * any(one.synthetic for one in earlier),
            )
        )
    paragraphs += _done(priority, acted)
    for line in plan.lines:
        if line.priority_slug == priority.slug and line.kind != "action":
            said = f"{KINDS[line.kind]}: {line.text}{' (synthetic)' * line.synthetic}"
            paragraphs.append(Paragraph(said, line.source or "Written by the partnership."))
    return Section(f"priority-{priority.slug}", f"{priority.group}: {priority.title}", tuple(paragraphs))


def _why(priority: Priority, new: Sequence[Evidence]) -> str:
    if priority.topic_slug is None:
        return "Nothing that is asked or recorded stands for this priority, so no figure can speak for or against it."
    if not new:
        return "Nothing public tells of this year: publish the results of its surveys, or import its record."
    return ""


def _done(priority: Priority, acted: Sequence[Activity]) -> Iterator[Paragraph]:
    for one in acted:
        if priority.slug in {served.slug for served in one.priorities}:
            ends = f" to {words.day(one.ends_on)}" if one.ends_on else ""
            yield Paragraph(
                f"What was done: {one.title}, from {words.day(one.starts_on)}{ends} ({one.status}).",
                f"Communication plan, approved by {one.approved_by}."
                + f" {notes.SYNTHETIC}" * bool(one.gap.get("synthetic")),
            )


def _actions(plan: ThreeYearPlan) -> tuple[tuple[Paragraph, ...], tuple[tuple[Table, str], ...]]:
    table = actions_table(plan)
    if not table.rows:
        return (Paragraph("The plan has no actions yet."),), ()
    unnamed = sum(1 for line in plan.lines if line.kind == "action" and not line.owner)
    said = f"{unnamed} of {len(table.rows)} actions name no owner." if unnamed else "Every action names its owner."
    return (Paragraph(said),), (
        (table, "As the partnership keeps its action plan; what nobody has stated is called not stated."),
    )
