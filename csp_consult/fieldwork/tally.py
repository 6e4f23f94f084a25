"""The tally: how many responses of each weighting cell chose what.

A response is stored unfolded; *folding* claims the unfolded ones and adds their counts. Nothing here reads a
watermark or a clock: a response is counted once because its flag and its counts change in one transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Row, Table, delete, select, text, update
from sqlalchemy.orm import Session

from csp_consult.db import Base
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.fieldwork.upsert import upsert_into
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of

Option: TypeAlias = tuple[str, str]
"""A question key and the option chosen under it."""
Key: TypeAlias = tuple[str, ...]
"""What identifies a count within its wave: the cell, then the options counted."""

_CELLS, _OPTIONS, _PAIRS = (Base.metadata.tables[name] for name in ("tally_cell", "tally", "tally_pair"))
_SUMS = ("n", "d", "d2")

# Any fixed number would do: PostgreSQL's advisory locks are named by numbers of one's own choosing.
_TALLY_LOCK = 7_311_923


@dataclass
class Sums:
    """How many responses, the sum of their base weights, and the sum of the squares."""

    n: int = 0
    d: float = 0.0
    d2: float = 0.0

    def add(self, n: int, base_weight: float) -> None:
        """Count ``n`` responses of one base weight; a negative ``n`` takes them away."""
        self.n += n
        self.d += n * base_weight
        self.d2 += n * base_weight**2


Counts: TypeAlias = dict[Table, dict[Key, Sums]]
"""The counts of some responses of one wave, by table and key."""


class Counted(NamedTuple):
    """What counting needs of one response."""

    cell: str
    base_weight: float
    answers: Mapping[str, Any]


class TallyFrames(NamedTuple):
    """A wave's tally as columns, each a mapping of column name to values that ``pandas.DataFrame`` takes as it is.

    Every frame has ``cell`` (``age|sex|area``), ``n`` (responses), ``d`` and ``d2`` (sums of their base weights
    and of the squares).
    """

    cells: dict[str, Sequence[Any]]
    """One row per cell."""
    options: dict[str, Sequence[Any]]
    """One row per cell, ``question`` and ``option``."""
    pairs: dict[str, Sequence[Any]]
    """One row per cell and two options of one concern measure: ``question_a``, ``option_a``, ``question_b``,
    ``option_b``, stored once with a before b. Only options that have a score in the measure are paired."""


def count(questionnaire: Questionnaire, responses: Iterable[Counted], *, sign: int = 1) -> Counts:
    """Count responses of one wave, or with ``sign=-1`` count them away; touches nothing but its arguments."""
    # Responses of one cell and base weight are counted together by Counter, which loops in C.
    groups: dict[tuple[str, float], list[Mapping[str, Any]]] = defaultdict(list)
    for response in responses:
        groups[response.cell, response.base_weight].append(response.answers)
    counts: Counts = {table: defaultdict(Sums) for table in (_CELLS, _OPTIONS, _PAIRS)}
    for (cell, base_weight), answers in groups.items():
        chosen = [_chosen(questionnaire, one) for one in answers]
        options = Counter(chain.from_iterable(chain.from_iterable(one.values()) for one in chosen))
        pairs = Counter(chain.from_iterable(_pairs(questionnaire, one) for one in chosen))
        counts[_CELLS][cell,].add(sign * len(answers), base_weight)
        for option, n in options.items():
            counts[_OPTIONS][cell, *option].add(sign * n, base_weight)
        for (option_a, option_b), n in pairs.items():
            counts[_PAIRS][cell, *option_a, *option_b].add(sign * n, base_weight)
    return counts


def fold(session: Session, wave_id: int | None = None, *, limit: int = 20_000) -> int:
    """Add up to ``limit`` responses not yet counted (of one wave, or of all) to the tally; returns how many.

    Runs in the session's transaction: the caller commits, and claim and counts then stand or fall together.
    """
    lock(session)
    by_wave: dict[int, list[Counted]] = defaultdict(list)
    for row in _claim(session, wave_id, limit):
        by_wave[row.wave_id].append(Counted(row.cell, row.base_weight, row.answers))
    for wave, responses in sorted(by_wave.items()):
        _add(session, wave, count(_questionnaire(session, wave), responses))
    return sum(map(len, by_wave.values()))


def fold_all(session: Session, wave_id: int | None = None) -> int:
    """Fold until nothing (of the wave, or at all) is left uncounted; returns how many responses were counted."""
    total = 0
    while folded := fold(session, wave_id):
        total += folded
    return total


def subtract(session: Session, wave_id: int, response: Counted) -> None:
    """Take a counted response that is being erased out of the tally. Call ``lock`` before erasing its row."""
    counts = count(_questionnaire(session, wave_id), [response], sign=-1)
    _add(session, wave_id, counts)
    # A rebuild would not make rows of nothing, so none are left behind.
    for table in counts:
        session.execute(delete(table).where(table.c.wave_id == wave_id, table.c.cell == response.cell, table.c.n <= 0))


def rebuild(session: Session, wave_id: int) -> int:
    """Count a wave again from its responses, in the session's transaction; returns how many there are."""
    lock(session)
    for table in (_CELLS, _OPTIONS, _PAIRS):
        session.execute(delete(table).where(table.c.wave_id == wave_id))
    session.execute(
        update(Response)
        .where(Response.wave_id == wave_id)
        .values(folded=False)
        .execution_options(synchronize_session=False)
    )
    _raise_version(session, wave_id)
    return fold_all(session, wave_id)


