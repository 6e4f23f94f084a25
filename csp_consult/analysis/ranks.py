"""Ranks that say how far the data can tell topics apart.

Every pair of topics is tested with the covariance of the pair, Holm's rule holding the chance of any false
separation at 5%. A topic's rank lies between one more than the topics significantly above it and the number of
topics less those significantly below it, for all topics at once.

Sources: Mogstad, Romano, Shaikh and Wilhelm (2024), *Review of Economic Studies* 91, 476-518; Klein, Wright and
Wieczorek (2020), *JRSS A* 183, 589-606; Holm (1979), *Scandinavian Journal of Statistics* 6, 65-70.
"""

from collections.abc import Sequence
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from csp_consult.analysis.concern import Concern, concern_index
from csp_consult.analysis.estimates import NO_BASE, share_interval, symmetric_interval
from csp_consult.analysis.figures import ConcernRanking, Estimate, FloatArray, RankedTopic

SIGNIFICANCE = 0.05
HIDDEN_BELOW = 30.0
INDICATIVE_BELOW = 100.0


def rank_concern(
    concern: Concern, *, hidden_below: float = HIDDEN_BELOW, indicative_below: float = INDICATIVE_BELOW
) -> ConcernRanking:
    """The ranking of a source's topics, most concern first.

    Effective bases under ``hidden_below`` are not shown, under ``indicative_below`` marked; pass 0 for both where the
    source is a whole population such as parish councils. A topic on which too few answered is left out and named;
    a source that is too small altogether gives no topics and the reason. Equal topics share a rank; the order of the
    source's options never matters.
    """
    printed_only = concern.covariance is None
    enough = printed_only | (concern.effective_bases >= hidden_below) & (concern.bases > 0)
    left_out = tuple(topic for topic, is_enough in zip(concern.topics, enough, strict=True) if not is_enough)
    kept = concern.only(set(concern.topics) - set(left_out))
    if not printed_only and concern.effective_base < hidden_below:
        return _no_ranking(concern, f"Not shown: the effective base is under {hidden_below:g}.")
    if not kept.topics:
        return _no_ranking(concern, f"Not shown: the effective base of every topic is under {hidden_below:g}.")
    if kept.values.sum() <= 0:
        return _no_ranking(concern, "Not shown: nobody named a concern.")
    return rank_figures(
        concern.measure,
        kept.topics,
        kept.covariance,
        concerns=[
            figure.held_to(hidden_below=0, indicative_below=indicative_below) for figure in concern_figures(kept)
        ],
        indices=[figure.held_to(hidden_below=0, indicative_below=indicative_below) for figure in index_figures(kept)],
        values=kept.values,
        base=concern.base,
        effective_base=concern.effective_base,
        degrees=inf if printed_only else concern.degrees,
        se_method=concern.se_method,
        left_out=left_out,
    )


def rank_figures(
    measure: str,
    topics: Sequence[str],
    covariance: FloatArray | None,
    *,
    concerns: Sequence[Estimate],
    indices: Sequence[Estimate],
    values: FloatArray,
    base: int,
    effective_base: float,
    degrees: float,
    se_method: str,
    left_out: tuple[str, ...] = (),
) -> ConcernRanking:
    """Topics put in order of ``values`` with rank intervals from their covariance.

    Without a covariance nothing can be told apart, and every interval is the whole range.
    """
    lower, upper = rank_intervals(values, covariance, degrees=degrees)
    order = sorted(range(len(topics)), key=lambda t: (-values[t], topics[t]))
    overlap = (lower[:, None] <= upper[None, :]) & (lower[None, :] <= upper[:, None])
    ranked = tuple(
        RankedTopic(
            topic=topics[t],
            concern=concerns[t],
            index=indices[t],
            rank=1 + int((values > values[t]).sum()),
            rank_lower=int(lower[t]),
            rank_upper=int(upper[t]),
            ties_with=tuple(topics[other] for other in order if other != t and overlap[t, other]),
        )
        for t in order
    )
    blank = np.full((len(order), len(order)), np.nan)
    return ConcernRanking(
        measure=measure,
        topics=ranked,
        covariance=blank if covariance is None else covariance[np.ix_(order, order)],
        base=base,
        effective_base=effective_base,
        se_method=se_method,
        left_out=left_out,
    )


