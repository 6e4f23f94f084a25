"""What every layout is made of: how a field is read, and what a row is read against."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from csp_consult.db import Base
from csp_consult.places.csv_lines import FileError, RowError

CENSUS_2011 = date(2011, 3, 27)
CENSUS_2021 = date(2021, 3, 21)
CODE = re.compile(r"[A-Z0-9]{2,12}")
FILE_DATES: Mapping[str, date] = {
    "mid2019": date(2019, 6, 30),
    "mid2020": date(2020, 6, 30),
    "census2021": CENSUS_2021,
}


class OutsideDistrict(Exception):  # noqa: N818 - no error: the row is sound and speaks of somewhere else
    """The row speaks of another district."""


@dataclass(frozen=True)
class Context:
    """What a row is read against."""

    district: str
    file_name: str
    wards: frozenset[str]
    """Codes of the district's wards known before this file; empty when none are."""
    parishes: frozenset[str]
    """Codes of the parishes known before this file, past ones too; empty when none are."""
    beats: frozenset[str]
    """Codes of the police neighbourhoods known before this file; empty when none are."""

    @property
    def as_at(self) -> date:
        """The date of a population file that states it in its name alone."""
        for mark, day in FILE_DATES.items():
            if mark in self.file_name:
                return day
        raise FileError(
            f"{self.file_name} does not say of when its figures are; put one of {', '.join(FILE_DATES)} into its name."
        )


Reader = Callable[[Mapping[str, str], Context], Iterator[Base]]


@dataclass(frozen=True)
class Layout:
    """One kind of file: the columns that give it away, and how a row of it is read."""

    title: str
    columns: frozenset[str]
    read: Reader
    order: int
    """Files are read in this order, so that areas stand before what refers to them."""
    defines: bool = False
    """True where an area already known takes what the file says; other files only fill what is not known of it."""
    adds: bool = False
    """True where several rows make up one figure."""


def code(text: str) -> str:
    """An area code. Raises RowError when it is none."""
    if not CODE.fullmatch(text):
        raise RowError("an area code is missing or not one", text)
    return text


def whole_number(text: str) -> int:
    """A count, also when a spreadsheet printed it as ``1829.0``. Raises RowError otherwise."""
    match = re.fullmatch(r"(\d{1,9})(\.0+)?", text, re.ASCII)
    if not match:
        raise RowError("a number of persons is missing or not a whole number", text)
    return int(match[1])


def day(text: str) -> date:
    """A date as ``2020-06-30``. Raises RowError otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RowError("a date is not written as 2020-06-30", text) from error


def one_of(text: str, allowed: frozenset[str], what: str) -> str:
    """``text`` if it is allowed. Raises RowError otherwise."""
    if text not in allowed:
        raise RowError(f"the {what} is none of {', '.join(sorted(allowed))}", text)
    return text


def words(text: str, limit: int = 300) -> str:
    """A text that is neither empty nor longer than its column. Raises RowError otherwise."""
    if not 0 < len(text) <= limit:
        raise RowError(f"a text is missing or longer than {limit} characters", text)
    return text
