"""Weighted totals of answers with their covariance: all that a share, a mean or a ranking is made from.

Every estimate here is a ratio of totals of 0/1 variables, one for each (question, option), so its variance
needs only the covariance matrix of those totals. Respondents give that matrix, and so does the tally: where
the final weight is ``factor of the cell x base weight``, sums of base weights and of their squares by cell
suffice. Both roads end in ``Totals``, and everything after is the same code.

Source: Särndal, Swensson and Wretman, *Model Assisted Survey Sampling* (1992), chapters 5 and 6.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from csp_consult.analysis.figures import FloatArray

Key = tuple[str, str]
"""(question, option): the 0/1 variable *chose that option*."""
IntArray = NDArray[np.intp]

EVERYONE: Key = ("", "")
"""The variable that is 1 for every respondent of the domain."""
ANSWERED = "*"
"""Option under which a question of several choices counts everyone who answered it."""

FIXED = "linearised, weights taken as fixed"
CALIBRATED = "linearised, calibrated to the weighting targets"


class DesignError(ValueError):
    """A sampling design that gives no variance; the message says why and what to do in one plain sentence."""


@dataclass(frozen=True)
class Totals:
    """Totals over a sample, or a domain of it, of J variables."""

    keys: Mapping[Key, int]
    """Position of each variable."""
    counts: FloatArray
    """Unweighted, length J."""
    totals: FloatArray
    """Weighted, length J."""
    squares: FloatArray
    """Sums of squared weights over respondents to whom both variables apply, J x J (for Kish's n_eff)."""
    covariance: FloatArray
    """Of ``totals``, J x J."""
    se_method: str
    strata: int = 1
    units: int | None = None
    """Primary units in the domain; None where each respondent is one."""
    exhausted: bool = False
    """True where the whole finite population answered: no sampling error is left."""

    def vector(self, coefficients: Mapping[Key, float]) -> FloatArray:
        """The coefficients laid out over the variables; options that nobody chose have no position and add nothing."""
        laid = np.zeros(len(self.totals))
        for key, coefficient in coefficients.items():
            if key in self.keys:
                laid[self.keys[key]] = coefficient
        return laid

    def degrees(self, base: float) -> float:
        """Degrees of freedom of a figure resting on ``base`` respondents: primary units less strata."""
        return max((base if self.units is None else self.units) - self.strata, 0)


@dataclass(frozen=True)
class Tally:
    """A wave's counts by weighting cell, coded once and read for every ranking.

    Build it with ``from_frames`` and keep it as long as the tally does not change.
    """

    cells: tuple[str, ...]
    n: FloatArray
    d: FloatArray
    d2: FloatArray
    keys: Mapping[Key, int]
    option_cell: IntArray
    option_key: IntArray
    option_sums: FloatArray
    """n, d and d2 by row, 3 x rows."""
    pair_cell: IntArray
    pair_first: IntArray
    pair_second: IntArray
    pair_d2: FloatArray

    @classmethod
    def from_frames(cls, cells: pd.DataFrame, options: pd.DataFrame, pairs: pd.DataFrame | None = None) -> "Tally":
        """The tally from its three tables.

        ``cells`` has columns cell, n, d, d2; ``options`` cell, question, option, n, d, d2; ``pairs`` cell,
        question_a, option_a, question_b, option_b, d2 (each pair once, in either order). Without pairs, variables
        of different questions may be estimated but not compared.
        """
        names = tuple(str(cell) for cell in cells["cell"])
        key_index = pd.MultiIndex.from_frame(options[["question", "option"]])
        codes, unique = key_index.factorize()
        # Position 0 is EVERYONE.
        keys: dict[Key, int] = {EVERYONE: 0} | {(str(q), str(o)): i + 1 for i, (q, o) in enumerate(unique)}
        pair_cell, pair_first, pair_second, pair_d2 = _coded_pairs(pairs, names, keys)
        tally = cls(
            cells=names,
            n=cells["n"].to_numpy(float),
            d=cells["d"].to_numpy(float),
            d2=cells["d2"].to_numpy(float),
            keys=keys,
            option_cell=_positions(options["cell"], names),
            option_key=codes.astype(np.intp) + 1,
            option_sums=options[["n", "d", "d2"]].to_numpy(float).T,
            pair_cell=pair_cell,
            pair_first=pair_first,
            pair_second=pair_second,
            pair_d2=pair_d2,
        )
        for question in [question for question, option in keys if option == ANSWERED]:
            chosen = [key for key in keys if key[0] == question and key[1] != ANSWERED]
            tally = tally._implying(keys[question, ANSWERED], chosen)
        return tally

    def with_answered(self, name: Key, *, shown_by: Collection[Key], implied_by: Collection[Key]) -> "Tally":
        """The tally with one more variable, *answered*: the sum of the exclusive variables ``shown_by``.

        Whoever chose one of ``implied_by`` has answered, so these pairs need not have been counted.
        """
        position = len(self.keys)
        rows = np.isin(self.option_key, [self.keys[key] for key in shown_by if key in self.keys])
        wider = replace(
            self,
            keys={**self.keys, name: position},
            option_cell=np.concatenate([self.option_cell, self.option_cell[rows]]),
            option_key=np.concatenate([self.option_key, np.full(rows.sum(), position)]),
            option_sums=np.concatenate([self.option_sums, self.option_sums[:, rows]], axis=1),
        )
        return wider._implying(position, implied_by)

    def _implying(self, answered: int, implied_by: Collection[Key]) -> "Tally":
        rows = np.isin(self.option_key, [self.keys[key] for key in implied_by if key in self.keys])
        return replace(
            self,
            pair_cell=np.concatenate([self.pair_cell, self.option_cell[rows]]),
            pair_first=np.concatenate([self.pair_first, self.option_key[rows]]),
            pair_second=np.concatenate([self.pair_second, np.full(rows.sum(), answered)]),
            pair_d2=np.concatenate([self.pair_d2, self.option_sums[2, rows]]),
        )

    def table(self, variables: Sequence[str]) -> pd.DataFrame:
        """The cells as a table for weighting: a column for each part of the cell's name, then n, d and d2."""
        parts = [cell.split("|") for cell in self.cells]
        frame = pd.DataFrame(parts, columns=list(variables), dtype=object)
        return frame.assign(n=self.n, d=self.d, d2=self.d2)

    def totals(
        self,
        factors: Mapping[str, float],
        *,
        domain: Collection[str] | None = None,
        calibration: FloatArray | None = None,
    ) -> Totals:
        """Totals over the whole tally, or over the cells of ``domain``.

        ``factors`` is the raking factor by cell (weight over base weight). With ``calibration`` (0/1 columns of the
        margins by cell, in the order of ``cells``) the covariance is that of raked weights: of residuals from the
        regression on the margins with base weights; else the weights are taken as fixed.
        """
        factor = self._factors(factors)
        inside = (
            np.ones(len(self.cells)) if domain is None else np.array([cell in domain for cell in self.cells], float)
        )
        size, kept = len(self.keys), inside[self.option_cell]
        n_option, d_option, d2_option = self.option_sums
        counts, totals = np.zeros((2, size))
        counts[0], totals[0] = inside @ self.n, inside @ (factor * self.d)
        counts += _summed(self.option_key, kept * n_option, size)
        totals += _summed(self.option_key, kept * factor[self.option_cell] * d_option, size)
        squares = self._squares(factor**2 * inside, kept * factor[self.option_cell] ** 2 * d2_option)
        n = float(self.n.sum())
        if calibration is None:
            return Totals(self.keys, counts, totals, squares, _with_replacement(squares, totals, n), FIXED)
        by_cell, squares_by_cell = self._by_cell(inside)
        spread = np.linalg.pinv(calibration.T @ (self.d[:, None] * calibration))
        fitted = calibration @ (spread @ (calibration.T @ by_cell))
        crossed = (factor[:, None] ** 2 * squares_by_cell).T @ fitted
        residual_squares = squares - crossed - crossed.T + fitted.T @ ((factor**2 * self.d2)[:, None] * fitted)
        residual_totals = totals - (factor * self.d) @ fitted
        covariance = _with_replacement(residual_squares, residual_totals, n)
        return Totals(self.keys, counts, totals, squares, covariance, CALIBRATED)

    def _factors(self, factors: Mapping[str, float]) -> FloatArray:
        missing = [cell for cell, n in zip(self.cells, self.n, strict=True) if n and cell not in factors]
        if missing:
            raise ValueError(f"No weight for the cell {missing[0]!r}: weigh the wave again.")
        return np.array([factors.get(cell, 0.0) for cell in self.cells])

    def _squares(self, cell_factor: FloatArray, option_d2: FloatArray) -> FloatArray:
        size = len(self.keys)
        diagonal = _summed(self.option_key, option_d2, size)
        diagonal[0] = cell_factor @ self.d2
        code = self.pair_first * size + self.pair_second
        upper = _summed(code, cell_factor[self.pair_cell] * self.pair_d2, size * size)
        squares = upper.reshape(size, size)
        squares = squares + squares.T
        squares[0, :] = squares[:, 0] = diagonal
        np.fill_diagonal(squares, diagonal)
        return squares

    def _by_cell(self, inside: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sums of base weights, and of their squares, by cell and variable (cells x J)."""
        shape = len(self.cells), len(self.keys)
        code = self.option_cell * shape[1] + self.option_key
        kept = inside[self.option_cell]
        sums = []
        for by_option, by_cell in zip(self.option_sums[1:], (self.d, self.d2), strict=True):
            laid = _summed(code, kept * by_option, shape[0] * shape[1]).reshape(shape)
            laid[:, 0] = inside * by_cell
            sums.append(laid)
        return sums[0], sums[1]


@dataclass(frozen=True)
class Design:
    """How a sample was drawn. None means: no strata, each respondent a primary unit, an endless population."""

    strata: NDArray[np.object_] | None = None
    """Stratum of each respondent."""
    units: NDArray[np.object_] | None = None
    """Primary unit of each respondent, read within the stratum."""
    population: FloatArray | float | None = None
    """Primary units in the population of each respondent's stratum."""

    def words(self) -> str:
        """What the design adds to the name of the standard error; empty for a simple sample."""
        said = {"strata": self.strata, "primary units": self.units, "finite population": self.population}
        given = [name for name, value in said.items() if value is not None]
        return f"; {', '.join(given)} taken into account" if given else ""


def totals_of_respondents(
    variables: Mapping[Key, FloatArray],
    weights: FloatArray,
    *,
    design: Design | None = None,
    domain: NDArray[np.bool_] | None = None,
    base_weights: FloatArray | None = None,
    calibration: FloatArray | None = None,
) -> Totals:
    """Totals over respondents of any variables (0/1 or measured), length n each.

    ``domain`` picks the respondents counted; the rest stay in the sample for the variance. ``calibration`` (0/1
    columns of the margins, n x P) with ``base_weights`` gives the covariance of raked weights. Raises DesignError,
    naming the stratum, where one has a single primary unit.
    """
    design = design or Design()
    n = len(weights)
    inside = np.ones(n) if domain is None else domain.astype(float)
    keys: dict[Key, int] = {EVERYONE: 0} | {key: i + 1 for i, key in enumerate(variables)}
    x = np.column_stack([np.ones(n), *variables.values()]) * inside[:, None]
    weighted = x * weights[:, None]
    residual = weighted
    if calibration is not None:
        base = np.ones(n) if base_weights is None else base_weights
        spread = np.linalg.pinv(calibration.T @ (base[:, None] * calibration))
        fitted = calibration @ (spread @ (calibration.T @ (base[:, None] * x)))
        residual = (x - fitted) * weights[:, None]
    strata, unit_strata, unit_codes, unit_population = _units(design, n)
    sums = np.zeros((len(unit_strata), x.shape[1]))
    np.add.at(sums, unit_codes, residual)
    covariance, exhausted = _stratified(sums, unit_strata, strata, unit_population)
    touched = np.unique(unit_codes[inside > 0])
    return Totals(
        keys=keys,
        counts=(x != 0).sum(axis=0).astype(float),
        totals=weighted.sum(axis=0),
        squares=weighted.T @ weighted,
        covariance=covariance,
        se_method=(FIXED if calibration is None else CALIBRATED) + design.words(),
        strata=len(np.unique(unit_strata[touched])),
        units=None if design.units is None else len(touched),
        exhausted=exhausted,
    )


def indicators(answers: pd.DataFrame, keys: Collection[Key]) -> dict[Key, FloatArray]:
    """The 0/1 variables of ``keys`` from a table with a column a question and option codes as values."""
    wanted = (key for key in keys if key[0] in answers.columns)
    return {key: np.asarray(answers[key[0]] == key[1], np.float64) for key in wanted}


def _summed(codes: IntArray, values: FloatArray, size: int) -> FloatArray:
    """Sums of the values by code."""
    return np.bincount(codes, values, size).astype(float)


def _with_replacement(squares: FloatArray, totals: FloatArray, n: float) -> FloatArray:
    """Covariance of totals of a simple sample with replacement."""
    if n < 2:
        return np.zeros_like(squares)
    return n / (n - 1) * (squares - np.outer(totals, totals) / n)


def _units(design: Design, n: int) -> tuple[list[str], IntArray, IntArray, FloatArray | None]:
    """Names of strata; stratum of each primary unit; unit of each respondent; units in each unit's stratum."""
    stratum_codes, names = pd.factorize(np.zeros(n) if design.strata is None else design.strata)
    within = np.arange(n) if design.units is None else pd.factorize(design.units)[0]
    _, firsts, unit_codes = np.unique(stratum_codes * n + within, return_index=True, return_inverse=True)
    population = None
    if design.population is not None:
        population = np.broadcast_to(np.asarray(design.population, float), n)[firsts]
    return [str(name) for name in names], stratum_codes[firsts], unit_codes, population


def _stratified(
    sums: FloatArray, unit_strata: IntArray, names: Sequence[str], population: FloatArray | None
) -> tuple[FloatArray, bool]:
    """Covariance of the grand totals from totals by primary unit, and whether nothing was left unsampled."""
    size = np.bincount(unit_strata, minlength=len(names)).astype(float)
    if (size < 2).any():
        raise DesignError(
            f"Stratum {names[int(np.argmin(size))]} has a single primary unit, so its variance is unknown: "
            "join it to another stratum."
        )
    means = np.zeros((len(names), sums.shape[1]))
    np.add.at(means, unit_strata, sums)
    centred = sums - (means / size[:, None])[unit_strata]
    factor = (size / (size - 1))[unit_strata]
    if population is not None:
        left = 1 - size[unit_strata] / population
        if (left < 0).any():
            raise DesignError("A stratum has more primary units in the sample than in its population.")
        factor = factor * left
    return centred.T @ (factor[:, None] * centred), bool((factor == 0).all())


def _positions(column: "pd.Series[str]", names: Sequence[str]) -> IntArray:
    """Position of each value of the column among ``names``."""
    found = pd.Index(names).get_indexer(pd.Index(column))
    if (found < 0).any():
        raise ValueError(
            f"The tally counts an option in the cell {column.iloc[int(np.argmin(found))]!r}, unknown to it."
        )
    return found


def _coded_pairs(
    pairs: pd.DataFrame | None, names: Sequence[str], keys: Mapping[Key, int]
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    if pairs is None or pairs.empty:
        nothing = np.zeros(0, np.intp)
        return nothing, nothing, nothing, np.zeros(0)
    index = pd.MultiIndex.from_tuples([key for key in keys if key != EVERYONE])
    first = index.get_indexer(pd.MultiIndex.from_frame(pairs[["question_a", "option_a"]])) + 1
    second = index.get_indexer(pd.MultiIndex.from_frame(pairs[["question_b", "option_b"]])) + 1
    return _positions(pairs["cell"], names), first, second, pairs["d2"].to_numpy(float)
