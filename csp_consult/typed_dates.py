"""A date typed as day, month and year in three fields."""

from collections.abc import Mapping
from datetime import date

PARTS = ("day", "month", "year")


class DateError(ValueError):
    """What was typed is no date; the message says what to do."""


def read_date(form: Mapping[str, str], field: str, what: str) -> date | None:
    """The date in the fields ``field-day``, ``field-month`` and ``field-year``; None where all are empty.

    ``what`` names the date in a message, as in ``first day``. Raises DateError when it cannot be read.
    """
    typed = [form.get(f"{field}-{part}", "").strip() for part in PARTS]
    if not any(typed):
        return None
    if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in typed) or len(typed[2]) != 4:
        raise DateError(f"Enter the {what} in numbers, with a year of four digits, for example 27 3 2027")
    try:
        return date(int(typed[2]), int(typed[1]), int(typed[0]))
    except ValueError as error:
        raise DateError(f"Enter a {what} that is in the calendar") from error


def typed_date(value: date | None) -> dict[str, str]:
    """A date as the three fields show it."""
    if value is None:
        return dict.fromkeys(PARTS, "")
    return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
