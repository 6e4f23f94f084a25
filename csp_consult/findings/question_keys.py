"""What a questionnaire's answers are counted under: keys with their words and options, and no statistics."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.errors import FindingError
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import ANSWERED, Question, QuestionContext


@dataclass(frozen=True)
class AskedFor:
    """One question key with its options."""

    question: Question
    key: str
    """The question's id, ``grid.row`` or ``rank.place``."""
    text: str
    titles: Mapping[str, str]
    """Option to its words, in the order of the file."""
    base: Mapping[tuple[str, str], float]
    """The (question, option) pairs that put a respondent in the base."""

    @property
    def shared(self) -> tuple[str, ...]:
        """The options that have a share of the base: *prefer not to say*, which puts nobody in it, has none."""
        several = (self.key, ANSWERED) in self.base
        return tuple(option for option in self.titles if several or (self.key, option) in self.base)


def asked_for(questionnaire: Questionnaire, key: str, context: QuestionContext) -> AskedFor:
    """The question behind a key. Raises FindingError, naming the keys there are."""
    every = [one for question in questionnaire.questions.values() for one in question.domain()]
    for question in questionnaire.questions.values():
        if key in question.domain():
            return _asked(question, key, context)
    near = [one for one in every if one.startswith(f"{key}.")] or every
    raise FindingError(f"There is no question {key!r} whose answers are counted; there are {', '.join(near)}.")


def all_asked(questionnaire: Questionnaire, context: QuestionContext) -> list[AskedFor]:
    """Every question whose answers are counted, in the order of the file."""
    return [
        _asked(question, key, context) for question in questionnaire.questions.values() for key in question.domain()
    ]


def asked_in(questionnaire: Questionnaire, *, single: bool = False) -> dict[str, str]:
    """Every question key whose answers are counted, with its words; ``single`` keeps those that take one answer."""
    return {
        key: _text(question, key)
        for question in questionnaire.questions.values()
        for key, options in question.domain().items()
        if not (single and ANSWERED in options)
    }


def context_of(session: Session, wave: Wave) -> QuestionContext:
    """The areas that could be chosen when the wave closed."""
    return context_for(session, questionnaire_for(session, wave).questions.values(), wave.closes_on)


def _asked(question: Question, key: str, context: QuestionContext) -> AskedFor:
    titles = {choice.code: choice.text() for choice in question.choices(context)}
    in_file = {choice.code for choice in question.choices()}
    counted = question.domain()[key]
    options = [*(code for code in titles if code not in in_file), *(code for code in counted if code != ANSWERED)]
    declined = {choice.code for choice in question.choices() if choice.role == "prefer_not"}
    base = [ANSWERED] if ANSWERED in counted else [option for option in options if option not in declined]
    return AskedFor(
        question=question,
        key=key,
        text=_text(question, key),
        titles={option: titles[option] for option in options},
        base={(key, option): 1.0 for option in base},
    )


def _text(question: Question, key: str) -> str:
    """The question's words, with those of the row or place that the key names."""
    text = question.text()
    label = next((column.label() for column in question.columns() if column.name == key), text)
    return label if label.startswith(text) else f"{text} {label}"
