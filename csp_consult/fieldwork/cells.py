"""Weighting cells: the age band, sex and area a response is weighted by."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from csp_consult.questionnaire.model import Questionnaire

OUTSIDE = "outside"
"""The area of people who neither live in the district nor named one of its areas: kept, not in resident estimates."""

_WITHHELD = {"prefer_not", "dont_know"}


class Cell(NamedTuple):
    """Codes as the questionnaire has them; empty where it was not said."""

    age: str
    sex: str
    area: str

    @property
    def key(self) -> str:
        """How the cell is stored: ``age|sex|area``."""
        return "|".join(self)

    @classmethod
    def parse(cls, key: str) -> "Cell":
        """The cell stored under a key. Raises ValueError when it is not one."""
        parts = key.split("|")
        if len(parts) != 3:
            raise ValueError(f"{key!r} is not a weighting cell: it needs three parts, as in 25-34|female|E05011957.")
        return cls(*parts)


def cell_of(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Cell:
    """The weighting cell that answers fall in."""
    asked = questionnaire.cell
    area = _said(questionnaire, answers, asked.area)
    if not area and _lives_elsewhere(questionnaire, answers):
        area = OUTSIDE
    return Cell(_said(questionnaire, answers, asked.age), _said(questionnaire, answers, asked.sex), area)


def _said(questionnaire: Questionnaire, answers: Mapping[str, Any], question_id: str | None) -> str:
    """The code that was answered; empty when nothing was, or when it was withheld."""
    answer = answers.get(question_id) if question_id else None
    if not question_id or answer is None:
        return ""
    return "" if _roles(questionnaire, question_id, answer) & _WITHHELD else str(answer)


def _lives_elsewhere(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> bool:
    """True when every connection with the district that was named is one of people from outside."""
    question_id = questionnaire.cell.connection
    answer = answers.get(question_id) if question_id else None
    return bool(question_id and answer is not None and _roles(questionnaire, question_id, answer) == {OUTSIDE})


def _roles(questionnaire: Questionnaire, question_id: str, answer: Any) -> set[str | None]:
    chosen = answer if isinstance(answer, list) else [answer]
    return {choice.role for choice in questionnaire.question(question_id).choices() if choice.code in chosen}
