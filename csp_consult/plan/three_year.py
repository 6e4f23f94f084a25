"""The three-year plan: its dates, its priorities, and their objectives, measures and actions, looked after by officers.

Every change goes into the audit trail with who made it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork import waves
from csp_consult.people import audit
from csp_consult.plan.activities import Fault
from csp_consult.plan.models import STATUSES, Activity, PlanEvidence, PlanLine, Priority, ThreeYearPlan
from csp_consult.recorded.models import PublishedComparison
from csp_consult.sources.models import PublishedResult
from csp_consult.topics.models import Topic

GROUPS: Final = ("People", "Places", "Property", "Cross-cutting")
KINDS: Final = {"objective": "Objective", "measure": "Measure", "action": "Action"}
EVIDENCE: Final = {
    "topic": "Topics",
    "survey": "Findings of a survey",
    "printed": "Printed results of others' surveys",
    "recorded": "Printed recorded figures",
    "activity": "Activities of the communication plan",
}
"""Kinds of evidence that a line can be linked to, as forms call them."""
LARGEST_GRANT: Final = 10_000_000
_COLUMNS: Final = ("kind", "text", "owner", "starts_on", "ends_on", "status", "grant_pounds")
"""What a line and its details hold alike."""
_LONGEST = {"text": ("what the line says", 500), "owner": ("who is responsible", 200)}


class PlanError(ValueError):
    """The plan cannot be changed so; ``faults`` says why, field by field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class LineDetails:
    """What an officer states of a line."""

    kind: str
    text: str
    serves: str
    """``priority:SLUG``, ``group:NAME``, or empty for the whole plan."""
    owner: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    status: str = ""
    grant_pounds: int | None = None
    evidence: tuple[str, ...] = ()
    """Each as ``kind:reference``."""


def plans(session: Session) -> Sequence[ThreeYearPlan]:
    """Every plan, the newest first."""
    return session.scalars(select(ThreeYearPlan).order_by(ThreeYearPlan.first_year.desc())).all()


def of_years(session: Session, years: str) -> ThreeYearPlan | None:
    """The plan of some years, as ``2023-2026``."""
    return next((plan for plan in plans(session) if plan.years == years), None)


def priorities_of(session: Session, plan: ThreeYearPlan) -> Sequence[Priority]:
    """The priorities of a plan in their order."""
    wanted = select(Priority).where(Priority.plan_id == plan.id).order_by(Priority.position, Priority.slug)
    return session.scalars(wanted).all()


def state_dates(
    session: Session, plan: ThreeYearPlan, *, copied_on: date | None, final_on: date | None, today: date
) -> None:
    """Put on record when the Commissioner had a copy and when the plan became final; the caller commits.

    Raises PlanError where the copy is not dated before the plan is final, or a date is still to come.
    """
    found = []
    if copied_on and copied_on > today:
        found.append(Fault("copied_on", "The copy cannot have been sent after today"))
    if final_on and final_on > today:
        found.append(Fault("final_on", "The plan cannot have become final after today"))
    if final_on and copied_on is None:
        found.append(
            Fault("copied_on", "Say when the Commissioner was sent a copy: that comes before the plan is final")
        )
    if final_on and copied_on and copied_on >= final_on:
        found.append(Fault("copied_on", "The Commissioner’s copy must be dated before the plan is final"))
    if found:
        raise PlanError(found)
    plan.copied_on, plan.final_on = copied_on, final_on
    said = {"copied_on": _day(copied_on), "final_on": _day(final_on)}
    audit.record(session, "plan dates stated", subject=plan.years, detail=said)


def begin(session: Session, title: str, first_year: int | None) -> ThreeYearPlan:
    """Begin a plan for three years; the caller commits. Raises PlanError."""
    found = []
    if not title.strip() or len(title) > 200:
        found.append(Fault("title", "Enter a title of at most 200 characters"))
    if first_year is None or not 2000 <= first_year <= 2100:
        found.append(Fault("first_year", "Enter the year in which it begins, for example 2026"))
    elif any(plan.first_year == first_year for plan in plans(session)):
        found.append(Fault("first_year", f"There is already a plan that begins in {first_year}"))
    if found or first_year is None:
        raise PlanError(found)
    plan = ThreeYearPlan(title=title.strip(), first_year=first_year, last_year=first_year + 3, source="")
    session.add(plan)
    session.flush()
    audit.record(session, "plan begun", subject=plan.years)
    return plan


