"""The map: wards as their boundaries draw them, shaded by one figure. A specification, as in ``charts``."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from csp_consult.reports.chart_parts import INK, SMALL, TOTAL, Data, Row, Size, Spec, finished

PALE: Final = "#e6f0f0"
_HEIGHT: dict[Size, int] = {"narrow": 300, "wide": 620}


def ward_map(data: Data, size: Size) -> Spec:
    """Wards shaded from pale (low) to dark (high), each with its figure written on it where there is room.

    ``data``: ``rows`` (a GeoJSON ``geometry`` in plane coordinates, ``x`` and ``y`` of its middle, ``value`` or None,
    ``label``), ``axis`` (title), ``title``, ``subtitle``, ``synthetic``. A ward without a figure is white.
    """
    width = TOTAL[size] - 20
    rows = list(data["rows"])
    ends = [row["value"] for row in rows if row["value"] is not None]
    layers = _shapes(rows, ends, data["axis"]["title"], width)
    if size == "wide":
        layers.append(_figures(rows, ends))
    drawn = alt.layer(*layers, width=width, height=_HEIGHT[size]).project(type="identity", reflectY=True)
    return finished(drawn.resolve_scale(color="independent"), data, size)


def _shapes(rows: Sequence[Row], ends: Sequence[float], title: str, width: int) -> list[alt.Chart]:
    """The wards that have a figure, shaded; under them the outlines of those that have none."""
    shade = alt.Color(
        "properties.value:Q",
        scale=alt.Scale(domain=[min(ends), max(ends)], range=[PALE, INK]),
        legend=alt.Legend(title=title, orient="bottom", gradientLength=min(width - 40, 300)),
    )
    unknown, known = ([row for row in rows if (row["value"] is not None) == told] for told in (False, True))
    outlines = _outlines(unknown).mark_geoshape(fill="white", stroke="#0b0c0c", strokeWidth=1)
    shaded = _outlines(known).mark_geoshape(stroke="#0b0c0c", strokeWidth=1).encode(color=shade)
    return [outlines, shaded] if unknown else [shaded]


def _outlines(rows: Sequence[Row]) -> alt.Chart:
    features = [{"type": "Feature", "geometry": row["geometry"], "properties": {"value": row["value"]}} for row in rows]
    collection = {"type": "FeatureCollection", "features": features}
    return alt.Chart(alt.InlineData(collection, format={"property": "features"}))


def _figures(rows: Sequence[Row], ends: Sequence[float]) -> alt.Chart:
    """Each ward's figure at its middle, white on the dark half of the shades."""
    middle = (min(ends) + max(ends)) / 2
    points = [
        {
            "x": row["x"],
            "y": row["y"],
            "label": row["label"],
            "ink": "white" if row["value"] is not None and row["value"] > middle else "black",
        }
        for row in rows
    ]
    figures: alt.Chart = (
        alt.Chart(alt.InlineData(points))
        .mark_text(fontSize=SMALL, fontWeight="bold")
        .encode(longitude="x:Q", latitude="y:Q", text="label:N", color=alt.Color("ink:N", scale=None))
    )
    return figures
