"""Where people rank a concern beside where the record ranks it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.ranks import rank_intervals


@dataclass(frozen=True)
class RankGap:
    """One topic's two ranks, 1 for the greatest concern and the most recorded, with their intervals."""

    topic: str
    concern_rank: int
    concern_interval: tuple[int, int]
    recorded_rank: int
    recorded_interval: tuple[int, int]
    gap: int
    """Concern rank minus recorded rank: negative where people rank it higher than the record does."""
    apart: bool
    """Whether the two intervals do not overlap, so that the ranks differ beyond chance."""


def ranking_gap(
    topics: Sequence[str],
    concern: ArrayLike,
    concern_covariance: FloatArray | None,
    recorded: ArrayLike,
    recorded_variances: ArrayLike,
) -> tuple[RankGap, ...]:
    """Both rankings of the topics, greatest concern first.

    Only topics that map to a recorded category may be given, since both rankings must be over the same topics.
    ``concern`` is the concern measure (topics,) with its covariance (topics, topics), None where the source has no
    sampling error; ``recorded`` are counts, whose variances are overdispersion times count, or log ratios of change,
    whose variances are their squared standard errors.
    """
    said, held = np.asarray(concern, dtype=np.float64), np.asarray(recorded, dtype=np.float64)
    said_best, said_worst = rank_intervals(said, concern_covariance)
    held_best, held_worst = rank_intervals(held, np.diag(np.asarray(recorded_variances, dtype=np.float64)))
    rows = [
        RankGap(
            topic=topic,
            concern_rank=(concern_rank := 1 + int((said > said[t]).sum())),
            concern_interval=(int(said_best[t]), int(said_worst[t])),
            recorded_rank=(recorded_rank := 1 + int((held > held[t]).sum())),
            recorded_interval=(int(held_best[t]), int(held_worst[t])),
            gap=concern_rank - recorded_rank,
            apart=bool(said_best[t] > held_worst[t] or held_best[t] > said_worst[t]),
        )
        for t, topic in enumerate(topics)
    ]
    return tuple(sorted(rows, key=lambda row: (row.concern_rank, row.topic)))
