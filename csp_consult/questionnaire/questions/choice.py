"""Choosing one option, or several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Self

from werkzeug.datastructures import MultiDict

from csp_consult.catalogues import marked
from csp_consult.questionnaire.conditions import ALWAYS, AnyOf, Condition, Facts
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
    TooLongError,
    Typed,
    codes,
    not_substantive,
    one_value,
    shuffled,
)
from csp_consult.questionnaire.questions.lines import Line
from csp_consult.questionnaire.questions.options import read_options, read_order
from csp_consult.questionnaire.questions.words import one_line
from csp_consult.questionnaire.texts import ENGLISH, Text, listing, phrase

UNKNOWN_OPTION = marked("Choose one of the answers shown.")


def still_offered(options: Sequence[Choice], facts: Facts) -> tuple[Choice, ...]:
    """The options that earlier answers leave."""
    return tuple(option for option in options if option.show_if is None or option.show_if.holds(facts))


def any_offered(options: Sequence[Choice]) -> Condition:
    """What earlier answers must be for one of the options to be there; of none of them one never is."""
    conditions = [option.show_if for option in options if option.show_if]
    return AnyOf(tuple(conditions)) if len(conditions) == len(options) else ALWAYS


@dataclass(frozen=True, kw_only=True)
class Choosing(Question):
    """What questions with a fixed list of options have in common."""

    plain_keys: ClassVar[tuple[str, ...]] = ("order",)
    listed_keys: ClassVar[tuple[str, ...]] = ("options",)

    options: tuple[Choice, ...]
    random: bool = False
    """Whether each person sees them in an order of their own."""

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        options = read_options(entry, "options", "option", say=True)
        return cls(**common, options=options, random=read_order(entry))

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

    def conditions(self) -> list[Condition]:
        """Its own, then those of its options."""
        return super().conditions() + [option.show_if for option in self.options if option.show_if]

    @cached_property
    def _conditional(self) -> bool:
        return any(option.show_if for option in self.options)

    def narrowed(self, facts: Facts) -> Self | None:
        """The question with the options that earlier answers leave."""
        if not self._conditional:
            return self
        left = still_offered(self.options, facts)
        # With nothing but ways out (none of these, don't know) there is nothing to ask.
        return replace(self, options=left) if any(option.role is None for option in left) else None

    def offered_by_answers(self) -> tuple[Choice, ...]:
        """The options with a condition."""
        return tuple(option for option in self.options if option.show_if)

    def something_offered(self) -> Condition:
        """An ordinary option is there."""
        ordinary = [option for option in self.options if option.role is None]
        return any_offered(ordinary) if self._conditional else ALWAYS

    def offered_when(self, key: str, option: str) -> Condition:
        """The option is there."""
        return self.by_code[option].show_if or ALWAYS

    def in_order(self, seed: str) -> Self:
        """The question with its options in the order of a person's seed."""
        return replace(self, options=shuffled(self.options, f"{seed} {self.id}")) if self.random else self

    def order(self) -> list[str] | None:
        """The options' codes, where their order is drawn."""
        return [option.code for option in self.options] if self.random else None

    def domain(self) -> Mapping[str, tuple[str, ...]]:
        """The question's id with its options."""
        return {self.id: codes(self.options)}

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return super().texts() + [text for option in self.options for text in (option.text, option.hint)]

    def way_out(self) -> bool:
        """True with a *prefer not to say*."""
        return any(option.role == "prefer_not" for option in self.options)

    def quoted_option(self, code: str, language: str) -> str:
        """An option as a later text quotes it; nothing for *don't know* and the like."""
        option = self.by_code.get(code)
        return "" if option is None or option.exclusive else option.text(language)

    def words(self, code: str, language: str) -> str:
        """The words of an option; its code when a later edition no longer has it."""
        option = self.by_code.get(code)
        return option.text(language) if option else code


SAID = phrase("Please say what")
LONGEST_SAID = 200


def _listed(chosen: str | Sequence[str]) -> Sequence[str]:
    return [chosen] if isinstance(chosen, str) else chosen


