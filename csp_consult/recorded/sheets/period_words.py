"""Months and quarters as people write them: ``Apr-21``, ``Q1 2021/22``, ``Jan to Mar 2022``."""

import re
from functools import lru_cache
from typing import Literal

from csp_consult.places.csv_lines import RowError
from csp_consult.recorded.periods import quarter_of

Quarters = Literal["financial", "calendar"]
"""What Q1 of one year (``Q1 2021``) begins with: April, or January. ``Q1 2021/22`` says it by itself."""

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?(?: 00:00:00)?")
_BRITISH = re.compile(r"(?:(\d\d?)/)?(\d\d?)/((?:19|20)\d\d)")
_TWO_YEARS = re.compile(r"\b(?:fy\s*)?(?:20)?(\d\d)\s*[/-]\s*(?:20)?(\d\d)\b")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b|(?<=[a-z .'-])(\d\d)$")
_QUARTER = re.compile(r"\b(?:q|qtr|quarter)\s*([1-4])\b")
_MONTH = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?=\b|[-'.]?\d)"
)
_REST = re.compile(r"[\s()\[\],.:'’‘-]|\b(?:to|of|fy|year|financial|the)\b")


@lru_cache(maxsize=4096)
def read_period(text: str, quarters: Quarters = "financial") -> str:
    """A month as ``2021-04`` or a calendar quarter as ``2021-Q2``. Raises RowError where the text names neither."""
    plain = " ".join(text.lower().replace("–", "-").replace("—", "-").replace("_", " ").split())
    if match := _ISO.fullmatch(plain):
        return _date(match[1], match[2], match[3], text)
    if match := _BRITISH.fullmatch(plain):
        return _date(match[3], match[2], match[1], text)
    return _Words(plain, text).period(quarters)


def names_period(text: str) -> bool:
    """Whether the text names a month or quarter with its year."""
    try:
        read_period(text)
    except RowError:
        return False
    return True


def _date(year: str, month: str, day: str | None, text: str) -> str:
    """The month of a date that stands for it: its first or one of its last days."""
    if not 1 <= int(month) <= 12:
        raise RowError("the month or quarter cannot be read", text)
    if day is not None and 1 < int(day) < 28:
        raise RowError("a day within a month, where a month or quarter is needed", text)
    return f"{year}-{int(month):02d}"


class _Words:
    """A period in words, taken apart."""

    def __init__(self, plain: str, text: str) -> None:
        self._text = text
        rest = plain
        self._years, rest = self._two_years(rest)
        self._quarter, rest = self._one(_QUARTER, rest)
        found = [_NAMES.index(match[1][:3]) + 1 for match in _MONTH.finditer(rest)]
        self._months, rest = found, _MONTH.sub(" ", rest)
        self._year: int | None = None
        if self._years is None and (match := _YEAR.search(rest)):
            if match[2] and not found:
                # Two figures alone are a year only after a month: "Apr-21", never "Q1 21".
                raise self._unread()
            self._year, rest = int(match[1] or f"20{match[2]}"), rest[: match.start()] + rest[match.end() :]
        if _REST.sub("", rest):
            raise self._unread()

    def period(self, quarters: Quarters) -> str:
        if self._quarter is None and not self._months:
            named = self._years is not None or self._year is not None
            raise RowError("a whole year, where a month or quarter is needed", self._text) if named else self._unread()
        if self._years is None and self._year is None:
            raise RowError("the month or quarter does not say of which year", self._text)
        if self._quarter is not None:
            return self._of_quarter(int(self._quarter), quarters)
        first, last = self._months[0], self._months[-1]
        start = f"{self._year_of(first)}-{first:02d}"
        if len(self._months) == 1:
            return start
        if len(self._months) == 2 and first % 3 == 1 and last == first + 2:
            return quarter_of(start)
        raise RowError("the months are no calendar quarter", self._text)

    def _of_quarter(self, number: int, quarters: Quarters) -> str:
        financial = self._years is not None or quarters == "financial"
        if self._year is not None and self._months:
            # "Q1 Apr-Jun 2021" says which: the year is that of its months.
            financial = self._months[0] == number * 3 % 12 + 1
            start = self._year
        else:
            start = self._years if self._years is not None else self._year or 0
            start += financial and number == 4
        month = number * 3 % 12 + 1 if financial else number * 3 - 2
        if self._months and self._months != [month, month + 2]:
            raise RowError("the months are not those of the quarter named beside them", self._text)
        return quarter_of(f"{start}-{month:02d}")

    def _year_of(self, month: int) -> int:
        if self._years is not None:
            return self._years + (month < 4)
        return self._year or 0

    def _two_years(self, rest: str) -> tuple[int | None, str]:
        """The year in which a financial year (``2021/22``) begins, and the text without it."""
        match = _TWO_YEARS.search(rest)
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            return None, rest
        return 2000 + int(match[1]), rest[: match.start()] + " " + rest[match.end() :]

    def _one(self, pattern: re.Pattern[str], rest: str) -> tuple[str | None, str]:
        match = pattern.search(rest)
        return (match[1], rest[: match.start()] + " " + rest[match.end() :]) if match else (None, rest)

    def _unread(self) -> RowError:
        return RowError("the month or quarter cannot be read", self._text)
