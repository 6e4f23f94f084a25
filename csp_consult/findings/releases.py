"""Tables for publication: only of closed waves, with small counts and all that would give them away hidden.

A count is protected against everybody who has this release and every former one of the wave: all are sums of the same
groups of respondents, and a linear programme tries what can be worked out of them. Weighted percentages come with the
counts, as far as they let nothing out; what is said of their uncertainty is computed from printed figures alone, so
that it tells nothing more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import product
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.analysis.crossings import Crossing, Person
from csp_consult.analysis.disclosure import ContradictionError, Fact, Figure, audit
from csp_consult.analysis.released_shares import Column, Printed, WeighedColumn, printed_share, telling
from csp_consult.analysis.suppression import Protection, protect
from csp_consult.analysis.thresholds import is_small
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.joined_answers import key_of, rows_of
from csp_consult.findings.models import Release
from csp_consult.findings.question_keys import asked_for, asked_in, context_of
from csp_consult.findings.reading import is_outside, of_parishes
from csp_consult.findings.weighting import weighed
from csp_consult.questionnaire.model import Questionnaire

MOST_ATOMS: Final = 3_000
"""More groups than this and the proof that nothing leaks would take too long."""
NO_ANSWER: Final = ""
"""Also stands for *prefer not to say*: of that no table is made."""
Questions: TypeAlias = tuple[str, str]
"""The row and the column question of a table; an empty column makes a table of one question.

