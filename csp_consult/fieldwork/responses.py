"""Responses: storing one exactly once, finding it again, erasing it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, null, select
from sqlalchemy.orm import Session

from csp_consult.db import upsert_into
from csp_consult.fieldwork import asked, care, tally
from csp_consult.fieldwork.asked import AnyWave
from csp_consult.fieldwork.cells import cell_of
from csp_consult.fieldwork.counting import Counted
from csp_consult.fieldwork.doubts import likeness
from csp_consult.fieldwork.models import ErasedImport, Response, Wave
from csp_consult.fieldwork.references import new_reference, tidy_reference
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.path import on_path


def submit(
    session: Session,
    wave: AnyWave,
    answers: Mapping[str, Any],
    *,
    submission: str,
    mode: str,
    language: str,
    today: date,
    synthetic: bool = False,
    base_weight: float = 1.0,
    orders: Mapping[str, Sequence[str]] | None = None,
    trapped: bool = False,
) -> Response:
    """Store a response; a repeat with the same ``submission`` stores nothing and gives the first one.

    A ``synthetic`` response makes its wave synthetic too, so that every figure it is part of says so.
    Only answers on the path are stored. One statement, nothing locked: the caller commits, and must not
    acknowledge the response before that.

    ``orders`` says, by question id, in which order options were seen; ``trapped`` that a field was filled in which
    people do not see.
    """
    questionnaire = asked.questionnaire(session, wave)
    kept = on_path(questionnaire, answers)
    row = {
        "wave_id": wave.id,
        "submission": submission,
        "submitted_on": today,
        "mode": mode,
        "language": language,
        "answers": kept,
        "cell": cell_of(questionnaire, kept).key,
        "orders": orders or null(),
        "likeness": likeness(kept),
        "trapped": trapped,
        "base_weight": base_weight,
        "synthetic": synthetic,
        "folded": False,
    }
    while True:
        insert = upsert_into(session, Response).values(**row, id=uuid4(), reference=new_reference())
        stored = session.scalar(insert.on_conflict_do_nothing().returning(Response))
        # Nothing stored: either this is a repeat, or somebody else has the reference and another is drawn.
        response = stored or submitted(session, submission)
        if response is not None:
            if stored is not None:
                _after_storing(session, wave, questionnaire, stored)
            return response


def _after_storing(session: Session, wave: AnyWave, questionnaire: Questionnaire, stored: Response) -> None:
    if stored.synthetic:
        session.get_one(Wave, wave.id).synthetic = True
        return
    reference, today = stored.reference, stored.submitted_on
    care.flag(session, wave, questionnaire, stored.answers, reference=reference, today=today, response_id=stored.id)


def submitted(session: Session, submission: str) -> Response | None:
    """The response that this submission stored, if it has."""
    return session.scalar(select(Response).where(Response.submission == submission))


def find(session: Session, reference: str) -> Response | None:
    """The response of that reference, however its letters were typed."""
    return session.scalar(select(Response).where(Response.reference == tidy_reference(reference)))


def withdraw(session: Session, reference: str) -> bool:
    """Erase a response and take it out of the tally; False where no response has that reference.

    An imported one leaves its mark, so that the same file does not bring it back. Runs in the session's transaction:
    the caller commits.
    """
    # The tally's lock comes first: a fold that is under way either has counted the response or never will.
    tally.lock(session)
    erased = session.execute(
        delete(Response)
        .where(Response.reference == tidy_reference(reference))
        .returning(
            Response.wave_id,
            Response.cell,
            Response.base_weight,
            Response.answers,
            Response.folded,
            Response.mode,
            Response.submission,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if erased is None:
        return False
    if erased.mode == "imported":
        session.add(ErasedImport(submission=erased.submission))
    if erased.folded:
        tally.subtract(session, erased.wave_id, Counted(erased.cell, erased.base_weight, erased.answers))
    return True
