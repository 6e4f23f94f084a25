"""Which areas a point lies in, by their boundaries: our own allocation, beside the best fit of others' lookups."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, TypeAlias

Ring: TypeAlias = Sequence[Sequence[float]]
"""Corners as (longitude, latitude); the last is the first again."""
_STEPS: Final = 24
"""Points along the longer side of a shape when it is spread over others: some 200 to 600 fall inside it."""


@dataclass(frozen=True)
class _Shape:
    code: str
    polygons: Sequence[Sequence[Ring]]
    """Each an outer ring and the holes in it."""
    box: tuple[float, float, float, float]

    def holds(self, x: float, y: float) -> bool:
        west, south, east, north = self.box
        if not (west <= x <= east and south <= y <= north):
            return False
        # A hole turns the count back to even, so that rings need not be told apart.
        return sum(_crossings(ring, x, y) for polygon in self.polygons for ring in polygon) % 2 == 1


class Shapes:
    """The shapes of areas, as GeoJSON geometries in longitude and latitude."""

    def __init__(self, geometries: Mapping[str, Mapping[str, Any]]) -> None:
        self._shapes = [_shape(code, geometry) for code, geometry in sorted(geometries.items())]
        # Incidents are put at a few thousand map points, each many times over.
        self.holding: Callable[[float, float], Sequence[str]] = lru_cache(maxsize=4096)(self._holding)
        """The codes of the areas a point lies in: one of each set of boundaries that do not overlap; none outside."""

    def _holding(self, x: float, y: float) -> list[str]:
        return [shape.code for shape in self._shapes if shape.holds(x, y)]

    def nearest_fit(self, geometry: Mapping[str, Any]) -> str | None:
        """The area that holds most of another shape, by points spread evenly over it; None where none holds any.

        The first by code where two hold alike.
        """
        held: dict[str, int] = {}
        for x, y in _spread(_shape("", geometry)):
            for code in self.holding(x, y):
                held[code] = held.get(code, 0) + 1
        return min(held, key=lambda code: (-held[code], code)) if held else None


def _shape(code: str, geometry: Mapping[str, Any]) -> _Shape:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    corners = [corner for polygon in polygons for ring in polygon for corner in ring]
    xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
    return _Shape(code, polygons, (min(xs), min(ys), max(xs), max(ys)))


def _crossings(ring: Ring, x: float, y: float) -> int:
    """How often a line from the point to the east crosses a ring.

    An edge counts its lower end and not its upper, so that a line through a corner crosses once.
    """
    crossed = 0
    for (x0, y0), (x1, y1) in pairwise(ring):
        if (y0 <= y) != (y1 <= y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            crossed += 1
    return crossed


def _spread(shape: _Shape) -> Iterator[tuple[float, float]]:
    """Points inside a shape, on an even grid."""
    west, south, east, north = shape.box
    step = max(east - west, north - south) / _STEPS
    if step <= 0:
        return
    for i in range(int((east - west) / step) + 1):
        for j in range(int((north - south) / step) + 1):
            x, y = west + (i + 0.5) * step, south + (j + 0.5) * step
            if shape.holds(x, y):
                yield x, y
