"""Submitting a council's response: once, however often it is sent, and never over what nobody checked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from csp_consult.fieldwork import care
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.references import new_reference
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.attachments import Upload, attach
from csp_consult.parishes.drafts import discard_draft, locked_draft
from csp_consult.parishes.mandates import Mandate
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.versions import current_version, minuted
from csp_consult.parishes.windows import refuse_unless_open
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
    attachment: Upload | None = None,
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
    refuse_unless_open(session, wave, parish_code, today)
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
    act = _Act(wave, parish_code, current, mandate, "online", submission, user_id, today, attachment)
    response = _store(session, questionnaire, draft.answers, act)
    discard_draft(session, wave, parish_code)
    session.flush()
    return response


def take_paper_reply(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    parish_code: str,
    mandate: Mandate,
    *,
    answers: Answers,
    submission: str,
    user_id: int,
    today: date,
    attachment: Upload | None = None,
) -> ParishResponse:
    """Keep what a council sent on paper, put in by an officer; its clerk's draft, if any, stays as it is.

    ``submission`` marks repeats as for ``submit``. The caller commits. Raises ParishError when it cannot be taken.
    """
    first = submitted_as(session, wave, parish_code, submission)
    if first is not None:
        return first
    refuse_unless_open(session, wave, parish_code, today)
    current = current_version(session, wave, parish_code)
    act = _Act(wave, parish_code, current, mandate, "paper", submission, user_id, today, attachment)
    return _store(session, questionnaire, answers, act)


def add_minute(
    session: Session,
    wave: Wave,
    parish_code: str,
    mandate: Mandate,
    *,
    version: int,
    today: date,
    user_id: int,
    attachment: Upload | None = None,
) -> ParishResponse:
    """Make an officer draft the council's act: its answers stay as they were sent, the minute joins them.

    The caller commits. Raises ParishError when that version is not the newest, or has its minute already.
    """
    query = select(ParishResponse).where(ParishResponse.wave_id == wave.id, ParishResponse.parish_code == parish_code)
    response = session.scalar(query.order_by(ParishResponse.version.desc()).limit(1).with_for_update())
    if response is None or response.version != version:
        raise ParishError("Another version was sent meanwhile. Look at the newest one.")
    if minuted(response):
        raise ParishError(f"Version {version} already has its minute, {response.minute_reference}.")
    refuse_unless_open(session, wave, parish_code, today)
    response.mandate = mandate.kind
    response.meeting_on = mandate.meeting_on
    response.minute_reference = mandate.minute_reference
    response.minuted_on = today
    if attachment is not None:
        attach(session, response, attachment, user_id=user_id, today=today)
    _record(session, "officer draft minuted", wave, response)
    return response


@dataclass(frozen=True)
class _Act:
    """The sending of one version: for whom, on what authority, how, by whom and when."""

    wave: Wave
    parish_code: str
    current: ParishResponse | None
    mandate: Mandate
    mode: str
    submission: str
    user_id: int
    today: date
    attachment: Upload | None


def _store(session: Session, questionnaire: Questionnaire, answers: Answers, act: _Act) -> ParishResponse:
    current, mandate = act.current, act.mandate
    if gaps(questionnaire, answers, context_for(session, questionnaire.questions.values(), act.today)):
        raise ParishError("Some questions must be answered before the response can be submitted. Check the answers.")
    if current is not None and not mandate.reason:
        raise ParishError("Say why the response is amended.")
    response = ParishResponse(
        wave_id=act.wave.id,
        parish_code=act.parish_code,
        version=1 if current is None else current.version + 1,
        reference=new_reference(),
        submission=act.submission,
        answers=on_path(questionnaire, answers),
        mode=act.mode,
        mandate=mandate.kind,
        meeting_on=mandate.meeting_on,
        minute_reference=mandate.minute_reference,
        reason=None if current is None else mandate.reason,
        submitted_on=act.today,
        submitted_by=act.user_id,
    )
    session.add(response)
    session.flush()
    if act.attachment is not None:
        attach(session, response, act.attachment, user_id=act.user_id, today=act.today)
    care.flag(session, act.wave, questionnaire, response.answers, reference=response.reference, today=act.today)
    what = "response submitted" if response.version == 1 else "response amended"
    _record(session, "officer draft sent" if mandate.kind is None else what, act.wave, response)
    return response


def _record(session: Session, action: str, wave: Wave, response: ParishResponse) -> None:
    detail: dict[str, str | int | bool | None] = {
        "version": response.version,
        "reference": response.reference,
        "mandate": response.mandate,
        "mode": response.mode,
    }
    audit.record(session, action, subject=f"{wave.key} {response.parish_code}", detail=detail)


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
