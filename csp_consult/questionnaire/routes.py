"""Every way through a questionnaire: which pages follow from which answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from csp_consult.questionnaire.conditions import Facts
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.path import walk
from csp_consult.questionnaire.questions.base import Question
from csp_consult.questionnaire.reach import Reach, UnknownError

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
        because = frozenset(pair for facts in combination for pair in facts)
        yield Route(_along(questionnaire, because), because)


def covering(questionnaire: Questionnaire) -> Iterator[Route]:
    """Ways through that together show every question and option that anybody can see, a short one for each in turn.

    Left out is only what ``survey check`` says it could not find a way to.
    """
    reach = Reach(questionnaire)
    walked: set[tuple[str, str]] = set()
    for one in reach.shown:
        if (one.question.id, one.code) in walked:
            continue
        try:
            because = reach.leading_to(one.when)
        except UnknownError:
            continue
        if because is not None:
            pages = _along(questionnaire, because)
            walked.update(shown for page in pages for question in page.questions for shown in _shown(question))
            yield Route(pages, because)


def _shown(question: Question) -> set[tuple[str, str]]:
    return {(question.id, ""), *((question.id, choice.code) for choice in question.offered_by_answers())}


def routes(questionnaire: Questionnaire) -> list[Route]:
    """The ways through that differ in what is asked, the shortest combination of answers for each first.

    All of them; where there are too many combinations to try, enough of them to show all that can be shown.
    """
    if too_many(questionnaire):
        return list(covering(questionnaire))
    found: dict[tuple[tuple[str, tuple[str, ...]], ...], Route] = {}
    for route in combinations(questionnaire):
        kept = found.get(route.asked)
        if kept is None or len(route.because) < len(kept.because):
            found[route.asked] = route
    return list(found.values())


def _along(questionnaire: Questionnaire, because: Facts) -> tuple[Page, ...]:
    def given(question: Question) -> Facts:
        offered = question.domain()
        return [(key, option) for key, option in because if option in offered.get(key, ())]

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
