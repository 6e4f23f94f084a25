"""What the pages of the officers' door share: settings, waves, charts and downloads."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response, abort, current_app, request
from markupsafe import Markup

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.row_files import RowFileError, read_rows
from csp_consult.findings.base_rules import BaseRules
from csp_consult.reports.chart_data import Chart
from csp_consult.reports.rendering import drawn
from csp_consult.reports.tables import Table
from csp_consult.settings import current_settings


def base_rules() -> BaseRules:
    """The effective bases under which figures are hidden or marked, as this installation sets them."""
    return BaseRules(current_settings().hidden_base, current_settings().indicative_base)


def district() -> str:
    """The code of the partnership's district."""
    return current_settings().district


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


def uploaded_rows(field: str) -> list[dict[str, str]]:
    """The rows of a spreadsheet that was sent. Raises RowFileError."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        raise RowFileError("Choose a file first.")
    with TemporaryDirectory() as folder:
        # Named by us: only the ending of what it was called is used, to tell CSV from Excel.
        path = Path(folder) / f"list{Path(sent.filename).suffix.lower()[:6]}"
        sent.save(path)
        return list(read_rows(path))
