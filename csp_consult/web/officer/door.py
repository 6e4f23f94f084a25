"""What the pages of the officers' door share: settings, waves, charts and downloads."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response, abort, current_app, g, request

from csp_consult import words
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.row_files import RowFileError, read_rows
from csp_consult.findings.base_rules import BaseRules
from csp_consult.reports.chart_data import Chart
from csp_consult.reports.rendering import Drawing, drawn
from csp_consult.reports.tables import Table
from csp_consult.reports.workbook import to_xlsx
from csp_consult.settings import current_settings
from csp_consult.version import code_version
from csp_consult.web.files import file_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def chart_folder() -> Path:
    """Where drawings are kept."""
    return Path(current_app.instance_path) / "charts"


def pictures(chart: Chart | None) -> Drawing | None:
    """The chart drawn for phone and desk; None where there is nothing to draw or it could not be drawn."""
    return drawn(chart, chart_folder()) if chart else None


def download(*tables: Table) -> Response:
    """Tables as a file to keep, in the form that the address ends in, with the day they were taken.

    A CSV file holds one table alone: that which the address names (``table=``), else the first, which is the one the
    page is about. A workbook or JSON holds all, that one before the others.
    """
    taken = {"exported_on": date.today().isoformat(), "code_version": code_version()}
    named = request.args.get("table", tables[0].id)
    ordered = sorted(tables, key=lambda table: table.id != named)
    first, *others = [table.with_about(taken) for table in ordered]
    ending = g.get("file_kind", "csv")
    if ending == "xlsx":
        return file_response(to_xlsx(first, *others), f"{first.file_name}.xlsx", XLSX)
    if ending == "json":
        documents = [table.document() for table in (first, *others)]
        text = json.dumps({"tables": documents}, ensure_ascii=False, indent=1)
        return file_response(text.encode(), f"{first.file_name}.json", "application/json")
    # The mark at the start tells spreadsheets that the file is UTF-8.
    return file_response(("\ufeff" + first.to_csv()).encode(), f"{first.file_name}.csv", "text/csv; charset=utf-8")


def citation(table: Table) -> str:
    """How to cite what a page shows: whose, what, where, when, and marks of the figures and of the code behind them."""
    told = f"{current_settings().partnership}: {table.caption}"
    synthetic = " (synthetic)" if table.synthetic else ""
    versions = f"Figures {table.mark}, code {code_version()}"
    return f"{told}{synthetic}. {request.url}. Read on {words.day(date.today())}. {versions}."


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
