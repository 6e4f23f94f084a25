"""The three-year plan as a paper: its priorities with objectives and measures, its action plan, and its dates."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from csp_consult.findings.errors import NotYetError
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.papers.plan_words import actions_table, dates_said
from csp_consult.plan.activities import listed as listed_activities
from csp_consult.plan.models import PlanLine, Priority, ThreeYearPlan
from csp_consult.plan.three_year import GROUPS, KINDS, choices, linked, of_years, priorities_of

KIND = "three-year-plan"


def plan_paper(session: Session, years: str, today: date, *, organisation: str) -> Paper:
    """The plan of some years as it stands. Raises NotYetError where there is none."""
    plan = of_years(session, years)
    if plan is None:
        raise NotYetError(f"There is no three-year plan for {years}.")
    priorities, known = priorities_of(session, plan), choices(session)
    # What nobody has approved yet is not told in public.
    approved = {str(one.id): one.title for one in listed_activities(session) if one.approved_on}
    known = {**known, "activity": approved}
    table = actions_table(plan)
    return Paper(
        kind=KIND,
        title=plan.title,
        subtitle=f"Three-year plan {plan.first_year} to {plan.last_year}",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=(
            *(_group(group, plan, priorities, known) for group in GROUPS),
            Section(
                "actions",
                "Action plan",
                () if table.rows else (Paragraph("The plan has no actions yet."),),
                ((table, plan.source or "As the partnership keeps its action plan."),) if table.rows else (),
            ),
            Section("dates", "The Commissioner’s copy", (Paragraph(dates_said(plan)),)),
        ),
        synthetic=any(line.synthetic for line in plan.lines),
        about={"plan": plan.years},
    )


def _group(
    group: str, plan: ThreeYearPlan, priorities: Sequence[Priority], known: dict[str, dict[str, str]]
) -> Section:
    paragraphs = [_said(line, known) for line in plan.lines if line.group == group and line.kind != "action"]
    for priority in priorities:
        if priority.group == group:
            paragraphs.append(Paragraph(f"Priority: {priority.title}", plan.source))
            paragraphs += _of_priority(priority, plan.lines, known)
    return Section(group.lower(), group, tuple(paragraphs) or (Paragraph("No priority yet."),))


def _of_priority(
    priority: Priority, lines: Sequence[PlanLine], known: dict[str, dict[str, str]]
) -> Iterator[Paragraph]:
    own = [line for line in lines if line.priority_slug == priority.slug and line.kind != "action"]
    for line in own:
        yield _said(line, known)


def _said(line: PlanLine, known: dict[str, dict[str, str]]) -> Paragraph:
    made_up = " (synthetic)" * line.synthetic
    rests = [title for _, _, title in linked(line, known)]
    evidence = f" Held against: {'; '.join(rests)}." if rests else ""
    return Paragraph(
        f"{KINDS[line.kind]}: {line.text}{made_up}", f"{line.source or 'Written by the partnership.'}{evidence}"
    )
