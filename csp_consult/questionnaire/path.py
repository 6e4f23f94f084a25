"""Which pages and questions a person is asked: a pure function of questionnaire and answers.

Conditions look only at questions on earlier pages, so that one walk from front to back settles everything,
a path always ends, and no page needs a script to know what it asks. An answer to a question that is itself
off the path counts as not given.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from csp_consult.questionnaire.conditions import ALWAYS, All, Facts, possible
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.questions.base import Answer, Answers, Question
from csp_consult.questionnaire.quoting import worded

_HANGS_ON = "what it hangs on"
"""Under this a question keeps the conditions on which it is asked."""


def path(questionnaire: Questionnaire, answers: Answers) -> tuple[Page, ...]:
    """The pages that are asked, in order, each with only the questions and options there are given the answers.

    Their texts are as the person reads them, with earlier answers put in.
    """

    pages = _walked(questionnaire, answers)
    return worded(questionnaire, pages, answers) if questionnaire.quoting else pages


def _walked(questionnaire: Questionnaire, answers: Answers) -> tuple[Page, ...]:
    def given(question: Question) -> Iterable[tuple[str, str]]:
        answer = question.restricted(answers[question.id]) if question.id in answers else None
        return () if answer is None else question.tally(answer)

    return walk(questionnaire, given)


def walk(questionnaire: Questionnaire, given: Callable[[Question], Iterable[tuple[str, str]]]) -> tuple[Page, ...]:
    """The path where ``given`` says what the answer to a question that is asked leaves behind, as tally pairs."""
    pages: list[Page] = []
    facts: set[tuple[str, str]] = set()
    deciding = questionnaire.deciding
    for page in questionnaire.pages:
        if page.show_if is not None and not page.show_if.holds(facts):
            continue
        offered = (
            question.narrowed(facts)
            for question in page.questions
            if question.show_if is None or question.show_if.holds(facts)
        )
        asked = tuple(question for question in offered if question is not None)
        if not asked:
            continue
        pages.append(page if asked == page.questions else replace(page, questions=asked))
        for question in asked:
            if question.id in deciding:
                facts.update(given(question))
    return tuple(pages)


def on_path(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """The answers to questions that are asked: what may be submitted and counted."""
    return answers_on(_walked(questionnaire, answers), answers)


class Paths:
    """The paths of many people through one questionnaire: what the same answers decide is walked once."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._deciding = [questionnaire.question(one) for one in sorted(questionnaire.deciding)]
        looked_at = {(part.key, option) for part in questionnaire.conditions() for option in part.options}
        # Of an answer whose options may be taken away, what is left can decide: its second place may become its first.
        self._looked_at = looked_at.union(
            (key, option)
            for question in self._deciding
            if question.offered_by_answers()
            for key, options in question.domain().items()
            for option in options
        )
        self._walked: dict[frozenset[tuple[str, str]], tuple[Page, ...]] = {}

    def on_path(self, answers: Answers) -> dict[str, Answer]:
        """As ``on_path`` of this module."""
        said = (
            pair
            for question in self._deciding
            if question.id in answers and (answer := question.restricted(answers[question.id])) is not None
            for pair in question.tally(answer)
        )
        decided = frozenset(self._looked_at.intersection(said))
        if decided not in self._walked:
            self._walked[decided] = _walked(self._questionnaire, answers)
        return answers_on(self._walked[decided], answers)


def answers_on(pages: Sequence[Page], answers: Answers) -> dict[str, Answer]:
    """The answers to the questions of these pages, for a request that has its path already."""
    found = (
        (question.id, question.restricted(answers[question.id]))
        for page in pages
        for question in page.questions
        if question.id in answers
    )
    return {question_id: answer for question_id, answer in found if answer is not None}


def page_after(pages: Sequence[Page], page_id: str) -> Page | None:
    """The page that follows in a path, None after the last. Raises KeyError when the page is not on it."""
    place = _place(pages, page_id)
    return pages[place + 1] if place + 1 < len(pages) else None


def page_before(pages: Sequence[Page], page_id: str) -> Page | None:
    """The page that comes before in a path, None before the first. Raises KeyError when the page is not on it."""
    place = _place(pages, page_id)
    return pages[place - 1] if place else None


@dataclass(frozen=True)
class Length:
    """How many pages a path has, as far as the answers before a page tell."""

    pages: int
    """As many as there can be; going on along the path it never grows."""
    exact: bool
    """Whether there will be so many whatever is answered from here on."""


def length_from(questionnaire: Questionnaire, pages: Sequence[Page], page_id: str, answers: Answers) -> Length:
    """How long a path can be of which one is at a page. Raises KeyError when the page is not on it."""
    place = _place(pages, page_id)
    facts = {
        pair
        for question_id, answer in answers_on(pages[:place], answers).items()
        if question_id in questionnaire.deciding
        for pair in questionnaire.question(question_id).tally(answer)
    }
    undecided = {question.id for question in pages[place].questions}
    count, exact = place + 1, True
    ids = [page.id for page in questionnaire.pages]
    for page in questionnaire.pages[ids.index(page_id) + 1 :]:
        found = {question.id: _asked(page, question, facts, undecided) for question in page.questions}
        asked = {question_id for question_id, (may, _) in found.items() if may}
        undecided |= asked
        count += bool(asked)
        exact = exact and (not asked or any(not may_not for _, may_not in found.values()))
    return Length(count, exact)


def _asked(page: Page, question: Question, facts: Facts, undecided: Collection[str]) -> tuple[bool, bool]:
    """Whether a question may yet be asked, and whether it may yet not be."""
    # Every page asks this of all that follow it, and what a question hangs on is the same for everybody.
    when = question.kept.get(_HANGS_ON)
    if when is None:
        conditions = (page.show_if or ALWAYS, question.show_if or ALWAYS, question.something_offered())
        when = question.kept[_HANGS_ON] = tuple(one for one in conditions if one is not ALWAYS)
    return possible(All(when), facts, undecided) if when else (True, False)


def _place(pages: Sequence[Page], page_id: str) -> int:
    for place, page in enumerate(pages):
        if page.id == page_id:
            return place
    raise KeyError(page_id)
