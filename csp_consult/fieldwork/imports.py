"""Responses gathered elsewhere, taken in whole or not at all."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

import yaml
from sqlalchemy.orm import Session

from csp_consult.fieldwork import exports, responses
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.models import ErasedImport, Wave
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import AnswerError, Question

MOST_FAULTS = 20


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
        renamed = {self.columns.get(heading, heading): exports.from_spreadsheet(text) for heading, text in row.items()}
        return {column: self.values.get(column, {}).get(text, text) for column, text in renamed.items()}


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
    questions = _with_areas(session, questionnaire.questions.values(), today)
    given = [mapping.apply(row) for row in rows]
    ours = set(exports.columns(questionnaire))
    headings = set().union(*given)
    if given and not headings & (ours - set(exports.ABOUT)):
        raise ImportFaultError("No column of the file is a question of this wave; name them with --mapping FILE.")
    read = _Reading(questions)
    answers = [read.answers(number, row) for number, row in enumerate(given, start=2)]
    weights = [read.weight(number, row) for number, row in enumerate(given, start=2)]
    orders = [read.orders(number, row) for number, row in enumerate(given, start=2)]
    marks = read.marks(wave.key, given)
    read.judge()
    stored = erased = 0
    for row, mark, answer, weight, order in zip(given, marks, answers, weights, orders, strict=True):
        if session.get(ErasedImport, mark) is not None:
            erased += 1
        elif responses.submitted(session, mark) is None:
            responses.submit(
                session,
                wave,
                answer,
                submission=mark,
                mode="imported",
                language=_language(questionnaire, row),
                today=today,
                synthetic=synthetic or row.get("synthetic", "").lower() in {"1", "true"},
                base_weight=weight,
                orders=order,
            )
            stored += 1
    return ImportReceipt(len(given), stored, len(given) - stored - erased, erased, tuple(sorted(headings - ours)))


def _language(questionnaire: Questionnaire, row: Mapping[str, str]) -> str:
    """The language a row says it was given in; the questionnaire's first where it says none that is offered."""
    said = row.get("language", "")
    return said if said in questionnaire.languages else questionnaire.languages[0]


@dataclass
class _Reading:
    questions: Sequence[Question]
    faults: list[str] = field(default_factory=list)

    def answers(self, number: int, row: Mapping[str, str]) -> dict[str, Any]:
        """The answers of a row; what cannot be one becomes a fault."""
        found: dict[str, Any] = {}
        for question in self.questions:
            try:
                # A row that does not answer is no fault: requirements hold for people filling in a form.
                answer = replace(question, required=False).restore(row)
            except AnswerError as error:
                self.faults.append(f"Row {number}, column {error.field}: {error.message}")
            else:
                found |= {} if answer is None else {question.id: answer}
        return found

    def weight(self, number: int, row: Mapping[str, str]) -> float:
        """The base weight of a row, 1 where it gives none."""
        text = row.get("base_weight") or "1"
        try:
            weight = float(text)
        except ValueError:
            weight = 0.0
        if not 0 < weight < 1e9:
            self.faults.append(f"Row {number}, column base_weight: {text!r} is not a number above 0.")
        return weight

    def orders(self, number: int, row: Mapping[str, str]) -> dict[str, list[str]]:
        """The orders in which options were seen, of a row exported from here."""
        found: dict[str, list[str]] = {}
        for question in self.questions:
            written, column = question.order(), exports.order_column(question)
            seen = row.get(column, "").split() if written else []
            if not set(seen) <= set(written or ()):
                self.faults.append(f"Row {number}, column {column}: it names what question {question.id} has not.")
            found |= {question.id: seen} if seen else {}
        return found

    def marks(self, wave: str, rows: Sequence[Mapping[str, str]]) -> list[str]:
        """What tells each row from all others, now and in later imports.

        That is its ``response`` where the file has that column; else its place in a file of exactly this content,
        since two people who agree give the same row.
        """
        content = hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
        names = [row.get("response") or f"{content} {number}" for number, row in enumerate(rows, start=2)]
        twice = {name for name, count in Counter(names).items() if count > 1}
        self.faults += [f"'{name}' stands in column response of more than one row." for name in sorted(twice)]
        return [hashlib.sha256(f"{wave} {name}".encode()).hexdigest() for name in names]

    def judge(self) -> None:
        """Raises ImportFaultError when there was a fault."""
        if self.faults:
            more = len(self.faults) - MOST_FAULTS
            shown = self.faults[:MOST_FAULTS] + ([f"and {more} more."] if more > 0 else [])
            raise ImportFaultError("\n".join(["Nothing was imported.", *shown]))


def _with_areas(session: Session, questions: Iterable[Question], today: date) -> list[Question]:
    """The questions, those for an area knowing the areas there are."""
    questions = list(questions)
    context = context_for(session, questions, today)
    return [question.knowing(context) for question in questions]
