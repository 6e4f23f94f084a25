"""How evenly the groups of a population answered: the R-indicator, and how far off an answer could be for that.

Source: Schouten, Cobben and Bethlehem (2009), Indicators for the representativeness of survey response, Survey
Methodology 35(1); from population counts instead of a sample: Bianchi, Shlomo, Schouten, Da Silva and Skinner (2019),
Survey Methodology 45(2). Bias adjustment: Shlomo, Skinner and Schouten (2012), J. Stat. Planning and Inference 142.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from csp_consult.analysis.figures import FloatArray

DRAWS: Final = 500
"""Repeats of the parametric bootstrap behind the interval."""
SEED: Final = 20090601


@dataclass(frozen=True)
class Representativeness:
    """How evenly a population answered."""

    r: float
    """R-indicator, 1 where every group answered at the same rate."""
    lower: float
    upper: float
    """95% interval of the R-indicator."""
    cv: float
    """Coefficient of variation of the rates: the most that an unweighted mean can be off, in standard deviations."""
    cv_lower: float
    cv_upper: float
    partial: Mapping[str, float]
    """By variable: the coefficient of variation of the rates between its groups."""
    base: int
    """Respondents it rests on."""


def representativeness(
    populations: Mapping[str, Sequence[float]], respondents: Mapping[str, Sequence[int]]
) -> Representativeness:
    """The R-indicator from the people and the respondents of each group of each variable.

    ``populations`` and ``respondents`` name the same variables, each with its groups in the same order. The variables
    are taken as independent in the population, so that the variances of their rates add up. Raises ValueError where
    nobody answered or nobody lives.
    """
    people = {name: np.asarray(counts, float) for name, counts in populations.items()}
    answered = {name: np.asarray(respondents[name], float) for name in people}
    if not people or any(counts.sum() <= 0 for counts in (*people.values(), *answered.values())):
        raise ValueError("The R-indicator needs respondents and a population for every variable.")
    variances = {name: _variance(people[name], answered[name]) for name in people}
    rate = float(np.mean([answered[name].sum() / people[name].sum() for name in people]))
    spread = float(np.sqrt(sum(variances.values())))
    drawn = _redrawn(people, answered)
    # What was seen holds chance already, and drawing from it adds more: the repeats are moved back to the estimate.
    drawn = np.sqrt(np.maximum(drawn - drawn.mean() + spread**2, 0.0))
    low, high = (float(bound) for bound in np.quantile(drawn, [0.025, 0.975]))
    return Representativeness(
        r=1 - 2 * spread,
        lower=1 - 2 * high,
        upper=1 - 2 * low,
        cv=spread / rate,
        cv_lower=low / rate,
        cv_upper=high / rate,
        partial={name: float(np.sqrt(variance)) / rate for name, variance in variances.items()},
        base=int(min(counts.sum() for counts in answered.values())),
    )


def _variance(people: FloatArray, answered: FloatArray) -> float:
    """Variance of the rates between groups, less what chance alone would make of it; never below 0."""
    share = people / people.sum()
    rates = np.divide(answered, people, out=np.zeros_like(answered), where=people > 0)
    mean = answered.sum() / people.sum()
    chance = float((share * rates * np.divide(1, people, out=np.zeros_like(people), where=people > 0)).sum())
    between = float((share * (rates - mean) ** 2).sum())
    return max(between - max(chance - float(mean / people.sum()), 0.0), 0.0)


def _redrawn(people: Mapping[str, FloatArray], answered: Mapping[str, FloatArray]) -> FloatArray:
    """The variance of the rates in repeats: as many respondents, drawn with the shares that were seen."""
    random = np.random.default_rng(SEED)
    total = np.zeros(DRAWS)
    for name, counts in answered.items():
        draws = random.multinomial(int(counts.sum()), counts / counts.sum(), size=DRAWS)
        total += [_variance(people[name], draw.astype(float)) for draw in draws]
    return total
