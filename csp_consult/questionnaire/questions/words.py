"""Answers in the person's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from csp_consult.catalogues import marked
from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    AnswerError,
    Form,
    Question,
    QuestionContext,
    TooLongError,
    Typed,
)
from csp_consult.questionnaire.questions.lines import Line
from csp_consult.questionnaire.texts import ENGLISH, phrase
from csp_consult.words import printable

DO_NOT_NAME = phrase("Please do not name people, or give an address or a vehicle’s number.")


def tidied(raw: str) -> str:
    """A text without what cannot be printed, lines ending in one way."""
    return printable(raw.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(raw: str) -> str:
    """A tidied text on one line."""
    return " ".join(tidied(raw).split())


@dataclass(frozen=True, kw_only=True)
class Words(Question):
    """Free text up to a length. The answer is the text, tidied of what cannot be printed."""

    longest: ClassVar[int]
    """The limit where the file sets none."""
    prompt: ClassVar[str] = marked("Enter an answer.")
    plain_keys: ClassVar[tuple[str, ...]] = ("limit",)

    limit: int

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        return cls(**common, limit=entry.whole("limit", cls.longest, lowest=1, highest=20_000))

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The text; longer than the limit is refused, never cut."""
        given = [value for value in form.getlist(self.id) if value]
        if len(set(given)) > 1:
            raise AnswerError("Enter one answer only.", self.id)
        text = self.tidy(given[0]) if given else ""
        if not text:
            return self.unanswered()
        if len(text) > self.limit:
            raise TooLongError(self.id, len(text) - self.limit)
        return text

    def tidy(self, raw: str) -> str:
        """The text as it is kept."""
        return tidied(raw)

    def fill(self, answer: Answer) -> Typed:
        """The text."""
        return {self.id: [answer]}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The text."""
        return str(answer)

    def own_words(self, answer: Answer) -> list[str]:
        """The text."""
        return [str(answer)]

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """Nothing: words are read, not counted."""
        return []


class ShortText(Words):
    """A few words on one line."""

    kind: ClassVar[str] = "short_text"
    template: ClassVar[str] = "short_text.html"
    longest: ClassVar[int] = 200

    def quotable_keys(self) -> tuple[str, ...]:
        """Its id."""
        return (self.id,)

    def quoted(self, key: str, answer: Answer, language: str) -> str:
        """The text."""
        return str(answer)

    def tidy(self, raw: str) -> str:
        """The text on one line."""
        return one_line(raw)


class LongText(Words):
    """A few sentences."""

    kind: ClassVar[str] = "long_text"
    template: ClassVar[str] = "long_text.html"
    longest: ClassVar[int] = 2000

    def lines(self, context: QuestionContext = NO_CONTEXT) -> list[Line]:
        """One that takes several lines of text."""
        return [Line(self.id, tall=True)]

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file; without a hint of its own it asks not to name people."""
        return super().read(entry, {**common, "hint": common["hint"] or DO_NOT_NAME})