Either may join answers, as ``findings.joined_answers`` writes it."""
Place: TypeAlias = tuple[str, str]
"""Row and column of a figure, empty for a total over them."""

FEW_FOR_SHARE: Final = "Too few people answered for a percentage to mean much."
SHARE_TELLS: Final = "The percentages of this column would tell too much of what is hidden in it."


@dataclass(frozen=True)
class ReleasedFigure:
    """One count of a table, and its weighted share of its column: what is published, and why what is not is not."""

    name: str
    row: str
    """Empty for a total over rows."""
    column: str
    count: int | None
    """None where hidden; readers see all hidden figures marked alike."""
    reason: str | None
    """For the officer, never for publication."""
    weight: float
    """Mean weight of the people counted, that of the column where there are none; never for publication."""
    share: Printed | None = None
    share_reason: str | None = None

    @property
    def few(self) -> bool:
        """Whether its share is withheld only because the base is too small: the base is printed, so this may be."""
        return self.share_reason == FEW_FOR_SHARE


@dataclass(frozen=True)
class ReleasedTable:
    """One table of a release."""

    questions: Questions
    figures: tuple[ReleasedFigure, ...]

    @property
    def hidden(self) -> int:
        """How many of its counts are not published."""
        return sum(one.count is None for one in self.figures)


def release(session: Session, wave: Wave, tables: Sequence[Questions], today: date) -> tuple[ReleasedTable, ...]:
    """What may be published of some tables, given all that was released before; nothing is kept yet.

    Raises NotYetError until the wave has closed, FindingError, in words, where tables cannot be made or protected.
    """
    check_publishable(wave, today)
    try:
        return _made(session, wave, tables)
    except ContradictionError as error:
        raise FindingError(
            "What was released before and the answers as they are weighted now cannot both be true, so nothing can be "
            "proved of them together. Weight the wave to the targets of the earlier release, or release no more of it."
        ) from error


def _made(session: Session, wave: Wave, tables: Sequence[Questions]) -> tuple[ReleasedTable, ...]:
    former = [table for one in releases(session, wave) for table in tables_of(one)]
    held = _held(session, wave, [*tables, *(table.questions for table in former)])
    _check_former(held, former)
    places = {table: held.places(table) for table in dict.fromkeys(tables)}
    every = [held.figure(table, place) for table in places for place in places[table]]
    out = [held.figure(table.questions, (one.row, one.column)) for table, one in _shown(former)]
    withheld = [
        held.figure(table.questions, (one.row, one.column))
        for table in former
        for one in table.figures
        if one.count is None
    ]
    facts = [*held.links, *(fact for table in former for fact in _told(held, table))]
    protection = protect(
        every, {**held.counts, **_hidden_weights(held, former)}, former=out, withheld=withheld, facts=facts
    )
    shown = [(one, held.count(one)) for one in (*(f for f in every if f.name not in protection.hidden), *out)]
    small = [one for one in (*every, *withheld) if is_small(held.count(one)) and one.name not in protection.exposed]
    # What was chosen is tried once more from nothing but what will be out, as a reader with a computer would.
    if leaks := audit(shown, small, facts):
        raise FindingError(f"Nothing can be released: {', '.join(sorted(leaks))} could be worked out.")
    made = [_with_shares(held, _table(held, table, places[table], protection)) for table in places]
    return tuple(_without_telling(held, made, shown, small, facts))


def check_publishable(wave: Wave, today: date) -> None:
    """Raises NotYetError until the wave has closed, FindingError where its tables need no protection."""
    if state(wave, today) is not WaveState.CLOSED:
        raise NotYetError(
            f"{wave.key} is not closed yet: results that move with one response would tell that response."
        )
    if of_parishes(wave):
        raise FindingError("Councils answer in public: their tables need no protection.")


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
        ReleasedTable((table["row"], table["column"]), tuple(_read(one) for one in table["figures"]))
        for table in kept.tables
    ]


def _document(table: ReleasedTable) -> dict[str, Any]:
    row, column = table.questions
    return {"row": row, "column": column, "figures": [asdict(one) for one in table.figures]}


def _read(one: Mapping[str, Any]) -> ReleasedFigure:
    return ReleasedFigure(**{**one, "share": Printed(**one["share"]) if one["share"] else None})


@dataclass(frozen=True)
class _Held:
    """The respondents of a wave as far as its releases tell of them."""

    crossing: Crossing
    counts: Mapping[str, int]
    links: Sequence[Fact]
    people: Sequence[Person]
    weights: Sequence[float]
    design_effect: float

    def places(self, table: Questions) -> list[Place]:
        """Every cell of a table, then its totals."""
        rows, columns = (self._options(question) for question in table)
        totals = [*((row, "") for row in rows), *(("", column) for column in columns), ("", "")]
        return list(dict.fromkeys([*product(rows, columns), *totals]))

    def figure(self, table: Questions, place: Place) -> Figure:
        """The count of those who gave two answers; an empty one stands for any answer to that question."""
        wanted = {
            key_of(question): self._given(question, answer)
            for question, answer in zip(table, place, strict=True)
            if question
        }
        name = f"{':'.join(filter(None, table))} {place[0] or 'all'}" + (f" / {place[1] or 'all'}" if table[1] else "")
        return Figure(name, self.crossing.atoms(wanted))

    def count(self, figure: Figure) -> int:
        """How many a figure counts."""
        return sum(self.counts[atom] for atom in figure.atoms)

    def sums(self, table: Questions) -> dict[Place, tuple[int, float]]:
        """People and weight of each place of a table, totals included."""
        at = [list(self.crossing.options).index(key_of(question)) if question else None for question in table]
        joined_in = [
            {answer: row for row, answers in rows_of(question).items() for answer in answers} for question in table
        ]
        found: dict[Place, tuple[int, float]] = {}
        for person, weight in zip(self.people, self.weights, strict=True):
            said = ("" if i is None else person[i] for i in at)
            row, column = (rows.get(one, "") if rows else one for rows, one in zip(joined_in, said, strict=True))
            if row and (column or not table[1]):
                for place in {(row, column), (row, ""), ("", column), ("", "")}:
                    n, sum_ = found.get(place, (0, 0.0))
                    found[place] = n + 1, sum_ + weight
        return found

    def _options(self, question: str) -> list[str]:
        """The rows (or columns) that a question makes; one for everybody where there is no question."""
        if not question:
            return [""]
        return list(rows_of(question)) or [one for one in self.crossing.options[question] if one]

    def _given(self, question: str, row: str) -> list[str]:
        """The answers that a row counts, those of every row without one; answers that nobody gave left out."""
        rows = rows_of(question)
        labels = [row] if row else self._options(question)
        wanted = [answer for label in labels for answer in rows.get(label, (label,))]
        return [answer for answer in wanted if answer in self.crossing.options[key_of(question)]]


def _held(session: Session, wave: Wave, tables: Sequence[Questions]) -> _Held:
    questionnaire, context = questionnaire_for(session, wave), context_of(session, wave)
    if twice := [row for row, column in tables if key_of(row) == key_of(column)]:
        raise FindingError(f"A table takes one question, or two different ones, not {twice[0]} twice.")
    questions = list(dict.fromkeys(key_of(question) for table in tables for question in table if question))
    single = asked_in(questionnaire, single=True)
    if missing := [question for question in questions if question not in single]:
        raise FindingError(f"{wave.key} has no question {missing[0]!r} that takes one answer.")
    told = {
        question: {option for _, option in asked_for(questionnaire, question, context).base} for question in questions
    }
    made = weighed(session, wave).finding
    rows = session.execute(
        select(Response.cell, Response.base_weight, Response.answers).where(Response.wave_id == wave.id)
    )
    kept = [row for row in rows if not is_outside(row.cell) and row.cell in made.factors]
    people = [_answers(questionnaire, row.answers, told) for row in kept]
    options = {
        question: [*sorted({person[i] for person in people} - {NO_ANSWER}), NO_ANSWER]
        for i, question in enumerate(questions)
    }
    crossing = Crossing.of(options, [[key_of(question) for question in table if question] for table in tables])
    if crossing.size > MOST_ATOMS:
        raise FindingError(
            "These tables, with those released before, cross too many questions to prove that nothing leaks: "
            "release tables of fewer questions."
        )
    return _Held(
        crossing=crossing,
        counts=crossing.counts(people),
        links=crossing.links(),
        people=people,
        weights=[made.factors[row.cell] * row.base_weight for row in kept],
        design_effect=made.summary.design_effect,
    )


def _answers(questionnaire: Questionnaire, answers: Mapping[str, Any], told: Mapping[str, set[str]]) -> Person:
    """What one person said to each question key, as far as tables tell of it."""
    said: dict[str, str] = {}
    for id_ in {question.partition(".")[0] for question in told}:
        if id_ in answers:
            said |= dict(questionnaire.question(id_).tally(answers[id_]))
    return tuple(said[one] if said.get(one) in options else NO_ANSWER for one, options in told.items())


def _table(held: _Held, table: Questions, places: Sequence[Place], protection: Protection) -> ReleasedTable:
    sums = held.sums(table)
    figures = []
    for place in places:
        figure = held.figure(table, place)
        n, weight = sums.get(place) or sums.get(("", place[1])) or (1, 1.0)
        figures.append(
            ReleasedFigure(
                name=figure.name,
                row=place[0],
                column=place[1],
                count=None if figure.name in protection.hidden else held.count(figure),
                reason=protection.reason(figure.name),
                weight=weight / n,
            )
        )
    return ReleasedTable(table, tuple(figures))


def _with_shares(held: _Held, table: ReleasedTable) -> ReleasedTable:
    """The table with the shares of all columns whose base is shown."""
    sums, by_place = held.sums(table.questions), {(one.row, one.column): one for one in table.figures}
    figures = []
    for one in table.figures:
        base = by_place["", one.column].count
        if not (one.row and one.count is not None and base):
            figures.append(one)
            continue
        share = sums.get((one.row, one.column), (0, 0.0))[1] / sums["", one.column][1]
        printed = printed_share(share, base, held.design_effect)
        figures.append(replace(one, share=printed, share_reason=None if printed else FEW_FOR_SHARE))
    return replace(table, figures=tuple(figures))


def _without_telling(
    held: _Held,
    tables: Sequence[ReleasedTable],
    shown: Sequence[tuple[Figure, int]],
    small: Sequence[Figure],
    facts: Sequence[Fact],
) -> list[ReleasedTable]:
    """The tables without the shares that would let out a hidden count."""
    columns = [(i, column) for i, table in enumerate(tables) for column in _told_columns(table)]
    tried = [
        Column(
            frozenset(one.name for one in tables[i].figures if one.column == column),
            tuple(_told(held, tables[i], column)),
        )
        for i, column in columns
    ]
    out = {columns[position] for position in telling(tried, shown, small, facts)}
    return [
        replace(
            table,
            figures=tuple(
                replace(one, share=None, share_reason=SHARE_TELLS) if one.share and (i, one.column) in out else one
                for one in table.figures
            ),
        )
        for i, table in enumerate(tables)
    ]


def _told_columns(table: ReleasedTable) -> list[str]:
    """The columns with a share and a hidden count: where all counts are shown, shares tell nothing of any."""
    hidden = {one.column for one in table.figures if one.row and one.count is None}
    return sorted({one.column for one in table.figures if one.share} & hidden)


def _told(held: _Held, table: ReleasedTable, only: str | None = None) -> Iterator[Fact]:
    """What the shares of a table tell, or those of one column."""
    for name in _told_columns(table) if only is None else [only]:
        cells = {
            held.figure(table.questions, (one.row, one.column)): one
            for one in table.figures
            if one.row and one.column == name
        }
        column = WeighedColumn(
            shown={figure: one.weight for figure, one in cells.items() if one.count is not None},
            hidden=[figure for figure, one in cells.items() if one.count is None],
            smallest=min(held.weights),
            largest=max(held.weights),
        )
        yield from column.facts()
        for figure, one in cells.items():
            if one.share:
                yield from one.share.tells(figure, column)


def _hidden_weights(held: _Held, tables: Iterable[ReleasedTable]) -> dict[str, float]:
    """What the hidden cells of former columns truly weigh, by the name of that unknown."""
    found: dict[str, float] = {}
    for table in tables:
        sums = held.sums(table.questions)
        for name in _told_columns(table):
            hidden = [one for one in table.figures if one.row and one.column == name and one.count is None]
            figures = [held.figure(table.questions, (one.row, one.column)) for one in hidden]
            unknown = WeighedColumn({}, figures, 0, 0).name
            found[unknown] = sum(sums.get((one.row, one.column), (0, 0.0))[1] for one in hidden)
    return found


def _shown(tables: Iterable[ReleasedTable]) -> list[tuple[ReleasedTable, ReleasedFigure]]:
    return [(table, one) for table in tables for one in table.figures if one.count is not None]


def _check_former(held: _Held, former: Iterable[ReleasedTable]) -> None:
    """Former releases must still be sums of what is held, or nothing can be proved about both together."""
    for table, one in _shown(former):
        if held.count(held.figure(table.questions, (one.row, one.column))) != one.count:
            raise FindingError(
                "Responses were withdrawn since an earlier release, so a new one beside it could tell whose. "
                "Publish no further tables of this wave."
            )
