"""Every way through a questionnaire: which pages follow from which answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from csp_consult.questionnaire.conditions import Facts
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.path import walk
from csp_consult.questionnaire.questions.base import Question

# Above this many combinations of answers not every way is tried.
MOST_COMBINATIONS = 5_000


@dataclass(frozen=True)
class Route:
    """One way through, with the answers that lead along it: the first combination found that does."""

    pages: tuple[Page, ...]
    because: Facts
    """(question key, option) of each answer that some condition looks at."""

    @property
    def asked(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The pages by id, with the ids of the questions on them."""
        return tuple((page.id, tuple(question.id for question in page.questions)) for page in self.pages)


def too_many(questionnaire: Questionnaire) -> bool:
    """Whether there are more combinations of answers than are tried."""
    return prod(len(facts) for facts in _possible(questionnaire).values()) > MOST_COMBINATIONS


def combinations(questionnaire: Questionnaire) -> Iterator[Route]:
    """The way that each combination of the answers that conditions look at leads along.

    None at all where there are too many of them.
    """
    if too_many(questionnaire):
        return
    possible = _possible(questionnaire)
    for combination in product(*possible.values()):
        left = dict(zip(possible, combination, strict=True))
        yield Route(_along(questionnaire, left), frozenset(pair for facts in combination for pair in facts))


def one_by_one(questionnaire: Questionnaire) -> Iterator[Route]:
    """The way that each deciding answer leads along, once beside the fewest of the others and once beside the most."""
    possible = {name: _telling(facts) for name, facts in _possible(questionnaire).items()}
    for beside in (min, max):
        others = {name: beside(facts, key=len) for name, facts in possible.items()}
        for name, facts in possible.items():
            for one in facts:
                left = others | {name: one}
                yield Route(_along(questionnaire, left), frozenset(pair for facts in left.values() for pair in facts))


def _telling(facts: list[frozenset[tuple[str, str]]]) -> list[frozenset[tuple[str, str]]]:
    """Of what an answer can leave behind: nothing, each option by itself, and as much as there can be."""
    most = max(facts, key=len)
    return [one for one in facts if len(one) <= 1 or one == most]


def routes(questionnaire: Questionnaire) -> list[Route]:
    """The ways through that differ in what is asked, the shortest combination of answers for each first.

    All of them; where there are too many combinations to try, those of each deciding answer by itself.
    """
    found: dict[tuple[tuple[str, tuple[str, ...]], ...], Route] = {}
    for route in one_by_one(questionnaire) if too_many(questionnaire) else combinations(questionnaire):
        kept = found.get(route.asked)
        if kept is None or len(route.because) < len(kept.because):
            found[route.asked] = route
    return list(found.values())


def _along(questionnaire: Questionnaire, left: Mapping[str, Facts]) -> tuple[Page, ...]:
    def given(question: Question) -> Facts:
        return left[question.id]

    return walk(questionnaire, given)


def _possible(questionnaire: Questionnaire) -> dict[str, list[frozenset[tuple[str, str]]]]:
    """What the answer to each deciding question can leave behind."""
    return {
        question.id: question.possible_facts(_looked_at(questionnaire, question))
        for question in questionnaire.questions.values()
        if question.id in questionnaire.deciding
    }


def _looked_at(questionnaire: Questionnaire, question: Question) -> list[tuple[str, str]]:
    pairs = {
        (part.key, option)
        for part in questionnaire.conditions()
        if part.key.partition(".")[0] == question.id
        for option in part.options
    }
    return sorted(pairs)
