"""The perception gap: what people say of a change beside what was recorded of it.

Gap points are our own construction (the field has no standard formula): they compare directions and rough sizes,
and are never printed without the two figures they came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import stats

from csp_consult.analysis.recorded_change import Change

Class = Literal["reassure", "alert", "act", "maintain", "unclear"]

CLASSES: Final[tuple[Class, ...]] = ("reassure", "alert", "act", "maintain")
LEAST_CLASS_PROBABILITY: Final = 0.8
"""Under this the class is ``unclear``."""
_Z: Final = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class Gap:
    """Perception beside record. Shares and balances are -1 to 1, points are 100 times that."""

    p_up: float
    p_down: float
    balance: float
    """B = p_up - p_down, or the shrunk balance of a small area."""
    se_balance: float | None
    """None for a published result without a base."""
    recorded: Change
    contrary: Literal["up", "down"] | None
    """The answer that contradicts the record; None where the record did not move."""
    contrary_share: float | None
    """The share who gave it: the figure to say aloud."""
    points: float
    """G = 100 (B - R), positive where perception is worse than the record."""
    se_points: float | None
    """None where either side has no sampling error."""
    lower_points: float | None
    upper_points: float | None
    prob_perceived_up: float
    """P, the probability that more say *up* than *down* in the whole population."""
    probabilities: Mapping[str, float]
    """Of the four classes."""
    classification: Class


def perception_gap(
    p_up: float, p_down: float, se_balance: float | None, recorded: Change, *, balance: float | None = None
) -> Gap:
    """Hold the answers to a change question against the recorded change.

    ``p_up`` and ``p_down`` are shares of 0 to 1 of everyone asked (*same* and *don't know* are the rest);
    ``se_balance`` is the standard error of their difference, None where no base was published: P is then
    0 or 1 by the sign of the balance. ``balance`` is the shrunk one of a small area (with its own standard error);
    else it is p_up - p_down.
    Raises ValueError where the shares are impossible or the record can state no change.
    """
    if not (p_up >= 0 and p_down >= 0 and p_up + p_down <= 1 + 1e-9):
        raise ValueError("The shares who say up and down must be 0 or more and together at most 1.")
    if recorded.balance is None or recorded.prob_up is None:
        raise ValueError(recorded.note or "The record states no change.")
    balance = p_up - p_down if balance is None else balance
    points = 100 * (balance - recorded.balance)
    se_points = (
        None
        if se_balance is None or recorded.se_balance is None
        else 100 * float(np.hypot(se_balance, recorded.se_balance))
    )
    contrary, contrary_share = _contrary(p_up, p_down, recorded.balance)
    prob_perceived_up = probability_positive(balance, se_balance)
    probabilities = class_probabilities(prob_perceived_up, recorded.prob_up)
    return Gap(
        p_up=p_up,
        p_down=p_down,
        balance=balance,
        se_balance=se_balance,
        recorded=recorded,
        contrary=contrary,
        contrary_share=contrary_share,
        points=points,
        se_points=se_points,
        lower_points=None if se_points is None else points - _Z * se_points,
        upper_points=None if se_points is None else points + _Z * se_points,
        prob_perceived_up=prob_perceived_up,
        probabilities=probabilities,
        classification=classify(probabilities),
    )


def probability_positive(value: float, se: float | None) -> float:
    """The probability that the truth behind an estimate is above 0, under normality; by its sign without an se."""
    if not se:
        return 0.5 * (1 + float(np.sign(value)))
    return float(stats.norm.cdf(value / se))


def class_probabilities(prob_perceived_up: float, prob_recorded_up: float) -> dict[str, float]:
    """The probabilities of the four classes from P (perceived to rise) and Q (recorded to rise)."""
    p, q = prob_perceived_up, prob_recorded_up
    return {"reassure": p * (1 - q), "alert": (1 - p) * q, "act": p * q, "maintain": (1 - p) * (1 - q)}


def classify(probabilities: Mapping[str, float]) -> Class:
    """The likeliest class if it has at least ``LEAST_CLASS_PROBABILITY``, else ``unclear``."""
    for name in CLASSES:
        if probabilities[name] >= LEAST_CLASS_PROBABILITY:
            return name
    return "unclear"


def carlson_parkin(p_up: float, p_down: float, threshold_pct: float) -> float | None:
    """The change, per cent, that people perceive, if they answer *same* within ``threshold_pct`` of none.

    Carlson and Parkin 1975: a sensitivity, never a headline. None where a share is 0 or where nobody says *same*,
    since the method then has no answer.
    """
    if not (p_up > 0 and p_down > 0 and p_up + p_down < 1):
        return None
    a, b = float(stats.norm.ppf(p_down)), float(stats.norm.ppf(1 - p_up))
    return -threshold_pct * (a + b) / (b - a)


def _contrary(p_up: float, p_down: float, balance: float) -> tuple[Literal["up", "down"] | None, float | None]:
    if balance < 0:
        return "up", p_up
    if balance > 0:
        return "down", p_down
    return None, None
