"""Small areas borrow strength: each area's own figure is drawn towards the mean of all, the more the less sure it is.

The spread between areas is Paule and Mandel's (1982), so that chance differences are not read as real ones; the
shrunk figure is the usual empirical best predictor of Fay and Herriot (1979) without covariates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from csp_consult.analysis.figures import FloatArray


@dataclass(frozen=True)
class ShrunkAreas:
    """Direct and shrunk figures of the same areas, in the order given."""

    direct: FloatArray
    """NaN for an area with no respondents."""
    direct_se: FloatArray
    shrunk: FloatArray
    se: FloatArray
    gamma: FloatArray
    """What each area's own figure weighs in its shrunk one, 0 to 1."""
    mean: float
    """The mean that areas are drawn towards."""
    tau2: float
    """Variance between areas beyond chance."""


def shrink(direct: ArrayLike, se: ArrayLike, effective_bases: ArrayLike) -> ShrunkAreas:
    """Shrink the areas' figures towards their mean.

    All three are of shape (areas,): the figure, its standard error and its effective base. An area with an
    effective base of 0 has no figure of its own (NaN will do) and takes the mean. Where everybody in an area
    answered alike its standard error is 0 by accident: the other areas' variance per respondent stands in.
    Raises ValueError where no area has a standard error above 0.
    """
    figures, bases = np.asarray(direct, dtype=np.float64), np.asarray(effective_bases, dtype=np.float64)
    errors = np.where(bases > 0, np.asarray(se, dtype=np.float64), np.nan)
    variances = _variances(errors, bases)
    answered = bases > 0
    tau2 = between_area_variance(figures[answered], variances[answered])
    weights = 1 / (variances[answered] + tau2)
    mean = float((weights * figures[answered]).sum() / weights.sum())
    gamma = tau2 / (tau2 + variances)
    own = np.where(answered, figures, mean)
    # gamma v tends to tau2 as v grows without bound: that is an area nobody answered from.
    own_variance = np.where(answered, gamma * np.where(answered, variances, 0), tau2)
    return ShrunkAreas(
        direct=np.where(answered, figures, np.nan),
        direct_se=errors,
        shrunk=gamma * own + (1 - gamma) * mean,
        se=np.sqrt(own_variance + (1 - gamma) ** 2 / weights.sum()),
        gamma=gamma,
        mean=mean,
        tau2=tau2,
    )


def between_area_variance(figures: FloatArray, variances: FloatArray) -> float:
    """Paule and Mandel's variance between areas: that at which the weighted spread equals its expectation."""

    def excess(tau2: float) -> float:
        weights = 1 / (variances + tau2)
        mean = (weights * figures).sum() / weights.sum()
        return float((weights * (figures - mean) ** 2).sum()) - (figures.size - 1)

    if figures.size < 2 or excess(0.0) <= 0:
        return 0.0
    # At this upper end every weight is at most 1 / upper, so the weighted spread is at most its expectation.
    upper = float(((figures - figures.mean()) ** 2).sum()) / (figures.size - 1)
    return float(optimize.brentq(excess, 0.0, upper, xtol=1e-14))


def _variances(errors: FloatArray, bases: FloatArray) -> FloatArray:
    usable = errors > 0
    if not usable.any():
        raise ValueError("No area's answers vary, so how far areas differ beyond chance cannot be told.")
    per_respondent = float((errors[usable] ** 2 * bases[usable]).mean())
    with np.errstate(divide="ignore"):
        return np.where(usable, errors**2, per_respondent / bases)
