"""Keying forms: once, or twice and compared; each becomes a response exactly once.

Two people key a form without seeing what the other keyed. Where they agree the form becomes a response; where they
do not, somebody with the form before them says what is right. From then on the response alone holds the answers.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork import notices, responses
from csp_consult.fieldwork.form_batches import BatchError, is_keyed_twice, refuse_if_over
from csp_consult.fieldwork.models import FormBatch, FormEntry, KeyedForm, Response, Wave
from csp_consult.people import audit
from csp_consult.questionnaire.keying import differing, left_out
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.path import on_path

CHOSEN = ("first", "second", "typed")


class NumberTakenError(BatchError):
    """Somebody keyed the form of that number meanwhile."""


@dataclass(frozen=True)
class Keying:
    """Everything a keying is of."""

    session: Session
    wave: Wave
    batch: FormBatch
    questionnaire: Questionnaire
    officer: str
    today: date


def form_numbered(session: Session, batch: FormBatch, number: int, *, hold: bool = False) -> KeyedForm | None:
    """The form of that number, where it was keyed; with ``hold`` nobody else changes it meanwhile."""
    query = select(KeyedForm).where(KeyedForm.batch_id == batch.id, KeyedForm.number == number)
    return session.scalar(query.with_for_update() if hold else query)


def entries(session: Session, form: KeyedForm) -> dict[int, Mapping[str, Any]]:
    """The answers of each keying, by turn; none once the form is a response."""
    rows = session.scalars(select(FormEntry).where(FormEntry.form_id == form.id))
    return {row.turn: row.answers for row in rows}


def key_first(keying: Keying, number: int, answers: Mapping[str, Any], *, once: str) -> KeyedForm:
    """Keep a form that nobody keyed before: as a response, or until it is keyed again.

    A repeat of the same form with the same ``once`` changes nothing. Raises NumberTakenError where another form has the
    number, and BatchError. The caller commits.
    """
    session, batch = keying.session, keying.batch
    refuse_if_over(keying.wave, keying.today)
    # Whoever keys the same batch at the same moment waits here, so that each number is given once.
    session.execute(select(FormBatch.id).where(FormBatch.id == batch.id).with_for_update())
    there = form_numbered(session, batch, number)
    if there is not None and there.once != once:
        raise NumberTakenError(f"Form {number} was keyed meanwhile.")
    if there is not None:
        _refuse_unless_repeated(keying, there, answers)
        return there
    form = KeyedForm(
        batch_id=batch.id,
        number=number,
        state="once",
        keyed_by=keying.officer,
        keyed_on=keying.today,
        once=once,
    )
    session.add(form)
    session.flush()
    if is_keyed_twice(batch, number):
        session.add(FormEntry(form_id=form.id, turn=1, answers=on_path(keying.questionnaire, answers)))
    else:
        _become_response(keying, form, answers)
    return form


def key_again(keying: Keying, number: int, answers: Mapping[str, Any]) -> KeyedForm:
    """Keep the second keying: where it agrees with the first the form becomes a response, else it waits.

    Repeating it changes nothing. Raises BatchError where the form does not wait for this officer. The caller commits.
    """
    session = keying.session
    refuse_if_over(keying.wave, keying.today)
    form = form_numbered(session, keying.batch, number, hold=True)
    if form is not None and form.again_by == keying.officer:
        return form
    if form is None or form.state != "once":
        raise BatchError(f"Form {number} does not wait to be keyed again. Go on with the next.")
    if form.keyed_by == keying.officer:
        raise BatchError(f"You keyed form {number} yourself. Somebody else has to key it the second time.")
    first = entries(session, form)[1]
    second = on_path(keying.questionnaire, answers)
    form.again_by, form.again_on = keying.officer, keying.today
    form.compared = len(first.keys() | second.keys())
    if differing(keying.questionnaire, first, second):
        form.state = "differs"
        session.add(FormEntry(form_id=form.id, turn=2, answers=second))
    else:
        form.settled = {}
        _become_response(keying, form, first)
    return form


def settle(keying: Keying, number: int, chosen: Mapping[str, str], typed: Mapping[str, Any]) -> list[str]:
    """Take what was found right for every question keyed differently; the form becomes a response.

    ``chosen`` says by question which of CHOSEN is right, ``typed`` holds the answers that were typed instead: none
    of a question where the form leaves it open. Gives the ids of the questions whose answers the others lead past: they
    are not taken. Raises BatchError. The caller commits.
    """
    session = keying.session
    refuse_if_over(keying.wave, keying.today)
    form = form_numbered(session, keying.batch, number, hold=True)
    if form is None or form.state != "differs":
        raise BatchError(f"Form {number} has no difference that waits. Somebody else may have settled it.")
    kept = entries(session, form)
    answers = dict(kept[1])
    for question_id in differing(keying.questionnaire, kept[1], kept[2]):
        source = {"first": kept[1], "second": kept[2], "typed": typed}[chosen[question_id]]
        answers.pop(question_id, None)
        answers |= {question_id: source[question_id]} if question_id in source else {}
    form.settled, form.settled_by = dict(chosen), keying.officer
    _become_response(keying, form, answers)
    return left_out(keying.questionnaire, answers)


def to_take_back(keying: Keying, number: int, *, hold: bool = False) -> KeyedForm:
    """The form that can be taken back. Raises BatchError where there is none."""
    form = form_numbered(keying.session, keying.batch, number, hold=hold)
    if form is None:
        raise BatchError(f"Form {number} was taken back already, or never keyed.", "number")
    if keying.wave.erased_on is not None:
        raise BatchError("The single responses of this survey were erased on their date: nothing is left to take back.")
    return form


def take_back(keying: Keying, number: int) -> None:
    """Erase a form and what it became, so that it can be keyed anew. Raises BatchError. The caller commits."""
    session = keying.session
    form = to_take_back(keying, number, hold=True)
    reference = session.scalar(select(Response.reference).where(Response.id == form.response_id))
    if reference is not None:
        responses.withdraw(session, reference)
    session.execute(delete(KeyedForm).where(KeyedForm.id == form.id))
    audit.record(session, "form.taken_back", subject=f"{keying.wave.key} {keying.batch.name}", detail={"form": number})


def _refuse_unless_repeated(keying: Keying, form: KeyedForm, answers: Mapping[str, Any]) -> None:
    """Back shows the page of a form that was saved: what is keyed there anew is no repeat, and is not thrown away."""
    if form.response_id is not None:
        saved: Mapping[str, Any] | None = keying.session.get_one(Response, form.response_id).answers
    else:
        saved = entries(keying.session, form).get(1)
    if saved is not None and saved != on_path(keying.questionnaire, answers):
        raise BatchError(
            f"Form {form.number} was saved from this page with other answers. If this is another form, enter its own "
            "number. To change what was saved, take the form back first."
        )


def _become_response(keying: Keying, form: KeyedForm, answers: Mapping[str, Any]) -> None:
    response = responses.submit(
        keying.session,
        keying.wave,
        answers,
        # Drawn with the page on which it was keyed, so that a form taken back can be keyed anew.
        submission=hashlib.sha256(f"form {form.batch_id} {form.number} {form.once}".encode()).hexdigest(),
        mode=keying.batch.mode,
        language=keying.batch.language,
        today=keying.today,
        notice=keying.batch.notice if keying.batch.mode == "paper" else notices.current(),
    )
    form.response_id, form.state = response.id, "done"
    keying.session.execute(delete(FormEntry).where(FormEntry.form_id == form.id))
