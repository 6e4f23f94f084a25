"""How a record moved between two equal periods, and how sure the counts make us of it.

The counts of the months are taken as quasi-Poisson: their spread about "this year's level times this month's
usual share" is measured, and every interval is widened by it (McCullagh and Nelder 1989, section 6.2).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from csp_consult.analysis.figures import FloatArray

SMALL_COUNT: Final = 10
"""Under this the normal approximation is not used: the exact binomial takes its place."""
FEW_MONTHS: Final = 12
"""Under this many months a series' own spread is too uncertain: neighbouring series are pooled with it."""
_Z: Final = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class Change:
    """How a recorded figure moved from one period to an equal one.

    Percentages are per cent (-33.4), the balance is -1 to 1. None means that the figure has no such number;
    ``note`` then says why in plain words.
    """

    before: int | None
    """Count of the earlier period; None where only the change was published."""
    after: int | None
    change_pct: float | None
    """None where nothing was recorded before, since a percentage of nothing has no meaning."""
    lower_pct: float | None
    upper_pct: float | None
    log_ratio: float | None
    """Natural logarithm of after over before; None where either is 0 or not known."""
    se: float | None
    """Of the log ratio."""
    balance: float | None
    """R = (after - before) / (after + before); None only where nothing was recorded in either period."""
    se_balance: float | None
    """None for a published change, which has no sampling error."""
    prob_up: float | None
    """Q, the probability that the record truly rose; 0 or 1 by its sign where ``direction_only``."""
    overdispersion: float | None
    """phi, at least 1."""
    df: int | None
    """Degrees of freedom that phi was estimated on; 0 where it could not be and was taken as 1."""
    direction_only: bool
    """True for a published change without counts."""
    note: str | None


@dataclass(frozen=True)
class Overdispersion:
    """phi, the spread of monthly counts over that of a Poisson count, and the degrees of freedom behind it."""

    phi: float
    df: int


def overdispersion(before: ArrayLike, after: ArrayLike) -> Overdispersion:
    """The quasi-Poisson dispersion of monthly counts fitted by year and calendar month, at least 1.

    ``before`` and ``after`` are counts of shape (months,), or (areas, months) to pool over areas; the same
    calendar months in the same order. Where it cannot be estimated (one month, no counts) phi is 1 on 0 df.
    Raises ValueError when the shapes differ.
    """
    first, second = _equal_periods(np.atleast_2d(_counts(before)), np.atleast_2d(_counts(after)))
    chi_square, df = 0.0, 0
    for earlier, later in zip(first, second, strict=True):
        area_chi_square, area_df = _pearson(np.vstack([earlier, later]))
        chi_square += area_chi_square
        df += area_df
    return Overdispersion(phi=max(1.0, chi_square / df) if df else 1.0, df=df)


def recorded_change(
    before: ArrayLike, after: ArrayLike, *, pooled_with: tuple[ArrayLike, ArrayLike] | None = None
) -> Change:
    """The change between two equal periods, from their counts.

    ``before`` and ``after`` are monthly counts of shape (months,), the same calendar months in the same order;
    or one total each, where no months are known (phi is then taken as 1 and the note says so).
    ``pooled_with`` is the same pair for several areas, shape (areas, months): where there are fewer than
    ``FEW_MONTHS`` months, phi is taken from them together.
    Raises ValueError when the periods differ in length or a count is negative, broken or missing.
    """
    first, second = _equal_periods(_counts(before), _counts(after))
    if first.ndim != 1:
        raise ValueError("Give one area's counts at a time: a list of months.")
    spread = overdispersion(first, second)
    if pooled_with is not None and first.size < FEW_MONTHS:
        spread = overdispersion(*pooled_with)
    n0, n1 = int(first.sum()), int(second.sum())
    if n0 + n1 == 0:
        return _nothing_recorded()
    doubt = _doubt(n0, n1, spread.phi)
    return Change(
        before=n0,
        after=n1,
        change_pct=100 * (n1 - n0) / n0 if n0 else None,
        lower_pct=100 * (doubt.ratio_lower - 1) if n0 else None,
        upper_pct=100 * (doubt.ratio_upper - 1) if n0 else None,
        log_ratio=doubt.log_ratio,
        se=doubt.se,
        balance=(n1 - n0) / (n1 + n0),
        se_balance=_se_balance(n0, n1, spread.phi),
        prob_up=doubt.prob_up,
        overdispersion=spread.phi,
        df=spread.df,
        direction_only=False,
        note=_note(n0, n1, spread),
    )


