"""The road collision files of the Department for Transport (STATS19), in the layouts of different years.

One row is one collision with injury. Who was hurt and what took part stand in other files (``stats19_linked``).
"""

import re
from collections.abc import Callable, Mapping, Sequence

from csp_consult.places.csv_lines import FileError, RowError, columns
from csp_consult.recorded.incidents import Incident, month

SOURCE = "stats19"
RECORDED_BY = "Department for Transport"
SEVERITIES: Mapping[str, str] = {
    "1": "Fatal collision",
    "2": "Serious collision",
    "3": "Slight collision",
    "fatal": "Fatal collision",
    "serious": "Serious collision",
    "slight": "Slight collision",
}
CATEGORIES = frozenset(SEVERITIES.values())
MISSING = frozenset({"", "-1", "null", "none", "nan"})
# One idea, and what the column was called in one year or another.
DATE = ("date",)
SEVERITY = ("collision_severity", "accident_severity")
LSOA = ("lsoa_of_accident_location", "lsoa_of_collision_location")
DISTRICT = ("local_authority_ons_district",)
INDEX = ("collision_index", "accident_index")
MARKS = frozenset({*SEVERITY, *LSOA})
DAY_FIRST = re.compile(r"(\d{2})[/-](\d{2})[/-](\d{4})", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
LSOA_CODE = re.compile(r"[A-Z]\d{8}", re.ASCII)


def reads(header: Sequence[str]) -> bool:
    """Whether a file with these columns claims to be a collision file."""
    return bool(MARKS & {name.strip().lower() for name in header})


def reader(header: tuple[str, ...], note: Callable[[str, Incident], None]) -> Callable[[Sequence[str]], Incident]:
    """How to read a row under this header. Raises FileError when a column that is needed is missing.

    ``note`` is told the index of each collision, where the file has them. The reader raises RowError for a row that
    cannot be used.
    """
    at = columns(header)
    when, how_bad, where = (_place(at, names) for names in (DATE, SEVERITY, LSOA))
    district = next((at[name] for name in DISTRICT if name in at), None)
    index = next((at[name] for name in INDEX if name in at), None)

    def read(values: Sequence[str]) -> Incident:
        category = SEVERITIES.get(values[how_bad].lower())
        if category is None:
            raise RowError("the severity is none of fatal, serious and slight", values[how_bad])
        lsoa = _present(values[where])
        if lsoa and not LSOA_CODE.fullmatch(lsoa):
            raise RowError("the LSOA code is not one", lsoa)
        in_district = _present(values[district]) if district is not None else ""
        incident = Incident(_month(values[when]), RECORDED_BY, category, lsoa, district=in_district)
        if index is not None:
            note(values[index], incident)
        return incident

    return read


def _place(at: Mapping[str, int], names: Sequence[str]) -> int:
    for name in names:
        if name in at:
            return at[name]
    raise FileError(f"The file lacks the column {' or '.join(names)}, which a STATS19 collision file has.")


def _present(value: str) -> str:
    return "" if value.lower() in MISSING else value


def _month(text: str) -> str:
    if match := DAY_FIRST.fullmatch(text):
        return month(f"{match[3]}-{match[2]}")
    if match := YEAR_FIRST.fullmatch(text):
        return month(f"{match[1]}-{match[2]}")
    raise RowError("the date is not written as 31/12/2022", text)
