"""Batches of forms on paper or told on the telephone: a pile with a name, how far it is, who keyed it."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

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
    """How far a batch is, in forms, but for what is said to be answers."""

    batch: FormBatch
    keyed: int
    """Keyed at least once."""
    waiting: int
    """Wait to be keyed again."""
    differing: int
    """Keyed twice, and a difference waits to be settled."""
    verified: int
    """Keyed twice, and the keyings agree or were settled."""
    responses: int
    """Have become responses and still are."""
    compared: int
    """Answers keyed twice, of forms of which no difference waits."""


def make(
    session: Session,
    wave: Wave,
    *,
    name: str,
    mode: str,
    language: str,
    received: int | None,
    again_every: int,
    notice: str | None,
    made_by: str,
    today: date,
) -> FormBatch:
    """Begin a batch; ``notice`` is the version of the privacy notice on its forms, None where nobody knows.

    Raises BatchError. The caller commits.
    """
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
        # Who is called hears the words of that day.
        notice=notice if mode == "paper" else None,
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
    return _counted(session, [batch])[0]


def listed(session: Session, wave: Wave) -> list[Progress]:
    """Every batch of a wave, the newest first."""
    query = select(FormBatch).where(FormBatch.wave_id == wave.id).order_by(FormBatch.id.desc())
    return _counted(session, session.scalars(query).all())


def _counted(session: Session, batches: Sequence[FormBatch]) -> list[Progress]:
    done = KeyedForm.state == "done"
    query = (
        select(
            KeyedForm.batch_id,
            func.count(),
            func.count().filter(KeyedForm.state == "once"),
            func.count().filter(KeyedForm.state == "differs"),
            func.count(KeyedForm.again_by).filter(done),
            func.count(KeyedForm.response_id),
            func.sum(KeyedForm.compared).filter(done),
        )
        .where(KeyedForm.batch_id.in_([batch.id for batch in batches]))
        .group_by(KeyedForm.batch_id)
    )
    found = {batch_id: [count or 0 for count in counts] for batch_id, *counts in session.execute(query)}
    return [Progress(batch, *found.get(batch.id, [0] * 6)) for batch in batches]


def next_number(session: Session, batch: FormBatch) -> int:
    """The lowest number that no form has."""
    following = aliased(KeyedForm)
    taken = exists().where(following.batch_id == batch.id, following.number == KeyedForm.number + 1)
    after = select(func.min(KeyedForm.number) + 1).where(KeyedForm.batch_id == batch.id, ~taken)
    first = select(exists().where(KeyedForm.batch_id == batch.id, KeyedForm.number == 1))
    return (session.scalar(after) or 1) if session.scalar(first) else 1


def for_second(session: Session, batch: FormBatch, officer: str) -> int | None:
    """The number of the first form that waits for a second keying by this officer: never one that they keyed."""
    waits = (KeyedForm.batch_id == batch.id, KeyedForm.state == "once", KeyedForm.keyed_by != officer)
    return session.scalar(select(func.min(KeyedForm.number)).where(*waits))


def forms(session: Session, batch: FormBatch) -> list[tuple[KeyedForm, str | None]]:
    """Every form keyed so far by number, with the reference of its response where it has one."""
    rows = session.execute(
        select(KeyedForm, Response.reference)
        .outerjoin(Response, Response.id == KeyedForm.response_id)
        .where(KeyedForm.batch_id == batch.id)
        .order_by(KeyedForm.number)
    )
    return [(form, reference) for form, reference in rows]


def keyers(forms: Iterable[KeyedForm]) -> list[tuple[str, int]]:
    """Who keyed how many of the forms, the second keyings too, the most first."""
    return Counter(name for form in forms for name in (form.keyed_by, form.again_by) if name).most_common()


def differences(forms: Iterable[KeyedForm]) -> int:
    """Answers of the forms that were keyed differently, and settled."""
    return sum(len(form.settled or {}) for form in forms)
