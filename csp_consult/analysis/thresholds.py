"""Which counts are small. Apart from ``disclosure``, so that whoever only counts loads no linear programmes."""

from typing import Final

PUBLISHED_THRESHOLD: Final = 10
INSIDE_THRESHOLD: Final = 5
"""For what officers see by free filters: primary suppression only."""


def is_small(count: float, threshold: int = PUBLISHED_THRESHOLD) -> bool:
    """Whether a count is hidden for its own sake: from 1 to threshold - 1. A 0 tells of nobody."""
    return 0 < count < threshold
