"""Boundaries from outside as GeoJSON: bounded in size, checked to the last corner, never trusted."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from csp_consult.db import Base
from csp_consult.places.csv_lines import FileError, RowError, printable
from csp_consult.places.fields import CENSUS_2011, CENSUS_2021, code, words
from csp_consult.places.models import Area, Boundary

BYTE_LIMIT = 16 * 2**20
FEATURE_LIMIT = 5_000
CORNER_LIMIT = 20_000
"""Corners of one shape. The largest of the district's boundaries holds about 800."""
# Room for England and Wales. It also tells swapped numbers and metres of the National Grid from degrees.
LONGITUDES = (-7.0, 2.0)
LATITUDES = (49.0, 56.0)
DEGREES = re.compile(r"CRS:?84|EPSG:+4326$")
# Areas with no other list than their boundaries, known by how their codes begin and the year of the Census.
CENSUS_KINDS: Mapping[tuple[str, int], tuple[str, date]] = {
    ("E02", 2021): ("msoa21", CENSUS_2021),
    ("E00", 2011): ("oa11", CENSUS_2011),
}


@dataclass(frozen=True)
class BoundaryFile:
    """One file of boundaries of one year."""

    name: str
    vintage: int
    features: tuple[object, ...]

    def records(self, feature: object) -> Iterator[Base]:
        """The boundary a feature stands for, and its area where only boundaries list its kind.

        Raises RowError when the feature is no boundary that can be kept.
        """
        properties = _part(feature, "properties")
        area = code(_text(properties, "code"))
        source = f"boundaries of {self.vintage}, file {self.name}"
        geometry = _shape(_part(feature, "geometry"))
        if (area[:3], self.vintage) in CENSUS_KINDS:
            kind, since = CENSUS_KINDS[area[:3], self.vintage]
            name = words(_text(properties, "name") or area, 120)
            yield Area(code=area, kind=kind, name=name, valid_from=since, source=source)
        yield Boundary(area_code=area, vintage=self.vintage, geometry=geometry, source=source)


def read_boundaries(stream: IO[bytes], name: str) -> BoundaryFile:
    """Read a file of boundaries. Raises FileError when it is none, or too large, or does not say of which year."""
    shown = printable(name, 120)
    text = stream.read(BYTE_LIMIT + 1)
    if len(text) > BYTE_LIMIT:
        raise FileError(f"{shown} is larger than {BYTE_LIMIT // 2**20} MB; simplify the boundaries and try again.")
    try:
        document = json.loads(text.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{shown} is no well-formed JSON; download the GeoJSON file again.") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise FileError(f"{shown} holds no list of features; a GeoJSON FeatureCollection is read here.")
    if len(features) > FEATURE_LIMIT:
        raise FileError(f"{shown} holds more than {FEATURE_LIMIT} boundaries; cut it to the district and try again.")
    if "crs" in document and not _in_degrees(document["crs"]):
        raise FileError(f"{shown} is not in longitude and latitude; save it as WGS84 (EPSG:4326) and try again.")
    return BoundaryFile(shown, _vintage(shown), tuple(features))


def _vintage(name: str) -> int:
    """The year a file name states, as in ``wards_2025`` or ``lsoa21``."""
    if found := re.search(r"(?<!\d)(20\d\d)(?!\d)", name):
        return int(found[1])
    if found := re.search(r"(?:oa|wd|pcon|par|lad)(\d\d)(?!\d)", name.lower()):
        return 2000 + int(found[1])
    raise FileError(f"{name} does not say of which year its boundaries are; put it into its name, as in wards_2025.")


def _in_degrees(reference: object) -> bool:
    """Whether the coordinate reference that older files state is longitude and latitude."""
    match reference:
        case {"properties": {"name": str() as name}}:
            return DEGREES.search(name) is not None
    return False


def _no_number(found: str) -> object:
    raise ValueError(f"{found} is no number in JSON")


def _part(feature: object, name: str) -> Mapping[str, Any]:
    part = feature.get(name) if isinstance(feature, dict) else None
    if not isinstance(part, dict):
        raise RowError(f"the feature has no {name}")
    return part


def _text(properties: Mapping[str, Any], name: str) -> str:
    found = properties.get(name, "")
    if not isinstance(found, str) or not found.isprintable():
        raise RowError(f"the {name} among the properties is no plain text")
    return found.strip()


def _shape(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """A geometry reduced to type and coordinates, every corner checked."""
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise RowError("the shape is neither a Polygon nor a MultiPolygon", kind if isinstance(kind, str) else "")
    coordinates = geometry.get("coordinates")
    polygons = _filled(coordinates if kind == "MultiPolygon" else [coordinates])
    checked = [[_ring(ring) for ring in _filled(polygon)] for polygon in polygons]
    if sum(len(ring) for polygon in checked for ring in polygon) > CORNER_LIMIT:
        raise RowError(f"the shape has more than {CORNER_LIMIT} corners; simplify it")
    return {"type": kind, "coordinates": checked if kind == "MultiPolygon" else checked[0]}


def _filled(part: object) -> list[object]:
    if not isinstance(part, list) or not part:
        raise RowError("the shape has no corners where they belong")
    return part


def _ring(ring: object) -> list[list[float]]:
    corners = [_corner(corner) for corner in _filled(ring)]
    if len(corners) < 4 or corners[0] != corners[-1]:
        raise RowError("a ring of the shape is not closed, or has fewer than four corners")
    return corners


def _corner(corner: object) -> list[float]:
    """Longitude and latitude; a height is left out."""
    match corner:
        case [int() | float() as longitude, int() | float() as latitude, *_] if not (
            isinstance(longitude, bool) or isinstance(latitude, bool)
        ):
            if LONGITUDES[0] <= longitude <= LONGITUDES[1] and LATITUDES[0] <= latitude <= LATITUDES[1]:
                return [longitude, latitude]
            raise RowError(
                "a corner is not a longitude and latitude in England or Wales (metres, or the two swapped?)",
                f"{longitude}, {latitude}",
            )
    raise RowError("a corner of the shape is not made of two numbers")
