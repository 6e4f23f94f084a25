"""Between waves: differences of independent samples, tested together, and trends that say where they break.

Sources: Holm (1979); minimum detectable difference, Bloom (1995), *Evaluation Review* 19, 547-556.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot, inf, sqrt

import numpy as np
from scipy import stats

from csp_consult.analysis.estimates import NO_BASE, symmetric_interval, t_quantile
from csp_consult.analysis.figures import Estimate
from csp_consult.analysis.ranks import SIGNIFICANCE, holm, two_sided_p

POWER = 0.8
FALLEN = 0.75
"""A base under this share of the one before is marked as a break."""


@dataclass(frozen=True)
class Difference:
    """Later less earlier, from two independent samples."""

    estimate: float
    se: float
    lower: float
    upper: float
    t: float
    degrees: float
    p: float
    p_holm: float
    """Adjusted over the differences shown together."""
    smallest_significant: float
    """The smallest difference that, taken alone, could have been significant."""
    detectable: float
    """The difference that would be found four times in five."""

    @property
    def significant(self) -> bool:
        """Whether it holds at 5% among all differences shown together."""
        return self.p_holm <= SIGNIFICANCE


@dataclass(frozen=True)
class Comparison:
    """One figure in two waves: a difference, or why there is none."""

    earlier: Estimate
    later: Estimate
    difference: Difference | None
    reason: str | None


@dataclass(frozen=True)
class TrendPoint:
    """A figure in one wave with what decides whether it can be compared."""

    label: str
    """The wave as a reader names it."""
    estimate: Estimate
    wording: str
    """The same for waves that asked the same question with the same options."""
    mode: str
    """How people answered: ``online``, ``online and paper``, …"""


@dataclass(frozen=True)
class TrendStep:
    """From one wave to the next."""

    earlier: str
    later: str
    breaks: tuple[str, ...]
    """What changed besides opinion, in words."""
    comparison: Comparison


def compare(earlier: Mapping[str, Estimate], later: Mapping[str, Estimate]) -> dict[str, Comparison]:
    """The figures common to two waves compared, Holm's rule taken over all that can be tested."""
    found = {key: _compared(earlier[key], later[key]) for key in earlier if key in later}
    return _adjusted(found)


def trend(points: Sequence[TrendPoint]) -> list[TrendStep]:
    """Each wave against the one before.

    A change of question or of mode is a break and is not tested; a fall of the base is a break and is, since the test
    knows the bases. Holm's rule is taken over the steps tested.
    """
    steps: dict[int, TrendStep] = {}
    for i, (before, after) in enumerate(pairwise(points)):
        barriers = _barriers(before, after)
        comparison = (
            Comparison(before.estimate, after.estimate, None, f"{barriers[0]} The two cannot be compared.")
            if barriers
            else _compared(before.estimate, after.estimate)
        )
        steps[i] = TrendStep(before.label, after.label, (*barriers, *_fallen(before, after)), comparison)
    adjusted = _adjusted({str(i): step.comparison for i, step in steps.items()})
    return [replace(step, comparison=adjusted[str(i)]) for i, step in steps.items()]


def smallest_significant_difference(n_earlier: float, n_later: float, *, deff: float = 1.0, p: float = 0.5) -> float:
    """The smallest change of a share that could be significant at 5% on these bases, 0 to 1."""
    return t_quantile(inf) * _planned_se(n_earlier, n_later, deff, p)


def detectable_difference(n_earlier: float, n_later: float, *, deff: float = 1.0, p: float = 0.5) -> float:
    """The change of a share that would be found with 80% power on these bases, 0 to 1."""
    return (t_quantile(inf) + float(stats.norm.ppf(POWER))) * _planned_se(n_earlier, n_later, deff, p)


def _planned_se(n_earlier: float, n_later: float, deff: float, p: float) -> float:
    return sqrt(deff * p * (1 - p) * (1 / n_earlier + 1 / n_later))


def _compared(earlier: Estimate, later: Estimate) -> Comparison:
    """The difference, its p-value not yet adjusted; or the reason of the figure that forbids it."""
    before, after = _numbers(earlier), _numbers(later)
    if before is None or after is None:
        reason = (earlier if before is None else later).reason
        return Comparison(earlier, later, None, reason or NO_BASE)
    difference = _difference(after[0] - before[0], hypot(before[1], after[1]), before[2] + after[2])
    return Comparison(earlier, later, difference, None)


def _numbers(figure: Estimate) -> tuple[float, float, float] | None:
    """Value, standard error and degrees of freedom; None where one is missing."""
    if figure.estimate is None or figure.se is None or figure.degrees is None:
        return None
    return figure.estimate, figure.se, figure.degrees


def _difference(value: float, se: float, degrees: float) -> Difference:
    lower, upper = symmetric_interval(value, se, degrees)
    p = float(two_sided_p(np.array([value]), np.array([se]), degrees)[0])
    smallest = t_quantile(degrees) * se
    found = float(stats.t.ppf(POWER, degrees)) * se if degrees > 0 else inf
    score = value / se if se > 0 else inf * value if value else 0.0
    return Difference(value, se, lower, upper, score, degrees, p, p, smallest, smallest + found)


def _adjusted(found: Mapping[str, Comparison]) -> dict[str, Comparison]:
    """The same with p-values adjusted over all that have one."""
    tested = {key: one.difference for key, one in found.items() if one.difference is not None}
    p_holm = holm(np.array([difference.p for difference in tested.values()]))
    joint = {key: replace(d, p_holm=float(p)) for (key, d), p in zip(tested.items(), p_holm, strict=True)}
    return {key: replace(one, difference=joint.get(key)) for key, one in found.items()}


def _barriers(before: TrendPoint, after: TrendPoint) -> list[str]:
    found = []
    if before.wording != after.wording:
        found.append("The question was changed.")
    if before.mode != after.mode:
        found.append(f"People answered in another way ({after.mode}, before {before.mode}).")
    return found


def _fallen(before: TrendPoint, after: TrendPoint) -> list[str]:
    if 0 < after.estimate.base < FALLEN * before.estimate.base:
        return [f"The base fell from {before.estimate.base:,} to {after.estimate.base:,}."]
    return []
