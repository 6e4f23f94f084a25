"""Months as ``2018-10`` and calendar quarters as ``2018-Q4``: texts of which each kind sorts as time does."""

import calendar
from collections.abc import Iterator
from datetime import date

from csp_consult import words


def month_of(day: date) -> str:
    """The month a day lies in."""
    return f"{day:%Y-%m}"


def quarter_of(month: str) -> str:
    """The calendar quarter a month lies in."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def is_quarter(period: str) -> bool:
    """Whether the period is a quarter and not a month."""
    return period[5] == "Q"


def months_in(period: str) -> tuple[str, ...]:
    """The months of a period: one, or the three of a quarter."""
    if not is_quarter(period):
        return (period,)
    first = int(period[6]) * 3 - 2
    return tuple(f"{period[:4]}-{month:02d}" for month in range(first, first + 3))


def first_day(period: str) -> date:
    """The first day of a month or quarter."""
    return date.fromisoformat(f"{months_in(period)[0]}-01")


def last_day(period: str) -> date:
    """The last day of a month or quarter."""
    last = first_day(months_in(period)[-1])
    return last.replace(day=calendar.monthrange(last.year, last.month)[1])


def year_before(period: str) -> str:
    """The same month or quarter of the year before."""
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def following(period: str) -> str:
    """The next month, or the next quarter."""
    after = month_of(date.fromordinal(last_day(period).toordinal() + 1))
    return quarter_of(after) if is_quarter(period) else after


def between(start: str, end: str) -> Iterator[str]:
    """Every period from ``start`` to ``end``, both included and of one kind; none when the end lies before."""
    period = start
    while period <= end:
        yield period
        period = following(period)


def in_words(first: str, last: str | None = None) -> str:
    """A period, or the span of two of a kind, in words: ``October 2018``, ``April 2021 to March 2022``."""
    start, end = months_in(first)[0], months_in(last or first)[-1]
    if start == end:
        return words.month(start)
    return f"{words.month(start)} to {words.month(end)}"


def in_short(period: str) -> str:
    """A period as a table names it: ``October 2018``, ``Apr–Jun 2021``."""
    months = [words.month(month) for month in months_in(period)]
    return f"{months[0][:3]}–{months[-1][:3]} {period[:4]}" if is_quarter(period) else months[0]
