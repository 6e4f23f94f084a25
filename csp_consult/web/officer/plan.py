"""The communication plan: as a list, by status, by month, and as files."""

from collections.abc import Sequence
from datetime import date

from flask import Response, render_template, request
from sqlalchemy import select

from csp_consult.db import db
from csp_consult.places.models import Area
from csp_consult.plan import activities
from csp_consult.plan.in_step import standings
from csp_consult.plan.models import STATUSES, Activity
from csp_consult.reports.plan_calendar import by_month, to_ics
from csp_consult.reports.plan_document import plan_document
from csp_consult.reports.plan_table import plan_table
from csp_consult.web.files import file_response
from csp_consult.web.officer.door import base_rules, download

_VIEWS = {"list": "List", "board": "By status", "calendar": "By month"}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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


def plan_docx() -> Response:
    """The communication plan as a document for a meeting."""
    listed, today = activities.listed(db.session()), date.today()
    name = f"{'synthetic-' if _synthetic(listed) else ''}communication-plan.docx"
    return file_response(plan_document(listed, _area_names(), today), name, _WORD)


def plan_ics() -> Response:
    """The communication plan as a calendar file."""
    text = to_ics(activities.listed(db.session()), _area_names(), date.today())
    return file_response(text.encode(), "communication-plan.ics", "text/calendar")


def _area_names() -> dict[str, str]:
    return dict(db.session().execute(select(Area.code, Area.name)).all())


def _synthetic(listed: Sequence[Activity]) -> str | None:
    if any(activity.gap["synthetic"] for activity in listed):
        return "Activities marked synthetic are aimed at gaps that rest on responses nobody gave."
    return None
