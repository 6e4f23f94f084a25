"""Weighted totals of answers with their covariance: all that a share, a mean or a ranking is made from.

Every estimate here is a ratio of totals of 0/1 variables, one for each (question, option), so its variance
needs only the covariance matrix of those totals. Respondents give that matrix, and so does the tally: where
the final weight is ``factor of the cell x base weight``, sums of base weights and of their squares by cell
suffice. Both roads end in ``Totals``, and everything after is the same code.

Source: Särndal, Swensson and Wretman, *Model Assisted Survey Sampling* (1992), chapters 5 and 6.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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

_PRODUCT = 215_000
"""Multiplications of a product of matrices that OpenBLAS still does by one thread."""

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
    """A wave's counts by weighting cell, laid out once and read for every figure.

    Build it with ``from_counts`` and keep it as long as the tally does not change.
    """

    cells: tuple[str, ...]
    keys: Mapping[Key, int]
    sums: FloatArray
    """Responses, sums of base weights and of their squares, by cell and variable: 3 x cells x J."""
    products: Mapping[str, FloatArray]
    """By question that measures concern: sums over respondents of the squared base weight times the product of two of
    the measure's variables, each pair once (the upper triangle, row by row), by cell."""
    joint: FloatArray | None = None
    """``products`` of this tally's own variables; None where these are options, of which a respondent has one a
    question."""

    @classmethod
    def from_counts(
        cls,
        cells: Mapping[str, Sequence[float]],
        options: Mapping[str, Mapping[Key, Sequence[float]]],
        products: Mapping[str, FloatArray] | None = None,
    ) -> "Tally":
        """The tally from n, d and d2 by cell and by cell and option; ``products`` as the tally keeps them.

        Without products, variables of different questions may be estimated but not compared.
        """
        # Position 0 is EVERYONE.
        keys = {EVERYONE: 0} | {key: 0 for counted in options.values() for key in counted}
        keys = {key: position for position, key in enumerate(keys)}
        names = tuple(cells)
        sums = np.zeros((3, len(names), len(keys)))
        row_of = {name: row for row, name in enumerate(names)}
        for name, counted in options.items():
            if name not in row_of:
                raise ValueError(f"The tally counts an option in the cell {name!r}, unknown to it.")
            if counted:
                sums[:, row_of[name], [keys[key] for key in counted]] = np.array(list(counted.values()), float).T
        sums[:, :, 0] = np.array(list(cells.values()), float).reshape(len(names), 3).T
        return cls(names, keys, sums, products or {})

    @property
    def n(self) -> FloatArray:
        """Responses by cell."""
        return self.sums[0, :, 0]

    @property
    def d(self) -> FloatArray:
        """Sums of base weights by cell."""
        return self.sums[1, :, 0]

    @property
    def d2(self) -> FloatArray:
        """Sums of squared base weights by cell."""
        return self.sums[2, :, 0]

    def measured(self, question: str, variables: Mapping[Key, Mapping[Key, float]]) -> "Tally":
        """The tally of a question's measured variables, each given as a sum over options.

        Raises KeyError where the tally keeps no products of the question, which must be of the same variables in the
        same order.
        """
        keys = {EVERYONE: 0} | {name: position for position, name in enumerate(variables, 1)}
        made = np.zeros((len(self.keys), len(keys)))
        made[0, 0] = 1
        for name, options in variables.items():
            for key, coefficient in options.items():
                if key in self.keys:
                    made[self.keys[key], keys[name]] = coefficient
        # The question's own options are a few of all.
        used = np.flatnonzero(made.any(axis=1))
        return Tally(self.cells, keys, self.sums[:, :, used] @ made[used], {}, self.products[question])

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
        counts, totals = inside @ self.sums[0], (inside * factor) @ self.sums[1]
        squares = self._squares(inside * factor**2)
        n = float(self.n.sum())
        if calibration is None:
            return Totals(self.keys, counts, totals, squares, _with_replacement(squares, totals, n), FIXED)
        by_cell, squares_by_cell = inside[:, None] * self.sums[1], inside[:, None] * self.sums[2]
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

    def _squares(self, squared_factor: FloatArray) -> FloatArray:
        """Sums of squared weights times the product of two variables, J x J."""
        size = len(self.keys)
        linear = squared_factor @ self.sums[2]
        squares = np.diag(linear)
        if self.joint is None:
            # Whoever chose an option of a question of several choices has answered it.
            for (question, option), answered in self.keys.items():
                if option == ANSWERED:
                    chosen = [position for key, position in self.keys.items() if key[0] == question]
                    squares[chosen, answered] = squares[answered, chosen] = linear[chosen]
        else:
            first, second = np.triu_indices(size - 1)
            squares[first + 1, second + 1] = squares[second + 1, first + 1] = squared_factor @ self.joint
        squares[0, :] = squares[:, 0] = linear
        return squares


