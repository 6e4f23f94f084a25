"""The communication plan: its list, an activity made from a gap, and an activity looked after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.findings.errors import FindingError
from csp_consult.places.models import Area
from csp_consult.plan import activities
from csp_consult.plan.activities import ActivityDetails, ActivityError, Fault
from csp_consult.plan.in_step import standings
from csp_consult.plan.models import STATUSES, Activity
from csp_consult.reports.plan_calendar import by_month, to_ics
from csp_consult.reports.plan_table import plan_table
from csp_consult.reports.workbook import to_xlsx
from csp_consult.web.dates import PARTS, DateError, read_date, typed_date
from csp_consult.web.officer.door import base_rules, download
from csp_consult.web.officer.gaps import GapAddress, gap_at, wave_id_of

_DATES = {"starts_on": "first day", "ends_on": "last day"}
_VIEWS = {"list": "List", "board": "By status", "calendar": "By month"}
_AREA_KINDS = ("district", "beat", "ward", "parish")


@dataclass(frozen=True)
class Typed:
    """What a form was sent with: the details it makes, what could not be read, and what the page shows again."""

    details: ActivityDetails
    faults: list[Fault]
    dates: dict[str, dict[str, str]]


def plan() -> str:
    """Every activity of the communication plan: as a list, by status, or by month."""
    listed = activities.listed(db.session())
    standing = standings(db.session(), listed, rules=base_rules())
    view = request.args.get("view", "list")
    return render_template(
        "officer/plan.html",
        view=view if view in _VIEWS else "list",
        views=_VIEWS,
        activities=listed,
        area_names=_area_names(),
        out_of_step={number for number, stands in standing.items() if stands.needs_attention},
        board=[(status, [one for one in listed if one.status == status]) for status in STATUSES],
        months=by_month(listed),
        synthetic=_synthetic(listed),
    )


def plan_csv() -> Response:
    """The communication plan as a file."""
    return download(plan_table(activities.listed(db.session()), _area_names()))


def plan_xlsx() -> Response:
    """The communication plan as a workbook."""
    table = plan_table(activities.listed(db.session()), _area_names())
    name = table.file_name.removesuffix(".csv") + ".xlsx"
    return _file(to_xlsx(table), name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def plan_ics() -> Response:
    """The communication plan as a calendar file."""
    text = to_ics(activities.listed(db.session()), _area_names(), date.today())
    return _file(text.encode(), "communication-plan.ics", "text/calendar; charset=utf-8")


def new_activity() -> str | WerkzeugResponse:
    """Make an activity from the gap that the address names."""
    session, today = db.session(), date.today()
    address = GapAddress.read(request.args)
    gap = gap_at(session, address)
    if not activities.bears_activity(gap):
        raise FindingError(f"No activity can be aimed at this gap. {gap.verdict}")
    audience, channel = (_line(request.args, name) for name in ("audience", "channel"))
    typed = _unchanged(activities.suggested(gap, today, audience=audience, channel=channel))
    faults: Sequence[Fault] = ()
    if request.method == "POST":
        typed = _read(request.form)
        try:
            _refuse_unreadable(typed)
            activity = activities.create(session, gap, wave_id_of(session, gap), typed.details, today)
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
    found = session.get(Activity, activity_id)
    if found is None:
        abort(404)
    typed = _unchanged(activities.details_of(found))
    faults: Sequence[Fault] = ()
    if request.method == "POST":
        typed = _read(request.form)
        try:
            _refuse_unreadable(typed)
            activities.change(session, found, typed.details, today)
            session.commit()
        except ActivityError as error:
            faults = error.faults
        else:
            flash(f"“{found.title}” is saved.", "success")
            return redirect(url_for(".activity", activity_id=found.id))
    return _form_page(typed, faults, gap=found.gap, back=url_for(".plan"), stored=found)


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
        areas=[(area.code, f"{area.name} ({area.kind})") for area in ordered],
        statuses=[{"code": status, "text": status.capitalize()} for status in STATUSES],
        gap=gap,
        back=back,
        standing=standings(db.session(), [stored], rules=base_rules())[stored.id] if stored else None,
        synthetic=bool(gap["synthetic"]),
    )


def _read(form: Mapping[str, str]) -> Typed:
    faults: list[Fault] = []
    read: dict[str, date | None] = {}
    for field, what in _DATES.items():
        try:
            read[field] = read_date(form, field, what)
        except DateError as error:
            faults.append(Fault(field, str(error)))
            read[field] = None
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
    )
    dates = {field: {part: form.get(f"{field}-{part}", "") for part in PARTS} for field in _DATES}
    return Typed(details, faults, dates)


def _refuse_unreadable(typed: Typed) -> None:
    """Raise with every fault at once when a date could not be read; what can be read is judged by the plan."""
    if not typed.faults:
        return
    unread = {fault.field_id for fault in typed.faults}
    judged = activities.faults(db.session(), typed.details, date.today())
    raise ActivityError([*(fault for fault in judged if fault.field_id not in unread), *typed.faults])


def _unchanged(details: ActivityDetails) -> Typed:
    return Typed(details, [], {field: typed_date(getattr(details, field)) for field in _DATES})


def _line(form: Mapping[str, str], field: str) -> str:
    return " ".join(form.get(field, "").split())


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _area_names() -> dict[str, str]:
    return dict(db.session().execute(select(Area.code, Area.name)).all())


def _synthetic(listed: Sequence[Activity]) -> str | None:
    if any(activity.gap["synthetic"] for activity in listed):
        return "Activities marked synthetic are aimed at gaps that rest on responses nobody gave."
    return None
