"""What a question says about the concern for topics, or about change, as its file declares."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

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
    answered: tuple[tuple[str, str], ...] = ()
    """For mentions and ranks: the tally pairs of which everyone who answered the question has exactly one."""

    @cached_property
    def unit(self) -> int:
        """Into how many parts a score of 1 is divided so that every score is a whole number of them."""
        return lcm(*(Fraction(score).limit_denominator(1000).denominator for _, score in self.values.values()))

    @cached_property
    def variables(self) -> tuple[Mapping[tuple[str, str], int], ...]:
        """What each respondent gets from the measure, as sums over the tally pairs of their answer.

        First their score for each topic, in units, topics in the order of ``values``; then for each topic whether they
        are in its base, or once for all topics where everyone who answered is.
        """
        topics = dict.fromkeys(topic for topic, _ in self.values.values())
        scores = [
            {pair: round(score * self.unit) for pair, (named, score) in self.values.items() if named == topic}
            for topic in topics
        ]
        bases = [dict.fromkeys(self.answered, 1)] if self.answered else [dict.fromkeys(one, 1) for one in scores]
        return (*scores, *bases)


@dataclass(frozen=True)
class SafetyMeasure:
    """A question on how safe people feel where they live."""

    question: str
    topic: str
    """Whose recorded rate the feeling is held against."""
    unsafe: frozenset[str]


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
