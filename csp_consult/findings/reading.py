"""A wave's answers as the statistics take them: its tally, up to date, and what its questions mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from csp_consult.analysis.concern import Measure, concern_measure
from csp_consult.analysis.totals import Key, Tally
from csp_consult.db import db, is_reading, writing
from csp_consult.fieldwork import tally as fieldwork_tally
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.cells import OUTSIDE, Cell
from csp_consult.fieldwork.counting import CellCounts
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.findings.cache import kept
from csp_consult.findings.errors import FindingError
from csp_consult.questionnaire.measures import ConcernMeasure
from csp_consult.questionnaire.model import Questionnaire

PARISHES = "parishes"
_AT_ONCE = 20_000
"""Responses counted in one transaction."""


@dataclass(frozen=True)
class WaveTally:
    """A wave's counts: residents for the statistics, everybody for the fieldwork."""

    version: int
    residents: Tally
    """Without the people who live outside the district."""
    cells: Mapping[str, int]
    """Responses by weighting cell, those from outside included."""

    @property
    def outside(self) -> int:
        """Responses of people who live outside the district."""
        return sum(n for cell, n in self.cells.items() if is_outside(cell))

    @property
    def responses(self) -> int:
        """All responses."""
        return sum(self.cells.values())


def is_outside(cell: str) -> bool:
    """Whether a weighting cell holds people who live outside the district."""
    return Cell.parse(cell).area == OUTSIDE


def of_parishes(wave: Wave) -> bool:
    """Whether the wave asks parish councils rather than residents."""
    return wave.survey.audience == PARISHES


def read_tally(session: Session, wave: Wave) -> WaveTally:
    """The wave's tally with every submitted response in it.

    Responses not counted yet are folded first: by the caller's own transaction where it writes, else by a short one
    of its own, so that a page shows a response the moment it was submitted.
    """
    # The literal condition is the partial index's own.
    waiting = select(Response.id).where(Response.wave_id == wave.id, text("NOT folded")).limit(1)
    if session.scalar(waiting) is None:
        return kept(session, ("tally", wave.id, _version(session, wave)), lambda: _load(session, wave))
    if not is_reading():
        fieldwork_tally.fold_all(session, wave.id)
        return _load(session, wave)
    # In bounded transactions, since on SQLite nobody can send answers while one lasts.
    counted = _AT_ONCE
    while counted == _AT_ONCE:
        with writing() as own:
            counted = fieldwork_tally.fold(own, wave.id, limit=_AT_ONCE)
    with Session(db.engine) as own:
        # The caller's transaction may have begun before the fold and would not see it.
        return _load(own, wave)


def headline(questionnaire: Questionnaire, theme: str | None = None) -> ConcernMeasure:
    """The questionnaire's concern measure: its first, or the one that compares the topics within a theme.

    Raises FindingError where it has none.
    """
    whole = [measure for measure in questionnaire.concern if measure.within is None]
    inside = [measure for measure in questionnaire.concern if theme is not None and measure.within == theme]
    found = next(iter([*inside, *whole]), None)
    if found is None:
        raise FindingError(
            f"The questionnaire {questionnaire.slug} {questionnaire.version} has no question that measures concern, "
            "so its topics cannot be ranked."
        )
    return found


def measure_for(declared: ConcernMeasure) -> Measure:
    """The declared measure as the statistics take it."""
    return concern_measure(declared.kind, declared.values, question=declared.question, answered=declared.answered)


def laid_out(questionnaire: Questionnaire, counted: Mapping[str, CellCounts]) -> Tally:
    """Counts by cell as the statistics take them."""
    return Tally.from_counts(
        {cell: (counts.n, counts.d, counts.d2) for cell, counts in counted.items()},
        {cell: _options(counts) for cell, counts in counted.items()},
        {measure.question: _products(measure, list(counted.values())) for measure in questionnaire.concern},
    )


def _version(session: Session, wave: Wave) -> int:
    return session.scalars(select(Wave.tally_version).where(Wave.id == wave.id)).one()


def _load(session: Session, wave: Wave) -> WaveTally:
    version = _version(session, wave)
    counted = fieldwork_tally.read(session, wave.id)
    inside = {cell: counts for cell, counts in counted.items() if not is_outside(cell)}
    residents = laid_out(questionnaire_for(session, wave), inside)
    return WaveTally(version, residents, {cell: counts.n for cell, counts in counted.items()})


def _options(counts: CellCounts) -> dict[Key, list[float]]:
    return {(question, option): sums for question, of in counts.options.items() for option, sums in of.items()}


def _products(measure: ConcernMeasure, cells: Sequence[CellCounts]) -> NDArray[np.float64]:
    """The measure's products by cell; scores, which the tally keeps in whole units, as shares of 1."""
    size, topics = len(measure.variables), len({topic for topic, _ in measure.values.values()})
    worth = np.where(np.arange(size) < topics, 1 / measure.unit, 1.0)
    first, second = np.triu_indices(size)
    kept = [counts.products[measure.question] for counts in cells]
    products: NDArray[np.float64] = np.array(kept, float).reshape(len(kept), len(first))
    products *= worth[first] * worth[second]
    return products
