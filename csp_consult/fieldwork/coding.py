"""Answers in own words: a codeframe, and what officers find in each answer. No statistics here."""

from collections.abc import Collection, Sequence
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
    given = _checked(codeframe(session, survey, question), name, description)
    code = TextCode(survey_id=survey.id, question=question, **given)
    session.add(code)
    session.flush()
    return code


def change_code(
    session: Session, survey: Survey, question: str, code_id: int, *, name: str, description: str
) -> TextCode:
    """Give a code another name and description; what was coded by it stays. Raises CodingError as ``add_code``."""
    codes = codeframe(session, survey, question)
    code = _known(codes, code_id)
    given = _checked([one for one in codes if one is not code], name, description)
    code.name, code.description = given["name"], given["description"]
    session.flush()
    return code


def remove_code(session: Session, survey: Survey, question: str, code_id: int, into: int | None) -> None:
    """Take a code away, its answers going to the code ``into``; the caller commits.

    Without another code they keep what else was found in them, and those in which nothing else was found wait to be
    coded again. Raises CodingError where a code is not of the question, or is to go into itself.
    """
    codes = codeframe(session, survey, question)
    code = _known(codes, code_id)
    other = None if into is None else _known(codes, into)
    if other is code:
        raise CodingError("Choose another code for its answers to go to.", "into")
    coded = session.scalars(
        select(CodedText)
        .join(Response)
        .join(Wave, Wave.id == Response.wave_id)
        .where(Wave.survey_id == survey.id, CodedText.question == question)
    )
    for one in coded.all():
        if code.id not in one.codes:
            continue
        left = {*one.codes, *([other.id] if other else [])} - {code.id}
        if left:
            one.codes = sorted(left)
        else:
            session.delete(one)
    session.delete(code)
    session.flush()


def _known(codes: Sequence[TextCode], code_id: int) -> TextCode:
    found = next((code for code in codes if code.id == code_id), None)
    if found is None:
        raise CodingError("This code is not there any more. Choose another one.", "code")
    return found


def _checked(others: Sequence[TextCode], name: str, description: str) -> dict[str, str]:
    """A name and description that will do beside the other codes."""
    given = {"name": " ".join(name.split()), "description": " ".join(description.split())}
    for field, value in given.items():
        if not value:
            raise CodingError(f"Enter a {field} for the code.", field)
        if len(value) > _LONGEST[field]:
            raise CodingError(f"Shorten the {field} to {_LONGEST[field]} characters.", field)
    if any(code.name.lower() == given["name"].lower() for code in others):
        raise CodingError(f"There is already a code {given['name']!r}: choose another name.", "name")
    return given


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
