"""What the map is drawn from: gaps of wards and their shapes in, a ``Chart`` out."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from csp_consult import words
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.reports.chart_data import Chart

_DIGITS = 4
"""Decimals of a degree kept: some ten metres."""
Ring = list[list[float]]


def ward_map(wards: Sequence[GapFinding], shapes: Mapping[str, dict[str, Any]]) -> Chart | None:
    """Wards shaded by the balance of what their residents say; None where a ward has no shape, or none a figure."""
    if not wards or any(one.area not in shapes for one in wards):
        return None
    figures = [one.balance.estimate if one.balance else None for one in wards]
    if all(figure is None for figure in figures):
        return None
    plane = _Plane([shapes[one.area] for one in wards])
    rows = [
        {
            **plane.drawn(shapes[one.area]),
            "value": None if figure is None else round(100 * figure, 1),
            "label": "–" if figure is None else words.signed(100 * figure),
        }
        for one, figure in zip(wards, figures, strict=True)
    ]
    title = f"{wards[0].topic_title}: what residents of each ward say"
    data = {
        "rows": rows,
        "axis": {"title": "Say up minus say down, points"},
        "title": title,
        "subtitle": f"{wards[0].wave_title}. Darker: more say that it rose. White: too few answered to show.",
        "synthetic": any(one.synthetic for one in wards),
    }
    return Chart("ward_map", data, f"Map: {title}. The table below holds the same figures.")


class _Plane:
    """Degrees laid out flat: a degree of longitude is drawn as much shorter as it is at the middle latitude."""

    def __init__(self, geometries: Sequence[dict[str, Any]]) -> None:
        latitudes = [corner[1] for one in geometries for ring in _outlines(one) for corner in ring]
        self._narrower = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))

    def drawn(self, geometry: dict[str, Any]) -> dict[str, Any]:
        """The geometry as one MultiPolygon of the plane, and the middle of its largest part."""
        polygons = [[self._flat(ring) for ring in polygon] for polygon in _polygons(geometry)]
        x, y = max((_middle(polygon[0]) for polygon in polygons), key=lambda found: found[0])[1]
        return {"geometry": {"type": "MultiPolygon", "coordinates": polygons}, "x": x, "y": y}

    def _flat(self, ring: Ring) -> Ring:
        return [[round(x * self._narrower, _DIGITS), round(y, _DIGITS)] for x, y in ring]


def _polygons(geometry: dict[str, Any]) -> list[list[Ring]]:
    coordinates = geometry["coordinates"]
    return list(coordinates) if geometry["type"] == "MultiPolygon" else [coordinates]


def _outlines(geometry: dict[str, Any]) -> list[Ring]:
    return [polygon[0] for polygon in _polygons(geometry)]


def _middle(ring: Ring) -> tuple[float, tuple[float, float]]:
    """The area of a ring and its centre of gravity."""
    pieces = [
        (x0 * y1 - x1 * y0, x0 + x1, y0 + y1) for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    doubled = sum(cross for cross, _, _ in pieces)
    if not doubled:
        return 0.0, (ring[0][0], ring[0][1])
    x, y = (sum(piece[0] * piece[axis] for piece in pieces) / (3 * doubled) for axis in (1, 2))
    return abs(doubled) / 2, (round(x, _DIGITS), round(y, _DIGITS))
