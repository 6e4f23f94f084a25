"""What stretch of months a printed period means: ``Apr-Dec 2022``, ``rolling 12m to Sept 2022``, ``2021/22``."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_APRIL: Final = 3


@dataclass(frozen=True)
class Window:
    """Whole months in a row."""

    start: int
    """Months since January of the year 0."""
    months: int

    @property
    def end(self) -> int:
        """The last month."""
        return self.start + self.months - 1

    @property
    def season(self) -> tuple[int, int]:
        """Month of the year it starts in and its length: equal for windows that may be compared."""
        return self.start % 12, self.months


def window(text: str) -> Window | None:
    """The months of a printed period; None where it is not understood, so that nothing is concluded from it.

    Understood are months (``Sept 2022``, ``2022-09``), ranges (``Apr-Dec 2022``, ``2022-04 to 2022-12``), years
    (``2022``, ``2021/22`` from April), their quarters (``Q2 2022/23``), twelve months to a month (``rolling 12m to``,
    ``year ending``) and the financial year to date (``YTD to Dec 2022``).
    """
    plain = re.sub(r"\(.*?\)", "", text.lower()).replace("–", "-").replace("—", "-").strip()
    for pattern, read in _FORMS:
        if (match := re.search(pattern, plain)) is not None:
            return read(match)
    return None


def _at(month: str, year: str) -> int:
    return int(year) * 12 + _MONTHS.index(month)


def _number(year: str, month: str) -> int:
    return int(year) * 12 + int(month) - 1


def _between(start: int, end: int) -> Window | None:
    return Window(start, end - start + 1) if end >= start else None


def _to_date(match: re.Match[str]) -> Window:
    end = _at(match[1], match[2])
    return Window(end - (end - _APRIL) % 12, (end - _APRIL) % 12 + 1)


_FORMS: Final[tuple[tuple[str, Callable[[re.Match[str]], Window | None]], ...]] = (
    (
        r"(\d{4})-(0[1-9]|1[0-2]) to (\d{4})-(0[1-9]|1[0-2])",
        lambda m: _between(_number(m[1], m[2]), _number(m[3], m[4])),
    ),
    (r"^(\d{4})-(0[1-9]|1[0-2])$", lambda m: Window(_number(m[1], m[2]), 1)),
    (r"q(?:uarter|tr)?\s*([1-4])\s+(\d{4})/\d{2}", lambda m: Window(_at("apr", m[2]) + 3 * (int(m[1]) - 1), 3)),
    (
        rf"(?:12\s*m|twelve m|year (?:ending|ended|to\b(?! date))).*?{_MONTH}\s+(\d{{4}})",
        lambda m: Window(_at(m[1], m[2]) - 11, 12),
    ),
    (rf"(?:ytd|year to date).*?{_MONTH}\s+(\d{{4}})", _to_date),
    (rf"{_MONTH}\s+(\d{{4}})\s*(?:-|to)\s*{_MONTH}\s+(\d{{4}})", lambda m: _between(_at(m[1], m[2]), _at(m[3], m[4]))),
    (rf"{_MONTH}\s*(?:-|to)\s*{_MONTH}\s+(\d{{4}})", lambda m: _between(_at(m[1], m[3]), _at(m[2], m[3]))),
    (r"^(\d{4})/\d{2}$", lambda m: Window(_at("apr", m[1]), 12)),
    (rf"^{_MONTH}\s+(\d{{4}})", lambda m: Window(_at(m[1], m[2]), 1)),
    (r"^(\d{4})$", lambda m: Window(_at("jan", m[1]), 12)),
)
