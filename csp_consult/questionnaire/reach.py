"""Which answers lead to a question or an option, if any do: exact, without trying their combinations one by one.

What decides about a question are its conditions, those of the questions they look at, and so on towards the front. All
of them are put together into one decision diagram over the answers that they look at; what no diagram of bearable size
can tell is said to be unknown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from csp_consult.questionnaire.conditions import ALWAYS, All, AnyOf, Condition, Is, Not
from csp_consult.questionnaire.diagrams import EVER, NEVER, Diagrams, TooLargeError
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import Question

Pair = tuple[str, str]
"""A question key with an option."""

MOST_STEPS = 200_000
"""Of work on one diagram: a second or two at worst."""
MOST_ANSWERS = 400
"""That one diagram looks at; its depth, and so that of Python's stack, goes with them."""


class UnknownError(Exception):
    """So many answers decide that it cannot be told."""


@dataclass(frozen=True)
class Shown:
    """A question, or an option or row of it, with what must hold for a person to be shown it."""

    question: Question
    code: str
    """Of the option or row; empty for the question itself."""
    when: Condition


class Reach:
    """What the answers to one questionnaire can lead to."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._places = {question_id: place for place, question_id in enumerate(questionnaire.questions)}
        self._questions = questionnaire.questions
        self._asked = {
            question.id: All((page.show_if or ALWAYS, question.show_if or ALWAYS, question.something_offered()))
            for page in questionnaire.pages
            for question in page.questions
        }
        self._found: dict[Condition, frozenset[Pair] | None] = {}

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """Every question, followed by those of its options and rows that earlier answers offer."""
        return tuple(one for question in self._questions.values() for one in self._shown(question))

    def leading_to(self, condition: Condition) -> frozenset[Pair] | None:
        """Answers with which the condition holds, as few as can be; None where it holds with none.

        Raises UnknownError.
        """
        if condition not in self._found:
            try:
                self._found[condition] = self._solved(condition)
            except TooLargeError as error:
                raise UnknownError from error
        return self._found[condition]

    def _shown(self, question: Question) -> Iterator[Shown]:
        asked = self._asked[question.id]
        yield Shown(question, "", asked)
        for choice in question.offered_by_answers():
            yield Shown(question, choice.code, All((asked, choice.show_if or ALWAYS)))

    def home(self, pair: Pair) -> Question:
        """The question whose answers leave this pair."""
        return self._questions[pair[0].partition(".")[0]]

    def _solved(self, condition: Condition) -> frozenset[Pair] | None:
        order = self._in_order(condition)
        if len(order) > MOST_ANSWERS:
            raise TooLargeError
        building = _Building(self, order)
        involved = {self.home(pair).id for pair in order}
        for question_id in sorted(involved, key=self._places.__getitem__):
            building.asked[question_id] = building.of(self._asked[question_id])
        found = building.of(condition)
        for question_id in sorted(involved, key=self._places.__getitem__):
            found = building.sound(found, self._questions[question_id])
        places = building.diagrams.fewest(found)
        return None if places is None else frozenset(order[place] for place in places)

    def _in_order(self, condition: Condition) -> list[Pair]:
        """The answers that decide about a condition, with what hangs together side by side: so diagrams are small."""
        order: dict[Pair, None] = {}
        waiting, done = [condition], set[str]()
        while waiting:
            for part in waiting.pop().parts():
                for option in part.options:
                    self._put_in_order((part.key, option), order)
            homes = {self.home(pair).id for pair in order} - done
            if homes:
                last = max(homes, key=self._places.__getitem__)
                done.add(last)
                waiting.append(self._asked[last])
        return self._drawn_together(order)

    def _drawn_together(self, order: Iterable[Pair]) -> list[Pair]:
        """The same with an option's places in a ranking, of which it can have one, beside one another."""
        groups: dict[Pair, list[Pair]] = {}
        for pair in order:
            home = self.home(pair)
            beside = groups.setdefault((home.id, pair[1]), [])
            together = not beside or home.clash(beside[0], pair)
            (beside if together else groups.setdefault(pair, [])).append(pair)
        return [pair for group in groups.values() for pair in group]

    def _put_in_order(self, pair: Pair, order: dict[Pair, None]) -> None:
        if pair in order:
            return
        for part in self.home(pair).offered_when(*pair).parts():
            for option in part.options:
                self._put_in_order((part.key, option), order)
        order[pair] = None


class _Building:
    """Making the diagram of one condition."""

    def __init__(self, reach: Reach, order: list[Pair]) -> None:
        self.diagrams = Diagrams(MOST_STEPS)
        self.asked: dict[str, int] = {}
        self._reach = reach
        self._variables = {pair: self.diagrams.variable(place) for place, pair in enumerate(order)}
        self._given: dict[Pair, int] = {}

    def of(self, condition: Condition) -> int:
        """The diagram of a condition."""
        match condition:
            case Is():
                found = NEVER
                for option in condition.options:
                    found = self.diagrams.either(found, self._pair((condition.key, option)))
            case All():
                found = EVER
                for part in condition.conditions:
                    found = self.diagrams.both(found, self.of(part))
            case AnyOf():
                found = NEVER
                for part in condition.conditions:
                    found = self.diagrams.either(found, self.of(part))
            case Not():
                found = self.diagrams.opposite(self.of(condition.condition))
        return found

    def sound(self, found: int, question: Question) -> int:
        """The diagram without the cases in which a question has answers that nobody can give together."""
        pairs = [pair for pair in self._variables if pair[0].partition(".")[0] == question.id]
        for one, other in combinations(pairs, 2):
            if question.clash(one, other):
                together = self.diagrams.both(self._variables[one], self._variables[other])
                found = self.diagrams.both(found, self.diagrams.opposite(together))
        return found

    def _pair(self, pair: Pair) -> int:
        """The diagram of an answer being given: it is chosen, its question is asked, and it is offered there."""
        if pair not in self._given:
            home = self._reach.home(pair)
            can_be = self.diagrams.both(self.asked[home.id], self.of(home.offered_when(*pair)))
            self._given[pair] = self.diagrams.both(self._variables[pair], can_be)
        return self._given[pair]
