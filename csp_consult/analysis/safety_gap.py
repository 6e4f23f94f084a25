"""Feeling safe against the rate: whether people feel less safe where more is recorded, area by area.

Neither side says anything of change here: each area is held against the district it lies in, on both sides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from csp_consult.analysis.gap import Class, class_probabilities, classify, probability_positive

_Z: Final = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class SafetyGap:
    """An area beside its district, in feeling and in record."""

    difference: float
    """Share who feel unsafe less the district's, -1 to 1."""
    se_difference: float
    rate: float
    """Recorded per 1,000 residents."""
    district_rate: float
    ratio: float
    """The rate over the district's."""
    ratio_lower: float
    ratio_upper: float
    probabilities: Mapping[str, float]
    classification: Class
    """``reassure`` where people feel less safe than elsewhere and less is recorded; ``alert`` the other way round;
    ``act`` where both are worse than the district, ``maintain`` where both are better."""


def safety_gap(
    *,
    unsafe: tuple[float, float],
    district_unsafe: tuple[float, float],
    count: int,
    residents: int,
    district_count: int,
    district_residents: int,
    phi: float = 1.0,
) -> SafetyGap:
    """Hold an area against its district: shares (0 to 1) who feel unsafe with their standard errors, and counts.

    ``phi`` is the overdispersion of the counts. The errors of area and district are added as if independent, which
    is cautious, since the district holds the area. Raises ValueError where the district has no incident or a place
    has no residents.
    """
    if district_count <= 0 or residents <= 0 or district_residents <= 0:
        raise ValueError("A rate needs residents, and a district with something recorded.")
    difference, se = unsafe[0] - district_unsafe[0], float(np.hypot(unsafe[1], district_unsafe[1]))
    # Half an incident where there is none, so that the ratio has a logarithm.
    counted = max(count, 0.5)
    rate, district_rate = 1000 * count / residents, 1000 * district_count / district_residents
    log_ratio = float(np.log(counted / residents * district_residents / district_count))
    se_log = float(np.sqrt(phi * (1 / counted + 1 / district_count)))
    probabilities = class_probabilities(probability_positive(difference, se), probability_positive(log_ratio, se_log))
    return SafetyGap(
        difference=difference,
        se_difference=se,
        rate=rate,
        district_rate=district_rate,
        ratio=rate / district_rate,
        ratio_lower=float(np.exp(log_ratio - _Z * se_log)),
        ratio_upper=float(np.exp(log_ratio + _Z * se_log)),
        probabilities=probabilities,
        classification=classify(probabilities),
    )
