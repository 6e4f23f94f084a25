"""Conditions in words, for whoever prepares or analyses a questionnaire."""

from csp_consult.questionnaire.conditions import All, AnyOf, Condition, Is, Not
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.texts import ENGLISH, listing


def told(condition: Condition, questionnaire: Questionnaire) -> str:
    """``‘victim’ is ‘Yes’ or ‘No’``; questions by their id, options by their words."""
    match condition:
        case Is():
            options = [_option(condition.key, code, questionnaire) for code in condition.options]
            return f"‘{condition.key}’ is {_or(options)}"
        case All():
            return listing((_inner(part, questionnaire) for part in condition.conditions), ENGLISH)
        case AnyOf():
            return _or([_inner(part, questionnaire) for part in condition.conditions])
        case Not():
            return f"it is not so that {_inner(condition.condition, questionnaire)}"


def _inner(condition: Condition, questionnaire: Questionnaire) -> str:
    words = told(condition, questionnaire)
    return f"({words})" if isinstance(condition, (All, AnyOf)) else words


def _option(key: str, code: str, questionnaire: Questionnaire) -> str:
    question = questionnaire.questions.get(key.partition(".")[0])
    texts = (choice.text() for choice in question.choices() if choice.code == code) if question else iter(())
    return f"‘{next(texts, code)}’"


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
