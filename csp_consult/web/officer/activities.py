"""One activity of the communication plan: made from a gap, looked after, approved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.findings.errors import FindingError
from csp_consult.findings.phrasing import age_words
from csp_consult.places.bands import ADULT_BANDS
from csp_consult.places.models import Area
from csp_consult.plan import activities
from csp_consult.plan.activities import ActivityDetails, ActivityError, Fault
from csp_consult.plan.evaluation import Outcome, outcome
from csp_consult.plan.in_step import standings
from csp_consult.plan.models import ENGAGEMENT_TYPES, STATUSES, Activity, Priority
from csp_consult.reports.evaluation_table import evaluation_table
from csp_consult.typed_dates import PARTS, DateError, read_date, typed_date
from csp_consult.web.officer.door import base_rules, download
from csp_consult.web.officer.gaps import GapAddress, gap_at, wave_id_of

_DATES = {"starts_on": "first day", "ends_on": "last day"}
_AREA_KINDS = ("district", "beat", "ward", "parish")
_ENGAGEMENT_HINTS = {
    "broadcast": "The partnership tells: a leaflet, a post, a notice",
    "conversation": "Both sides speak: a drop-in, a meeting, a reply",
    "visible action": "People see something done: a patrol, a clean-up",
}


@dataclass(frozen=True)
class Typed:
    """What a form was sent with: the details it makes, what could not be read, and what the page shows again."""

    details: ActivityDetails
    faults: list[Fault]
    dates: dict[str, dict[str, str]]
    cost: str


def new_activity() -> str | WerkzeugResponse:
    """Make an activity from the gap that the address names."""
    session, today = db.session(), date.today()
    address = GapAddress.read(request.args)
    gap = gap_at(session, address)
    if not activities.bears_activity(gap):
        raise FindingError(f"No activity can be aimed at this gap. {gap.verdict}")
    audience, age, channel = (_line(request.args, name) for name in ("audience", "age", "channel"))
    served = activities.priorities(session)
    typed = _unchanged(activities.suggested(gap, today, audience=audience, age=age, channel=channel, priorities=served))
    faults: Sequence[Fault] = ()
    if request.method == "POST":
        typed = _read(request.form)
        try:
            _refuse_unreadable(typed)
            activity = activities.create(
                session, gap, wave_id_of(session, gap), typed.details, today, rules=base_rules()
            )
            session.commit()
        except ActivityError as error:
            faults = error.faults
        else:
            flash(f"“{activity.title}” is in the communication plan.", "success")
            return redirect(url_for(".activity", activity_id=activity.id))
    return _form_page(typed, faults, gap=activities.snapshot(gap), back=url_for(".gap", **address.arguments()))


def activity(activity_id: int) -> str | WerkzeugResponse:
    """Look after an activity: read it, change it."""
    session, today = db.session(), date.today()
    found = session.get(Activity, activity_id) or abort(404)
    typed = _unchanged(activities.details_of(found))
    faults: Sequence[Fault] = ()
    if request.method == "POST":
        typed = _read(request.form)
        try:
            _refuse_unreadable(typed)
            activities.change(session, found, typed.details, today, rules=base_rules())
            session.commit()
        except ActivityError as error:
            faults = error.faults
        else:
            flash(f"“{found.title}” is saved.", "success")
            return redirect(url_for(".activity", activity_id=found.id))
    return _form_page(typed, faults, gap=found.gap, back=url_for(".plan"), stored=found)


def approval(activity_id: int) -> str | WerkzeugResponse:
    """Record which role has approved an activity as it stands."""
    session = db.session()
    found = session.get(Activity, activity_id) or abort(404)
    role, faults = _line(request.form, "role"), list[Fault]()
    if request.method == "POST":
        try:
            activities.approve(session, found, role, date.today())
            session.commit()
        except ActivityError as error:
            faults = list(error.faults)
        else:
            flash(f"“{found.title}” is approved by {role}.", "success")
            return redirect(url_for(".activity", activity_id=found.id))
    return render_template(
        "officer/approval.html",
        activity=found,
        role=role,
        errors=faults,
        back=url_for(".activity", activity_id=found.id),
        synthetic=bool(found.gap["synthetic"]),
    )


def evaluation(activity_id: int) -> str:
    """What the next wave shows of an activity, beside what was frozen when it started."""
    found, shown = _outcome(activity_id)
    return render_template(
        "officer/evaluation.html",
        activity=found,
        outcome=shown,
        table=evaluation_table(shown) if shown.frozen else None,
        back=url_for(".activity", activity_id=found.id),
        synthetic=bool(found.gap["synthetic"]),
    )


def evaluation_csv(activity_id: int) -> Response:
    """The figures of the evaluation as a file; a 404 where nothing was frozen."""
    _, shown = _outcome(activity_id)
    return download(evaluation_table(shown)) if shown.frozen else abort(404)


def _outcome(activity_id: int) -> tuple[Activity, Outcome]:
    session = db.session()
    found = session.get(Activity, activity_id) or abort(404)
    return found, outcome(session, found, date.today(), rules=base_rules())


def _form_page(
    typed: Typed,
    faults: Sequence[Fault],
    *,
    gap: Mapping[str, object],
    back: str,
    stored: Activity | None = None,
) -> str:
    areas = db.session().scalars(select(Area).where(Area.kind.in_(_AREA_KINDS), Area.valid_to.is_(None))).all()
    ordered = sorted(areas, key=lambda area: (_AREA_KINDS.index(area.kind), area.name))
    return render_template(
        "officer/activity.html",
        activity=stored,
        details=typed.details,
        dates=typed.dates,
        errors=faults,
        error_of={fault.field_id: fault.message for fault in faults},
        cost=typed.cost,
        ages=[("", "Every age"), *((band, age_words(band) or band) for band in ADULT_BANDS)],
        engagement_types=[
            {"code": kind, "text": kind.capitalize(), "hint": _ENGAGEMENT_HINTS[kind]} for kind in ENGAGEMENT_TYPES
        ],
        priorities=_by_group(activities.priorities(db.session())),
        areas=[(area.code, f"{area.name} ({area.kind})") for area in ordered],
        statuses=[{"code": status, "text": status.capitalize()} for status in STATUSES],
        gap=gap,
        back=back,
        standing=standings(db.session(), [stored], rules=base_rules())[stored.id] if stored else None,
        synthetic=bool(gap["synthetic"]),
    )


def _read(form: MultiDict[str, str]) -> Typed:
    faults: list[Fault] = []
    read: dict[str, date | None] = {}
    for field, what in _DATES.items():
        try:
            read[field] = read_date(form, field, what)
        except DateError as error:
            faults.append(Fault(field, str(error)))
            read[field] = None
    cost = None
    try:
        cost = _cost(form)
    except ValueError as error:
        faults.append(Fault("cost", str(error)))
    details = ActivityDetails(
        title=_line(form, "title"),
        audience=_line(form, "audience"),
        area_code=form.get("area_code", ""),
        message=form.get("message", "").strip(),
        channel=_line(form, "channel"),
        engagement=form.get("engagement", "").strip(),
        owner=_line(form, "owner"),
        starts_on=read["starts_on"],
        ends_on=read["ends_on"],
        status=form.get("status", "planned"),
        audience_age=form.get("audience_age", ""),
        engagement_type=form.get("engagement_type", "broadcast"),
        partner=_line(form, "partner"),
        cost=cost,
        priorities=tuple(form.getlist("priorities")),
    )
    dates = {field: {part: form.get(f"{field}-{part}", "") for part in PARTS} for field in _DATES}
    return Typed(details, faults, dates, form.get("cost", ""))


def _refuse_unreadable(typed: Typed) -> None:
    """Raise with every fault at once when a date could not be read; what can be read is judged by the plan."""
    if not typed.faults:
        return
    unread = {fault.field_id for fault in typed.faults}
    judged = activities.faults(db.session(), typed.details, date.today())
    raise ActivityError([*(fault for fault in judged if fault.field_id not in unread), *typed.faults])


def _unchanged(details: ActivityDetails) -> Typed:
    dates = {field: typed_date(getattr(details, field)) for field in _DATES}
    return Typed(details, [], dates, "" if details.cost is None else str(details.cost))


def _by_group(served: Sequence[Priority]) -> list[tuple[str, list[dict[str, str]]]]:
    """The priorities under the headings of their groups, as the boxes of a form take them."""
    grouped = groupby(served, key=lambda one: one.group)
    return [(group, [{"code": one.slug, "text": one.title} for one in ones]) for group, ones in grouped]


def _cost(form: Mapping[str, str]) -> int | None:
    """Whole pounds, however they were typed; None where nothing was. Raises ValueError."""
    typed = form.get("cost", "").strip().removeprefix("£").replace(",", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(activities.LARGEST_COST))):
        raise ValueError("Enter the cost in whole pounds, for example 250, or leave it empty")
    return int(typed)


def _line(form: Mapping[str, str], field: str) -> str:
    return " ".join(form.get(field, "").split())