def published_change(change_pct: float) -> Change:
    """A change known only as somebody published it, per cent: it has a direction, no count and no sampling error.

    Raises ValueError for a fall of more than 100%.
    """
    if not change_pct >= -100:
        raise ValueError(f"A fall of {-change_pct:g}% is not possible: nothing can fall by more than 100%.")
    ratio = 1 + change_pct / 100
    return Change(
        before=None,
        after=None,
        change_pct=change_pct,
        lower_pct=None,
        upper_pct=None,
        log_ratio=float(np.log(ratio)) if ratio > 0 else None,
        se=None,
        balance=(ratio - 1) / (ratio + 1),
        se_balance=None,
        prob_up=0.5 * (1 + float(np.sign(change_pct))),
        overdispersion=None,
        df=None,
        direction_only=True,
        note="The change was published without its counts: its direction is known, how sure it is is not.",
    )


def exact_prob_up(n0: float, n1: float) -> float:
    """The probability that the record truly rose, from the exact binomial (mid-p) of the later count in both.

    Counts may be divided by an overdispersion first; the binomial tails are then their continuous extension by
    the incomplete beta function. Swapping the periods gives one minus the answer.
    """
    reaching = float(special.betainc(n1, n0 + 1, 0.5)) if n1 else 1.0
    exceeding = float(special.betainc(n1 + 1, n0, 0.5)) if n0 else 0.0
    return 1 - (reaching + exceeding) / 2


def exact_ratio_interval(n0: float, n1: float) -> tuple[float, float]:
    """The 95% interval of after over before, from the Clopper-Pearson interval of the later count in both.

    Przyborowski and Wilenski 1940. The upper end is infinite where the earlier count is 0.
    """
    lower = float(stats.beta.ppf(0.025, n1, n0 + 1)) if n1 else 0.0
    upper = float(stats.beta.ppf(0.975, n1 + 1, n0)) if n0 else 1.0
    return lower / (1 - lower), upper / (1 - upper) if upper < 1 else float("inf")


@dataclass(frozen=True)
class _Doubt:
    log_ratio: float | None
    se: float | None
    ratio_lower: float
    ratio_upper: float
    prob_up: float


def _doubt(n0: int, n1: int, phi: float) -> _Doubt:
    log_ratio, se = None, None
    if n0 and n1:
        log_ratio, se = float(np.log(n1 / n0)), float(np.sqrt(phi * (1 / n0 + 1 / n1)))
    if log_ratio is None or se is None or min(n0, n1) < SMALL_COUNT:
        lower, upper = exact_ratio_interval(n0 / phi, n1 / phi)
        return _Doubt(log_ratio, se, lower, upper, exact_prob_up(n0 / phi, n1 / phi))
    lower, upper = float(np.exp(log_ratio - _Z * se)), float(np.exp(log_ratio + _Z * se))
    return _Doubt(log_ratio, se, lower, upper, float(stats.norm.cdf(log_ratio / se)))


def _se_balance(n0: int, n1: int, phi: float) -> float:
    # With a count of 0 the formula gives 0, as if the balance were certain: half a count is added to each first.
    a, b = (n0, n1) if n0 and n1 else (n0 + 0.5, n1 + 0.5)
    return float(np.sqrt(phi * 4 * a * b / (a + b) ** 3))


def _note(n0: int, n1: int, spread: Overdispersion) -> str | None:
    said = []
    if n0 == 0:
        said.append("Nothing was recorded in the earlier period, so no percentage change can be stated.")
    if n1 == 0:
        said.append("Nothing was recorded in the later period.")
    if 0 < min(n0, n1) < SMALL_COUNT:
        said.append(f"A count is under {SMALL_COUNT}: the percentage moves a long way with a single incident.")
    if not spread.df:
        said.append("No monthly counts are known, so the interval allows for chance alone and may be too narrow.")
    return " ".join(said) or None


def _nothing_recorded() -> Change:
    return Change(
        before=0,
        after=0,
        change_pct=None,
        lower_pct=None,
        upper_pct=None,
        log_ratio=None,
        se=None,
        balance=None,
        se_balance=None,
        prob_up=None,
        overdispersion=None,
        df=None,
        direction_only=False,
        note="Nothing was recorded in either period, so no change can be stated.",
    )


def _pearson(table: FloatArray) -> tuple[float, int]:
    # Year and calendar month explain a table of two rows exactly as independence does: no fit is needed.
    total = table.sum()
    columns = table.sum(axis=0)
    table, columns = table[:, columns > 0], columns[columns > 0]
    rows = table.sum(axis=1)
    if not rows.all():
        return 0.0, 0
    expected = np.outer(rows, columns) / total
    return float(((table - expected) ** 2 / expected).sum()), table.shape[1] - 1


def _counts(values: ArrayLike) -> FloatArray:
    counts = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if counts.size == 0 or not np.isfinite(counts).all() or (counts < 0).any() or (counts % 1).any():
        raise ValueError("Counts must be whole numbers from 0 up, with none missing.")
    return counts


def _equal_periods(before: FloatArray, after: FloatArray) -> tuple[FloatArray, FloatArray]:
    if before.shape != after.shape:
        raise ValueError(
            f"The periods are not equal: {before.shape[-1]} months before against {after.shape[-1]} after. "
            "Compare the same months of both years."
        )
    return before, after
