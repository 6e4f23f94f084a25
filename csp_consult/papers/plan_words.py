"""The parts of the three-year plan as papers say them: its dates, and its action lines as a table."""

from csp_consult import words
from csp_consult.plan.models import PlanLine, ThreeYearPlan
from csp_consult.reports.tables import Cell, Column, Table

NOT_STATED = "Not stated"


def dates_said(plan: ThreeYearPlan) -> str:
    """When the Commissioner had a copy and when the plan became final, in words."""
    if plan.copied_on is None:
        return "When the Police and Crime Commissioner was sent a copy of the plan is not on record."
    copied = f"The Police and Crime Commissioner was sent a copy of the plan on {words.day(plan.copied_on)}"
    return (
        f"{copied}, before it became final on {words.day(plan.final_on)}."
        if plan.final_on
        else f"{copied}. It is not final."
    )


def serves(line: PlanLine) -> str:
    """What a line serves, in words."""
    return line.priority.title if line.priority else line.group or "The whole plan"


def actions_table(plan: ThreeYearPlan) -> Table:
    """The action lines with owner, dates, status and grant; what nobody stated says so."""
    rows = [
        [
            Cell(line.text + " (synthetic)" * line.synthetic, line.text),
            Cell(serves(line), line.priority_slug or line.group),
            Cell(line.owner or NOT_STATED, line.owner or None),
            Cell(_when(line), line.starts_on.isoformat() if line.starts_on else None),
            Cell("", line.ends_on.isoformat() if line.ends_on else None),
            Cell(line.status.capitalize() or NOT_STATED, line.status or None),
            Cell(NOT_STATED if line.grant_pounds is None else words.pounds(line.grant_pounds), line.grant_pounds),
            Cell("", line.source or None),
            Cell("", "yes" if line.synthetic else "no"),
        ]
        for line in plan.lines
        if line.kind == "action"
    ]
    columns = [
        Column("Action", "action"),
        Column("Serves", "serves"),
        Column("Owner", "owner"),
        Column("When", "starts_on"),
        Column(None, "ends_on"),
        Column("Status", "status"),
        Column("Grant (OPCC)", "grant_pounds", number=True),
        Column(None, "printed_in"),
        Column(None, "synthetic_line"),
    ]
    about = {"plan": plan.years}
    return Table("actions", "Action plan", columns, rows, about, any(line.synthetic for line in plan.lines))


def _when(line: PlanLine) -> str:
    if line.starts_on and line.ends_on:
        return words.period(line.starts_on, line.ends_on)
    if line.starts_on:
        return f"From {words.day(line.starts_on)}"
    return f"Until {words.day(line.ends_on)}" if line.ends_on else NOT_STATED
