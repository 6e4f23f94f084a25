"""Responses gathered elsewhere, taken in whole or not at all."""

import hashlib
import json
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice, pairwise
from typing import IO, Any, Self

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork import exports, responses
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.models import ErasedImport, Wave
from csp_consult.fieldwork.responses import Given
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import AnswerError, Question

MOST_FAULTS = 20
_AT_A_TIME = 1_000
_MOST_KEPT = 5_000
"""Readings of one question's cells that are kept: enough for every question that offers options."""
_LONGEST_KEPT = 200
"""Characters of cells whose reading is kept: a person's own words hardly ever come twice."""
_SORTED = json.JSONEncoder(sort_keys=True)
_AS_IT_IS = json.JSONEncoder(ensure_ascii=False)


class ImportFaultError(ValueError):
    """The rows cannot be taken; the message names each fault by row and column, and nothing was stored."""


@dataclass(frozen=True)
class ColumnMapping:
    """How another program's headings and codes become ours."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Their heading to our column."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Our column to (their code to our code)."""

    @classmethod
    def read(cls, source: str) -> Self:
        """A mapping from YAML with ``columns:`` and ``values:``. Raises ImportFaultError."""
        try:
            given = yaml.safe_load(source) or {}
            columns = {str(theirs): str(ours) for theirs, ours in given.pop("columns", {}).items()}
            values = {
                str(column): {str(theirs): str(ours) for theirs, ours in codes.items()}
                for column, codes in given.pop("values", {}).items()
            }
        except (yaml.YAMLError, AttributeError, TypeError) as error:
            raise ImportFaultError(
                "The mapping must be YAML with 'columns:' (their heading: our column) and 'values:' "
                "(our column: {their code: our code})."
            ) from error
        if given:
            raise ImportFaultError(f"The mapping may hold 'columns' and 'values', not {', '.join(map(repr, given))}.")
        return cls(columns, values)

    def apply(self, row: Mapping[str, str]) -> dict[str, str]:
        """The row under our headings and with our codes."""
        read = {heading: exports.from_spreadsheet(text) if text else text for heading, text in row.items()}
        if self.columns:
            read = {self.columns.get(heading, heading): text for heading, text in read.items()}
        for column, codes in self.values.items():
            if column in read:
                read[column] = codes.get(read[column], read[column])
        return read


@dataclass(frozen=True)
class ImportReceipt:
    """What became of the rows: every one is accounted for."""

    rows: int
    stored: int
    known: int
    """Rows of an earlier import, which store nothing again."""
    erased: int
    """Rows whose responses were erased since, and stay so."""
    unused: tuple[str, ...]
    """Columns of the file that no question has."""


@dataclass(frozen=True)
class ReadRows:
    """Rows that can all be taken, laid aside in a file of their own so that a million of them need no memory."""

    aside: IO[str]
    rows: int
    unused: tuple[str, ...]
    content: str
    """The digest of all rows: what tells a row without a ``response`` from those of other files."""

    def in_portions(self, wave: str, synthetic: bool) -> Iterator[list[Given]]:
        """The rows as responses of a wave, some at a time."""
        self.aside.seek(0)
        numbered = enumerate(self.aside, start=2)
        while portion := list(islice(numbered, _AT_A_TIME)):
            yield [self._given(wave, number, json.loads(line), synthetic) for number, line in portion]

    def _given(self, wave: str, number: int, row: dict[str, Any], synthetic: bool) -> Given:
        name = row.pop("response") or f"{self.content} {number}"
        row["synthetic"] = synthetic or row["synthetic"]
        return Given(submission=hashlib.sha256(f"{wave} {name}".encode()).hexdigest(), **row)


def import_rows(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    rows: Iterable[Mapping[str, str]],
    mapping: ColumnMapping,
    *,
    today: date,
    synthetic: bool = False,
) -> ImportReceipt:
    """Store each row as a response of mode ``imported``. The caller commits.

    Raises ImportFaultError, having looked at every row, when any of them cannot be taken; the caller rolls back.
    """
    with look_through(session, questionnaire, rows, mapping, today=today) as read:
        return store_rows(session, wave, read, today=today, synthetic=synthetic)


@contextmanager
def look_through(
    session: Session,
    questionnaire: Questionnaire,
    rows: Iterable[Mapping[str, str]],
    mapping: ColumnMapping,
    *,
    today: date,
) -> Iterator[ReadRows]:
    """Look at every row once and store nothing. Raises ImportFaultError when any of them cannot be taken."""
    reading = _Reading(_with_areas(session, questionnaire.questions.values(), today))
    headings: set[str] = set()
    content = hashlib.sha256(b"[")
    number = 1
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n") as aside:
        for number, theirs in enumerate(rows, start=2):
            row = mapping.apply(theirs)
            headings.update(row)
            content.update(b", " * (number > 2) + _SORTED.encode(row).encode())
            kept = {
                "response": reading.name(row),
                "answers": reading.answers(number, row),
                "language": _language(questionnaire, row),
                "base_weight": reading.weight(number, row),
                "synthetic": row.get("synthetic", "").lower() in {"1", "true"},
                "orders": reading.orders(number, row),
            }
            aside.write(_AS_IT_IS.encode(kept) + "\n")
        content.update(b"]")
        ours = set(exports.columns(questionnaire))
        if number > 1 and not headings & (ours - set(exports.ABOUT)):
            raise ImportFaultError("No column of the file is a question of this wave; name them with --mapping FILE.")
        aside.seek(0)
        reading.none_twice(json.loads(line)["response"] for line in aside)
        reading.judge()
        yield ReadRows(aside, number - 1, tuple(sorted(headings - ours)), content.hexdigest())


