"""Cells of a row that says what somebody printed: each is read as it stands, and an empty one stays unknown."""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from csp_consult.places.csv_lines import RowError

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]*", re.ASCII)
_LARGEST: Final = 1e9
_FIGURES: Final = ("value", "previous_value")


def check_cells(row: Mapping[str, str], *, needed: Sequence[str], limits: Mapping[str, int]) -> None:
    """Hold a row to what must be there and how long it may be. Raises RowError."""
    for column, limit in limits.items():
        if len(row[column]) > limit:
            raise RowError(f"{column} is longer than {limit} characters", row[column])
    if missing := [column for column in needed if not row[column]]:
        raise RowError(f"{missing[0]} is empty")
    if not _NAME.fullmatch(row["id"]):
        raise RowError("an id is made of small letters, figures, dots, dashes and underscores", row["id"])


def one_of(row: Mapping[str, str], column: str, choices: Collection[str]) -> str:
    """A cell that must be one of few. Raises RowError."""
    if row[column] not in choices:
        raise RowError(f"the {column} is none of {', '.join(choices)}", row[column])
    return row[column]


def known_topic(slug: str, topics: Collection[str]) -> str | None:
    """The topic named; None where none is. Raises RowError for one that is not known."""
    if slug and slug not in topics:
        raise RowError("no topic has that name", slug)
    return slug or None


def known_area(row: Mapping[str, str], areas: Collection[str], district: str) -> str:
    """The area of the row, by default the district. Raises RowError for one that is not known."""
    if (area := row["area_code"] or district) not in areas:
        raise RowError("no area has that code", area)
    return area


def printed_number(row: Mapping[str, str], column: str) -> float | None:
    """The number as printed; None where none was. Raises RowError."""
    if not row[column]:
        return None
    try:
        found = float(row[column])
    except ValueError:
        found = math.nan
    if not abs(found) <= _LARGEST:
        raise RowError(f"{column} is not a number, as 33.4 or -33.4", row[column])
    return found


def check_share(kind: str, numbers: Mapping[str, float | None]) -> None:
    """A share, now and before, is a percentage. Raises RowError."""
    if kind == "share" and any((figure := numbers[one]) is not None and not 0 <= figure <= 100 for one in _FIGURES):
        raise RowError("a share is from 0 to 100 per cent", str(numbers["value"]))
