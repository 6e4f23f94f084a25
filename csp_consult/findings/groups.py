"""Whom a figure covers: everybody, the people of an area, an age band or a sex, or those who gave an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from csp_consult.fieldwork.cells import Cell
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.errors import FindingError
from csp_consult.findings.phrasing import age_words
from csp_consult.places.lookup import PlaceError, area, areas, within
from csp_consult.places.rurality import ward_rurality
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import ANSWERED, Question

AREA_KINDS: Final[Mapping[str, str]] = {"area": "ward", "ward": "ward", "beat": "beat"}
RURAL: Final = "rural"
IN_CELL: Final = frozenset({"age", "sex", "area"})
"""What a weighting cell tells; anything else needs single responses."""
_WITHHELD: Final = {"prefer_not", "dont_know"}


@dataclass(frozen=True)
class Group:
    """Some of a wave's respondents."""

    by: str
    """``area``, ``ward``, ``beat``, ``age``, ``sex`` or a question's id; empty for everybody."""
    code: str
    title: str
    """In words: ``Glen ward``, ``Aged 16 to 24``."""
    variable: str
    """What tells them: ``area``, ``age`` or ``sex`` of the weighting cell, or a question's id; empty for everybody."""
    codes: frozenset[str]

    def domain(self, cells: Iterable[str]) -> frozenset[str] | None:
        """The weighting cells of the group; None for everybody."""
        if not self.variable:
            return None
        return frozenset(cell for cell in cells if getattr(Cell.parse(cell), self.variable) in self.codes)


EVERYBODY: Final = Group("", "", "All residents", "", frozenset())


def area_group(session: Session, code: str, on: date) -> Group:
    """The people of a ward, a beat or the district, as the wards lie on a date.

    Raises FindingError for any other place.
    """
    try:
        place = area(session, code)
    except PlaceError as error:
        raise FindingError(str(error)) from error
    if place.kind == "district":
        return EVERYBODY
    if place.kind == "ward":
        return Group("ward", code, f"{place.name} ward", "area", frozenset({code}))
    if place.kind == "beat":
        wards = within(session, code, "ward", on)
        return Group("beat", code, f"{place.name} beat", "area", frozenset(ward.code for ward in wards))
    raise FindingError(f"{place.name} is a {place.kind}: residents' answers are known by ward, beat and district.")


def groups(session: Session, wave: Wave, questionnaire: Questionnaire, by: str) -> list[Group]:
    """Every group of a kind: ``area`` (wards), ``beat``, ``rural`` (rural or urban wards), ``age``, ``sex``, or the
    answers to a question.

    Raises FindingError, naming what can be asked for.
    """
    if by in AREA_KINDS:
        return [
            area_group(session, place.code, wave.closes_on) for place in areas(session, AREA_KINDS[by], wave.closes_on)
        ]
    if by == RURAL:
        return _rural_and_urban(session, wave)
    question_id = getattr(questionnaire.cell, by) if by in IN_CELL else by
    question = questionnaire.questions.get(question_id or "")
    if question is None or not _single(question):
        raise FindingError(
            f"{wave.key} cannot be broken down by {by!r}: give area, beat, rural, age, sex or the id of a question "
            "that takes one answer."
        )
    return [
        Group(by, choice.code, _title(by, question, choice.code, choice.text()), by, frozenset({choice.code}))
        for choice in question.choices()
        if choice.role not in _WITHHELD
    ]


def _rural_and_urban(session: Session, wave: Wave) -> list[Group]:
    """Everybody by whether most people of their ward live in rural places."""
    classes = ward_rurality(session)
    wards = {ward.code for ward in areas(session, "ward", wave.closes_on)}
    made = [
        Group(RURAL, name, title, "area", frozenset(ward for ward in wards if classes.get(ward) == name))
        for name, title in (("rural", "Rural wards"), ("urban", "Urban wards"))
    ]
    known = [group for group in made if group.codes]
    if not known:
        raise FindingError("Which wards are rural is not known: take in the rural-urban class of the LSOAs first.")
    return known


def breakdown_questions(questionnaire: Questionnaire) -> dict[str, str]:
    """The questions whose answers can break a wave down, with their words: those that take one answer."""
    return {id_: question.text() for id_, question in questionnaire.questions.items() if _single(question)}


def _single(question: Question) -> bool:
    """Whether everyone who answered chose exactly one of its options."""
    return len(question.domain()) == 1 and all(option != ANSWERED for _, option in question.answered_keys())


def _title(by: str, question: Question, code: str, text: str) -> str:
    if by == "age":
        return f"Aged {age_words(code) or text}"
    return text if by == "sex" else f"{question.text()} {text}"
