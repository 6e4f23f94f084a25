"""Two questions against each other: weighted shares by column, with intervals and what stands out.

A share stands out where it differs from that of everybody else, the two estimated jointly from one sample; Holm's
rule is taken over the whole table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_consult.analysis.estimates import Ratios, ratios, shares_of
from csp_consult.analysis.figures import Estimate, FloatArray
from csp_consult.analysis.ranks import HIDDEN_BELOW, INDICATIVE_BELOW, SIGNIFICANCE, holm, two_sided_p
from csp_consult.analysis.totals import Design, Key, totals_of_respondents

HIGHER = "higher"
LOWER = "lower"


@dataclass(frozen=True)
class CrossCell:
    """The share of a row's answer among those of a column."""

    row: str
    column: str
    share: Estimate
    """Base and effective base are the column's."""
    p_holm: float | None
    """Of the difference from everybody else, adjusted over the table; None where it is not shown."""
    mark: str | None
    """``higher`` or ``lower`` than everybody else, where significant at 5%."""


@dataclass(frozen=True)
class Crosstab:
    """A table of column shares."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[CrossCell, ...]
    """Row by row."""
    totals: Mapping[str, Estimate]
    """Share of each row's answer among all who answered both questions."""
    base: int
    se_method: str


def crosstab(
    rows: "pd.Series[str]",
    columns: "pd.Series[str]",
    weights: FloatArray,
    *,
    design: Design | None = None,
    row_order: Sequence[str] | None = None,
    column_order: Sequence[str] | None = None,
    hidden_below: float = HIDDEN_BELOW,
    indicative_below: float = INDICATIVE_BELOW,
) -> Crosstab:
    """Answers to ``rows`` by answers to ``columns``, over respondents who answered both (missing values are not).

    Options come in the orders given, else sorted. A column whose effective base is under ``hidden_below`` is not
    shown and takes no part in the tests.
    """
    r, c = rows.to_numpy(object), columns.to_numpy(object)
    answered = np.asarray(rows.notna() & columns.notna(), bool)
    row_names = _options(r, answered, row_order)
    column_names = _options(c, answered, column_order)
    keys = [(row, column) for row in row_names for column in column_names]
    variables: dict[Key, FloatArray] = {
        key: np.asarray((r == key[0]) & (c == key[1]) & answered, np.float64) for key in keys
    }
    totals = totals_of_respondents(variables, weights, design=design, domain=answered)
    found = ratios(totals, *_coefficients(len(row_names), len(column_names)))
    figures = [
        figure.held_to(hidden_below=hidden_below, indicative_below=indicative_below) for figure in shares_of(found)
    ]
    shown = np.array([figure.estimate is not None for figure in figures[: len(keys)]], bool)
    p_values, gaps = _against_the_rest(found, shown)
    return Crosstab(
        rows=tuple(row_names),
        columns=tuple(column_names),
        cells=tuple(
            CrossCell(row, column, figures[i], p_values[i], _mark(p_values[i], gaps[i]))
            for i, (row, column) in enumerate(keys)
        ),
        totals=dict(zip(row_names, figures[2 * len(keys) :], strict=True)),
        base=int(answered.sum()),
        se_method=found.se_method,
    )


def _options(answers: NDArray[np.object_], answered: NDArray[np.bool_], order: Sequence[str] | None) -> list[str]:
    """The options that somebody chose, in order."""
    chosen = {str(answer) for answer in answers[answered]}
    return sorted(chosen) if order is None else [option for option in order if option in chosen]


def _coefficients(rows: int, columns: int) -> tuple[FloatArray, FloatArray]:
    """Numerators and denominators over the variables: each cell's column, everybody else, then each row in all."""
    size = rows * columns
    own = np.eye(size)
    row_sum = np.kron(np.eye(rows), np.ones((columns, columns)))
    column_sum = np.kron(np.ones((rows, rows)), np.eye(columns))
    all_of_row = np.repeat(np.eye(rows), columns, axis=1)
    numerators = np.vstack([own, row_sum - own, all_of_row])
    denominators = np.vstack([column_sum, 1 - column_sum, np.ones((rows, size))])
    # The first variable, everyone, takes no part.
    return np.insert(numerators, 0, 0, axis=1), np.insert(denominators, 0, 0, axis=1)


def _against_the_rest(found: Ratios, shown: NDArray[np.bool_]) -> tuple[list[float | None], FloatArray]:
    """Adjusted p of each cell against everybody else (None where it cannot be told), and the gaps."""
    size = len(shown)
    gaps = found.values[:size] - found.values[size : 2 * size]
    cell, rest = np.arange(size), np.arange(size, 2 * size)
    v = found.covariance
    variance = np.maximum(v[cell, cell] + v[rest, rest] - 2 * v[cell, rest], 0)
    tested = shown & ~np.isnan(gaps) & (variance > 0)
    whole = float(found.degrees[2 * size :].max(initial=0.0))
    adjusted = holm(two_sided_p(gaps[tested], np.sqrt(variance[tested]), whole))
    p_values: list[float | None] = [None] * size
    for i, p in zip(np.flatnonzero(tested), adjusted, strict=True):
        p_values[i] = float(p)
    return p_values, gaps


def _mark(p: float | None, gap: float) -> str | None:
    if p is None or p > SIGNIFICANCE:
        return None
    return HIGHER if gap > 0 else LOWER