def store_rows(
    session: Session,
    wave: Wave,
    read: ReadRows,
    *,
    today: date,
    synthetic: bool = False,
    notice: str | None = None,
    progress: Callable[[int], object] = lambda _rows: None,
) -> ImportReceipt:
    """Store rows that were looked through, given under the version ``notice`` of the privacy notice, None where that is
    not known. ``progress`` hears of every portion. The caller commits."""
    stored = erased = 0
    for portion in read.in_portions(wave.key, synthetic):
        marks = ErasedImport.submission.in_([one.submission for one in portion])
        gone = set(session.scalars(select(ErasedImport.submission).where(marks)))
        erased += len(gone)
        wanted = [one for one in portion if one.submission not in gone]
        stored += responses.submit_many(session, wave, wanted, mode="imported", today=today, notice=notice)
        progress(len(portion))
    return ImportReceipt(read.rows, stored, read.rows - stored - erased, erased, read.unused)


def _language(questionnaire: Questionnaire, row: Mapping[str, str]) -> str:
    """The language a row says it was given in; the questionnaire's first where it says none that is offered."""
    said = row.get("language", "")
    return said if said in questionnaire.languages else questionnaire.languages[0]


@dataclass
class _Reading:
    questions: Sequence[Question]
    faults: list[str] = field(default_factory=list)
    """The first of them: those that are shown."""
    number: int = 0
    """Of all faults."""
    digests: "array[int]" = field(default_factory=lambda: array("Q"))
    """Eight bytes of each row's name, so that the names of a million rows need eight megabytes."""

    def __post_init__(self) -> None:
        # A row that does not answer is no fault: requirements hold for people filling in a form.
        self.questions = [replace(question, required=False) for question in self.questions]
        self._restored = [_Restored(question) for question in self.questions]
        orders = ((question, question.order()) for question in self.questions)
        self._orders = [
            (question.id, exports.order_column(question), frozenset(order)) for question, order in orders if order
        ]

    def fault(self, sentence: str) -> None:
        """Note what is wrong with a row."""
        self.number += 1
        if self.number <= MOST_FAULTS:
            self.faults.append(sentence)

    def answers(self, number: int, row: Mapping[str, str]) -> dict[str, Any]:
        """The answers of a row; what cannot be one becomes a fault."""
        found: dict[str, Any] = {}
        for one in self._restored:
            try:
                answer = one.answer(row)
            except AnswerError as error:
                self.fault(f"Row {number}, column {error.field}: {error.message}")
            else:
                if answer is not None:
                    found[one.question.id] = answer
        return found

    def weight(self, number: int, row: Mapping[str, str]) -> float:
        """The base weight of a row, 1 where it gives none."""
        text = row.get("base_weight") or "1"
        try:
            weight = float(text)
        except ValueError:
            weight = 0.0
        if not 0 < weight < 1e9:
            self.fault(f"Row {number}, column base_weight: {text!r} is not a number above 0.")
        return weight

    def orders(self, number: int, row: Mapping[str, str]) -> dict[str, list[str]]:
        """The orders in which options were seen, of a row exported from here."""
        found: dict[str, list[str]] = {}
        for question, column, written in self._orders:
            seen = row.get(column, "").split()
            if not written.issuperset(seen):
                self.fault(f"Row {number}, column {column}: it names what question {question} has not.")
            if seen:
                found[question] = seen
        return found

    def name(self, row: Mapping[str, str]) -> str:
        """What tells the row from all others, now and in later imports: its ``response``, where the file has one.

        Without it a row is known by its place in a file of exactly this content, since two people who agree give the
        same row.
        """
        name = row.get("response") or ""
        if name:
            self.digests.append(_digest(name))
        return name

    def none_twice(self, names: Iterable[str]) -> None:
        """Hold it against the file when a name stands in more than one row; ``names`` are looked at only then."""
        in_order = sorted(self.digests)
        twice = {one for one, following in pairwise(in_order) if one == following}
        if not twice:
            return
        counted = Counter(name for name in names if name and _digest(name) in twice)
        for name in sorted(name for name, count in counted.items() if count > 1):
            self.fault(f"'{name}' stands in column response of more than one row.")

    def judge(self) -> None:
        """Raises ImportFaultError when there was a fault."""
        if self.faults:
            more = self.number - len(self.faults)
            shown = self.faults + ([f"and {more} more."] if more > 0 else [])
            raise ImportFaultError("\n".join(["Nothing was imported.", *shown]))


class _Restored:
    """The answers to one question that rows hold; cells that many rows have alike are read once."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._columns = tuple(dict.fromkeys([*question.fields(), *(column.name for column in question.columns())]))
        self._kept: dict[tuple[str, ...], Any] = {}

    def answer(self, row: Mapping[str, str]) -> Any:
        """The answer, None where there is none. Raises AnswerError."""
        cells = tuple([row.get(column, "") for column in self._columns])
        if cells in self._kept:
            return self._kept[cells]
        answer = self.question.restore(row)
        if len(self._kept) < _MOST_KEPT and sum(map(len, cells)) <= _LONGEST_KEPT:
            self._kept[cells] = answer
        return answer


def _with_areas(session: Session, questions: Iterable[Question], today: date) -> list[Question]:
    """The questions, those for an area knowing the areas there are."""
    questions = list(questions)
    context = context_for(session, questions, today)
    return [question.knowing(context) for question in questions]


def _digest(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