class Saying(Choosing):
    """Options of which one may be *other, please say*.

    An answer is plain (a code, or codes) unless the person said what: then it is ``{"chosen": …, "said": "…"}``.
    What was said is kept and exported, and never counted.
    """

    many: ClassVar[bool] = False
    """Whether several options can be chosen together."""

    def lines(self, context: QuestionContext = NO_CONTEXT) -> list[Line]:
        """The options, then the person's own words."""
        own_words = [Line(self.said_field, SAID, beside=label) for label, one in self.printed().items() if one.say]
        return [Line(self.id, options=self.keyed_options(context), many=self.many), *own_words]

    @cached_property
    def say(self) -> Choice | None:
        """The option that comes with a line for the person's own words."""
        return next((option for option in self.options if option.say), None)

    @property
    def said_field(self) -> str:
        """The form field, and the export column, of what was said. No id and no code can give the same name."""
        return f"{self.id}-said"

    def fields(self) -> tuple[str, ...]:
        """The options' field, then the line for own words."""
        return (self.id, self.said_field) if self.say else (self.id,)

    def chosen(self, answer: Answer) -> Any:
        """The code, or the codes, of an answer."""
        return answer["chosen"] if isinstance(answer, dict) else answer

    def said(self, answer: Answer) -> str:
        """What was said with it; empty for nothing."""
        return str(answer["said"]) if isinstance(answer, dict) else ""

    def own_words(self, answer: Answer) -> list[str]:
        """What was said."""
        return [self.said(answer)] if self.said(answer) else []

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return super().texts() + ([SAID] if self.say else [])

    def quotable_keys(self) -> tuple[str, ...]:
        """Its id."""
        return (self.id,)

    def quoted(self, key: str, answer: Answer, language: str) -> str:
        """The options chosen, or what was said instead, as in a sentence."""
        chosen = self.chosen(answer)
        return listing((self._quoted_one(code, answer, language) for code in _listed(chosen)), language)

    def _quoted_one(self, code: str, answer: Answer, language: str) -> str:
        if self.say and code == self.say.code and self.said(answer):
            return self.said(answer)
        return self.quoted_option(code, language)

    def _words_given(self, form: Form) -> str:
        """What was said in the form, as it is kept."""
        given = one_value(form, self.said_field) if self.say else None
        text = one_line(given or "")
        if len(text) > LONGEST_SAID:
            raise TooLongError(self.said_field, len(text) - LONGEST_SAID)
        return text

    def _with_words(self, chosen: Any, said: str) -> Answer:
        taken = said and self.say is not None and self.say.code in _listed(chosen)
        return {"chosen": chosen, "said": said} if taken else chosen

    def _fill_words(self, answer: Answer) -> Typed:
        return {self.said_field: [self.said(answer)]} if self.said(answer) else {}

    def _display_one(self, code: str, answer: Answer, language: str) -> str:
        said = self.said(answer) if self.say and code == self.say.code else ""
        return f"{self.words(code, language)}: {said}" if said else self.words(code, language)

    def _said_column(self) -> list[Column]:
        return [Column(self.said_field, self.say.text, "text")] if self.say else []

    def _export_words(self, answer: Answer | None) -> dict[str, Any]:
        return {self.said_field: self.said(answer) or None if answer is not None else None} if self.say else {}


class Single(Saying):
    """One option. The answer is its code, or the code with what was said."""

    kind: ClassVar[str] = "single"
    template: ClassVar[str] = "radios.html"
    can_measure_change: ClassVar[bool] = True

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The chosen code; words alone choose the option they belong to."""
        code, said = one_value(form, self.id), self._words_given(form)
        if code is None and said and self.say:
            code = self.say.code
        if code is None:
            return self.unanswered()
        if code not in self.by_code:
            raise AnswerError(UNKNOWN_OPTION, self.id)
        return self._with_words(code, said)

    def fill(self, answer: Answer) -> Typed:
        """The radio to mark."""
        return {self.id: [self.chosen(answer)], **self._fill_words(answer)}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The option's words."""
        return self._display_one(self.chosen(answer), answer, language)

    def restricted(self, answer: Answer) -> Answer | None:
        """The answer, while its option is there."""
        return answer if self.chosen(answer) in self.by_code else None

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """The question with the option."""
        return [(self.id, self.chosen(answer))]

    def columns(self) -> list[Column]:
        """A column of codes, and one of what was said."""
        return [Column(self.id, self.text, "code", self.labels, not_substantive(self.options)), *self._said_column()]

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """The code, and what was said."""
        return {self.id: None if answer is None else self.chosen(answer), **self._export_words(answer)}


