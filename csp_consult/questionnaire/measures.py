"""What a question says about the concern for topics, or about change, as its file declares."""

from collections.abc import Mapping
from dataclasses import dataclass

PROBLEM_SHARE = "problem share"
MEAN_RATING = "mean rating"
MENTION_SHARE = "mention share"
RANK_POINTS = "rank points"


@dataclass(frozen=True)
class ConcernMeasure:
    """How a question's answers become concern for topics."""

    question: str
    kind: str
    """``problem share``, ``mean rating``, ``mention share`` or ``rank points``."""
    topics: Mapping[str, str]
    """Grid row or option code to topic slug."""
    values: Mapping[tuple[str, str], tuple[str, float]]
    """Tally pair (question key, option) to (topic, score from 0 to 1).

    In a grid a row's base is whoever chose an option that has a score, zero included; *don't know* has none.
    For mentions and ranks the base is whoever answered the question.
    """
    within: str | None = None
    """The theme inside which the topics are compared; None when they stand for the whole."""


@dataclass(frozen=True)
class ChangeMeasure:
    """A question on whether something went up or down. Options in none of the three take no side (don't know)."""

    question: str
    topic: str
    up: frozenset[str]
    same: frozenset[str]
    down: frozenset[str]
    reference: str
    """Against when: ``12 months``."""
    area: str
    """``local`` or ``national``."""
