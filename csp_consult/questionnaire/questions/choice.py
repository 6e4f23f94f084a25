"""Choosing one option, or several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.measures import MENTION_SHARE
from csp_consult.questionnaire.questions.base import (
    ANSWERED,
    NO_CONTEXT,
    Answer,
    AnswerError,
    Choice,
    Column,
    Form,
    Question,
    QuestionContext,
    Typed,
    codes,
    joined,
    one_value,
)
from csp_consult.questionnaire.questions.options import read_options
from csp_consult.questionnaire.texts import ENGLISH, Text

UNKNOWN_OPTION = "Choose one of the answers shown."


@dataclass(frozen=True, kw_only=True)
class Choosing(Question):
    """What questions with a fixed list of options have in common."""

    options: tuple[Choice, ...]

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        return cls(**common, options=read_options(entry, "options", "option"))

    @cached_property
    def by_code(self) -> Mapping[str, Choice]:
        """The options by their code."""
        return {option.code: option for option in self.options}

    @cached_property
    def labels(self) -> Mapping[str, Text]:
        """The options' words by their code."""
        return {option.code: option.text for option in self.options}

    def choices(self, context: QuestionContext = NO_CONTEXT) -> tuple[Choice, ...]:
        """The options, in the order of the file."""
        return self.options

    def domain(self) -> Mapping[str, tuple[str, ...]]:
        """The question's id with its options."""
        return {self.id: codes(self.options)}

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return super().texts() + [text for option in self.options for text in (option.text, option.hint)]

    def way_out(self) -> bool:
        """True with a *prefer not to say*."""
        return any(option.role == "prefer_not" for option in self.options)

    def words(self, code: str, language: str) -> str:
        """The words of an option; its code when a later edition no longer has it."""
        option = self.by_code.get(code)
        return option.text(language) if option else code


class Single(Choosing):
    """One option. The answer is its code."""

    kind: ClassVar[str] = "single"
    template: ClassVar[str] = "radios.html"
    can_measure_change: ClassVar[bool] = True

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The chosen code."""
        code = one_value(form, self.id)
        if code is None:
            return self.unanswered()
        if code not in self.by_code:
            raise AnswerError(UNKNOWN_OPTION, self.id)
        return code

    def fill(self, answer: Answer) -> Typed:
        """The radio to mark."""
        return {self.id: [answer]}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The option's words."""
        return self.words(answer, language)

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """The question with the option."""
        return [(self.id, answer)]

    def columns(self) -> list[Column]:
        """One column of codes."""
        return [Column(self.id, self.text, "code", self.labels)]

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """The code."""
        return {self.id: answer}


class Multiple(Choosing):
    """Any number of options. The answer is the list of their codes, in the order of the file."""

    kind: ClassVar[str] = "multiple"
    template: ClassVar[str] = "checkboxes.html"
    concern_kinds: ClassVar[tuple[str, ...]] = (MENTION_SHARE,)

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The chosen codes; an exclusive option such as *none of these* must stand alone."""
        chosen = {value for value in form.getlist(self.id) if value.strip()}
        if not chosen:
            return self.unanswered()
        if not chosen <= self.by_code.keys():
            raise AnswerError(UNKNOWN_OPTION, self.id)
        lone = next((option for option in self.options if option.exclusive and option.code in chosen), None)
        if lone is not None and len(chosen) > 1:
            raise AnswerError("Choose either “%(option)s” or other answers, not both.", self.id, option=lone.text())
        return [option.code for option in self.options if option.code in chosen]

    def fill(self, answer: Answer) -> Typed:
        """The boxes to tick."""
        return {self.id: list(answer)}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The options' words, a line each."""
        return "\n".join(self.words(code, language) for code in answer)

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """The question with each option, and once with ANSWERED, the base of every share."""
        return [(self.id, ANSWERED), *((self.id, code) for code in answer)]

    def domain(self) -> Mapping[str, tuple[str, ...]]:
        """The question's id with ANSWERED and its options."""
        return {self.id: (ANSWERED, *codes(self.options))}

    def columns(self) -> list[Column]:
        """A column of 1 and 0 for each option."""
        return [Column(f"{self.id}.{option.code}", option.text, "flag") for option in self.options]

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """1 where chosen, 0 where not; None throughout when the question was not answered."""
        return {
            f"{self.id}.{option.code}": None if answer is None else int(option.code in answer)
            for option in self.options
        }

    def restore(self, row: Mapping[str, str]) -> Answer | None:
        """The answer whose 1s and 0s a row holds."""
        chosen = [option.code for option in self.options if str(row.get(f"{self.id}.{option.code}")) == "1"]
        return self.parse(MultiDict({self.id: chosen}))

    def possible_facts(self, looked_at: Sequence[tuple[str, str]]) -> list[frozenset[tuple[str, str]]]:
        """Any of the options together, or an exclusive one alone."""
        alone = [frozenset({pair}) for pair in looked_at if self.by_code[pair[1]].exclusive]
        together = [[frozenset[tuple[str, str]](), frozenset({pair})] for pair in looked_at if {pair} not in alone]
        return alone + joined(together)

    def concern_values(self, kind: str, counts: Sequence[str]) -> Mapping[tuple[str, str], tuple[str, float]]:
        """A mention counts one."""
        return {(self.id, option.code): (option.code, 1.0) for option in self.options if option.role is None}

    def concern_items(self) -> tuple[Choice, ...]:
        """The options that stand for topics."""
        return tuple(option for option in self.options if option.role is None)
