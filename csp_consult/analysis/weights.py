"""Weights that make a sample's margins those of the population: raking on cells, never on respondents.

People who did not say on a weighting variable form a category of their own, which keeps its share of the sample;
the rest of the margin is scaled to what is left. Post-stratification is raking to one joint target.

Sources: Deming and Stephan (1940), *Annals of Mathematical Statistics* 11, 427-444; Deville, Särndal and Sautory
(1993), *JASA* 88, 1013-1020; effective base, Kish (1992), *Journal of Official Statistics* 8, 183-200.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.merging import Category, Group, Merging, WeightingError, in_words, merged, nearest

TOLERANCE = 1e-12
MOST_ROUNDS = 5_000
STALL = 200
"""Rounds in which the largest difference must fall by a hundredth, or raking has stalled."""
CAP = 5.0
"""Default cap of a hosted wave, in mean weights."""
NOT_SAID = ""
"""Category of people who did not say."""


@dataclass(frozen=True)
class Target:
    """A population margin that weights must reproduce: one variable, or several jointly."""

    variables: tuple[str, ...]
    populations: Mapping[Category, float]
    """Population of each category, a tuple with one value a variable."""


@dataclass(frozen=True)
class Margin:
    """A target against the cells at hand: which group each cell is in, and the share each group must have."""

    name: str
    groups: tuple[str, ...]
    group_of_cell: NDArray[np.intp]
    shares: FloatArray

    def dummies(self) -> FloatArray:
        """0/1 columns of the groups by cell, as the calibrated standard error wants them."""
        return np.eye(len(self.groups))[self.group_of_cell]


@dataclass(frozen=True)
class Weighting:
    """The outcome of a weighting run, in the order of the cells it was given."""

    factors: FloatArray
    """Final weight over base weight, by cell. Weights add up to the population where every target is met."""
    margins: tuple[Margin, ...]
    base: int
    design_effect: float
    """Kish's: what unequal weights cost."""
    effective_base: float
    cv: float
    """Standard deviation of the weights over their mean."""
    weight_range: tuple[float, float]
    """Smallest and largest weight over the mean weight (where base weights vary in a cell: of cell means)."""
    trimmed: int
    """Respondents whose weight the cap holds down."""
    merges: tuple[str, ...]
    """Each merge of thin categories, in words."""
    kept_share: tuple[str, ...]
    """Categories without a target, which keep their share of the sample, in words."""
    converged: bool
    rounds: int
    largest_margin_error: float
    """Largest difference between a weighted share and its target, 0 to 1."""

    def calibration(self) -> FloatArray:
        """The 0/1 columns of all margins by cell."""
        return np.column_stack([margin.dummies() for margin in self.margins])

    def convergence(self) -> str:
        """One sentence on whether the weights do what was asked."""
        if self.converged:
            return "The weights reproduce every target."
        return (
            f"The weights do not reproduce every target: after {self.rounds:,} rounds a share still differs by "
            f"{100 * self.largest_margin_error:.2f} percentage points."
        )


