"""Months as ``2018-10``: text that sorts as time does."""

from collections.abc import Iterator
from datetime import date


def month_of(day: date) -> str:
    """The month a day lies in."""
    return f"{day:%Y-%m}"


def first_day(period: str) -> date:
    """The first day of a month."""
    return date.fromisoformat(f"{period}-01")


def months_between(start: str, end: str) -> Iterator[str]:
    """Every month from ``start`` to ``end``, both included; none when the end lies before the start."""
    year, month = int(start[:4]), int(start[5:])
    while (period := f"{year:04d}-{month:02d}") <= end:
        yield period
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
