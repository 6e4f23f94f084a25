"""Responses: storing one exactly once, finding it again, erasing it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, null, select
from sqlalchemy.orm import Session

from csp_consult.db import Base, upsert_into
from csp_consult.fieldwork import asked, care, tally
from csp_consult.fieldwork.asked import AnyWave
from csp_consult.fieldwork.cells import cell_of
from csp_consult.fieldwork.counting import Counted
from csp_consult.fieldwork.doubts import likeness
from csp_consult.fieldwork.models import ErasedImport, Response, Wave, Withdrawal
from csp_consult.fieldwork.references import new_reference, tidy_reference
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.path import Paths, on_path

_RESPONSES = Base.metadata.tables[Response.__tablename__]


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
    notice: str | None = None,
) -> Response:
    """Store a response; a repeat with the same ``submission`` stores nothing and gives the first one.

    A ``synthetic`` response makes its wave synthetic too, so that every figure it is part of says so.
    Only answers on the path are stored. One statement, nothing locked: the caller commits, and must not
    acknowledge the response before that.

    ``orders`` says, by question id, in which order options were seen; ``trapped`` that a field was filled in which
    people do not see; ``notice`` which version of the privacy notice held, None where that is not known.
    """
    questionnaire = asked.questionnaire_for(session, wave)
    row = _row(
        questionnaire,
        on_path(questionnaire, answers),
        wave_id=wave.id,
        submission=submission,
        submitted_on=today,
        mode=mode,
        language=language,
        orders=orders or null(),
        trapped=trapped,
        notice=notice,
        base_weight=base_weight,
        synthetic=synthetic,
    )
    while True:
        insert = upsert_into(session, Response).values(**row, id=uuid4(), reference=new_reference())
        stored = session.scalar(insert.on_conflict_do_nothing().returning(Response))
        # Nothing stored: either this is a repeat, or somebody else has the reference and another is drawn.
        response = stored or submitted(session, submission)
        if response is not None:
            if stored is not None:
                _after_storing(session, wave, questionnaire, stored)
            return response


@dataclass(frozen=True)
class Given:
    """A response gathered elsewhere, on its way into a wave."""

    submission: str
    answers: Mapping[str, Any]
    language: str
    base_weight: float = 1.0
    synthetic: bool = False
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)


def submit_many(
    session: Session, wave: Wave, given: Sequence[Given], *, mode: str, today: date, notice: str | None = None
) -> int:
    """Store responses in few statements; what was stored before is left alone. Gives how many are new.

    The same as ``submit`` for each of them. The caller commits.
    """
    questionnaire = asked.questionnaire_for(session, wave)
    known = _submitted(session, [one.submission for one in given])
    new = {one.submission: one for one in given if one.submission not in known}
    paths = Paths(questionnaire)
    rows = [
        _row(
            questionnaire,
            paths.on_path(one.answers),
            wave_id=wave.id,
            submission=one.submission,
            submitted_on=today,
            mode=mode,
            language=one.language,
            orders=one.orders or None,
            trapped=False,
            notice=notice,
            base_weight=one.base_weight,
            synthetic=one.synthetic,
            id=uuid4(),
        )
        for one in new.values()
    ]
    # Always in the same order, so that two who store the same at once wait for each other one way round only.
    waiting = sorted(rows, key=itemgetter("submission"))
    while waiting:
        # What is not there afterwards had drawn a reference that somebody else has, and draws another.
        insert = upsert_into(session, _RESPONSES).on_conflict_do_nothing()
        session.execute(insert, [row | {"reference": new_reference()} for row in waiting])
        stored = _submitted(session, [row["submission"] for row in waiting])
        waiting = [row for row in waiting if row["submission"] not in stored]
    if any(one.synthetic for one in new.values()):
        wave.synthetic = True
    # The same import may have run beside this one: what it stored first is left alone, and is not new.
    ours = _among(session, [row["id"] for row in rows])
    rows = [row for row in rows if row["id"] in ours]
    for row in rows:
        if not row["synthetic"] and care.told(questionnaire, row["answers"]):
            stored_row = session.get_one(Response, row["id"])
            _after_storing(session, wave, questionnaire, stored_row)
    return len(rows)


def _submitted(session: Session, submissions: Sequence[str]) -> set[str]:
    return set(session.scalars(select(_RESPONSES.c.submission).where(_RESPONSES.c.submission.in_(submissions))))


def _among(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    return set(session.scalars(select(_RESPONSES.c.id).where(_RESPONSES.c.id.in_(ids))))


def _row(questionnaire: Questionnaire, kept: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    """What is stored of answers on the path."""
    cell, alike = cell_of(questionnaire, kept).key, likeness(kept)
    return {**others, "answers": kept, "cell": cell, "likeness": alike, "folded": False}


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
    _remember(session, tidy_reference(reference))
    if erased.folded:
        tally.subtract(session, erased.wave_id, Counted(erased.cell, erased.base_weight, erased.answers))
    return True


def withdrawn(session: Session) -> list[Withdrawal]:
    """What was withdrawn lately: longer than any backup is kept."""
    return list(session.scalars(select(Withdrawal)))


def withdraw_again(session: Session, marks: Sequence[Withdrawal]) -> int:
    """Withdraw once more what a backup brought back; how many there were. The caller commits."""
    wanted = {mark.digest for mark in marks}
    back = [one for one in session.scalars(select(Response.reference)) if _digest(one) in wanted] if wanted else []
    for reference in back:
        withdraw(session, reference)
    session.flush()
    known = set(session.scalars(select(Withdrawal.digest)))
    for mark in marks:
        if mark.digest not in known:
            session.add(Withdrawal(digest=mark.digest, withdrawn_on=mark.withdrawn_on))
    return len(back)


def _remember(session: Session, reference: str) -> None:
    mark = upsert_into(session, Withdrawal).values(digest=_digest(reference), withdrawn_on=date.today())
    session.execute(mark.on_conflict_do_nothing())


def _digest(reference: str) -> str:
    return hashlib.sha256(reference.encode()).hexdigest()
