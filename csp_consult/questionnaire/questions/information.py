"""Words to read, with nothing to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    Column,
    Form,
    Question,
    QuestionContext,
    Typed,
)
from csp_consult.questionnaire.texts import ENGLISH, NO_TEXT, Text


@dataclass(frozen=True, kw_only=True)
class Information(Question):
    """A heading (``text``) and paragraphs below it. It has no answer."""

    kind: ClassVar[str] = "information"
    template: ClassVar[str] = "information.html"
    worded_keys: ClassVar[tuple[str, ...]] = ("body",)
    quotable: ClassVar[tuple[str, ...]] = (*Question.quotable, "body")

    body: Text

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make it from its entry in a file; a blank line in ``body`` starts a paragraph."""
        if common["required"]:
            entry.fault(f"{entry.place} is only read; it cannot be required.", "required")
        return cls(**common, body=entry.text("body") if "body" in entry else NO_TEXT)

    def paragraphs(self, language: str = ENGLISH) -> list[str]:
        """The body's paragraphs."""
        return [part.strip() for part in self.body(language).split("\n\n") if part.strip()]

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """Nothing."""
        return None

    def fields(self) -> tuple[str, ...]:
        """None."""
        return ()

    def fill(self, answer: Answer) -> Typed:
        """Nothing."""
        return {}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """Nothing."""
        return ""

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """Nothing."""
        return []

    def columns(self) -> list[Column]:
        """None."""
        return []

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """Nothing."""
        return {}

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return [*super().texts(), self.body]
