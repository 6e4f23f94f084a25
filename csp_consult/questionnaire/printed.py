"""A questionnaire as it stands on paper: every question with its number, and in words when it is to be answered.

The form that is printed and the screen on which it is keyed are both made from this, so that they agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from csp_consult.catalogues import marked, say
from csp_consult.questionnaire.conditions import Condition, Is
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.questions.base import NO_CONTEXT, Choice, Question, QuestionContext
from csp_consult.questionnaire.questions.lines import Line
from csp_consult.questionnaire.texts import listing

IF_IT_APPLIES = marked("Answer this only if it applies to you.")
IF_ANSWERED = marked(
    "Answer this only if your answer to question %(number)s includes one of these: %(answers)s.",
)


@dataclass(frozen=True)
class Item:
    """One question on paper."""

    question: Question
    number: int | None
    """What it is called on paper; None for words that are only read."""
    only: str
    """When it is to be answered, empty for always."""
    options: Mapping[str, Choice]
    """By what is printed beside their boxes."""
    lines: tuple[Line, ...]
    """What is keyed of it."""


@dataclass(frozen=True)
class Part:
    """One page of the questionnaire as a part of the form."""

    page: Page
    only: str
    items: tuple[Item, ...]


def numbered(questionnaire: Questionnaire) -> dict[str, int]:
    """The number of each question that is answered, by its id."""
    asked = (question.id for question in questionnaire.questions.values() if question.fields())
    return {question_id: number for number, question_id in enumerate(asked, start=1)}


def printed(questionnaire: Questionnaire, language: str, context: QuestionContext = NO_CONTEXT) -> list[Part]:
    """Every part, in the order of the file; conditions in words of the language."""
    numbers = numbered(questionnaire)

    def only(condition: Condition | None) -> str:
        return _only(questionnaire, condition, numbers, language)

    return [
        Part(
            page,
            only(page.show_if),
            tuple(
                Item(
                    question,
                    numbers.get(question.id),
                    only(question.show_if),
                    question.printed(context),
                    tuple(question.lines(context)),
                )
                for question in page.questions
            ),
        )
        for page in questionnaire.pages
    ]


def _only(questionnaire: Questionnaire, condition: Condition | None, numbers: Mapping[str, int], language: str) -> str:
    """When something is asked, as somebody with a pen can follow it."""
    if condition is None:
        return ""
    if not isinstance(condition, Is) or condition.key not in numbers:
        return say(IF_IT_APPLIES, language)
    question = questionnaire.question(condition.key)
    chosen = [one.text(language) for one in question.choices() if one.code in condition.options]
    answers = listing((f"“{words}”" for words in chosen), language)
    return say(IF_ANSWERED, language, {"number": numbers[condition.key], "answers": answers})
