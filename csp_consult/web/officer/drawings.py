"""Charts as files, and for a browser to draw: of any page, by the key that their drawing is kept under."""

from flask import Response, abort, jsonify, request

from csp_consult.jobs import JobError
from csp_consult.reports import rendering
from csp_consult.reports.chart_data import Chart
from csp_consult.web.chart_files import chart_file
from csp_consult.web.officer.door import chart_folder

_GONE = "This drawing is no longer kept. Open its page again, and it is drawn anew."
_NOT_DRAWN = (
    "The chart could not be drawn just now. Try again in a minute; the table on its page holds the same figures."
)


def drawing_svg(key: str) -> Response:
    """The chart as a picture that can be scaled and edited."""
    svg = rendering.svg_file(key, chart_folder()) or abort(404, _GONE)
    return chart_file(svg.encode(), _chart(key), "svg")


def drawing_png(key: str) -> Response:
    """The chart as a picture for a document or a slide."""
    chart = _chart(key)
    try:
        return chart_file(rendering.png_file(chart), chart, "png")
    except JobError:
        abort(503, _NOT_DRAWN)


def drawing_json(key: str) -> Response:
    """The chart for the page's own script; no export, so that no trail is kept of it."""
    try:
        return jsonify(rendering.lively(_chart(key), "narrow" if request.args.get("size") == "narrow" else "wide"))
    except JobError:
        abort(503, _NOT_DRAWN)


def _chart(key: str) -> Chart:
    return rendering.kept_chart(key, chart_folder()) or abort(404, _GONE)
