"""Did the plan's activity move its audience? Difference in differences, and what could have been detected at all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scipy import stats

from csp_consult.analysis.figures import Estimate

Outcome = Literal["moved as intended", "no detectable effect", "moved the other way", "cannot be evaluated"]

NO_PROOF: Final = "Two waves never prove a cause: other things changed between them too."


@dataclass(frozen=True)
class Evaluation:
    """What changed in the audience beyond what changed in the rest, as a share (-2 to 2 for a balance)."""

    effect: float | None
    se: float | None
    lower: float | None
    upper: float | None
    outcome: Outcome
    text: str
    """The outcome, the figure and its limits in plain words."""


def evaluate(
    *,
    target_before: Estimate,
    target_after: Estimate,
    rest_before: Estimate,
    rest_after: Estimate,
    intended: Literal["down", "up"],
) -> Evaluation:
    """The difference in differences of four independent estimates of the same figure.

    ``intended`` is the way the activity meant to move the figure. The 95% interval uses Student's t on the
    Satterthwaite degrees of freedom of the four bases. Where an estimate is refused, so is the evaluation.
    """
    four = (target_before, target_after, rest_before, rest_after)
    values, errors = [part.estimate for part in four], [part.se for part in four]
    if any(value is None for value in (*values, *errors)):
        return _refused(four)
    t0, t1, r0, r1 = (value for value in values if value is not None)
    effect = (t1 - t0) - (r1 - r0)
    variances = [error**2 for error in errors if error is not None]
    se = math.sqrt(sum(variances))
    margin = float(stats.t.ppf(0.975, _degrees_of_freedom(variances, [part.base for part in four]))) * se if se else 0.0
    lower, upper = effect - margin, effect + margin
    outcome = _outcome(lower, upper, intended)
    return Evaluation(effect, se, lower, upper, outcome, _text(effect, lower, upper, outcome))


def minimum_detectable_effect(
    target_before: Estimate,
    rest_before: Estimate,
    *,
    effective_target_after: float,
    effective_rest_after: float,
    power: float = 0.8,
) -> float | None:
    """The smallest effect that the next wave would find, at 5% and with the given power; stored at the start.

    The baselines give the variance per effective respondent; the effective bases are those expected of the next
    wave. None where a baseline is refused.
    """
    variance = 0.0
    for baseline, after in ((target_before, effective_target_after), (rest_before, effective_rest_after)):
        if baseline.estimate is None or baseline.se is None:
            return None
        if after <= 0:
            raise ValueError("The next wave must be expected to reach both the audience and the rest.")
        variance += baseline.se**2 * (1 + baseline.effective_base / after)
    return _detection_factor(power) * math.sqrt(variance)


def responses_needed(
    target_before: Estimate, rest_before: Estimate, *, effect: float, power: float = 0.8
) -> int | None:
    """How many responses the next wave needs to find ``effect``, if it is made up and weighted as the last one was.

    None where no number would do, because the baselines alone are too uncertain, or where one is refused.
    """
    if effect <= 0:
        raise ValueError("Name the size of the effect worth having, above 0.")
    if target_before.se is None or rest_before.se is None:
        return None
    baseline = target_before.se**2 + rest_before.se**2
    left = (effect / _detection_factor(power)) ** 2 - baseline
    if left <= 0:
        return None
    return math.ceil((target_before.base + rest_before.base) * baseline / left)


def _detection_factor(power: float) -> float:
    return float(stats.norm.ppf(0.975) + stats.norm.ppf(power))


def _degrees_of_freedom(variances: Sequence[float], bases: Sequence[int]) -> float:
    spread = sum(variance**2 / max(base - 1, 1) for variance, base in zip(variances, bases, strict=True))
    return sum(variances) ** 2 / spread


def _outcome(lower: float, upper: float, intended: Literal["down", "up"]) -> Outcome:
    if lower <= 0 <= upper:
        return "no detectable effect"
    fell = upper < 0
    return "moved as intended" if fell == (intended == "down") else "moved the other way"


def _text(effect: float, lower: float, upper: float, outcome: Outcome) -> str:
    moved = "not at all" if effect == 0 else f"{abs(100 * effect):.1f} points {'down' if effect < 0 else 'up'}"
    said = {
        "moved as intended": "The audience moved as intended",
        "no detectable effect": "There is no detectable effect",
        "moved the other way": "The audience moved the other way",
        "cannot be evaluated": "",
    }[outcome]
    interval = f"95% interval {100 * lower:+.1f} to {100 * upper:+.1f}".replace("-", "−")
    return f"{said}: {moved} beyond the change in the rest ({interval}). {NO_PROOF}"


def _refused(four: Sequence[Estimate]) -> Evaluation:
    reasons = dict.fromkeys(part.reason or "a figure has no standard error" for part in four if part.se is None)
    text = f"Cannot be evaluated: {' '.join(reason.rstrip('.') + '.' for reason in reasons)}"
    return Evaluation(None, None, None, None, "cannot be evaluated", text)
