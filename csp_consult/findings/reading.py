"""A wave's answers as the statistics take them: its tally, up to date, and what its questions mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from csp_consult.analysis.concern import MEAN_RATING, PROBLEM_SHARE, Measure, concern_measure
from csp_consult.analysis.totals import ANSWERED, Key, Tally
from csp_consult.db import is_reading, writing
from csp_consult.fieldwork import tally as fieldwork_tally
from csp_consult.fieldwork.cells import OUTSIDE, Cell
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.findings.cache import kept
from csp_consult.findings.errors import FindingError
from csp_consult.questionnaire.measures import ConcernMeasure
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.questions.base import Question
from csp_consult.questionnaire.store import questionnaire_of

PARISHES = "parishes"


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


def questionnaire_for(session: Session, wave: Wave) -> Questionnaire:
    """What the wave asks."""
    return questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))


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
    with writing() as own:
        fieldwork_tally.fold_all(own, wave.id)
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


def measure_for(questionnaire: Questionnaire, declared: ConcernMeasure) -> Measure:
    """The declared measure as the statistics take it."""
    rated = declared.kind in (PROBLEM_SHARE, MEAN_RATING)
    answered = () if rated else answered_keys(questionnaire.question(declared.question))
    return concern_measure(declared.kind, declared.values, answered=answered)


def answered_keys(question: Question) -> tuple[Key, ...]:
    """The (question, option) pairs of which everyone who answered the question has exactly one."""
    first = question.fields()[0]
    options = question.domain().get(first, ())
    return ((first, ANSWERED),) if ANSWERED in options else tuple((first, option) for option in options)


def _version(session: Session, wave: Wave) -> int:
    return session.scalars(select(Wave.tally_version).where(Wave.id == wave.id)).one()


def _load(session: Session, wave: Wave) -> WaveTally:
    version = _version(session, wave)
    cells, options, pairs = (pd.DataFrame(frame) for frame in fieldwork_tally.read(session, wave.id))
    everybody = dict(zip(cells["cell"], cells["n"], strict=True))
    residents = [frame.loc[_of_residents(frame["cell"])] for frame in (cells, options, pairs)]
    return WaveTally(version, Tally.from_frames(*residents), everybody)


def _of_residents(cells: Iterable[str]) -> NDArray[np.bool_]:
    return np.array([not is_outside(cell) for cell in cells], bool)
