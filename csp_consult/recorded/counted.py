"""What either way of counting gives a series: incidents placed by us, or figures as a sheet reports them."""

from collections.abc import Mapping, Set
from dataclasses import dataclass


class NoSeriesError(ValueError):
    """There is no series to show; the message says why in plain words."""


@dataclass(frozen=True)
class Counted:
    """The counts of an area by period, and what they rest on."""

    counts: Mapping[str, int]
    missing: tuple[str, ...]
    categories: tuple[str, ...]
    method: str
    unplaced: int
    resting: Set[int]
    """Numbers of the imports."""
