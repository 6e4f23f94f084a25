"""The street-level files of data.police.uk: one row an incident, at an approximate map point.

Rows are never compared with one another: anti-social behaviour carries no identifier, and rows alike in every
column are separate incidents.
"""

import re
from collections.abc import Callable, Sequence

from csp_consult.places.csv_lines import FileError, RowError, columns, printable
from csp_consult.recorded.incidents import Incident, month

SOURCE = "police_uk"
NEEDED = ("month", "reported by", "lsoa code", "lsoa name", "crime type")
KNOWN = frozenset(
    {
        *NEEDED,
        "crime id",
        "falls within",
        "longitude",
        "latitude",
        "location",
        "last outcome category",
        "context",
    }
)
CATEGORIES = frozenset(
    {
        "Anti-social behaviour",
        "Bicycle theft",
        "Burglary",
        "Criminal damage and arson",
        "Drugs",
        "Other crime",
        "Other theft",
        "Possession of weapons",
        "Public order",
        "Robbery",
        "Shoplifting",
        "Theft from the person",
        "Vehicle crime",
        "Violence and sexual offences",
        # In files of before May 2013 only:
        "Public disorder and weapons",
        "Violent crime",
    }
)
LSOA = re.compile(r"[A-Z]\d{8}", re.ASCII)
NAME_LIMIT = 80


def reads(header: Sequence[str]) -> bool:
    """Whether a file with these columns claims to be a street-level file."""
    return "crime type" in {name.strip().lower() for name in header}


def reader(header: tuple[str, ...]) -> Callable[[Sequence[str]], Incident]:
    """How to read a row under this header. Raises FileError when a column is missing or unknown.

    The reader raises RowError for a row that cannot be used.
    """
    at = columns(header)
    missing = [name for name in NEEDED if name not in at]
    if missing:
        raise FileError(f"The file lacks the column {', '.join(missing)}, which a police.uk street file has.")
    unknown = sorted(set(at) - KNOWN)
    if unknown:
        named = printable(", ".join(unknown), 120)
        raise FileError(f"The file has columns no police.uk street file has: {named}. Take them out if they are yours.")
    period, force, code, name, crime_type = (at[column] for column in NEEDED)
    longitude, latitude = at.get("longitude"), at.get("latitude")

    def read(values: Sequence[str]) -> Incident:
        category, lsoa, recorded_by = values[crime_type], values[code], values[force]
        if category not in CATEGORIES:
            raise RowError("the crime type is none police.uk uses", category)
        if lsoa and not LSOA.fullmatch(lsoa):
            raise RowError("the LSOA code is not one", lsoa)
        if not 0 < len(recorded_by) <= NAME_LIMIT:
            raise RowError("the name of the reporting force is missing or too long", recorded_by)
        point = None if longitude is None or latitude is None else _point(values[longitude], values[latitude])
        return Incident(month(values[period]), recorded_by, category, lsoa, values[name], point=point)

    return read


def _point(longitude: str, latitude: str) -> tuple[float, float] | None:
    """The map point; None where there is none that can be read, since the LSOA tells the place as well."""
    try:
        return float(longitude), float(latitude)
    except ValueError:
        return None
