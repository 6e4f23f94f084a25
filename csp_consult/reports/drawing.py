"""What the helper process does: draw one chart, in both widths, as SVG that can stand inside a page.

Nothing here may import Flask or SQLAlchemy: the helper starts faster and stays smaller for it.
"""

import re
from typing import Any

import vl_convert

from csp_consult.reports.charts import CHARTS, Size
from csp_consult.reports.maps import ward_map

DRAWN = {**CHARTS, "ward_map": ward_map}
"""Everything that can be drawn, by its kind."""
SIZES: tuple[Size, ...] = ("narrow", "wide")
# Leftovers of the drawing library that mean nothing inside one named image, or would be read as half a name.
_LEFTOVERS = re.compile(r' (?:class|role|aria-[a-z]+|pointer-events|xmlns:xlink|version)="[^"<>]*"')


def draw(kind: str, data: dict[str, Any]) -> dict[str, str]:
    """The chart as SVG text under ``narrow`` and ``wide``. Raises KeyError for a kind that does not exist."""
    return {
        size: _LEFTOVERS.sub("", vl_convert.vegalite_to_svg(DRAWN[kind](data, size), allowed_base_urls=[]))
        for size in SIZES
    }
