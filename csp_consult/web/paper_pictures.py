"""The pictures of a paper for its page, drawn by the helper process and kept on disk."""

from pathlib import Path

from flask import current_app

from csp_consult.papers.contents import Paper
from csp_consult.reports.chart_data import Chart
from csp_consult.reports.rendering import Drawing, drawn


def drawings(paper: Paper) -> dict[str, list[Drawing]]:
    """By section, its pictures for phone and desk; one that could not be drawn is left out: its table stands below."""
    folder = Path(current_app.instance_path) / "charts"
    found: dict[str, list[Drawing]] = {}
    for section in paper.sections:
        made = [drawn(Chart(one.kind, dict(one.data), one.alt), folder) for one in section.pictures]
        found[section.id] = [one for one in made if one]
    return found
