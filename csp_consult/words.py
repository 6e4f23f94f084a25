"""Figures and dates in words, in British English: one place, for pages, charts and documents alike."""

import re
from collections.abc import Iterable
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

LOCALE = Locale("en", "GB")
MINUS = "\N{MINUS SIGN}"
_ORDINAL_ENDINGS = {"one": "st", "two": "nd", "few": "rd", "other": "th"}

# Control characters, lone surrogates and what is no character: no person types them, PostgreSQL refuses some of them,
# and XML refuses them, so that one such word would keep a whole workbook or document from being opened.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """A text without what cannot be printed; ends of lines and tabs stay."""
    return _UNPRINTABLE.sub("", text)


def number(value: float, decimals: int = 0) -> str:
    """A number as people write it: ``2,218``; ``1.46`` with two decimals."""
    text = format_decimal(value, format=_pattern(decimals), locale=LOCALE)
    return text.replace("-", MINUS) if set(text) - set("-0.") else text.lstrip("-")


def percent(share: float | None, decimals: int = 0) -> str:
    """A share from 0 to 1 as a percentage: ``41%``; a dash where there is none."""
    if share is None:
        return "–"
    return format_percent(share, format=_pattern(decimals) + "%", locale=LOCALE).replace("-", MINUS)


def as_printed(value: float) -> str:
    """A published figure with the decimals it was printed with and no more: ``77``, ``64.6``, ``2,218``."""
    return format_decimal(value, format="#,##0.##########", locale=LOCALE).replace("-", MINUS)


def ordinal(value: int) -> str:
    """A place in an order: ``1st``, ``22nd``, ``113th``."""
    return f"{value}{_ORDINAL_ENDINGS[LOCALE.ordinal_form(value)]}"


def ranks(best: int, worst: int) -> str:
    """A rank interval: ``2nd to 4th``, or ``1st`` where the data allow only one place."""
    return ordinal(best) if best == worst else f"{ordinal(best)} to {ordinal(worst)}"


def day(value: date, language: str = "en") -> str:
    """A date in words: ``5 December 2022``, ``5 Rhagfyr 2022``."""
    return format_date(value, "d MMMM y", locale=_locale(language))


def period(first: date, last: date) -> str:
    """A period in words, saying month and year once where they are the same: ``1 to 31 December 2022``."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    start = "d" if first.month == last.month else "d MMMM"
    return f"{format_date(first, start, locale=LOCALE)} to {day(last)}"


def month(value: str, language: str = "en") -> str:
    """A month stored as ``2018-10`` in words: ``October 2018``."""
    return format_date(date.fromisoformat(f"{value}-01"), "LLLL y", locale=_locale(language))


def change(percentage: float) -> str:
    """A change in per cent, said as one speaks: ``down 33.4%``, ``up 6.6%``, ``no change``."""
    if percentage == 0:
        return "no change"
    return f"{'up' if percentage > 0 else 'down'} {as_printed(abs(round(percentage, 1)))}%"


def pounds(value: int) -> str:
    """An amount in whole pounds: ``£1,250``."""
    return f"£{number(value)}"


def signed(value: float, decimals: int = 0) -> str:
    """A number with its sign, ``+12`` or ``−4``; a bare zero."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or not set(text) - set("0.") else f"+{text}"


def listing(parts: Iterable[str]) -> str:
    """Texts joined as in a sentence: ``a, b and c``."""
    return format_list(list(parts), locale=LOCALE)


def _locale(language: str) -> Locale:
    return LOCALE if language == "en" else Locale.parse(language, sep="-")


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")
