"""What officers are not shown: figures that a handful of people make up (primary suppression only)."""

from dataclasses import replace
from typing import Final

from csp_consult.analysis.figures import Estimate
from csp_consult.analysis.thresholds import INSIDE_THRESHOLD, is_small

FEW: Final = f"1 to {INSIDE_THRESHOLD - 1}"
"""What stands in place of a small count."""
WHY: Final = f"Not shown: fewer than {INSIDE_THRESHOLD} people answered so, few enough to point at a person."
ON_COUNTS: Final = f"Counts from 1 to {INSIDE_THRESHOLD - 1} are not shown: they are few enough to point at a person."


def hidden_inside(count: float) -> bool:
    """Whether officers are not shown a count: from 1 to the inside threshold less 1."""
    return is_small(count, INSIDE_THRESHOLD)


def withheld(estimate: Estimate, count: float) -> Estimate:
    """The estimate, refused where only ``count`` people make it up; one refused already keeps its reason."""
    if estimate.estimate is None or not hidden_inside(count):
        return estimate
    return replace(estimate, estimate=None, se=None, lower=None, upper=None, reason=WHY)
