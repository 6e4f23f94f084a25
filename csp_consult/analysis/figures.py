"""The shapes in which statistics leave this room: an estimate is never a bare number."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A weighted figure with its uncertainty and what it rests on.

    Shares are 0 to 1. ``estimate`` and its companions are None when the figure is refused or has no
    sampling error (a published figure without a base); ``reason`` then says why in plain words.
    """

    estimate: float | None
    se: float | None
    lower: float | None
    upper: float | None
    base: int
    """Unweighted number of respondents the figure rests on."""
    effective_base: float
    """Kish's n_eff of those respondents."""
    se_method: str
    indicative: bool = False
    """True where the effective base is between the two thresholds."""
    reason: str | None = None
    degrees: float | None = None
    """Degrees of freedom of the standard error: primary units less strata; None where there is none."""

    def held_to(self, *, hidden_below: float, indicative_below: float) -> "Estimate":
        """The estimate under the base rules: refused, marked indicative, or as it is.

        Effective bases under ``hidden_below`` are not shown; under ``indicative_below`` they are marked.
        """
        if self.effective_base < hidden_below:
            return replace(
                self,
                estimate=None,
                se=None,
                lower=None,
                upper=None,
                reason=f"Not shown: the effective base is under {hidden_below:g}.",
            )
        return replace(self, indicative=self.effective_base < indicative_below)


@dataclass(frozen=True)
class RankedTopic:
    """One topic's place in a concern ranking."""

    topic: str
    concern: Estimate
    """The concern measure C_t, 0 to 1."""
    index: Estimate
    """The concern index, 100 for the average topic."""
    rank: int
    rank_lower: int
    """Best rank the data allow (simultaneous interval)."""
    rank_upper: int
    """Worst rank the data allow."""
    ties_with: tuple[str, ...]
    """Topics whose rank intervals overlap this one's."""


@dataclass(frozen=True)
class ConcernRanking:
    """A source's topics in order of concern, first topic first."""

    measure: str
    """``problem share``, ``mean rating``, ``mention share`` or ``rank points``."""
    topics: tuple[RankedTopic, ...]
    covariance: FloatArray
    """Of the concern measures, T x T, in the order of ``topics``; NaN where the source has no sampling error."""
    base: int
    effective_base: float
    se_method: str
    reason: str | None = None
    """Why there is no ranking, when ``topics`` is empty."""
    left_out: tuple[str, ...] = ()
    """Topics not ranked because too few answered on them."""

    def order(self) -> Sequence[str]:
        """The topic slugs, most concern first."""
        return [topic.topic for topic in self.topics]
