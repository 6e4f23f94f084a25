"""What the helper process does: draw one chart, in both widths, as SVG that can stand inside a page, or as a file.

Nothing here may import Flask or SQLAlchemy: the helper starts faster and stays smaller for it.
"""

import base64
import re
from collections.abc import Callable
from typing import Any, get_args

import vl_convert

from csp_consult.reports import charts, small_multiples, time_charts
from csp_consult.reports.chart_parts import Data, Size, Spec
from csp_consult.reports.maps import ward_map
from csp_consult.reports.typology_chart import typology

CHARTS: dict[str, Callable[[Data, Size], Spec]] = {
    "ranking": charts.ranking,
    "gap": charts.gap,
    "perception_against_record": charts.perception_against_record,
    "fieldwork": charts.fieldwork,
    "blend": charts.blend,
    "series": time_charts.series,
    "trend": time_charts.trend,
    "typology": typology,
    "small_multiples": small_multiples.small_multiples,
    "ward_map": ward_map,
}
"""Everything that can be drawn, by its kind."""
# Leftovers of the drawing library that mean nothing inside one named image, or would be read as half a name.
_LEFTOVERS = re.compile(r' (?:class|role|aria-[a-z]+|pointer-events|xmlns:xlink|version)="[^"<>]*"')
_SHARPER = 2
"""A picture file has so many pixels for each of the drawing, so that it prints well."""


def draw(kind: str, data: dict[str, Any]) -> dict[str, str]:
    """The chart as SVG text under ``narrow`` and ``wide``. Raises KeyError for a kind that does not exist."""
    return {
        size: _LEFTOVERS.sub("", vl_convert.vegalite_to_svg(CHARTS[kind](data, size), allowed_base_urls=[]))
        for size in get_args(Size)
    }


def lively(kind: str, data: dict[str, Any], size: Size) -> dict[str, Any]:
    """The chart as a Vega specification, which a browser can draw and let a reader point at."""
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(CHARTS[kind](data, size))
    return compiled


def picture(kind: str, data: dict[str, Any]) -> str:
    """The wide chart as a PNG file, in base 64."""
    png = vl_convert.vegalite_to_png(CHARTS[kind](data, "wide"), scale=_SHARPER, allowed_base_urls=[])
    return base64.b64encode(png).decode()
