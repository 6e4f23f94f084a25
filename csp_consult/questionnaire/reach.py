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
MOST_WORK = 500_000
"""On all diagrams of one questionnaire: what real ones need is about a thousand."""
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
        self._unknown: set[Condition] = set()
        self._work_left = MOST_WORK

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """Every question, followed by those of its options and rows that earlier answers offer."""
        return tuple(one for question in self._questions.values() for one in self._shown(question))

    def leading_to(self, condition: Condition) -> frozenset[Pair] | None:
        """Answers with which the condition holds, as few as can be; None where it holds with none.

        Raises UnknownError.
        """
        if condition in self._unknown:
            raise UnknownError
        if condition not in self._found:
            try:
                self._found[condition] = self._solved(condition)
            except TooLargeError as error:
                self._unknown.add(condition)
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
        building = _Building(order, min(MOST_STEPS, self._work_left))
        involved = sorted({self.home(pair).id for pair in order}, key=self._places.__getitem__)
        try:
            for question_id in involved:
                building.ask(self._questions[question_id], self._asked[question_id])
            found = building.of(condition)
            for question_id in involved:
                found = building.sound(found, self._questions[question_id])
        finally:
            # Beside the steps, every two answers of a question are held against each other, which is soon done.
            self._work(building.diagrams.steps + len(order) ** 2 // 20)
        places = building.diagrams.fewest(found)
        return None if places is None else frozenset(order[place] for place in places)

    def _work(self, steps: int) -> None:
        self._work_left = max(0, self._work_left - steps)

    def _in_order(self, condition: Condition) -> list[Pair]:
        """The answers that decide about a condition, with what hangs together side by side: so diagrams are small."""
        order: dict[Pair, None] = {}
        homes, done = set[str](), set[str]()
        looked_at: Condition | None = condition
        while looked_at is not None:
            for pair in self._pairs(looked_at):
                homes |= self._put_in_order(pair, order)
            last = max(homes - done, key=self._places.__getitem__, default=None)
            looked_at = None if last is None else self._asked[last]
            done |= {last} if last else set()
        return self._drawn_together(order)

    def _pairs(self, condition: Condition) -> Iterator[Pair]:
        for part in condition.parts():
            for option in part.options:
                if not self._work_left:
                    raise TooLargeError
                self._work(1)
                yield part.key, option

    def _drawn_together(self, order: Iterable[Pair]) -> list[Pair]:
        """The same with an option's places in a ranking, of which it can have one, beside one another."""
        groups: dict[Pair, list[Pair]] = {}
        for pair in order:
            home = self.home(pair)
            beside = groups.setdefault((home.id, pair[1]), [])
            together = not beside or home.clash(beside[0], pair)
            (beside if together else groups.setdefault(pair, [])).append(pair)
        return [pair for group in groups.values() for pair in group]

    def _put_in_order(self, pair: Pair, order: dict[Pair, None]) -> set[str]:
        """Put a pair in order after those that decide whether it is offered; gives the questions that it added.

        With a stack of its own, as options can hang on options of the question before for as long as there are
        questions.
        """
        added: set[str] = set()
        waiting = [] if pair in order else [(pair, self._pairs(self.home(pair).offered_when(*pair)))]
        while waiting:
            one, before = waiting[-1]
            needed = next((other for other in before if other not in order), None)
            if needed is None:
                waiting.pop()
                order[one] = None
                added.add(self.home(one).id)
            else:
                waiting.append((needed, self._pairs(self.home(needed).offered_when(*needed))))
            if len(order) + len(waiting) > MOST_ANSWERS:
                raise TooLargeError
        return added


class _Building:
    """Making the diagram of one condition."""

    def __init__(self, order: list[Pair], most_steps: int) -> None:
        self.diagrams = Diagrams(most_steps)
        self._variables = {pair: self.diagrams.variable(place) for place, pair in enumerate(order)}
        self._given: dict[Pair, int] = {}

    def ask(self, question: Question, when: Condition) -> None:
        """Take in a question, after those that decide about it, with the diagrams of its answers being given.

        An answer is given where it is chosen, its question is asked, and it is offered there.
        """
        asked = self.of(when)
        keys = list(question.domain())
        for pair in sorted(self._pairs(question), key=lambda pair: keys.index(pair[0])):
            can_be = self.diagrams.both(asked, self.of(question.offered_when(*pair)))
            self._given[pair] = self.diagrams.both(self._variables[pair], can_be)

    def of(self, condition: Condition) -> int:
        """The diagram of a condition on questions that were taken in."""
        match condition:
            case Is():
                found = NEVER
                for option in condition.options:
                    found = self.diagrams.either(found, self._given[condition.key, option])
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
        for one, other in combinations(self._pairs(question), 2):
            if question.clash(one, other):
                together = self.diagrams.both(self._variables[one], self._variables[other])
                found = self.diagrams.both(found, self.diagrams.opposite(together))
        return found

    def _pairs(self, question: Question) -> list[Pair]:
        return [pair for pair in self._variables if pair[0].partition(".")[0] == question.id]