def rank_intervals(
    values: FloatArray, covariance: FloatArray | None, *, degrees: float = inf, alpha: float = SIGNIFICANCE
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Best and worst rank of each value, holding for all at once with probability 1 - alpha or more.

    ``degrees`` is that of the t test of each pair; infinite means the normal test.
    """
    size = len(values)
    if covariance is None:
        return np.ones(size, np.int64), np.full(size, size, np.int64)
    first, second = np.triu_indices(size, 1)
    gap = values[first] - values[second]
    variance = covariance[first, first] + covariance[second, second] - 2 * covariance[first, second]
    separate = holm(two_sided_p(gap, np.sqrt(np.maximum(variance, 0)), degrees)) <= alpha
    above = np.zeros((size, size), bool)
    above[first, second], above[second, first] = separate & (gap > 0), separate & (gap < 0)
    return 1 + above.sum(axis=0), size - above.sum(axis=1)


def holm(p_values: FloatArray) -> FloatArray:
    """Holm's adjusted p-values, in the order given."""
    order = np.argsort(p_values, kind="stable")
    steps = (len(p_values) - np.arange(len(p_values))) * p_values[order]
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def two_sided_p(difference: FloatArray, se: FloatArray, degrees: float) -> FloatArray:
    """Two-sided p of differences; without a standard error a difference is certain and equality is not one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.abs(difference) / se
    score = np.where(se > 0, score, np.where(difference != 0, inf, 0.0))
    if degrees <= 0:
        return np.ones_like(score)
    survival = stats.norm.sf(score) if degrees == inf else stats.t.sf(score, degrees)
    return np.asarray(2 * survival, float)


def tie_groups(ranking: ConcernRanking) -> list[tuple[str, ...]]:
    """The largest sets of topics whose rank intervals all overlap one another, two topics or more."""
    groups: list[tuple[str, ...]] = []
    for place in range(1, len(ranking.topics) + 1):
        held = tuple(t.topic for t in ranking.topics if t.rank_lower <= place <= t.rank_upper)
        if len(held) > 1 and not any(set(held) <= set(group) for group in groups):
            groups = [group for group in groups if not set(group) <= set(held)] + [held]
    return groups


def rank_in_words(topic: RankedTopic) -> str:
    """The rank interval as a reader says it: ``1st``, or ``2nd to 4th``."""
    best, worst = ordinal(topic.rank_lower), ordinal(topic.rank_upper)
    return best if best == worst else f"{best} to {worst}"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, …"""
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else endings.get(number % 10, 'th')}"


def concern_figures(concern: Concern) -> list[Estimate]:
    """The concern measure of each topic with its interval."""
    return [_concern_figure(concern, t) for t in range(len(concern.topics))]


def index_figures(concern: Concern) -> list[Estimate]:
    """The concern index of each topic with its interval."""
    index, covariance = concern_index(concern)
    return [
        _symmetric(concern, t, float(index[t]), None if covariance is None else sqrt(max(covariance[t, t], 0)))
        for t in range(len(concern.topics))
    ]


def _concern_figure(concern: Concern, t: int) -> Estimate:
    if concern.covariance is None or concern.exhausted:
        return _symmetric(concern, t, float(concern.values[t]), 0.0 if concern.exhausted else None)
    value, se = min(max(float(concern.values[t]), 0.0), 1.0), sqrt(max(float(concern.covariance[t, t]), 0.0))
    base, effective = float(concern.bases[t]), float(concern.effective_bases[t])
    degrees = max(concern.degrees - (concern.base - base), 0)
    low, high = share_interval(value, se, effective, base, degrees)
    return Estimate(value, se, low, high, round(base), effective, concern.se_method, degrees=degrees)


def _symmetric(concern: Concern, t: int, value: float, se: float | None) -> Estimate:
    low, high = (None, None) if se is None else symmetric_interval(value, se, concern.degrees)
    base, effective = round(float(concern.bases[t])), float(concern.effective_bases[t])
    reason = NO_BASE if se is None else None
    return Estimate(value, se, low, high, base, effective, concern.se_method, reason=reason, degrees=concern.degrees)


def _no_ranking(concern: Concern, reason: str) -> ConcernRanking:
    return ConcernRanking(
        measure=concern.measure,
        topics=(),
        covariance=np.zeros((0, 0)),
        base=concern.base,
        effective_base=concern.effective_base,
        se_method=concern.se_method,
        reason=reason,
    )
