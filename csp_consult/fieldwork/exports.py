"""Responses as rows for other programs."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Response, Wave
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import Question

ABOUT = ("response", "submitted_on", "mode", "language", "base_weight", "synthetic")
"""The columns before the answers. The reference is not among them: whoever has it can erase the response."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_AT_A_TIME = 1000


def columns(questionnaire: Questionnaire) -> list[str]:
    """The names of an export's columns, in order."""
    answers = [column.name for question in questionnaire.questions.values() for column in question.columns()]
    return [*ABOUT, *answers, *(order_column(question) for question in _drawn(questionnaire))]


def order_column(question: Question) -> str:
    """The column with the order in which the options were seen, as codes with a space between."""
    return f"{question.id}-order"


def _drawn(questionnaire: Questionnaire) -> list[Question]:
    return [question for question in questionnaire.questions.values() if question.order() is not None]


def rows(session: Session, wave: Wave, questionnaire: Questionnaire) -> Iterator[dict[str, Any]]:
    """A row for each response, in no order that tells when it was given; None where there is no answer."""
    found = session.scalars(
        select(Response).where(Response.wave_id == wave.id).order_by(Response.id),
        execution_options={"yield_per": _AT_A_TIME},
    )
    for response in found:
        row: dict[str, Any] = {
            "response": str(response.id),
            "submitted_on": response.submitted_on.isoformat(),
            "mode": response.mode,
            "language": response.language,
            "base_weight": response.base_weight,
            "synthetic": response.synthetic,
        }
        for question in questionnaire.questions.values():
            row.update(question.export(response.answers.get(question.id)))
        for question in _drawn(questionnaire):
            seen = (response.orders or {}).get(question.id)
            row[order_column(question)] = " ".join(seen) if seen else None
        yield row


def for_spreadsheet(value: Any) -> Any:
    """The value so that no spreadsheet takes a text for a formula."""
    return f"'{value}" if isinstance(value, str) and _could_be_formula(value) else value


def from_spreadsheet(text: str) -> str:
    """The text before ``for_spreadsheet``."""
    return text[1:] if text.startswith("'") and _could_be_formula(text[1:]) else text


def _could_be_formula(text: str) -> bool:
    return text.lstrip(" ").startswith(_FORMULA_STARTS)