@dataclass(frozen=True)
class Design:
    """How a sample was drawn. None means: no strata, each respondent a primary unit, an endless population."""

    strata: NDArray[np.object_] | None = None
    """Stratum of each respondent."""
    units: NDArray[np.object_] | None = None
    """Primary unit of each respondent, read within the stratum."""
    population: FloatArray | float | None = None
    """Primary units in the population of each respondent's stratum."""

    @property
    def is_simple(self) -> bool:
        """Whether it says nothing: a simple sample with replacement."""
        return self.strata is None and self.units is None and self.population is None

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
    keys: dict[Key, int] = {EVERYONE: 0} | {key: i + 1 for i, key in enumerate(variables)}
    columns = [np.ones(n), *variables.values()]
    counts, totals, squares = _summed(columns, weights, domain)
    if design.is_simple and calibration is None and n > 1:
        # A simple sample, as most are: no respondent need be looked at again.
        covariance = _with_replacement(squares, totals, n)
        touched_strata = int(domain is None or bool(domain.any()))
        return Totals(keys, counts, totals, squares, covariance, FIXED, touched_strata)
    x = np.column_stack(columns)
    if domain is not None:
        x *= domain[:, None]
    residual = x * weights[:, None]
    if calibration is not None:
        base = np.ones(n) if base_weights is None else base_weights
        spread = np.linalg.pinv(calibration.T @ (base[:, None] * calibration))
        fitted = calibration @ (spread @ (calibration.T @ (base[:, None] * x)))
        residual = (x - fitted) * weights[:, None]
    strata, unit_strata, unit_codes, unit_population = _units(design, n)
    sums = np.zeros((len(unit_strata), x.shape[1]))
    np.add.at(sums, unit_codes, residual)
    covariance, exhausted = _stratified(sums, unit_strata, strata, unit_population)
    touched = np.unique(unit_codes if domain is None else unit_codes[domain])
    return Totals(
        keys=keys,
        counts=counts,
        totals=totals,
        squares=squares,
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


def _summed(
    columns: Sequence[FloatArray], weights: FloatArray, domain: NDArray[np.bool_] | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Counts, weighted totals, and sums of squared weights times the product of two columns.

    Some respondents at a time: their columns, weighted in place, then stay in the processor's cache, where a whole
    sample would go through memory once for each step; and so few that the product is done by one thread, since
    handing it to several costs more than it is.
    """
    size = len(columns)
    at_a_time = min(max(_PRODUCT // size**2, 64), 4096)
    counts, totals, squares = np.zeros(size), np.zeros(size), np.zeros((size, size))
    for start in range(0, len(weights), at_a_time):
        some = slice(start, start + at_a_time)
        part = np.array([column[some] for column in columns], dtype=float)
        if domain is not None:
            part *= domain[some]
        counts += np.count_nonzero(part, axis=1)
        part *= weights[some]
        totals += part.sum(axis=1)
        squares += part @ part.T
    return counts, totals, squares


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
