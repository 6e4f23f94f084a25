"""Tables for publication: only of closed waves, with small counts and all that would give them away hidden.

A count is protected against everybody who has this release and every former one of the wave: all are sums of the same
finest groups of respondents, and a linear programme tries what can be worked out of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.analysis.disclosure import Figure, Protection, audit, is_small, protect
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings.answers import asked_in
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.models import Release
from csp_consult.findings.reading import is_outside, of_parishes, questionnaire_for
from csp_consult.questionnaire.model import Questionnaire

MOST_ATOMS: Final = 300
"""More groups than this and the proof that nothing leaks would take too long."""
NO_ANSWER: Final = ""
Questions: TypeAlias = tuple[str, str]
"""The row and the column question of a table; an empty column makes a table of one question."""
Group: TypeAlias = tuple[str, ...]
"""One answer to each question of the releases, ``NO_ANSWER`` included."""


@dataclass(frozen=True)
class ReleasedFigure:
    """One count of a table: what is published, and for the officer why it is not."""

    name: str
    row: str
    """Empty for a total over rows."""
    column: str
    count: int | None
    """None where hidden; readers see all hidden figures marked alike."""
    reason: str | None


@dataclass(frozen=True)
class ReleasedTable:
    """One table of a release."""

    questions: Questions
    figures: tuple[ReleasedFigure, ...]


@dataclass(frozen=True)
class _Groups:
    """The respondents of a wave, in the finest groups that any of its releases speaks of."""

    questions: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int]

    def figure(self, table: Questions, row: str, column: str) -> Figure:
        """The count of those who gave two answers; an empty one stands for any answer to that question."""
        wanted = dict(zip(table, (row, column), strict=True))
        wanted.pop("", None)
        ranges = [self._range(question, wanted) for question in self.questions]
        return Figure(_name(table, row, column), frozenset(_atom(group) for group in product(*ranges)))

    def _range(self, question: str, wanted: Mapping[str, str]) -> tuple[str, ...]:
        if question not in wanted:
            return (*self.options[question], NO_ANSWER)
        return (wanted[question],) if wanted[question] else self.options[question]


def release(session: Session, wave: Wave, tables: Sequence[Questions], today: date) -> tuple[ReleasedTable, ...]:
    """What may be published of some tables, given all that was released before; nothing is kept yet.

    Raises NotYetError until the wave has closed, FindingError, in words, where tables cannot be made or protected.
    """
    if state(wave, today) is not WaveState.CLOSED:
        raise NotYetError(
            f"{wave.key} is not closed yet: results that move with one response would tell that response."
        )
    if of_parishes(wave):
        raise FindingError("Councils answer in public: their tables need no protection.")
    former = [table for one in releases(session, wave) for table in tables_of(one)]
    groups = _groups(session, wave, [*tables, *(table.questions for table in former)])
    figures = {table: _figures(groups, table) for table in dict.fromkeys(tables)}
    every = [figure for of_table in figures.values() for figure in of_table.values()]
    out = [groups.figure(table.questions, one.row, one.column) for table, one in _shown(former)]
    _check_former(groups, former)
    protection = protect(every, groups.counts, former=out)
    _audit(every, out, groups.counts, protection)
    return tuple(
        ReleasedTable(
            questions=table,
            figures=tuple(
                ReleasedFigure(
                    name=figure.name,
                    row=row,
                    column=column,
                    count=None if figure.name in protection.hidden else _count(figure, groups.counts),
                    reason=protection.reason(figure.name),
                )
                for (row, column), figure in of_table.items()
            ),
        )
        for table, of_table in figures.items()
    )


def keep(session: Session, wave: Wave, tables: Sequence[ReleasedTable], today: date) -> Release:
    """Put a release on record, so that later ones are protected against it; the caller commits."""
    kept = Release(wave_id=wave.id, released_on=today, tables=[_document(table) for table in tables])
    session.add(kept)
    session.flush()
    return kept


def releases(session: Session, wave: Wave) -> list[Release]:
    """Everything released of a wave, oldest first."""
    return list(session.scalars(select(Release).where(Release.wave_id == wave.id).order_by(Release.id)))


def tables_of(kept: Release) -> list[ReleasedTable]:
    """The tables of a release as they were kept."""
    return [
        ReleasedTable((table["row"], table["column"]), tuple(ReleasedFigure(**one) for one in table["figures"]))
        for table in kept.tables
    ]


def _document(table: ReleasedTable) -> dict[str, Any]:
    row, column = table.questions
    figures = [
        {"name": one.name, "row": one.row, "column": one.column, "count": one.count, "reason": one.reason}
        for one in table.figures
    ]
    return {"row": row, "column": column, "figures": figures}


def _groups(session: Session, wave: Wave, tables: Sequence[Questions]) -> _Groups:
    questionnaire = questionnaire_for(session, wave)
    known = asked_in(questionnaire, single=True)
    questions = tuple(dict.fromkeys(question for table in tables for question in table if question))
    for row, column in tables:
        if row == column or not row:
            raise FindingError("A table needs one question, or two different ones, as in asb_change:sex.")
    if missing := [question for question in questions if question not in known]:
        raise FindingError(f"{wave.key} has no question {missing[0]!r} that takes one answer.")
    rows = session.execute(select(Response.cell, Response.answers).where(Response.wave_id == wave.id))
    given = [_answers(questionnaire, row.answers, questions) for row in rows if not is_outside(row.cell)]
    options = {
        question: tuple(sorted({answers[i] for answers in given} - {NO_ANSWER})) for i, question in enumerate(questions)
    }
    if prod(len(found) + 1 for found in options.values()) > MOST_ATOMS:
        raise FindingError(
            "These tables, with those released before, cross too many questions to prove that nothing leaks: "
            "release tables of fewer questions."
        )
    counts = Counter(_atom(group) for group in given)
    every = product(*((*options[question], NO_ANSWER) for question in questions))
    return _Groups(questions, options, {atom: counts[atom] for atom in map(_atom, every)})


def _answers(questionnaire: Questionnaire, answers: Mapping[str, Any], questions: Sequence[str]) -> Group:
    """What one person said to each question key."""
    said: dict[str, str] = {}
    for id_ in {question.partition(".")[0] for question in questions}:
        if id_ in answers:
            said |= dict(questionnaire.question(id_).tally(answers[id_]))
    return tuple(said.get(question, NO_ANSWER) for question in questions)


def _figures(groups: _Groups, table: Questions) -> dict[tuple[str, str], Figure]:
    """Every cell of a table, then its totals."""
    row_question, column_question = table
    rows = groups.options[row_question]
    columns = groups.options[column_question] if column_question else ()
    places = [*product(rows, columns), *((row, "") for row in rows), *(("", column) for column in columns), ("", "")]
    return {(row, column): groups.figure(table, row, column) for row, column in places}


def _shown(tables: Iterable[ReleasedTable]) -> list[tuple[ReleasedTable, ReleasedFigure]]:
    return [(table, one) for table in tables for one in table.figures if one.count is not None]


def _check_former(groups: _Groups, former: Iterable[ReleasedTable]) -> None:
    """Former releases must still be sums of what is held, or nothing can be proved about both together."""
    for table, one in _shown(former):
        if _count(groups.figure(table.questions, one.row, one.column), groups.counts) != one.count:
            raise FindingError(
                "Responses were withdrawn since an earlier release, so a new one beside it could tell whose. "
                "Publish no further tables of this wave."
            )


def _audit(every: Sequence[Figure], out: Sequence[Figure], counts: Mapping[str, int], protection: Protection) -> None:
    """Try the finished release once more, as a reader with a computer would."""
    shown = [*(one for one in every if one.name not in protection.hidden), *out]
    small = [one for one in every if is_small(_count(one, counts)) and one.name not in protection.exposed]
    leaks = audit([(figure, _count(figure, counts)) for figure in shown], small)
    if leaks:
        raise FindingError(f"Nothing can be released: {', '.join(sorted(leaks))} could be worked out.")


def _count(figure: Figure, counts: Mapping[str, int]) -> int:
    return sum(counts[atom] for atom in figure.atoms)


def _atom(group: Group) -> str:
    return "|".join(group)


def _name(table: Questions, row: str, column: str) -> str:
    return f"{':'.join(filter(None, table))} {row or 'all'}" + (f" / {column or 'all'}" if table[1] else "")
