"""Counting answers by weighting cell: pure, and additive, so that counts of parts add up to those of the whole."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from csp_consult.questionnaire.model import Questionnaire

if TYPE_CHECKING:
    from csp_consult.fieldwork.products import Products

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
                mine[option] = _added(mine.get(option, [0, 0.0, 0.0]), sums)
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
    by_cell: dict[str, list[Counted]] = defaultdict(list)
    for response in responses:
        by_cell[response.cell].append(response)
    # Whoever only answers or sends a survey never counts, and its process need not load numpy.
    from csp_consult.fieldwork.products import Products  # noqa: PLC0415 - see the line above

    chosen = _Chosen(questionnaire)
    measures = [Products(measure) for measure in questionnaire.concern]
    return {cell: _counts(inside, chosen, measures, sign) for cell, inside in by_cell.items()}


class _Chosen:
    """The options that answers choose. The same plain answer is looked up once."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questions = questionnaire.questions
        self.known: dict[tuple[str, str], list[Option]] = {}

    def __call__(self, answers: Mapping[str, Any]) -> list[Option]:
        found: list[Option] = []
        for question, answer in answers.items():
            if type(answer) is not str:
                found += self.questions[question].tally(answer)
                continue
            options = self.known.get((question, answer))
            if options is None:
                options = self.known[question, answer] = self.questions[question].tally(answer)
            found += options
        return found


def _counts(responses: Sequence[Counted], chosen: _Chosen, measures: Sequence["Products"], sign: int) -> CellCounts:
    counts = CellCounts()
    options = [chosen(response.answers) for response in responses]
    by_weight: dict[float, list[int]] = defaultdict(list)
    for position, response in enumerate(responses):
        by_weight[response.base_weight].append(position)
    for weight, positions in by_weight.items():
        n = sign * len(positions)
        # Counter loops in C.
        together = Counter(option for position in positions for option in options[position])
        found: dict[str, dict[str, list[float]]] = {}
        for (question, option), times in together.items():
            found.setdefault(question, {})[option] = [sign * times, sign * times * weight, sign * times * weight**2]
        counts.add(CellCounts(n, n * weight, n * weight**2, found))
    squared = [sign * response.base_weight**2 for response in responses]
    counts.products = {measure.question: measure.sums(options, squared) for measure in measures}
    return counts


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
