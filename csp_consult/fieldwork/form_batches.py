"""Batches of forms on paper or told on the telephone: a pile with a name, how far it is, who keyed it."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import FormBatch, KeyedForm, Response, Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.people import audit

LONGEST_NAME = 60
MOST_FORMS = 10_000
AGAIN: Mapping[str, int] = {"none": 0, "tenth": 10, "fifth": 5, "all": 1}
"""How many of a batch's forms are keyed twice, as an officer chooses, to every how manieth."""


class BatchError(ValueError):
    """What an officer asks for cannot be; the message says what to do, ``field`` which field it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    batch: FormBatch
    forms: Sequence[tuple[KeyedForm, str | None]]
    """Every form keyed so far by number, with the reference of its response where it has one."""

    @property
    def keyed(self) -> int:
        """Forms keyed at least once."""
        return len(self.forms)

    @property
    def waiting(self) -> list[KeyedForm]:
        """Forms that wait to be keyed again."""
        return [form for form, _ in self.forms if form.state == "once"]

    @property
    def differing(self) -> list[KeyedForm]:
        """Forms keyed twice of which a difference waits to be settled."""
        return [form for form, _ in self.forms if form.state == "differs"]

    @property
    def verified(self) -> int:
        """Forms keyed twice whose keyings agree, or were settled."""
        return sum(form.state == "done" and form.again_by is not None for form, _ in self.forms)

    @property
    def responses(self) -> int:
        """Forms that have become responses and still are."""
        return sum(reference is not None for _, reference in self.forms)

    @property
    def compared(self) -> int:
        """Answers keyed twice, of forms of which no difference waits."""
        return sum(form.compared or 0 for form, _ in self.forms if form.state == "done")

    @property
    def differences(self) -> int:
        """Answers of those that were keyed differently."""
        return sum(len(form.settled or {}) for form, _ in self.forms)

    @property
    def keyers(self) -> list[tuple[str, int]]:
        """Who keyed how many forms, the second keyings too, the most first."""
        names = [name for form, _ in self.forms for name in (form.keyed_by, form.again_by) if name]
        return Counter(names).most_common()

    @property
    def next_number(self) -> int:
        """The lowest number that no form has."""
        taken = {form.number for form, _ in self.forms}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def for_second(self, officer: str) -> KeyedForm | None:
        """The first form that waits for a second keying by this officer: never one that they keyed."""
        return next((form for form in self.waiting if form.keyed_by != officer), None)


def make(
    session: Session,
    wave: Wave,
    *,
    name: str,
    mode: str,
    language: str,
    received: int | None,
    again_every: int,
    made_by: str,
    today: date,
) -> FormBatch:
    """Begin a batch. Raises BatchError. The caller commits."""
    refuse_if_over(wave, today)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BatchError(f"Give the batch a name of at most {LONGEST_NAME} characters, such as Library, May.", "name")
    if session.scalar(select(exists().where(FormBatch.wave_id == wave.id, FormBatch.name == name))):
        raise BatchError(f"There is already a batch called {name}. Choose another name.", "name")
    if mode == "telephone" and again_every:
        raise BatchError("What was told on the telephone cannot be keyed a second time. Choose none.", "again")
    batch = FormBatch(
        wave_id=wave.id,
        name=name,
        mode=mode,
        language=language,
        received=received,
        again_every=again_every,
        again_from=secrets.randbelow(again_every) if again_every else 0,
        made_by=made_by,
        made_on=today,
    )
    session.add(batch)
    session.flush()
    audit.record(session, "batch.made", subject=f"{wave.key} {name}", detail={"mode": mode, "twice": again_every})
    return batch


def refuse_if_over(wave: Wave, today: date) -> None:
    """Raises BatchError where nothing can be keyed for a wave: before it opens, and once its responses are erased.

    After its last day forms that came back in time are still keyed.
    """
    if wave.erased_on is not None:
        raise BatchError("The single responses of this survey were erased on their date: nothing can be added.")
    if state(wave, today) is WaveState.NOT_YET_OPEN:
        raise BatchError("This survey has not opened yet: there can be no answers to key.")


def is_keyed_twice(batch: FormBatch, number: int) -> bool:
    """Whether the form of that number is one of those that are keyed twice."""
    return bool(batch.again_every) and number % batch.again_every == batch.again_from


def find(session: Session, wave: Wave, batch_id: int) -> FormBatch | None:
    """The batch of a wave by its id."""
    return session.scalar(select(FormBatch).where(FormBatch.wave_id == wave.id, FormBatch.id == batch_id))


def progress_of(session: Session, batch: FormBatch) -> Progress:
    """How far one batch is."""
    rows = session.execute(
        select(KeyedForm, Response.reference)
        .outerjoin(Response, Response.id == KeyedForm.response_id)
        .where(KeyedForm.batch_id == batch.id)
        .order_by(KeyedForm.number)
    )
    return Progress(batch, [(form, reference) for form, reference in rows])


def listed(session: Session, wave: Wave) -> list[Progress]:
    """Every batch of a wave, the newest first."""
    query = select(FormBatch).where(FormBatch.wave_id == wave.id).order_by(FormBatch.id.desc())
    return [progress_of(session, batch) for batch in session.scalars(query)]
