"""The three-year plan: its priorities with objectives and measures, its action plan, and the Commissioner's copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.papers.plan_review import latest_year
from csp_consult.papers.plan_words import dates_said, serves
from csp_consult.plan import three_year
from csp_consult.plan.activities import Fault
from csp_consult.plan.models import STATUSES, PlanLine, Priority, ThreeYearPlan
from csp_consult.plan.three_year import EVIDENCE, GROUPS, KINDS, LineDetails, PlanError
from csp_consult.topics.models import Topic
from csp_consult.typed_dates import PARTS, DateError, read_date, typed_date
from csp_consult.web.officer.door import district

_DATES = {"starts_on": "first day", "ends_on": "last day"}
_PLAN_DATES = {"copied_on": "day of the copy", "final_on": "day on which it became final"}


def three_year_plan() -> str | Response:
    """The newest plan, or the one the address names. A POST states its dates, or begins a plan."""
    session, today = db.session(), date.today()
    plans = three_year.plans(session)
    given = request.args.get("plan")
    plan = three_year.of_years(session, given) if given else next(iter(plans), None)
    if given and plan is None:
        abort(404)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        try:
            plan = _begun() if request.form.get("then") == "begin" or plan is None else _dated(plan, today)
            db.session.commit()
            return redirect(url_for(".three_year_plan", plan=plan.years))
        except PlanError as error:
            db.session.rollback()
            faults = error.faults
    return render_template(
        "officer/three_year_plan.html",
        plan=plan,
        plans=plans,
        groups=_groups(plan) if plan else [],
        actions=[line for line in plan.lines if line.kind == "action"] if plan else [],
        linked=_linked(plan) if plan else {},
        serves=serves,
        kinds=KINDS,
        dates_said=dates_said(plan) if plan else "",
        dates=_shown_dates(plan),
        year=latest_year(session, district(), today),
        form=request.form,
        errors=faults,
        error_of={fault.field_id: fault.message for fault in faults},
        synthetic=plan is not None and any(line.synthetic for line in plan.lines),
    )


def plan_line(years: str, line_id: int) -> str | Response:
    """One line of the plan, to change; number 0 is a new one."""
    plan = _plan(years)
    line = next((one for one in plan.lines if one.id == line_id), None)
    if line is None and line_id:
        abort(404)
    if request.method == "GET":
        return _show_line(plan, line, _unchanged(line))
    typed = _read()
    try:
        if typed.faults:
            raise PlanError(typed.faults)
        three_year.save_line(db.session(), plan, line, typed.details)
    except PlanError as error:
        db.session.rollback()
        return _show_line(_plan(years), line, typed, error.faults)
    db.session.commit()
    flash("The plan is changed.", "success")
    return redirect(url_for(".three_year_plan", plan=years))


def plan_line_remove(years: str, line_id: int) -> Response:
    """Take a line out of the plan."""
    plan = _plan(years)
    line = next((one for one in plan.lines if one.id == line_id), None) or abort(404)
    three_year.remove_line(db.session(), line)
    db.session.commit()
    flash("The line is taken out. What was published of it stays published.", "success")
    return redirect(url_for(".three_year_plan", plan=years))


def plan_priority(years: str, slug: str) -> str | Response:
    """One priority of the plan, to change; ``new`` is a new one."""
    session, plan = db.session(), _plan(years)
    priority = next((one for one in three_year.priorities_of(session, plan) if one.slug == slug), None)
    if priority is None and slug != "new":
        abort(404)
    form: Mapping[str, str] = request.form or _priority_form(priority)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        try:
            three_year.save_priority(
                session,
                plan,
                priority,
                title=form.get("title", ""),
                group=form.get("group", ""),
                topic=form.get("topic", ""),
            )
            db.session.commit()
            flash("The plan is changed.", "success")
            return redirect(url_for(".three_year_plan", plan=years))
        except PlanError as error:
            db.session.rollback()
            faults = error.faults
    topics = session.query(Topic).order_by(Topic.position, Topic.slug)
    return render_template(
        "officer/plan_priority.html",
        plan=plan,
        slug=slug,
        form=form,
        groups=[{"code": group, "text": group} for group in GROUPS],
        topics=[("", "No topic stands for it"), *((one.slug, one.title) for one in topics)],
        errors=faults,
        error_of={fault.field_id: fault.message for fault in faults},
    )


def _plan(years: str) -> ThreeYearPlan:
    return three_year.of_years(db.session(), years) or abort(404)


def _begun() -> ThreeYearPlan:
    year = request.form.get("first_year", "").strip()
    first = int(year) if year.isascii() and year.isdecimal() and len(year) == len("2026") else None
    plan = three_year.begin(db.session(), request.form.get("title", ""), first)
    flash("The plan is begun. Add its priorities.", "success")
    return plan


def _dated(plan: ThreeYearPlan, today: date) -> ThreeYearPlan:
    read, faults = _read_dates(request.form, _PLAN_DATES)
    if faults:
        raise PlanError(faults)
    three_year.state_dates(db.session(), plan, copied_on=read["copied_on"], final_on=read["final_on"], today=today)
    flash("The dates are on record.", "success")
    return plan


def _read_dates(form: Mapping[str, str], fields: Mapping[str, str]) -> tuple[dict[str, date | None], list[Fault]]:
    read: dict[str, date | None] = {}
    faults = []
    for field, what in fields.items():
        read[field] = None
        try:
            read[field] = read_date(form, field, what)
        except DateError as error:
            faults.append(Fault(field, str(error)))
    return read, faults


def _groups(plan: ThreeYearPlan) -> list[tuple[str, list[PlanLine], list[tuple[Priority, list[PlanLine]]]]]:
    """The groups with the lines of the whole group, and their priorities with theirs."""
    found = []
    priorities = three_year.priorities_of(db.session(), plan)
    for group in GROUPS:
        whole = [line for line in plan.lines if line.group == group and line.kind != "action"]
        own = [
            (one, [line for line in plan.lines if line.priority_slug == one.slug and line.kind != "action"])
            for one in priorities
            if one.group == group
        ]
        found.append((group, whole, own))
    return found


def _linked(plan: ThreeYearPlan) -> dict[int, list[tuple[str, str]]]:
    """By line: the evidence it is linked to, as title and address."""
    known = three_year.choices(db.session())
    return {
        line.id: [(title, _address(kind, reference)) for kind, reference, title in three_year.linked(line, known)]
        for line in plan.lines
    }


def _address(kind: str, reference: str) -> str:
    if kind == "survey":
        survey, _, wave = reference.partition("/")
        return url_for(".ranking", survey=survey, wave=wave)
    if kind == "activity":
        return url_for(".activity", activity_id=int(reference))
    if kind == "topic":
        return url_for(".recorded", topic=reference)
    return url_for(".published")


def _shown_dates(plan: ThreeYearPlan | None) -> dict[str, dict[str, str]]:
    if request.method == "POST" and request.form.get("then") != "begin":
        return {field: {part: request.form.get(f"{field}-{part}", "") for part in PARTS} for field in _PLAN_DATES}
    return {field: typed_date(getattr(plan, field) if plan else None) for field in _PLAN_DATES}


@dataclass(frozen=True)
class _Typed:
    """The form of a line as it was typed."""

    details: LineDetails
    faults: list[Fault]
    dates: dict[str, dict[str, str]]
    grant: str


def _unchanged(line: PlanLine | None) -> _Typed:
    details = (
        three_year.details_of(line)
        if line
        else LineDetails(request.args.get("kind", "objective"), "", request.args.get("serves", ""))
    )
    dates = {field: typed_date(getattr(details, field)) for field in _DATES}
    return _Typed(details, [], dates, "" if details.grant_pounds is None else str(details.grant_pounds))


def _read() -> _Typed:
    form: MultiDict[str, str] = request.form
    read, faults = _read_dates(form, _DATES)
    grant_typed = form.get("grant_pounds", "").strip().removeprefix("£").replace(",", "")
    readable = grant_typed.isascii() and grant_typed.isdecimal() and len(grant_typed) <= len("10000000")
    if grant_typed and not readable:
        faults.append(Fault("grant_pounds", "Enter the grant in whole pounds, for example 1500, or leave it empty"))
    details = LineDetails(
        kind=form.get("kind", ""),
        text=" ".join(form.get("text", "").split()),
        serves=form.get("serves", ""),
        owner=" ".join(form.get("owner", "").split()),
        starts_on=read["starts_on"],
        ends_on=read["ends_on"],
        status=form.get("status", ""),
        grant_pounds=int(grant_typed) if grant_typed and readable else None,
        evidence=tuple(form.getlist("evidence")),
    )
    dates = {field: {part: form.get(f"{field}-{part}", "") for part in PARTS} for field in _DATES}
    return _Typed(details, faults, dates, form.get("grant_pounds", ""))


def _show_line(plan: ThreeYearPlan, line: PlanLine | None, typed: _Typed, faults: tuple[Fault, ...] = ()) -> str:
    session = db.session()
    priorities = three_year.priorities_of(session, plan)
    known = three_year.choices(session)
    return render_template(
        "officer/plan_line.html",
        plan=plan,
        line=line,
        details=typed.details,
        dates=typed.dates,
        grant=typed.grant,
        kinds=[{"code": kind, "text": text} for kind, text in KINDS.items()],
        serves=[
            ("", "The whole plan"),
            *((f"group:{group}", f"{group}, as a whole") for group in GROUPS),
            *((f"priority:{one.slug}", f"{one.group}: {one.title}") for one in priorities),
        ],
        statuses=[("", "Not stated"), *((status, status.capitalize()) for status in STATUSES)],
        evidence=[
            (title, [{"code": f"{kind}:{reference}", "text": text} for reference, text in known[kind].items()])
            for kind, title in EVIDENCE.items()
            if known[kind]
        ],
        errors=faults,
        error_of={fault.field_id: fault.message for fault in faults},
        synthetic=line is not None and line.synthetic,
    )


def _priority_form(priority: Priority | None) -> dict[str, str]:
    if priority is None:
        return {"title": "", "group": request.args.get("group", ""), "topic": ""}
    return {"title": priority.title, "group": priority.group, "topic": priority.topic_slug or ""}
