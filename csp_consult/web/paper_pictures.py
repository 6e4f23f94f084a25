"""The pictures of a paper: for its page drawn by the helper process and kept on disk, and as files to take along."""

from pathlib import Path

from flask import Response, abort, current_app

from csp_consult.jobs import JobError
from csp_consult.papers.contents import Paper, Picture
from csp_consult.reports.chart_data import Chart
from csp_consult.reports.rendering import Drawing, drawn, png_file, svg_file
from csp_consult.web.chart_files import chart_file


def drawings(paper: Paper) -> dict[str, list[Drawing | None]]:
    """By section, its pictures for phone and desk; None for one that could not be drawn: its table stands below."""
    folder = _folder()
    return {section.id: [drawn(_chart(one), folder) for one in section.pictures] for section in paper.sections}


def picture_file(paper: Paper, section: str, number: int, to: str) -> Response:
    """One picture of a section (the first is number 1) as ``svg`` or ``png``; 404 where the paper has no such one.

    It is drawn from what the paper itself holds, so that a file shows no figure that the paper does not. Raises
    JobError where it cannot be drawn.
    """
    found = next((one.pictures for one in paper.sections if one.id == section), ())
    if to not in {"svg", "png"} or not 0 < number <= len(found):
        abort(404)
    chart = _chart(found[number - 1])
    if to == "png":
        return chart_file(png_file(chart), chart, to)
    held = drawn(chart, _folder())
    svg = svg_file(held.key, _folder()) if held else None
    if svg is None:
        raise JobError(f"The chart {chart.kind} could not be drawn.")
    return chart_file(svg.encode(), chart, to)


def _chart(picture: Picture) -> Chart:
    return Chart(picture.kind, dict(picture.data), picture.alt)


def _folder() -> Path:
    return Path(current_app.instance_path) / "charts"
