"""Counting answers by weighting cell: pure, and additive, so that counts of parts add up to those of the whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from csp_consult.questionnaire.model import Questionnaire

if TYPE_CHECKING:
    from csp_consult.fieldwork.batches import Counting

Option: TypeAlias = tuple[str, str]
"""A question key and the option chosen under it."""


class Counted(NamedTuple):
    """What counting needs of one response."""

    cell: str
    base_weight: float
    answers: Mapping[str, Any]


@dataclass
class CellCounts:
    """The counts of one weighting cell, as the tally keeps them."""

    n: int = 0
    d: float = 0.0
    """Sum of base weights."""
    d2: float = 0.0
    """Sum of squared base weights."""
    options: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """n, d and d2 by question key and option."""
    products: dict[str, list[float]] = field(default_factory=dict)
    """By question that measures concern: the sums of products of two of its variables, upper triangle by row."""

    def add(self, other: "CellCounts") -> None:
        """Add another's counts; what nobody is left to have chosen goes, since counting anew would not make it."""
        self.n, self.d, self.d2 = self.n + other.n, self.d + other.d, self.d2 + other.d2
        for question, counted in other.options.items():
            mine = self.options.setdefault(question, {})
            for option, sums in counted.items():
                kept = mine.get(option)
                mine[option] = _added(kept, sums) if kept else sums
                if not mine[option][0]:
                    del mine[option]
            if not mine:
                del self.options[question]
        for question, sums in other.products.items():
            self.products[question] = _added(self.products.get(question, [0.0] * len(sums)), sums)

    def alike(self, other: "CellCounts") -> bool:
        """Whether these are the same counts, up to what adding fractions in another order can change."""
        mine, theirs = _flat(self), _flat(other)
        return mine.keys() == theirs.keys() and all(isclose(n, theirs[key], abs_tol=1e-9) for key, n in mine.items())


def count(questionnaire: Questionnaire, responses: Iterable[Counted], *, sign: int = 1) -> dict[str, CellCounts]:
    """The counts by cell of responses to one questionnaire, or with ``sign=-1`` those that take them away."""
    counting = counting_for(questionnaire)
    counting.take(list(responses), sign=sign)
    return counting.counts()


def counting_for(questionnaire: Questionnaire) -> "Counting":
    """What counts responses to a questionnaire batch by batch."""
    # Whoever only answers or sends a survey never counts, and its process need not load numpy.
    from csp_consult.fieldwork.batches import Counting  # noqa: PLC0415 - see the line above

    return Counting(questionnaire)


def _flat(counts: CellCounts) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {("n",): counts.n, ("d",): counts.d, ("d2",): counts.d2}
    for question, counted in counts.options.items():
        for option, sums in counted.items():
            found |= {(question, option, str(place)): value for place, value in enumerate(sums)}
    for question, sums in counts.products.items():
        found |= {(question, str(place)): value for place, value in enumerate(sums)}
    return found


def _added(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [a + b for a, b in zip(one, other, strict=True)]
