"""A closed wave's counts as they leave its partnership, for questions that are asked over many partnerships at once.

A row for each question and option, of everybody, of each age band and of each sex: how many chose it, for how many
adults they stand, and what the standard error of a share over several partnerships is made from. No area smaller than
the district stands in it, no answer to a question about one, and no count from 1 to 4.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from csp_consult.analysis.totals import Key, Totals
from csp_consult.fieldwork.cells import Cell
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, state
from csp_consult.findings.errors import FindingError
from csp_consult.findings.question_keys import AskedFor, all_asked, context_of
from csp_consult.findings.reading import questionnaire_for
from csp_consult.findings.small_counts import hidden_inside
from csp_consult.findings.weighting import Weighed, weighed

COLUMNS: Final = {
    "partnership": str,
    "survey": str,
    "wave": str,
    "closed_on": date,
    "synthetic": bool,
    "questionnaire": str,
    "part": str,
    "category": str,
    "question": str,
    "option": str,
    "n": int,
    "base": int,
    "weighted": float,
    "base_weighted": float,
    "base_squares": float,
    "variance": float,
    "covariance": float,
    "base_variance": float,
}
"""The columns in order. ``part`` is empty for everybody, else ``age`` or ``sex``, of which ``category`` is the value.

``n`` chose the option of the ``base`` that had the question to answer; they stand for ``weighted`` and
``base_weighted`` adults. ``base_squares`` is the sum of squared weights in the base. The last three are the variance of
``weighted``, its covariance with ``base_weighted``, and the variance of that, with weights taken as fixed. Where ``n``
is withheld, so are ``weighted``, ``variance`` and ``covariance``.
"""
PARTS: Final = ("", "age", "sex")


def counts_of(session: Session, wave: Wave, partnership: str, *, today: date) -> list[dict[str, Any]]:
    """The rows of a residents' wave. Raises FindingError where it is still open or cannot be weighted."""
    if state(wave, today) is not WaveState.CLOSED:
        raise FindingError(f"{wave.key} has not closed: its counts still change. Publish it afterwards.")
    made, questionnaire, context = weighed(session, wave), questionnaire_for(session, wave), context_of(session, wave)
    places = {key for one in questionnaire.questions.values() if one.area_kind() for key in one.domain()}
    asked = [one for one in all_asked(questionnaire, context) if one.key not in places]
    about = {
        "partnership": partnership,
        "survey": wave.survey.slug,
        "wave": wave.slug,
        "closed_on": wave.closes_on,
        "synthetic": wave.synthetic,
        "questionnaire": questionnaire.slug,
    }
    return [
        {**about, "part": part, "category": category, "question": one.key, "option": option, **figures}
        for part in PARTS
        for category, totals in _categories(made, part)
        for one in asked
        for option, figures in _options(totals, one)
    ]


def _categories(made: Weighed, part: str) -> Iterator[tuple[str, Totals]]:
    """Each category of a part of the cell that people said, with its totals; one of everybody for no part."""
    cells = {cell: getattr(Cell.parse(cell), part) if part else "" for cell in made.tally.cells}
    for category in sorted({*cells.values()} - ({""} if part else set())):
        yield (
            category,
            made.tally.totals(
                made.finding.factors, domain={cell for cell, found in cells.items() if found == category}
            ),
        )


def _options(totals: Totals, asked: AskedFor) -> Iterator[tuple[str, dict[str, Any]]]:
    """The options of a question with their figures; none where a handful of people had it to answer."""
    below = totals.vector(asked.base)
    base = round(float(below @ totals.counts))
    if base == 0 or hidden_inside(base):
        return
    for option in asked.titles:
        key: Key = (asked.key, option)
        chosen = totals.vector({key: 1.0})
        n = round(float(chosen @ totals.counts))
        figures: dict[str, Any] = {
            "n": n,
            "base": base,
            "weighted": float(chosen @ totals.totals),
            "base_weighted": float(below @ totals.totals),
            "base_squares": float(np.einsum("j,jl,l->", below, totals.squares, below)),
            "variance": float(chosen @ totals.covariance @ chosen),
            "covariance": float(chosen @ totals.covariance @ below),
            "base_variance": float(below @ totals.covariance @ below),
        }
        if hidden_inside(n):
            figures |= dict.fromkeys(("n", "weighted", "variance", "covariance"))
        yield option, figures
