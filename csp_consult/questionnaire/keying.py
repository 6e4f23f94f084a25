"""Reading what was keyed of a form on paper or told on the telephone: the whole questionnaire at once.

Every answer is held to what its question takes online. That a question was left open is no fault: a form on paper is
as it is. Which answers count follows from the path, as everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.pages import FieldError
from csp_consult.questionnaire.path import on_path, path
from csp_consult.questionnaire.printed import numbered
from csp_consult.questionnaire.questions.base import (
    Answer,
    AnswerError,
    Answers,
    Form,
    Question,
    QuestionContext,
    Typed,
)
from csp_consult.questionnaire.questions.lines import LineError


@dataclass(frozen=True)
class Keyed:
    """What was keyed of one form. Where there are faults nothing is lost: ``typed`` holds it as it was keyed."""

    answers: dict[str, Answer]
    errors: list[FieldError]
    typed: Typed


def read_keyed(questionnaire: Questionnaire, form: Form, context: QuestionContext, language: str) -> Keyed:
    """Read every line. Never raises for anything a browser can send."""
    answers: dict[str, Answer] = {}
    errors: list[FieldError] = []
    typed: Typed = {}
    numbers = numbered(questionnaire)
    for question in questionnaire.questions.values():
        typed |= {line.name: [_one(form, line.name)] for line in question.lines(context)}
        try:
            answer = _answer(question, form, context, language)
        except _KeyedWrongError as error:
            message = f"Question {numbers[question.id]}: {error}"
            errors.append(FieldError(question.id, error.field, message))
        else:
            answers |= {} if answer is None else {question.id: answer}
    return Keyed(answers, errors, typed)


def not_asked(questionnaire: Questionnaire, answers: Answers) -> list[str]:
    """Ids of the questions that these answers lead past."""
    asked = {question.id for page in path(questionnaire, answers) for question in page.questions}
    return [question_id for question_id in questionnaire.questions if question_id not in asked]


def left_out(questionnaire: Questionnaire, answers: Answers) -> list[str]:
    """Ids of the questions whose answer, or part of it, the other answers lead past: it is not taken."""
    kept = on_path(questionnaire, answers)
    return [question_id for question_id in questionnaire.questions if kept.get(question_id) != answers.get(question_id)]


def differing(questionnaire: Questionnaire, first: Answers, second: Answers) -> list[str]:
    """Ids of the questions that two people keyed differently; how words are spaced and capitals are no difference."""
    return [
        question_id
        for question_id in questionnaire.questions
        if _alike(first.get(question_id)) != _alike(second.get(question_id))
    ]


def keyed_alike(
    questionnaire: Questionnaire, first: Answers, second: Answers, context: QuestionContext
) -> dict[str, str]:
    """By form field: what both keyed there, as it is keyed; of a long question only the lines that differ are left."""
    found: dict[str, str] = {}
    for question in questionnaire.questions.values():
        if question.id in first and question.id in second:
            one, other = question.fill(first[question.id]), question.fill(second[question.id])
            same = (line for line in question.lines(context) if one.get(line.name) == other.get(line.name))
            found |= {line.name: line.keyed(one.get(line.name, [])) for line in same}
    return found


class _KeyedWrongError(ValueError):
    def __init__(self, message: str, field: str) -> None:
        self.field = field
        super().__init__(message)


def _answer(question: Question, form: Form, context: QuestionContext, language: str) -> Answer | None:
    values: list[tuple[str, str]] = []
    lines = question.lines(context)
    for line in lines:
        try:
            values += [(line.name, value) for value in line.read(_one(form, line.name), language)]
        except LineError as error:
            raise _KeyedWrongError(str(error), line.name) from error
    try:
        return replace(question, required=False).parse(MultiDict(values), context)
    except AnswerError as error:
        known = {line.name for line in lines}
        raise _KeyedWrongError(error.message, error.field if error.field in known else lines[0].name) from error


def _one(form: Form, name: str) -> str:
    return next(iter(form.getlist(name)), "")


def _alike(answer: Answer) -> Answer:
    if isinstance(answer, str):
        return " ".join(answer.split()).casefold()
    if isinstance(answer, Mapping):
        return {key: _alike(value) for key, value in answer.items()}
    return answer
