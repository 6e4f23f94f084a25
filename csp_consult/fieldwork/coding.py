"""Answers in own words: a codeframe, and what officers find in each answer. No statistics here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import CodedText, Response, Survey, TextCode, Wave
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.words import LongText

_LONGEST = {"name": 80, "description": 300}


class CodingError(ValueError):
    """A code or a coding that cannot be kept; the message says what to do, ``field_id`` where."""

    def __init__(self, message: str, field_id: str) -> None:
        super().__init__(message)
        self.field_id = field_id


@dataclass(frozen=True)
class OwnWords:
    """One answer in own words, with what was found in it so far."""

    response_id: UUID
    text: str
    coded: CodedText | None


def text_questions(questionnaire: Questionnaire) -> dict[str, str]:
    """The questions that people answer in sentences of their own, with their words."""
    return {id_: one.text() for id_, one in questionnaire.questions.items() if isinstance(one, LongText)}


def codeframe(session: Session, survey: Survey, question: str) -> list[TextCode]:
    """The codes of a question, by name: one codeframe for all waves of a survey, so that waves can be compared."""
    query = select(TextCode).where(TextCode.survey_id == survey.id, TextCode.question == question)
    return list(session.scalars(query.order_by(TextCode.name)))


def add_code(session: Session, survey: Survey, question: str, *, name: str, description: str) -> TextCode:
    """Add a code; the caller commits. Raises CodingError for a name or description that will not do."""
    given = {"name": " ".join(name.split()), "description": " ".join(description.split())}
    for field, value in given.items():
        if not value:
            raise CodingError(f"Enter a {field} for the code.", field)
        if len(value) > _LONGEST[field]:
            raise CodingError(f"Shorten the {field} to {_LONGEST[field]} characters.", field)
    if any(code.name.lower() == given["name"].lower() for code in codeframe(session, survey, question)):
        raise CodingError(f"There is already a code {given['name']!r}: choose another name.", "name")
    code = TextCode(survey_id=survey.id, question=question, **given)
    session.add(code)
    session.flush()
    return code


def own_words(session: Session, wave: Wave, question: str) -> list[OwnWords]:
    """Every answer to the question, those not coded yet first, in no order that tells when it was given."""
    coded = {
        one.response_id: one
        for one in session.scalars(
            select(CodedText).join(Response).where(Response.wave_id == wave.id, CodedText.question == question)
        )
    }
    rows = session.execute(
        select(Response.id, Response.answers).where(Response.wave_id == wave.id).order_by(Response.id)
    )
    found = [OwnWords(row.id, row.answers[question], coded.get(row.id)) for row in rows if question in row.answers]
    return sorted(found, key=lambda one: one.coded is not None)


def code_text(
    session: Session,
    wave: Wave,
    question: str,
    response_id: UUID,
    codes: Collection[int],
    *,
    shareable: bool,
    by: str,
    today: date,
) -> CodedText:
    """Keep what an officer found in an answer, in place of what was found before; the caller commits.

    Raises CodingError where the answer is gone or a code is not of the question.
    """
    response = session.get(Response, response_id)
    if response is None or response.wave_id != wave.id or question not in response.answers:
        raise CodingError("This answer is not there any more: it may have been withdrawn.", "codes")
    known = {code.id for code in codeframe(session, wave.survey, question)}
    if not known.issuperset(codes):
        raise CodingError("Choose codes of this question only.", "codes")
    return session.merge(
        CodedText(
            response_id=response_id,
            question=question,
            codes=sorted(codes),
            shareable=shareable,
            coded_by=by,
            coded_on=today,
        )
    )