class Multiple(Saying):
    """Any number of options. The answer is the list of their codes, in the order of the file."""

    kind: ClassVar[str] = "multiple"
    template: ClassVar[str] = "checkboxes.html"
    many: ClassVar[bool] = True
    concern_kinds: ClassVar[tuple[str, ...]] = (MENTION_SHARE,)

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The chosen codes; an exclusive option such as *none of these* must stand alone."""
        chosen, said = {value for value in form.getlist(self.id) if value.strip()}, self._words_given(form)
        if not chosen and said and self.say:
            chosen = {self.say.code}
        if not chosen:
            return self.unanswered()
        if not chosen <= self.by_code.keys():
            raise AnswerError(UNKNOWN_OPTION, self.id)
        lone = next((option for option in self.options if option.exclusive and option.code in chosen), None)
        if lone is not None and len(chosen) > 1:
            raise AnswerError("Choose either “%(option)s” or other answers, not both.", self.id, option=lone.text)
        return self._with_words([option.code for option in self.options if option.code in chosen], said)

    def fill(self, answer: Answer) -> Typed:
        """The boxes to tick."""
        return {self.id: list(self.chosen(answer)), **self._fill_words(answer)}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The options' words, a line each."""
        return "\n".join(self._display_one(code, answer, language) for code in self.chosen(answer))

    def restricted(self, answer: Answer) -> Answer | None:
        """The answer with the options that are there."""
        left = [code for code in self.chosen(answer) if code in self.by_code]
        return self._with_words(left, self.said(answer)) if left else None

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """The question with each option, and once with ANSWERED, the base of every share."""
        return [(self.id, ANSWERED), *((self.id, code) for code in self.chosen(answer))]

    def domain(self) -> Mapping[str, tuple[str, ...]]:
        """The question's id with ANSWERED and its options."""
        return {self.id: (ANSWERED, *codes(self.options))}

    def columns(self) -> list[Column]:
        """A column of 1 and 0 for each option, and one of what was said."""
        flags = [Column(f"{self.id}.{option.code}", option.text, "flag", of=self.text) for option in self.options]
        return flags + self._said_column()

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """1 where chosen, 0 where not; None throughout when the question was not answered."""
        chosen = None if answer is None else self.chosen(answer)
        flags = {
            f"{self.id}.{option.code}": None if chosen is None else int(option.code in chosen)
            for option in self.options
        }
        return flags | self._export_words(answer)

    def restore(self, row: Mapping[str, str]) -> Answer | None:
        """The answer whose 1s and 0s a row holds."""
        chosen = [option.code for option in self.options if str(row.get(f"{self.id}.{option.code}")) == "1"]
        said = row.get(self.said_field, "")
        return self.parse(MultiDict([*((self.id, code) for code in chosen), (self.said_field, said)]))

    def counts(self) -> bool:
        """How many were chosen."""
        return True

    def number_of(self, answer: Answer) -> float | None:
        """How many were chosen; none of these is 0."""
        return sum(not self.by_code[code].exclusive for code in self.chosen(answer) if code in self.by_code)

    def clash(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """An exclusive option stands alone."""
        return self.by_code[one[1]].exclusive or self.by_code[other[1]].exclusive

    def concern_values(self, kind: str, counts: Sequence[str]) -> Mapping[tuple[str, str], tuple[str, float]]:
        """A mention counts one."""
        return {(self.id, option.code): (option.code, 1.0) for option in self.options if option.role is None}

    def concern_items(self) -> tuple[Choice, ...]:
        """The options that stand for topics."""
        return tuple(option for option in self.options if option.role is None)
