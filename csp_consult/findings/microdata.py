"""Single responses with their weights, for what the tally cannot tell: breakdowns by an answer, tables of two."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.concern import MENTIONED, Concern, Measure, concern_from_totals
from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.totals import Design, Key, totals_of_respondents
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.findings.errors import FindingError
from csp_consult.findings.reading import is_outside
from csp_consult.questionnaire.model import Questionnaire


@dataclass(frozen=True)
class Microdata:
    """Respondents in no particular order: what each chose, by (question, option)."""

    chosen: Mapping[Key, NDArray[np.intp]]
    """Positions of the respondents who chose an option."""
    weights: FloatArray

    def chose(self, key: Key) -> FloatArray:
        """1 for each respondent who chose the option, else 0."""
        flags = np.zeros(len(self.weights))
        flags[self.chosen.get(key, [])] = 1
        return flags

    def chose_any(self, keys: Iterable[Key]) -> FloatArray:
        """1 for each respondent who chose at least one of the options."""
        return np.clip(sum((self.chose(key) for key in keys), start=np.zeros(len(self.weights))), 0, 1)

    def column(self, question: str, options: Collection[str]) -> "pd.Series[str]":
        """The option each respondent chose under a question, missing for those who chose none of them."""
        codes = pd.Series([None] * len(self.weights), dtype=object)
        for option in options:
            codes[self.chosen.get((question, option), [])] = option
        return codes


def residents(
    session: Session, wave: Wave, questionnaire: Questionnaire, questions: Collection[str], factors: Mapping[str, float]
) -> Microdata:
    """The answers of a wave's residents to some questions; ``factors`` are the weights by cell.

    A response that came in after the weights were made may be the first of its cell: it is left out until they are
    made again. Raises FindingError where the single responses were erased on their date.
    """
    if wave.erased_on is not None:
        raise FindingError(
            f"The single responses of {wave.key} were erased on {words.day(wave.erased_on)}, so its answers can no "
            "longer be broken down by one another. Figures of everybody, of areas, ages and sexes remain."
        )
    rows = session.execute(
        select(Response.cell, Response.base_weight, Response.answers).where(Response.wave_id == wave.id)
    )
    kept = [row for row in rows if not is_outside(row.cell) and row.cell in factors]
    return of_answers(
        questionnaire,
        questions,
        [row.answers for row in kept],
        np.array([factors[row.cell] * row.base_weight for row in kept], float),
    )


def concern(
    data: Microdata, measure: Measure, *, domain: NDArray[np.bool_] | None = None, population: int | None = None
) -> Concern:
    """The concern measure from respondents, or from some of them; ``population`` is that of a finite one."""
    keys = [key for part in (*measure.scores, *measure.bases) for key in part if key != MENTIONED]
    variables = {key: data.chose(key) for key in keys}
    if measure.answered:
        variables[MENTIONED] = data.chose_any(measure.answered)
    design = Design(population=float(population)) if population is not None else None
    return concern_from_totals(totals_of_respondents(variables, data.weights, design=design, domain=domain), measure)


def of_answers(
    questionnaire: Questionnaire, questions: Collection[str], answers: Sequence[Mapping[str, Any]], weights: FloatArray
) -> Microdata:
    """The answers of some respondents to some questions, with a weight each."""
    chosen: dict[Key, list[int]] = defaultdict(list)
    for position, given in enumerate(answers):
        for question in questions:
            if question in given:
                for key in questionnaire.question(question).tally(given[question]):
                    chosen[key].append(position)
    return Microdata({key: np.array(positions, np.intp) for key, positions in chosen.items()}, weights)
