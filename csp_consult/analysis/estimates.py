"""Shares, means and totals with linearised standard errors, and intervals that behave on small bases.

Sources: linearisation, Särndal, Swensson and Wretman (1992), chapter 5; logit interval, Korn and Graubard,
*Analysis of Health Surveys* (1999), section 3.2; exact interval on the effective base, Korn and Graubard (1998),
*Survey Methodology* 24, 193-201; effective base, Kish, *Survey Sampling* (1965), section 11.7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, inf, log, sqrt

import numpy as np
from scipy import stats

from csp_consult.analysis.figures import Estimate, FloatArray
from csp_consult.analysis.totals import EVERYONE, Key, Totals

LEVEL = 0.95
NOBODY = "Nobody answered."
NO_BASE = "No base was published, so this cannot be tested."


@dataclass(frozen=True)
class Ratios:
    """K weighted ratios from one sample, with their joint uncertainty."""

    values: FloatArray
    """NaN where nobody is in the base."""
    covariance: FloatArray
    """K x K."""
    bases: FloatArray
    """Unweighted respondents in each denominator."""
    effective_bases: FloatArray
    """Kish's n_eff of each denominator."""
    degrees: FloatArray
    se_method: str
    exhausted: bool = False


def ratios(totals: Totals, numerators: FloatArray, denominators: FloatArray) -> Ratios:
    """K ratios of totals; both arguments are coefficients over the variables, K x J.

    A denominator must be a sum of variables of which at most one applies to a respondent, or one variable.
    """
    above, below = numerators @ totals.totals, denominators @ totals.totals
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(below > 0, above / below, np.nan)
        linear = (numerators - np.nan_to_num(values)[:, None] * denominators) / np.where(below > 0, below, 1)[:, None]
        squares = np.einsum("kj,jl,kl->k", denominators, totals.squares, denominators)
        effective = np.where(squares > 0, below**2 / squares, 0.0)
    bases = denominators @ totals.counts
    return Ratios(
        values=values,
        covariance=linear @ totals.covariance @ linear.T,
        bases=bases,
        effective_bases=effective,
        degrees=np.array([totals.degrees(base) for base in bases]),
        se_method=totals.se_method,
        exhausted=totals.exhausted,
    )


def share(totals: Totals, chosen: Mapping[Key, float], among: Mapping[Key, float] | None = None) -> Estimate:
    """The weighted share (or mean score, where coefficients lie between 0 and 1) with a logit interval.

    ``chosen`` gives each option its score, ``among`` the options that make up the base (each 1), by default
    everyone in the domain.
    """
    return shares_of(_one(totals, chosen, among))[0]


def mean(totals: Totals, scores: Mapping[Key, float], among: Mapping[Key, float] | None = None) -> Estimate:
    """A weighted mean of scores of any sign and size with a symmetric t interval.

    A balance is the mean of scores 1 for *up* and -1 for *down*.
    """
    return means_of(_one(totals, scores, among))[0]


def total(totals: Totals, scores: Mapping[Key, float]) -> Estimate:
    """A weighted total (people, where weights are population units) with a symmetric t interval."""
    laid, everyone = totals.vector(scores), totals.keys[EVERYONE]
    base = float(totals.counts[everyone])
    value, se = float(laid @ totals.totals), sqrt(max(float(laid @ totals.covariance @ laid), 0.0))
    squares = float(totals.squares[everyone, everyone])
    effective = float(totals.totals[everyone]) ** 2 / squares if squares else 0.0
    degrees = totals.degrees(base)
    low, high = symmetric_interval(value, se, degrees)
    return Estimate(value, se, low, high, round(base), effective, totals.se_method, degrees=degrees)


def shares_of(found: Ratios) -> list[Estimate]:
    """The ratios as shares between 0 and 1, each with the interval of ``share_interval``."""
    return [_estimate(found, k, as_share=True) for k in range(len(found.values))]


def means_of(found: Ratios) -> list[Estimate]:
    """The ratios as means, each with a symmetric t interval."""
    return [_estimate(found, k, as_share=False) for k in range(len(found.values))]


def difference_within(found: Ratios, minuend: int, subtrahend: int) -> Estimate:
    """Difference of two ratios of one sample, their covariance taken into account.

    It rests on the thinner of the two groups.
    """
    contrast = np.zeros(len(found.values))
    contrast[minuend], contrast[subtrahend] = 1, -1
    value = float(found.values[minuend] - found.values[subtrahend])
    pair = [minuend, subtrahend]
    base, effective = int(found.bases[pair].min()), float(found.effective_bases[pair].min())
    if np.isnan(value):
        return Estimate(None, None, None, None, base, effective, found.se_method, reason=NOBODY)
    se = sqrt(max(float(contrast @ found.covariance @ contrast), 0.0))
    degrees = float(found.degrees[pair].sum())
    low, high = symmetric_interval(value, se, degrees)
    return Estimate(value, se, low, high, base, effective, found.se_method, degrees=degrees)


