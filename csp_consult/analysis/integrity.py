"""Can the printed figure be right? Rules that hold a report's figures against their own bases, parts and periods.

Numbers are kept as printed, since how many decimals were printed says how far a figure may be rounded.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from csp_consult.analysis.printed_periods import Window, window

LARGEST_BASE_TRIED: Final = 100_000
LARGE_FALL_OF_BASE: Final = Fraction(2, 5)
"""A base that fell by this much or more is worth a sentence."""


@dataclass(frozen=True)
class PrintedFigure:
    """One figure as a report prints it; None or empty where something is not printed."""

    id: str
    text: str = ""
    value: Decimal | None = None
    unit: str = ""
    """A percentage starts with ``%``, a rate has ``per ``; anything else is a count."""
    base: int | None = None
    """How many answers, or incidents, a percentage is of."""
    previous: Decimal | None = None
    previous_base: int | None = None
    change_pct: Decimal | None = None
    change_abs: Decimal | None = None
    direction: str = ""
    period: str = ""
    previous_period: str = ""
    as_at: str = ""
    wave: str = ""
    previous_wave: str = ""
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    """Percentages of one whole: of ``value`` where that is a count, else of ``base``."""
    part_of: str = ""
    """The figure that this one is a part of."""
    complete: bool = False
    """Whether the parts listed of this figure are all there are."""
    beside: str = ""
    """A figure that it is set beside, as if the two could be compared."""
    weighted: bool = False
    """Whether the source says that its percentages are weighted: they then need not be counts."""

    @property
    def is_percentage(self) -> bool:
        """Whether the value is a percentage."""
        return self.unit.startswith("%")

    @property
    def is_count(self) -> bool:
        """Whether the value counts things: neither a percentage, nor a rate, nor broken."""
        return not self.is_percentage and "per " not in self.unit and self.value is not None and self.value % 1 == 0


@dataclass(frozen=True)
class Fault:
    """One thing that cannot be, or cannot be read as printed."""

    figure: str
    rule: str
    message: str


def check(figures: Sequence[PrintedFigure]) -> list[Fault]:
    """All faults of the figures, figure by figure in the order given."""
    faults = [
        Fault(figure.id, rule, message) for figure in figures for rule, find in _RULES for message in find(figure)
    ]
    faults += [fault for find in _RULES_BETWEEN for fault in find(figures)]
    place = {figure.id: i for i, figure in enumerate(figures)}
    return sorted(faults, key=lambda fault: place[fault.figure])


def is_possible(printed: Decimal, base: int) -> bool:
    """Whether some whole number of ``base`` rounds to the percentage as printed (a half may go either way)."""
    return not math.ceil(_of(printed, base, -1)) > math.floor(_of(printed, base, 1))


def smallest_base(printed: Sequence[Decimal]) -> int | None:
    """The smallest base on which all the percentages are possible; None if there is none to 100,000."""
    return next(
        (base for base in range(1, LARGEST_BASE_TRIED + 1) if all(is_possible(share, base) for share in printed)), None
    )


def _of(printed: Decimal, base: int, side: int) -> Fraction:
    return (Fraction(printed) + side * _half_unit(printed)) * base / 100


def _half_unit(printed: Decimal) -> Fraction:
    exponent = printed.as_tuple().exponent
    return Fraction(1, 2) * Fraction(10) ** (exponent if isinstance(exponent, int) else 0)


def _impossible_percentages(figure: PrintedFigure) -> Iterator[str]:
    if figure.is_percentage:
        yield from _impossible("", figure.value, figure.base, figure.weighted)
        yield from _impossible("the earlier figure: ", figure.previous, figure.previous_base, figure.weighted)
    base = _base_of_shares(figure)
    wrong = [name for name, share in figure.shares.items() if any(_impossible("", share, base, figure.weighted))]
    for name in wrong:
        yield from _impossible(f"{name}: ", figure.shares[name], base, figure.weighted)
    if len(wrong) > 1 and (fits := smallest_base(list(figure.shares.values()))) is not None:
        yield f"the smallest base on which all these shares are possible is {fits}."


def _impossible(whose: str, printed: Decimal | None, base: int | None, weighted: bool) -> Iterator[str]:
    if printed is None:
        return
    if not 0 <= printed <= 100:
        yield f"{whose}{printed}% is not a share: it must be from 0 to 100."
    elif base and not weighted and not is_possible(printed, base):
        below = math.floor(Fraction(printed) * base / 100)
        decimals = max(0, -int(printed.as_tuple().exponent))
        near = " and ".join(f"{k} is {100 * k / base:.{decimals}f}%" for k in (below, below + 1))
        yield f"{whose}{printed}% of {base} is not possible, unless it is weighted or of fewer answers: {near}."


def _shares_beyond_the_whole(figure: PrintedFigure) -> Iterator[str]:
    total = sum(figure.shares.values(), Decimal(0))
    # Each share may have been rounded up by half of its last decimal.
    if Fraction(total) - sum(_half_unit(share) for share in figure.shares.values()) > 100:
        yield f"the shares add to {total}%, more than the whole."


def _missing_base(figure: PrintedFigure) -> Iterator[str]:
    if figure.is_percentage and figure.value is not None and figure.base is None:
        yield f"{figure.value}% is printed without its base, so nobody can say how sure it is."


def _wrong_change(figure: PrintedFigure) -> Iterator[str]:
    if figure.value is None:
        return
    previous = figure.previous
    if previous is None and figure.change_abs is not None and not figure.is_percentage:
        previous = figure.value - figure.change_abs
    if previous is None:
        return
    now, then = _reach(figure.value, figure), _reach(previous, figure)
    points = now[0] - then[1], now[1] - then[0]
    if figure.change_abs is not None and not _meets(figure.change_abs, *points):
        change = figure.value - previous
        yield f"from {previous} to {figure.value} is a change of {change:+}, not {figure.change_abs:+}."
    if figure.change_pct is None or then[0] <= 0:
        return
    relative = 100 * (now[0] / then[1] - 1), 100 * (now[1] / then[0] - 1)
    if not (_meets(figure.change_pct, *relative) or (figure.is_percentage and _meets(figure.change_pct, *points))):
        right = 100 * (float(figure.value) / float(previous) - 1)
        yield f"from {previous} to {figure.value} is a change of {right:+.1f}%, not {figure.change_pct:+}%."


def _reach(printed: Decimal, figure: PrintedFigure) -> tuple[Fraction, Fraction]:
    # A count is exact; a rate or a percentage may be off by half of its last decimal.
    half = Fraction(0) if figure.is_count else _half_unit(printed)
    return Fraction(printed) - half, Fraction(printed) + half


def _meets(printed: Decimal, lowest: Fraction, highest: Fraction) -> bool:
    half = _half_unit(printed)
    return lowest <= Fraction(printed) + half and Fraction(printed) - half <= highest


_FALL: Final = r"(?:decrease|reduction|fall|drop|decline)"
_FELL: Final = r"(?:decreased?|reduction|reduced|fall|fallen|fell|drop|dropped|decline|declined|down)"
_DOUBLE_SIGN: Final = (
    re.compile(rf"(?<![\w%.])[-−–]\s?\d[\d.,]*\s?(?:%|per ?cent)?\s+{_FALL}", re.IGNORECASE),
    re.compile(rf"\b{_FELL}\s+(?:of|by)\s+[-−–]\s?\d[\d.,]*\s?(?:%|per ?cent)?", re.IGNORECASE),
)
_DOWN: Final = re.compile(r"\b(down|decreas\w*|fall\w*|fell|drop\w*|lower|reduc\w*)", re.IGNORECASE)
_UP: Final = re.compile(r"\b(up|increas\w*|ris\w*|rose|higher)\b", re.IGNORECASE)


def _double_sign(figure: PrintedFigure) -> Iterator[str]:
    for pattern in _DOUBLE_SIGN:
        if (match := pattern.search(figure.text)) is not None:
            yield f"“{match[0]}” says the fall twice: a decrease of a negative number is a rise."


def _wrong_direction(figure: PrintedFigure) -> Iterator[str]:
    change = figure.change_pct if figure.change_pct is not None else figure.change_abs
    if change is None and figure.value is not None and figure.previous is not None:
        change = figure.value - figure.previous
    down, up = _DOWN.search(figure.direction), _UP.search(figure.direction)
    if not change or bool(down) == bool(up):
        return
    if (change > 0) == bool(down):
        yield f"the direction is printed as “{figure.direction}”, but the change is {change:+}."


def _unequal_periods(figure: PrintedFigure) -> Iterator[str]:
    now, before = window(figure.period), window(figure.previous_period)
    as_at = window(figure.as_at)
    if as_at is not None and now is not None and as_at.end < now.end:
        yield (
            f"{figure.period} was not over at {figure.as_at}: part of a period is set against a whole one."
            if figure.previous is not None or figure.change_pct is not None
            else f"{figure.period} was not over at {figure.as_at}: the figure is of part of it."
        )
    elif now is not None and before is not None:
        yield from _differing(now, before, figure.period, figure.previous_period)


def _differing(first: Window, second: Window, first_text: str, second_text: str) -> Iterator[str]:
    if first.months != second.months:
        yield (
            f"{first_text} has {first.months} months and {second_text} has {second.months}: "
            "part of a year is set against more of one."
        )
    elif first.season != second.season:
        yield f"{first_text} and {second_text} are different times of year, so the season alone may differ."


def _not_the_earlier_wave(figure: PrintedFigure) -> Iterator[str]:
    waves, compared = _years(figure.previous_wave), _years(figure.previous_period)
    if waves and compared and not waves & compared:
        yield (
            f"it is compared with {figure.previous_period}, but the survey's earlier wave is of "
            f"{figure.previous_wave}: name the source of the earlier figure."
        )


def _years(text: str) -> set[str]:
    return set(re.findall(r"\b(?:19|20)\d\d\b", text))


def _base_of_shares(figure: PrintedFigure) -> int | None:
    if figure.is_count and figure.value is not None:
        return int(figure.value)
    return figure.base


def _parts_against_totals(figures: Sequence[PrintedFigure]) -> Iterator[Fault]:
    for whole in figures:
        parts = [figure for figure in figures if figure.part_of == whole.id]
        counted = [part.value for part in parts if part.value is not None and part.is_count]
        if counted and whole.value is not None and whole.is_count:
            yield from _sums("its parts add", sum(counted, Decimal(0)), whole.value, whole, len(counted) == len(parts))
        bases = [part.base for part in parts if part.base is not None]
        if bases and whole.base is not None:
            yield from _sums(
                "the bases of its parts add", Decimal(sum(bases)), Decimal(whole.base), whole, len(bases) == len(parts)
            )


def _sums(what: str, total: Decimal, printed: Decimal, whole: PrintedFigure, all_known: bool) -> Iterator[Fault]:
    if total > printed or (whole.complete and all_known and total != printed):
        yield Fault(whole.id, "parts against total", f"{what} to {total}, but {printed} is printed.")


def _windows_side_by_side(figures: Sequence[PrintedFigure]) -> Iterator[Fault]:
    by_id = {figure.id: figure for figure in figures}
    for figure in figures:
        other = by_id.get(figure.beside)
        if other is None:
            continue
        first, second = window(figure.period), window(other.period)
        if first is not None and second is not None and first != second:
            message = f"{figure.period} is set beside {other.period} ({other.id}): the two cover different months."
            yield Fault(figure.id, "different periods side by side", message)


def _fallen_bases(figures: Sequence[PrintedFigure]) -> Iterator[Fault]:
    said: set[tuple[str, int, int]] = set()
    for figure in figures:
        if not figure.base or not figure.previous_base or figure.base >= figure.previous_base:
            continue
        fall = 1 - Fraction(figure.base, figure.previous_base)
        key = (figure.wave, figure.previous_base, figure.base)
        if fall >= LARGE_FALL_OF_BASE and key not in said:
            said.add(key)
            message = (
                f"the base fell from {figure.previous_base} to {figure.base}, by {100 * float(fall):.1f}%: "
                "say so wherever the two are compared."
            )
            yield Fault(figure.id, "base fell", message)


_RULES: Final[tuple[tuple[str, Callable[[PrintedFigure], Iterator[str]]], ...]] = (
    ("impossible percentage", _impossible_percentages),
    ("shares beyond the whole", _shares_beyond_the_whole),
    ("missing base", _missing_base),
    ("wrong change", _wrong_change),
    ("double sign", _double_sign),
    ("wrong direction", _wrong_direction),
    ("unequal periods", _unequal_periods),
    ("not the earlier wave", _not_the_earlier_wave),
)
_RULES_BETWEEN: Final[tuple[Callable[[Sequence[PrintedFigure]], Iterator[Fault]], ...]] = (
    _parts_against_totals,
    _windows_side_by_side,
    _fallen_bases,
)
