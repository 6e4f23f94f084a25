"""Choosing the top few in order: first, second, third. No dragging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from csp_consult.catalogues import marked
from csp_consult.questionnaire.conditions import All, Condition, Facts, Is
from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.measures import MENTION_SHARE, RANK_POINTS
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    AnswerError,
    Choice,
    Column,
    Form,
    QuestionContext,
    Typed,
    codes,
    one_value,
)
from csp_consult.questionnaire.questions.choice import UNKNOWN_OPTION, Choosing
from csp_consult.questionnaire.questions.lines import Line, letters
from csp_consult.questionnaire.questions.options import read_options, read_order
from csp_consult.questionnaire.texts import ENGLISH, Text, phrase

ORDINALS = (
    phrase("First"),
    phrase("Second"),
    phrase("Third"),
    phrase("Fourth"),
    phrase("Fifth"),
)


@dataclass(frozen=True, kw_only=True)
class Rank(Choosing):
    """The top few options in order. The answer is the list of their codes, first place first."""

    kind: ClassVar[str] = "rank"
    template: ClassVar[str] = "rank.html"
    concern_kinds: ClassVar[tuple[str, ...]] = (RANK_POINTS, MENTION_SHARE)
    prompt: ClassVar[str] = marked("Choose at least a first answer.")
    plain_keys: ClassVar[tuple[str, ...]] = ("choose", "order")

    places: int

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        options = read_options(entry, "options", "option")
        places = entry.whole("choose", 3, lowest=2, highest=len(ORDINALS))
        if options and sum(not option.exclusive for option in options) < places:
            entry.fault(f"{entry.place} asks for {places} choices but offers fewer; add options or lower 'choose'.")
        return cls(**common, options=options, places=places, random=read_order(entry))

    def narrowed(self, facts: Facts) -> Self | None:
        """The question with the options that earlier answers leave, and no more places than those fill."""
        narrowed = super().narrowed(facts)
        if narrowed is None or narrowed is self:
            return narrowed
        free = sum(not option.exclusive for option in narrowed.options)
        return replace(narrowed, places=max(1, min(self.places, free)))

    def offered_when(self, key: str, option: str) -> Condition:
        """The option is there, and the place before is filled."""
        there = super().offered_when(key, option)
        place = self.fields().index(key)
        if not place:
            return there
        before = Is(self.fields()[place - 1], codes(self.offered(place)), self.line)
        return All((there, before))

    def clash(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """A place has one option, an option one place, and an exclusive option stands alone."""
        shared = one[0] == other[0] or one[1] == other[1]
        return shared or self.by_code[one[1]].exclusive or self.by_code[other[1]].exclusive

    def restricted(self, answer: Answer) -> Answer | None:
        """The options that are there, in order; those after one that went move up."""
        return [code for code in answer if code in self.by_code][: self.places] or None

    def key(self, place: int) -> str:
        """The question key of a place, 1 for the first, which is also its form field and its export column."""
        return f"{self.id}.{place}"

    def ordinal(self, place: int, language: str = ENGLISH) -> str:
        """``First``, ``Second`` …"""
        return ORDINALS[place - 1](language)

    def offered(self, place: int) -> tuple[Choice, ...]:
        """The options of a place: after the first, those that can stand with another."""
        return self.options if place == 1 else tuple(option for option in self.options if not option.exclusive)

    def fields(self) -> tuple[str, ...]:
        """A field for each place."""
        return tuple(self.key(place) for place in range(1, self.places + 1))

    def printed(self, context: QuestionContext = NO_CONTEXT) -> Mapping[str, Choice]:
        """The options by letters, since people write numbers beside them."""
        return dict(zip(letters(), self.options, strict=False))

    def lines(self, context: QuestionContext = NO_CONTEXT) -> list[Line]:
        """A line for each place."""
        options = self.keyed_options(context)
        return [Line(name, ORDINALS[place], options) for place, name in enumerate(self.fields())]

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The chosen codes in order; places are filled from the first, each option once."""
        answer: list[str] = []
        empty: int | None = None
        for place, name in enumerate(self.fields(), start=1):
            code = one_value(form, name)
            if code is None:
                empty = empty or place
                continue
            if empty is not None:
                raise AnswerError(
                    "Fill the places in order: choose an answer for “%(place)s”, or clear the ones after it.",
                    self.key(empty),
                    place=ORDINALS[empty - 1],
                )
            self._add(answer, code, name)
        return answer or self.unanswered()

    def _add(self, answer: list[str], code: str, name: str) -> None:
        option = self.by_code.get(code)
        if option is None:
            raise AnswerError(UNKNOWN_OPTION, name)
        if code in answer:
            raise AnswerError("You chose “%(option)s” twice. Choose another answer here.", name, option=option.text)
        lone = next((self.by_code[one] for one in (*answer, code) if self.by_code[one].exclusive), None)
        if lone is not None and answer:
            raise AnswerError("Choose either “%(option)s” or other answers, not both.", name, option=lone.text)
        answer.append(code)

    def fill(self, answer: Answer) -> Typed:
        """The option to select in each place."""
        return {self.key(place): [code] for place, code in enumerate(answer, start=1)}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """A numbered line for each place."""
        return "\n".join(f"{place}. {self.words(code, language)}" for place, code in enumerate(answer, start=1))

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """A key for each place filled, with its option."""
        return [(self.key(place), code) for place, code in enumerate(answer, start=1)]

    def domain(self) -> Mapping[str, tuple[str, ...]]:
        """A key for each place; an exclusive option can only stand first."""
        return {name: codes(self.offered(place)) for place, name in enumerate(self.fields(), start=1)}

    def columns(self) -> list[Column]:
        """A column of codes for each place."""
        return [
            Column(self.key(place), Text({ENGLISH: f"{self.text()} {self.ordinal(place)}"}), "code", self.labels)
            for place in range(1, self.places + 1)
        ]

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """The code in each place, None where it is empty."""
        given = list(answer or []) + [None] * self.places
        return dict(zip(self.fields(), given, strict=False))

    def quotable_keys(self) -> tuple[str, ...]:
        """A key for each place."""
        return self.fields()

    def quoted(self, key: str, answer: Answer, language: str) -> str:
        """The option in a place."""
        place = self.fields().index(key) if key in self.fields() else len(answer)
        return self.quoted_option(answer[place], language) if place < len(answer) else ""

    def concern_items(self) -> tuple[Choice, ...]:
        """The options that stand for topics."""
        return tuple(option for option in self.options if option.role is None)

    def concern_values(self, kind: str, counts: Sequence[str]) -> Mapping[tuple[str, str], tuple[str, float]]:
        """First place counts 1 and the last 1/N by points; every place 1 by mention."""
        return {
            (self.key(place), option.code): (option.code, self._score(kind, place))
            for place in range(1, self.places + 1)
            for option in self.concern_items()
        }

    def _score(self, kind: str, place: int) -> float:
        return (self.places + 1 - place) / self.places if kind == RANK_POINTS else 1.0
