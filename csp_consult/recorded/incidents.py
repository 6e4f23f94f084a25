"""One recorded incident as every importer sees it, and how its month is read."""

import re
from functools import lru_cache
from typing import NamedTuple

from csp_consult.places.csv_lines import RowError

MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])", re.ASCII)


class Incident(NamedTuple):
    """What is kept of a row, before it is counted and forgotten."""

    period: str
    """Month as ``2018-10``."""
    recorded_by: str
    category: str
    lsoa: str
    """Empty when the row gives none."""
    lsoa_name: str = ""
    """Such as ``Harborough 002A``, where the file tells."""
    district: str = ""
    """Code of the district, where the file tells."""
    point: tuple[float, float] | None = None
    """Longitude and latitude, where the file tells; of police.uk an anonymous map point nearby."""


@lru_cache(maxsize=1024)
def month(text: str) -> str:
    """A month as ``2018-10``. Raises RowError otherwise."""
    if not MONTH.fullmatch(text):
        raise RowError("the month is not written as 2018-10", text)
    return text
