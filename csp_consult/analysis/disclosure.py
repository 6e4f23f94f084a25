"""What can be worked out of published figures: small counts, the attacker who wants them, and the audit of a release.

Everything is said of *atoms*, the finest groups of people that any table speaks of, and *figures*, the counts of
some atoms together. A table's cells, its margins, last month's release and an overlapping area are all figures, so
one attacker, solving a linear programme, is tried against all of them at once (Fischetti and Salazar 2001).
What to hide from that attacker is chosen in ``analysis.suppression``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.thresholds import PUBLISHED_THRESHOLD

_TOLERANCE: Final = 1e-5
BoolArray = NDArray[np.bool_]
Sparse = sparse.csr_array[np.float64, tuple[int, int]]


class ContradictionError(ValueError):
    """No answers at all could give every published figure."""


@dataclass(frozen=True)
class Figure:
    """A count that is, was or may be published."""

    name: str
    atoms: frozenset[str]
    """The groups of people that it counts."""


@dataclass(frozen=True)
class Fact:
    """Something an attacker knows: a sum of atoms, each times its coefficient, lies between two numbers."""

    coefficients: Mapping[str, float]
    lower: float
    upper: float


@dataclass(frozen=True)
class Range:
    """What an attacker can work out of a hidden count."""

    lower: float
    upper: float
    """Infinite where nothing published bounds it."""

    def protects(self, threshold: int) -> bool:
        """Whether the attacker can rule out neither 0 nor a count as large as the threshold."""
        return self.lower <= _TOLERANCE and self.upper >= threshold - _TOLERANCE


def counted(figure: Figure, count: float) -> Fact:
    """What a published count tells."""
    return Fact(dict.fromkeys(figure.atoms, 1.0), count, count)


def same_people(one: Iterable[str], other: Iterable[str]) -> Fact:
    """That two sets of atoms count the same people."""
    return Fact({**dict.fromkeys(one, 1.0), **dict.fromkeys(other, -1.0)}, 0.0, 0.0)


def attack(target: Figure, published: Sequence[tuple[Figure, int]], facts: Sequence[Fact] = ()) -> Range:
    """What all published figures together let out about one that is not: its least and greatest possible count.

    ``facts`` is what else is known. Raises ContradictionError where no answers could give all of them.
    """
    every = [*(counted(figure, count) for figure, count in published), *facts]
    place = _places([target], every)
    return Knowledge.of(every, place).range_of(incidence([target], place).toarray()[0])


def audit(
    published: Sequence[tuple[Figure, int]],
    small: Sequence[Figure],
    facts: Sequence[Fact] = (),
    *,
    threshold: int = PUBLISHED_THRESHOLD,
) -> dict[str, Range]:
    """The small counts that published figures give away, with what an attacker learns; empty when all is well.

    ``published`` is what is about to be published together with everything published before.
    """
    every = [*(counted(figure, count) for figure, count in published), *facts]
    place = _places(small, every)
    knowledge, targets = Knowledge.of(every, place), incidence(small, place)
    opened = sorted({*knowledge.opened(targets, threshold)})
    return {small[i].name: knowledge.range_of(targets[[i]].toarray()[0]) for i in opened}


def table_figures(rows: Sequence[str], columns: Sequence[str]) -> list[Figure]:
    """The figures of a two-way table with its margins: cells row by row, row totals, column totals, grand total.

    Cells are named ``row|column``; totals have an empty part.
    """
    everything = [(row, column) for row in rows for column in columns]
    totals = [*((row, "") for row in rows), *(("", column) for column in columns), ("", "")]
    return [
        Figure(
            name=f"{row}|{column}",
            atoms=frozenset(f"{r}|{c}" for r, c in everything if row in ("", r) and column in ("", c)),
        )
        for row, column in [*everything, *totals]
    ]


@dataclass(frozen=True)
class Knowledge:
    """Facts about atoms, none of which is below 0, as a linear programme takes them."""

    matrix: Sparse
    """A row for each fact, a column for each atom."""
    lower: FloatArray
    upper: FloatArray

    @classmethod
    def of(cls, facts: Sequence[Fact], place: Mapping[str, int]) -> "Knowledge":
        """The facts, with atoms in the columns that ``place`` gives them."""
        entries = [
            (row, place[atom], value) for row, fact in enumerate(facts) for atom, value in fact.coefficients.items()
        ]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        return cls(
            sparse.csr_array((np.array(values, float), (rows, columns)), shape=(len(facts), len(place))),
            np.array([fact.lower for fact in facts], float),
            np.array([fact.upper for fact in facts], float),
        )

    def range_of(self, target: FloatArray) -> Range:
        """The least and greatest value of a sum of atoms. Raises ValueError where the facts contradict each other."""
        least = self._solve(target, np.empty((0, len(target))))
        # Where nothing bounds the sum, it reaches whatever it is held to.
        finite = np.abs(self.upper[np.isfinite(self.upper)])
        beyond = 1e4 + 10 * float(finite.max(initial=0.0))
        most = self._solve(-target, target[None, :], (-np.inf, beyond))
        lower, upper = float(target @ least), float(target @ most)
        return Range(lower=lower, upper=upper if upper < beyond * (1 - 1e-9) else float("inf"))

    def opened(self, targets: Sparse, threshold: int) -> Iterator[int]:
        """The targets of which an attacker can rule out 0, or a count as large as the threshold; some come twice.

        One programme seeks a world that is good for as many targets at once as can be, and the next goes on with the
        rest; one that no such world serves is looked at by itself.
        """
        yield from self._unserved(targets, self._as_small, lambda values: values <= _TOLERANCE)
        yield from self._unserved(
            targets, lambda some: self._as_large(some, threshold), lambda values: values >= threshold - _TOLERANCE
        )

    def _unserved(
        self, targets: Sparse, seek: Callable[[Sparse], FloatArray], serves: Callable[[FloatArray], BoolArray]
    ) -> Iterator[int]:
        left = np.arange(targets.shape[0])
        while left.size:
            served = serves(np.asarray(targets[left] @ seek(targets[left])))
            if not served.any():
                served = serves(np.asarray(targets[left] @ seek(targets[left[:1]])))
                if not served[0]:
                    yield int(left[0])
                    served[0] = True
            left = left[~served]

    def _as_small(self, targets: Sparse) -> FloatArray:
        """A world in which the targets add to as little as can be."""
        return self._solve(np.asarray(targets.sum(axis=0)), np.empty((0, targets.shape[1])))

    def _as_large(self, targets: Sparse, threshold: int) -> FloatArray:
        """A world in which the targets, each counted up to the threshold only, add to as much as can be."""
        reached, atoms = targets.shape
        beside = sparse.hstack([self.matrix, sparse.csr_array((self.matrix.shape[0], reached))], format="csr")
        under = sparse.hstack([targets, -sparse.eye_array(reached)], format="csr")
        solved = optimize.milp(
            np.concatenate([np.zeros(atoms), -np.ones(reached)]),
            bounds=optimize.Bounds(0, np.concatenate([np.full(atoms, np.inf), np.full(reached, float(threshold))])),
            constraints=[
                optimize.LinearConstraint(beside, self.lower, self.upper),
                optimize.LinearConstraint(under, 0, np.inf),
            ],
        )
        return _found(solved)[:atoms]

    def _solve(
        self, costs: FloatArray, held: FloatArray, between: tuple[float, float] = (-np.inf, np.inf)
    ) -> FloatArray:
        constraints = [optimize.LinearConstraint(self.matrix, self.lower, self.upper)] if self.matrix.shape[0] else []
        if held.shape[0]:
            constraints.append(optimize.LinearConstraint(held, *between))
        return _found(optimize.milp(costs, constraints=constraints))


def incidence(figures: Sequence[Figure], place: Mapping[str, int]) -> Sparse:
    """Figures by atoms: 1 where the figure counts the atom."""
    entries = [(row, place[atom]) for row, figure in enumerate(figures) for atom in figure.atoms]
    rows, columns = zip(*entries, strict=True) if entries else ((), ())
    return sparse.csr_array((np.ones(len(entries)), (rows, columns)), shape=(len(figures), len(place)))


def _places(figures: Sequence[Figure], facts: Sequence[Fact]) -> dict[str, int]:
    atoms = set().union(*(figure.atoms for figure in figures), *(fact.coefficients for fact in facts))
    return {atom: i for i, atom in enumerate(sorted(atoms))}


def _found(solved: optimize.OptimizeResult) -> FloatArray:
    if solved.x is None:
        raise ContradictionError("The published figures contradict each other.")
    return np.asarray(solved.x, dtype=np.float64)