def weigh(
    cells: pd.DataFrame,
    targets: Sequence[Target],
    *,
    merging: Merging | None = None,
    cap: float | None = None,
    not_said: Collection[str] = (NOT_SAID,),
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> Weighting:
    """Rake a table of cells to the targets.

    ``cells`` has one row a cell: a column a weighting variable, ``n`` respondents, ``d`` and ``d2`` the sums of their
    base weights and of the squares. ``merging`` joins thin categories first; ``cap`` holds weights to that many mean
    weights. Categories in ``not_said`` have no target and keep their share. ``names`` puts a variable's codes in words.

    Weights are scaled to the total of the first target; the others count as shares. Raises WeightingError, in words,
    where a target category has no respondent, or respondents have a category that the target does not know.
    """
    if not targets:
        raise WeightingError("There is no target to weigh to: give at least one.")
    if cells.empty or float(cells["d"].sum()) <= 0:
        raise WeightingError("There is nobody to weigh yet.")
    d, d2, n = (cells[column].to_numpy(float) for column in ("d", "d2", "n"))
    prepared = [_margin(cells, target, merging, not_said, names or {}) for target in targets]
    margins = tuple(margin for margin, _, _ in prepared)
    population = float(sum(targets[0].populations.values()))
    mean_weight = population / n.sum()
    ceiling = np.full(len(d), inf) if cap is None else cap * mean_weight * n
    weights, rounds, error = rake(d, margins, population=population, ceiling=ceiling)
    factors = np.divide(weights, d, out=np.zeros_like(d), where=d > 0)
    design_effect = kish_effect(factors, n, d, d2)
    relative = (weights / np.where(n > 0, n, 1))[n > 0] / mean_weight
    return Weighting(
        factors=factors,
        margins=margins,
        base=round(n.sum()),
        design_effect=design_effect,
        effective_base=float(n.sum()) / design_effect,
        cv=max(design_effect - 1, 0.0) ** 0.5,
        weight_range=(float(relative.min()), float(relative.max())),
        trimmed=round(n[weights >= ceiling * (1 - 1e-9)].sum()),
        merges=tuple(sentence for _, merges, _ in prepared for sentence in merges),
        kept_share=tuple(sentence for _, _, kept in prepared for sentence in kept),
        converged=error <= TOLERANCE,
        rounds=rounds,
        largest_margin_error=error,
    )


def rake(
    d: FloatArray, margins: Sequence[Margin], *, population: float = 1.0, ceiling: FloatArray | None = None
) -> tuple[FloatArray, int, float]:
    """Weighted cell totals that meet every margin: (totals, rounds, largest difference of a share).

    ``d`` are sums of base weights by cell. With a ``ceiling`` by cell each round also cuts what exceeds it, so that
    cutting and raking repeat until both hold; where both cannot, the ceiling holds and the difference says by how
    much the margins moved.
    """
    weights, rounds, error = _cycle(d * (population / d.sum()), margins, population, None)
    if ceiling is not None and (weights > ceiling).any():
        weights, more, error = _cycle(np.minimum(weights, ceiling), margins, population, ceiling)
        rounds += more
    return weights, rounds, error


def kish_effect(factors: FloatArray, n: FloatArray, d: FloatArray, d2: FloatArray) -> float:
    """Kish's design effect n sum(w^2) / sum(w)^2 of weights ``factor x base weight``."""
    return float(n.sum() * (factors**2 @ d2) / (factors @ d) ** 2)


def _cycle(
    weights: FloatArray, margins: Sequence[Margin], population: float, ceiling: FloatArray | None
) -> tuple[FloatArray, int, float]:
    """Rake, and cut at the ceiling, round by round until every margin holds or no more is gained."""
    before = inf
    for rounds in range(MOST_ROUNDS):
        error = _largest_error(weights, margins)
        stalled = rounds % STALL == 0 and error > 0.99 * before
        if error <= TOLERANCE or stalled:
            return weights, rounds, error
        before = error if rounds % STALL == 0 else before
        for margin in margins:
            sums = np.bincount(margin.group_of_cell, weights, len(margin.groups))
            wanted = margin.shares * population
            weights = weights * np.divide(wanted, sums, out=np.zeros_like(wanted), where=sums > 0)[margin.group_of_cell]
        if ceiling is not None:
            weights = np.minimum(weights, ceiling)
    return weights, MOST_ROUNDS, _largest_error(weights, margins)


def _margin(
    cells: pd.DataFrame,
    target: Target,
    merging: Merging | None,
    not_said: Collection[str],
    names: Mapping[str, Mapping[str, str]],
) -> tuple[Margin, list[str], list[str]]:
    """The target against the cells, with its merges and its categories without a target in words."""
    category_of_cell: list[Category] = list(zip(*(cells[v].astype(str) for v in target.variables), strict=True))
    counts: dict[Category, float] = dict.fromkeys(target.populations, 0.0)
    for category, n in zip(category_of_cell, cells["n"], strict=True):
        counts[category] = counts.get(category, 0.0) + float(n)
    peopled = {category: counts[category] for category, people in target.populations.items() if people > 0}
    apart = [category for category, n in counts.items() if category not in peopled and n > 0]
    name, labels = _name(target), [names.get(variable, {}) for variable in target.variables]
    for category in apart:
        if not any(value in not_said for value in category):
            raise WeightingError(
                f"{name}: respondents have the category {in_words(category, labels)}, which the target does not have. "
                f"It has {', '.join(in_words(one, labels) for one in peopled)}."
            )
    groups = (
        [Group((category,)) for category in peopled] if merging is None else merged(peopled, target.variables, merging)
    )
    for group in groups:
        if group.size(peopled) == 0:
            other = nearest(group, groups, peopled, target.variables, merging or Merging())
            advice = f"Merge it with {other.label(labels)}." if other else "Leave this target out."
            raise WeightingError(
                f"{name}: nobody in the sample is {group.label(labels)}, so it cannot be weighted. {advice}"
            )
    margin = _against(cells, target, groups, apart, category_of_cell)
    merges = [f"{name}: {group.label(labels)} weighted together." for group in groups if len(group.categories) > 1]
    kept = [
        f"{name}: {in_words(category, labels)} has no target and keeps its {100 * share:.1f}% of the sample."
        for category, share in zip(apart, margin.shares[len(groups) :], strict=True)
    ]
    return margin, merges, kept


def _against(
    cells: pd.DataFrame, target: Target, groups: list[Group], apart: list[Category], category_of_cell: list[Category]
) -> Margin:
    """The margin of the groups, then of the categories that keep their share of the sample."""
    position = {category: g for g, group in enumerate(groups) for category in group.categories}
    position |= {category: len(groups) + i for i, category in enumerate(apart)}
    d = cells["d"].to_numpy(float)
    # A cell that nobody is in any more may have a category without a place; it weighs nothing wherever it is put.
    index = np.array([position.get(category, 0) for category in category_of_cell], np.intp)
    kept = (np.bincount(index, d, len(groups) + len(apart)) / d.sum())[len(groups) :]
    people = np.array([sum(target.populations[category] for category in group.categories) for group in groups], float)
    shares = np.concatenate([people / people.sum() * (1 - kept.sum()), kept])
    labels = [*(group.label() for group in groups), *(in_words(category) for category in apart)]
    return Margin(_name(target), tuple(labels), index, shares)


def _name(target: Target) -> str:
    return " x ".join(target.variables)


def _largest_error(weights: FloatArray, margins: Sequence[Margin]) -> float:
    total = weights.sum()
    return max(
        float(np.abs(np.bincount(m.group_of_cell, weights, len(m.groups)) / total - m.shares).max()) for m in margins
    )