def lock(session: Session) -> None:
    """Wait until nobody else changes the tally, and keep them out until the transaction ends."""
    # SQLite needs nothing: a writing transaction is alone there.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TALLY_LOCK})


def read(session: Session, wave_id: int) -> TallyFrames:
    """The wave's tally, in the order of its keys. Responses not folded yet are not in it."""
    return TallyFrames(*(_read(session, table, wave_id) for table in (_CELLS, _OPTIONS, _PAIRS)))


def _chosen(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, list[Option]]:
    return {question_id: questionnaire.question(question_id).tally(answer) for question_id, answer in answers.items()}


def _pairs(questionnaire: Questionnaire, chosen: Mapping[str, Sequence[Option]]) -> Iterable[tuple[Option, Option]]:
    return chain.from_iterable(
        combinations(sorted(option for option in chosen.get(measure.question, ()) if option in measure.values), 2)
        for measure in questionnaire.concern
    )


def _claim(session: Session, wave_id: int | None, limit: int) -> Sequence[Row[Any]]:
    # The literal condition is the partial index's own: SQLite would not use the index for a bound one.
    unfolded = select(Response.id).where(text("NOT folded")).limit(limit)
    if wave_id is not None:
        unfolded = unfolded.where(Response.wave_id == wave_id)
    return session.execute(
        update(Response)
        .where(Response.id.in_(unfolded))
        .values(folded=True)
        .returning(Response.wave_id, Response.cell, Response.base_weight, Response.answers)
        .execution_options(synchronize_session=False)
    ).all()


def _questionnaire(session: Session, wave_id: int) -> Questionnaire:
    return questionnaire_of(session.scalars(select(QuestionnaireVersion).join(Wave).where(Wave.id == wave_id)).one())


def _add(session: Session, wave_id: int, counts: Counts) -> None:
    for table, sums in counts.items():
        if not sums:
            continue
        key_columns = [column.name for column in table.primary_key]
        insert = upsert_into(session, table)
        upsert = insert.on_conflict_do_update(
            index_elements=key_columns, set_={name: table.c[name] + insert.excluded[name] for name in _SUMS}
        )
        # Sorted, so that two transactions never wait for each other's rows crosswise.
        rows = [
            dict(zip((*key_columns, *_SUMS), (wave_id, *key, counted.n, counted.d, counted.d2), strict=True))
            for key, counted in sorted(sums.items(), key=lambda item: item[0])
        ]
        session.execute(upsert, rows)
    _raise_version(session, wave_id)


def _raise_version(session: Session, wave_id: int) -> None:
    session.execute(
        update(Wave)
        .where(Wave.id == wave_id)
        .values(tally_version=Wave.tally_version + 1)
        .execution_options(synchronize_session=False)
    )


def _read(session: Session, table: Table, wave_id: int) -> dict[str, Sequence[Any]]:
    columns = [column for column in table.c if column.name != "wave_id"]
    found = session.execute(select(*columns).where(table.c.wave_id == wave_id).order_by(*table.primary_key)).all()
    values: Sequence[Sequence[Any]] = list(zip(*found, strict=True)) or [()] * len(columns)
    return {column.name: values[position] for position, column in enumerate(columns)}
