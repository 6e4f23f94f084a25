"""One page's form: read what was sent, and show a question with what was put in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from csp_consult.questionnaire.model import Page
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    AnswerError,
    Answers,
    Choice,
    Form,
    Question,
    QuestionContext,
    Typed,
)
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


def read_page(page: Page, form: Form, context: QuestionContext = NO_CONTEXT) -> PageResult:
    """Read a page's form. Never raises for anything a browser can send."""
    answers: dict[str, Answer] = {}
    errors: list[FieldError] = []
    typed: Typed = {}
    for question in page.questions:
        typed.update(question.typed(form))
        try:
            answer = question.parse(form, context)
        except AnswerError as error:
            errors.append(FieldError(question.id, error.field, error.message))
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


@dataclass(frozen=True)
class Showing:
    """What the macros need to show questions: the second argument of every ``render(question, showing)``."""

    language: str = ENGLISH
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Sequence[FieldError] = ()
    context: QuestionContext = NO_CONTEXT

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
        """A question's own words, why it is asked following its hint."""
        hint = " ".join(filter(None, (question.hint(self.language), question.reason(self.language))))
        return {"text": question.text(self.language), "hint": hint}

    def options(self, question: Question) -> list[dict[str, str]]:
        """A question's options in the words of the language."""
        return self.worded(question.choices(self.context))

    def worded(self, choices: Sequence[Choice]) -> list[dict[str, str]]:
        """Options or rows in the words of the language."""
        return [
            {"code": choice.code, "text": choice.text(self.language), "hint": choice.hint(self.language)}
            for choice in choices
        ]
