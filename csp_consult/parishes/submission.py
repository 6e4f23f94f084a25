"""Submitting a council's response: once, however often it is sent, and never over what nobody checked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.references import new_reference
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.drafts import discard_draft, locked_draft, refuse_unless_open
from csp_consult.parishes.mandates import Mandate
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.versions import current_version
from csp_consult.people import audit
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.path import on_path, path
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    AnswerError,
    Answers,
    Question,
    QuestionContext,
)


@dataclass(frozen=True)
class Gap:
    """A question that must be answered, or answered in full, before the council can submit."""

    page_id: str
    question: Question
    message: str


class ChangedSinceCheckedError(ParishError):
    """Somebody changed the draft after the answers were last checked."""


def submit(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    parish_code: str,
    mandate: Mandate,
    *,
    checked_revision: int,
    submission: str,
    user_id: int,
    today: date,
) -> ParishResponse:
    """Make the draft the council's response: version 1, or the next version where one was submitted before.

    ``submission`` is the key of this one act: a repeat gives back what the first made. ``checked_revision`` is
    the revision of the draft that was shown to be checked. The caller commits. Raises ChangedSinceCheckedError when
    the draft has moved on since, ParishError when it cannot be submitted.
    """
    draft = locked_draft(session, wave, parish_code)
    first = submitted_as(session, wave, parish_code, submission)
    if first is not None:
        return first
    refuse_unless_open(wave, today)
    current = current_version(session, wave, parish_code)
    if draft is None:
        raise ParishError(
            "There is no draft to submit."
            if current is None
            else f"The council's response was already submitted, as {current.reference}."
        )
    if draft.revision != checked_revision:
        raise ChangedSinceCheckedError(
            "The answers were changed after you checked them. Check them again, then submit."
        )
    if gaps(questionnaire, draft.answers, context_for(session, questionnaire.questions.values(), today)):
        raise ParishError("Some questions must be answered before the response can be submitted. Check the answers.")
    if current is not None and not mandate.reason:
        raise ParishError("Say why the response is amended.")
    response = ParishResponse(
        wave_id=wave.id,
        parish_code=parish_code,
        version=1 if current is None else current.version + 1,
        reference=new_reference(),
        submission=submission,
        answers=on_path(questionnaire, draft.answers),
        mandate=mandate.kind,
        meeting_on=mandate.meeting_on,
        minute_reference=mandate.minute_reference,
        reason=None if current is None else mandate.reason,
        submitted_on=today,
        submitted_by=user_id,
    )
    session.add(response)
    audit.record(
        session,
        "response submitted" if response.version == 1 else "response amended",
        subject=f"{wave.key} {parish_code}",
        detail={"version": response.version, "reference": response.reference, "mandate": mandate.kind},
    )
    discard_draft(session, wave, parish_code)
    session.flush()
    return response


def gaps(questionnaire: Questionnaire, answers: Answers, context: QuestionContext = NO_CONTEXT) -> list[Gap]:
    """What must still be answered, in the order it is asked. A draft may be saved with gaps, never submitted."""
    found: list[Gap] = []
    for page in path(questionnaire, answers):
        for question in page.questions:
            given = question.fill(answers[question.id]) if question.id in answers else {}
            try:
                question.parse(MultiDict(given), context)
            except AnswerError as error:
                found.append(Gap(page.id, question, error.message))
    return found


def submitted_as(session: Session, wave: Wave, parish_code: str, submission: str) -> ParishResponse | None:
    """The response that an earlier sending of the same submission made."""
    return session.scalar(
        select(ParishResponse).where(
            ParishResponse.submission == submission,
            ParishResponse.wave_id == wave.id,
            ParishResponse.parish_code == parish_code,
        )
    )
