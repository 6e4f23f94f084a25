"""A chart as a file to take along, drawn for a page of officers or of the public."""

from typing import Final

from flask import Response

from csp_consult.reports.chart_data import Chart
from csp_consult.web.files import file_response

TYPES: Final = {"svg": "image/svg+xml", "png": "image/png"}


def chart_file(content: bytes, chart: Chart, to: str) -> Response:
    """The chart as ``svg`` or ``png``; its name says what it is, and that it is synthetic where it is."""
    name = f"{'synthetic-' if chart.data['synthetic'] else ''}{chart.kind.replace('_', '-')}.{to}"
    return file_response(content, name, TYPES[to])
