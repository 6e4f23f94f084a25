"""Whom to speak to: the segments of area and age that hold most of the residents who believe the contrary."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from csp_consult.analysis.gap import Class
from csp_consult.analysis.small_areas import ShrunkAreas


@dataclass(frozen=True)
class Segment:
    """One audience: an age group of one area."""

    area: str
    group: str
    adults: float
    """N_g."""
    rate: float
    """m_g, the share who believe the record went up, 0 to 1."""
    lift: float
    """m_g over the district's share."""
    residents: float
    """K_g = N_g m_g, residents who believe it."""
    lower: float
    """95% interval of ``residents``."""
    upper: float
    share_of_all: float
    """``residents`` over all such residents of areas of class *reassure*; 0 in other areas."""
    classification: Class
    """Of its area."""
    chosen: bool


@dataclass(frozen=True)
class Targets:
    """All segments, most such residents first, and those chosen."""

    segments: tuple[Segment, ...]
    total_residents: float
    """In all areas."""
    eligible_residents: float
    """In areas of class *reassure*: what the wanted share is of."""
    wanted_share: float
    covered_share: float
    """Of the eligible residents, by the chosen segments."""
    note: str | None
    """In plain words, why the wanted share is not reached."""


def choose_targets(
    *,
    areas: Sequence[str],
    area_rates: ShrunkAreas,
    groups: Sequence[str],
    group_rates: ShrunkAreas,
    district_rate: float,
    adults: ArrayLike,
    classes: Sequence[Class],
    wanted_share: float = 0.5,
) -> Targets:
    """The fewest segments that hold the wanted share of the residents who believe *up* where the record is down.

    ``adults`` is of shape (areas, groups); ``classes`` are the areas'. A segment's rate is the area's times the
    group's over the district's, at most 1. Only segments at or above the district's rate, in areas of class
    *reassure*, are chosen. Raises ValueError where the district rate is 0.
    """
    if district_rate <= 0:
        raise ValueError("Nobody believes that it rose, so there is no audience to choose.")
    counts = np.asarray(adults, dtype=np.float64)
    rates = np.clip(np.outer(area_rates.shrunk, group_rates.shrunk) / district_rate, 0, 1)
    residents = counts * rates
    eligible = float(residents[[name == "reassure" for name in classes]].sum())
    spread = _log_spread(area_rates, group_rates)
    segments = [
        Segment(
            area=area,
            group=group,
            adults=float(counts[i, j]),
            rate=float(rates[i, j]),
            lift=float(rates[i, j]) / district_rate,
            residents=float(residents[i, j]),
            lower=float(residents[i, j] / spread[i, j]),
            upper=min(float(residents[i, j] * spread[i, j]), float(counts[i, j])),
            share_of_all=float(residents[i, j]) / eligible if classes[i] == "reassure" and eligible else 0.0,
            classification=classes[i],
            chosen=False,
        )
        for i, area in enumerate(areas)
        for j, group in enumerate(groups)
    ]
    chosen, covered = _choose(sorted(segments, key=lambda segment: -segment.residents), wanted_share)
    return Targets(
        segments=chosen,
        total_residents=float(residents.sum()),
        eligible_residents=eligible,
        wanted_share=wanted_share,
        covered_share=covered,
        note=_note(eligible, covered, wanted_share),
    )


def _choose(segments: Sequence[Segment], wanted_share: float) -> tuple[tuple[Segment, ...], float]:
    covered, marked = 0.0, []
    for segment in segments:
        take = covered < wanted_share and segment.share_of_all > 0 and segment.lift >= 1
        covered += segment.share_of_all if take else 0.0
        marked.append(replace(segment, chosen=take))
    return tuple(marked), covered


def _log_spread(area_rates: ShrunkAreas, group_rates: ShrunkAreas) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    # On the log scale, by the delta method. The district's rate moves with both its factors, so leaving out its
    # own error makes the interval a little wide rather than too narrow.
    relative = [rates.se / np.maximum(rates.shrunk, 1e-9) for rates in (area_rates, group_rates)]
    return np.exp(stats.norm.ppf(0.975) * np.hypot.outer(*relative))


def _note(eligible: float, covered: float, wanted_share: float) -> str | None:
    if not eligible:
        return "No area is of class reassure, so there is nobody to reassure."
    if covered < wanted_share:
        return (
            f"The segments at or above the district's rate hold {covered:.0%} of these residents, "
            f"not the {wanted_share:.0%} asked for: the rest are spread evenly."
        )
    return None
