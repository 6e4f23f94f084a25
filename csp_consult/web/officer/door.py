"""What every page of the officers' door shares: the blueprint, its navigation, waves, charts and downloads."""

from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from markupsafe import Markup

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.errors import FindingError
from csp_consult.reports.chart_data import Chart
from csp_consult.reports.rendering import drawn
from csp_consult.reports.tables import Table
from csp_consult.settings import Settings

blueprint = Blueprint("officer", __name__, url_prefix="/officer")

# Where each link leads, its words, and the endpoints on which it counts as the present page.
LINKS = (
    ("officer.home", "Surveys", ("home", "fieldwork", "ranking")),
    ("officer.blend", "All sources", ("blend",)),
    ("officer.gaps", "Gaps", ("gaps", "gap")),
    ("officer.recorded", "The record", ("recorded", "recorded_import", "import_record")),
    ("officer.published", "Published figures", ("published",)),
    ("officer.plan", "Communication plan", ("plan", "new_activity", "activity")),
)


@blueprint.context_processor
def _navigation() -> dict[str, Any]:
    here = (request.endpoint or "").removeprefix("officer.")
    links = [
        {"text": text, "href": url_for(endpoint), "current": here in endpoints} for endpoint, text, endpoints in LINKS
    ]
    return {"officer_links": links}


@blueprint.errorhandler(FindingError)
def _refused(error: FindingError) -> tuple[str, int]:
    return render_template("officer/refused.html", message=str(error)), 404


def base_rules() -> BaseRules:
    """The effective bases under which figures are hidden or marked, as this installation sets them."""
    return BaseRules(_settings().hidden_base, _settings().indicative_base)


def district() -> str:
    """The code of the partnership's district."""
    return _settings().district


def _settings() -> Settings:
    settings: Settings = current_app.extensions["csp_consult_settings"]
    return settings


def wave_called(survey: str, wave: str) -> Wave:
    """The wave of an address, or a 404."""
    try:
        return waves.find(db.session(), f"{survey}/{wave}")
    except waves.WaveError:
        abort(404)


def pictures(chart: Chart | None) -> dict[str, Markup] | None:
    """The chart drawn for phone and desk; None where there is nothing to draw or it could not be drawn."""
    return drawn(chart, Path(current_app.instance_path) / "charts") if chart else None


def download(table: Table) -> Response:
    """The table as a CSV file to keep, with the day it was taken in every row."""
    headers = {"Content-Disposition": f'attachment; filename="{table.file_name}"'}
    text = table.with_about({"exported_on": date.today().isoformat()}).to_csv()
    # The mark at the start tells spreadsheets that the file is UTF-8.
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)