def save_priority(
    session: Session, plan: ThreeYearPlan, priority: Priority | None, *, title: str, group: str, topic: str
) -> Priority:
    """Add a priority to a plan, or change one; the caller commits. Raises PlanError."""
    found = []
    if not title.strip() or len(title) > 200:
        found.append(Fault("title", "Enter what the priority is called, in at most 200 characters"))
    if group not in GROUPS:
        found.append(Fault("group", "Choose the group that it belongs to"))
    if topic and session.get(Topic, topic) is None:
        found.append(Fault("topic", "Choose a topic from the list"))
    if found:
        raise PlanError(found)
    if priority is None:
        last = max((one.position for one in session.scalars(select(Priority))), default=-1)
        number = sum(1 for _ in priorities_of(session, plan)) + 1
        priority = Priority(slug=f"plan-{plan.first_year}-{number}", position=last + 1, plan_id=plan.id)
        session.add(priority)
    priority.title, priority.group, priority.topic_slug = title.strip(), group, topic or None
    session.flush()
    audit.record(session, "plan priority kept", subject=priority.slug, detail={"title": priority.title})
    return priority


def details_of(line: PlanLine) -> LineDetails:
    """What a line says, as a form shows it."""
    stored = {name: getattr(line, name) for name in _COLUMNS}
    serves = f"priority:{line.priority_slug}" if line.priority_slug else f"group:{line.group}" if line.group else ""
    return LineDetails(**stored, serves=serves, evidence=tuple(f"{one.kind}:{one.reference}" for one in line.evidence))


def save_line(session: Session, plan: ThreeYearPlan, line: PlanLine | None, details: LineDetails) -> PlanLine:
    """Add a line to a plan, or change one; the caller commits. Raises PlanError and changes nothing if it is faulty."""
    found = _line_faults(session, plan, details)
    if found:
        raise PlanError(found)
    if line is None:
        line = PlanLine(position=1 + max((one.position for one in plan.lines), default=0))
        plan.lines.append(line)
    for name in _COLUMNS:
        setattr(line, name, getattr(details, name))
    serves, _, name = details.serves.partition(":")
    line.priority_slug, line.group = (name if serves == "priority" else None), (name if serves == "group" else "")
    line.evidence = [
        PlanEvidence(kind=kind, reference=reference)
        for kind, _, reference in sorted(one.partition(":") for one in dict.fromkeys(details.evidence))
    ]
    session.flush()
    audit.record(session, "plan line kept", subject=f"{plan.years}, line {line.id}", detail={"kind": line.kind})
    return line


def remove_line(session: Session, line: PlanLine) -> None:
    """Take a line out of its plan; the caller commits. What was published of it stays published."""
    audit.record(session, "plan line removed", subject=f"{line.plan.years}, line {line.id}", detail={"was": line.text})
    session.delete(line)
    session.flush()


def choices(session: Session) -> dict[str, dict[str, str]]:
    """Everything that a line can be linked to: by kind, what it is called by its reference."""
    results = session.scalars(select(PublishedResult).order_by(PublishedResult.survey_slug, PublishedResult.position))
    recorded = session.scalars(select(PublishedComparison).order_by(PublishedComparison.position))
    return {
        "topic": dict(session.execute(select(Topic.slug, Topic.title).order_by(Topic.position, Topic.slug)).all()),
        "survey": {wave.key: wave.title for wave in waves.listed(session)},
        "printed": {one.id: f"{one.text} ({one.survey.title})" for one in results},
        "recorded": {one.id: f"{one.text} ({one.source}, {one.period})" for one in recorded},
        "activity": {str(id_): title for id_, title in session.execute(select(Activity.id, Activity.title))},
    }


def linked(line: PlanLine, known: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """The evidence of a line: kind, reference, and what it is called; what is no longer held is left out."""
    return [
        (one.kind, one.reference, known[one.kind][one.reference])
        for one in line.evidence
        if one.reference in known[one.kind]
    ]


def _line_faults(session: Session, plan: ThreeYearPlan, details: LineDetails) -> list[Fault]:
    found = []
    if details.kind not in KINDS:
        found.append(Fault("kind", "Choose whether it is an objective, a measure or an action"))
    for name, (what, length) in _LONGEST.items():
        if len(getattr(details, name)) > length:
            found.append(Fault(name, f"Shorten {what} to {length} characters"))
    if not details.text.strip():
        found.append(Fault("text", "Enter what the line says"))
    serves = {"", *(f"group:{name}" for name in GROUPS)}
    if details.serves not in serves | {f"priority:{one.slug}" for one in priorities_of(session, plan)}:
        found.append(Fault("serves", "Choose what it serves from the list"))
    if details.status not in ("", *STATUSES):
        found.append(Fault("status", "Choose a status from the list"))
    if details.grant_pounds is not None and not 0 <= details.grant_pounds <= LARGEST_GRANT:
        found.append(Fault("grant_pounds", f"Enter a grant from £0 to {words.pounds(LARGEST_GRANT)}"))
    if details.starts_on and details.ends_on and details.ends_on < details.starts_on:
        found.append(Fault("ends_on", "The last day must be the first day or later"))
    known = choices(session)
    parts: list[tuple[str, str, str]] = [one.partition(":") for one in details.evidence]
    if any(reference not in known.get(kind, {}) for kind, _, reference in parts):
        found.append(Fault("evidence", "Choose evidence from the list"))
    return found


def _day(value: date | None) -> Any:
    return value.isoformat() if value else None
