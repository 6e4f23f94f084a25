"""One page's form: read what was sent, and show a question with what was put in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from csp_consult.questionnaire.model import Page
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    AnswerError,
    Answers,
    Form,
    Question,
    QuestionContext,
    Typed,
)
from csp_consult.questionnaire.questions.choice import SAID
from csp_consult.questionnaire.texts import ENGLISH


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one answer. ``field_id`` is the element an error summary links to."""

    question_id: str
    field_id: str
    message: str


@dataclass(frozen=True)
class PageResult:
    """What a page's form gave. Where there are errors nothing is lost: ``typed`` holds what was put in."""

    answers: dict[str, Answer]
    """Answers by question id; questions left open are absent, so a stored answer must then go."""
    errors: list[FieldError]
    typed: Typed


def read_page(page: Page, form: Form, context: QuestionContext = NO_CONTEXT, language: str = ENGLISH) -> PageResult:
    """Read a page's form, faults in words of the language. Never raises for anything a browser can send."""
    answers: dict[str, Answer] = {}
    errors: list[FieldError] = []
    typed: Typed = {}
    for question in page.questions:
        typed.update(question.typed(form))
        try:
            answer = question.parse(form, context)
        except AnswerError as error:
            errors.append(FieldError(question.id, error.field, error.words(language)))
            continue
        if answer is not None:
            answers[question.id] = answer
    return PageResult(answers, errors, typed)


def fill_page(page: Page, answers: Answers) -> Typed:
    """What a page shows when it is come back to."""
    typed: Typed = {}
    for question in page.questions:
        if question.id in answers:
            typed.update(question.fill(answers[question.id]))
    return typed


def in_order(page: Page, seed: str) -> Page:
    """The page as it is shown to one person: options whose order is drawn in the order of that person's seed."""
    return replace(page, questions=tuple(question.in_order(seed) for question in page.questions))


def orders(pages: Sequence[Page], seed: str) -> dict[str, list[str]]:
    """The order in which one person saw the options of each question whose order is drawn."""
    drawn = {question.id: question.in_order(seed).order() for page in pages for question in page.questions}
    return {question_id: order for question_id, order in drawn.items() if order is not None}


@dataclass(frozen=True)
class Showing:
    """What the macros need to show questions: the second argument of every ``render(question, showing)``."""

    language: str = ENGLISH
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Sequence[FieldError] = ()
    context: QuestionContext = NO_CONTEXT

    @property
    def touched(self) -> bool:
        """Whether somebody has put anything in."""
        return bool(self.typed or self.errors)

    def value(self, name: str) -> str:
        """What a field holds, "" for nothing."""
        values = self.typed.get(name)
        return values[0] if values else ""

    def holds(self, name: str, code: str) -> bool:
        """Whether a box of a field is ticked."""
        return code in self.typed.get(name, ())

    def error(self, name: str) -> str:
        """The error of a field, "" when it has none."""
        return next((error.message for error in self.errors if error.field_id == name), "")

    def words(self, question: Question) -> dict[str, str]:
        """A question's own words, why it is asked following its hint, and what an answer agrees to."""
        language = self.language
        told = (question.hint(language), question.reason(language), question.consent(language))
        hint = " ".join(filter(None, told))
        return {"text": question.text(self.language), "hint": hint}

    def options(self, question: Question) -> list[dict[str, Any]]:
        """A question's options in the words of the language, one perhaps with a line for the person's own words."""
        return [
            {
                "code": choice.code,
                "text": choice.text(self.language),
                "hint": choice.hint(self.language),
                "exclusive": choice.exclusive,
                "say": self._line(question) if choice.say else None,
            }
            for choice in question.choices(self.context)
        ]

    def _line(self, question: Question) -> dict[str, str]:
        name = question.fields()[-1]
        return {"name": name, "label": SAID(self.language), "value": self.value(name), "error": self.error(name)}