def published_share(value: float, base: int | None) -> Estimate:
    """A share as somebody else printed it.

    With a base it has the standard error of a simple random sample, which is the least it can be; without one it
    has none. A base is never inferred.
    """
    if base is None:
        return Estimate(value, None, None, None, 0, 0.0, "none: no base was published", reason=NO_BASE)
    se = sqrt(value * (1 - value) / (base - 1)) if base > 1 else 0.0
    low, high = share_interval(value, se, float(base), base, base - 1)
    return Estimate(
        value, se, low, high, base, float(base), "simple random sample of the printed base", degrees=base - 1
    )


def design_effect(figure: Estimate) -> float | None:
    """Variance of a share over that of a simple random sample with replacement of the same base."""
    if figure.estimate is None or figure.se is None or figure.base < 2 or not 0 < figure.estimate < 1:
        return None
    return figure.se**2 * (figure.base - 1) / (figure.estimate * (1 - figure.estimate))


def share_interval(
    p: float, se: float, effective_base: float, base: float, degrees: float, *, level: float = LEVEL
) -> tuple[float, float]:
    """Interval of a share: logit with t, or Korn-Graubard where the effective base is small.

    The latter is taken where the share is 0 or 1, or ``effective_base`` times p or 1 - p is under 5.
    """
    if se > 0 and effective_base * min(p, 1 - p) >= 5:
        return logit_interval(p, se, degrees, level=level)
    return korn_graubard_interval(p, se, effective_base, base, degrees, level=level)


def logit_interval(p: float, se: float, degrees: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Interval symmetric on the logit scale, for 0 < p < 1."""
    centre = log(p / (1 - p))
    half = t_quantile(degrees, level) * se / (p * (1 - p))
    return 1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre))


def korn_graubard_interval(
    p: float, se: float, effective_base: float, base: float, degrees: float, *, level: float = LEVEL
) -> tuple[float, float]:
    """Clopper-Pearson interval on the base that would give this standard error.

    Kish's ``effective_base`` stands in where there is no standard error (p is 0 or 1). The base is reduced for the
    degrees of freedom lost to clusters and strata.
    """
    n = p * (1 - p) / se**2 if se > 0 else effective_base
    if degrees < base - 1:
        n *= (t_quantile(base - 1, level) / t_quantile(degrees, level)) ** 2
    tail = (1 - level) / 2
    low = float(stats.beta.ppf(tail, n * p, n * (1 - p) + 1)) if p > 0 else 0.0
    high = float(stats.beta.ppf(1 - tail, n * p + 1, n * (1 - p))) if p < 1 else 1.0
    return low, high


def symmetric_interval(value: float, se: float, degrees: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Value plus and minus t standard errors; the normal quantile where ``degrees`` is infinite."""
    half = t_quantile(degrees, level) * se if se else 0.0
    return value - half, value + half


@lru_cache(maxsize=4096)
def t_quantile(degrees: float, level: float = LEVEL) -> float:
    """Two-sided quantile of Student's t; infinite where no degree of freedom is left."""
    if degrees <= 0:
        return inf
    return float(stats.t.ppf((1 + level) / 2, degrees)) if degrees < inf else float(stats.norm.ppf((1 + level) / 2))


def _one(totals: Totals, chosen: Mapping[Key, float], among: Mapping[Key, float] | None) -> Ratios:
    base: Mapping[Key, float] = {EVERYONE: 1.0} if among is None else among
    return ratios(totals, totals.vector(chosen)[None, :], totals.vector(base)[None, :])


def _estimate(found: Ratios, k: int, *, as_share: bool) -> Estimate:
    base, effective, degrees = round(float(found.bases[k])), float(found.effective_bases[k]), float(found.degrees[k])
    value, se = float(found.values[k]), sqrt(max(float(found.covariance[k, k]), 0.0))
    blank = Estimate(None, None, None, None, base, effective, found.se_method, degrees=degrees)
    if np.isnan(value):
        return replace(blank, reason=NOBODY)
    if found.exhausted:
        return replace(blank, estimate=value, se=0.0, lower=value, upper=value)
    if base < 2:
        return replace(blank, estimate=value, reason="One answer has no standard error.")
    if as_share:
        value = min(max(value, 0.0), 1.0)
        low, high = share_interval(value, se, effective, base, degrees)
    else:
        low, high = symmetric_interval(value, se, degrees)
    return replace(blank, estimate=value, se=se, lower=low, upper=high)


def laid_out(totals: Totals, coefficients: Sequence[Mapping[Key, float]]) -> FloatArray:
    """Several sets of coefficients over the variables, K x J, as ``ratios`` takes them."""
    return np.array([totals.vector(row) for row in coefficients]).reshape(len(coefficients), len(totals.totals))
