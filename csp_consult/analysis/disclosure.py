"""Which counts may not be published, and which others must go with them so that nobody can work them out.

Everything is said of *atoms*, the finest groups of people that any table speaks of, and *figures*, the counts of
some atoms together. A table's cells, its margins, last month's release and an overlapping area are all figures, so
one attacker, solving a linear programme, is tried against all of them at once (Fischetti and Salazar 2001).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, sparse

from csp_consult.analysis.figures import FloatArray

PUBLISHED_THRESHOLD: Final = 10
INSIDE_THRESHOLD: Final = 5
"""For what officers see by free filters: primary suppression only."""
_TOLERANCE: Final = 1e-6
BoolArray = NDArray[np.bool_]
Sparse = sparse.csr_array[np.float64, tuple[int, int]]


@dataclass(frozen=True)
class Figure:
    """A count that is, was or may be published."""

    name: str
    atoms: frozenset[str]
    """The groups of people that it counts."""


@dataclass(frozen=True)
class Range:
    """What an attacker can work out of a hidden count."""

    lower: float
    upper: float
    """Infinite where nothing published bounds it."""

    def protects(self, threshold: int) -> bool:
        """Whether the attacker can rule out neither 0 nor a count as large as the threshold."""
        return self.lower <= _TOLERANCE and self.upper >= threshold - _TOLERANCE


@dataclass(frozen=True)
class Protection:
    """What to hide of a release. Readers must not be told which figures are primary: mark all hidden ones alike."""

    primary: frozenset[str]
    """Figures from 1 to threshold - 1."""
    secondary: frozenset[str]
    """Figures hidden so that the primary ones cannot be worked out."""
    ranges: Mapping[str, Range]
    """Of each primary figure, what an attacker who has all that is published can work out."""
    exposed: frozenset[str]
    """Primary figures that former releases give away whatever is hidden now."""

    @property
    def hidden(self) -> frozenset[str]:
        """All figures that may not be published."""
        return self.primary | self.secondary

    def reason(self, name: str) -> str | None:
        """Why a figure is hidden, for the officer; None where it is not."""
        if name in self.exposed:
            return "Hidden: the count is small. Earlier releases already give it away: take advice before publishing."
        if name in self.primary:
            return "Hidden: the count is small enough to point at a person."
        if name in self.secondary:
            return "Hidden: with it, a small count could be worked out by subtraction."
        return None


def is_small(count: float, threshold: int = PUBLISHED_THRESHOLD) -> bool:
    """Whether a count is hidden for its own sake: from 1 to threshold - 1. A 0 tells of nobody."""
    return 0 < count < threshold


def protect(
    figures: Sequence[Figure],
    counts: Mapping[str, int],
    *,
    former: Sequence[Figure] = (),
    threshold: int = PUBLISHED_THRESHOLD,
) -> Protection:
    """The cheapest set of figures to hide: the fewest people, by count, beyond the primary figures.

    ``counts`` is of every atom; ``figures`` are those about to be published and ``former`` those already out, which
    cannot be taken back. Raises ValueError where a figure counts an atom without a count, or two share a name.
    """
    system = _System(figures, counts, former)
    primary = [i for i, count in enumerate(system.values) if is_small(count, threshold)]
    everything = np.ones(len(figures), dtype=np.bool_)
    exposed = {i for i in primary if not system.attack(i, hidden=everything).protects(threshold)}
    guarded = [i for i in primary if i not in exposed]
    hidden = _mask(len(figures), primary)
    active: list[int] = []
    # Each round protects only the figures found open so far; a pattern that then protects all is the cheapest one,
    # since it was the cheapest under fewer demands.
    while opened := [i for i in guarded if not system.attack(i, hidden=hidden).protects(threshold)]:
        if set(opened) <= set(active):
            # Solvers have been known to err; then nothing is published, which is dear but safe.
            hidden = everything
            break
        active += [i for i in opened if i not in active]
        hidden = system.cheapest(primary, active, threshold)
    names = [figure.name for figure in figures]
    return Protection(
        primary=frozenset(names[i] for i in primary),
        secondary=frozenset(names[i] for i in np.flatnonzero(hidden) if i not in set(primary)),
        ranges={names[i]: system.attack(i, hidden=hidden) for i in primary},
        exposed=frozenset(names[i] for i in exposed),
    )


def attack(target: Figure, published: Sequence[tuple[Figure, int]]) -> Range:
    """What all published figures together let out about one that is not: its least and greatest possible count.

    Raises ValueError where the published figures contradict each other.
    """
    atoms = sorted(target.atoms.union(*(figure.atoms for figure, _ in published)))
    facts = _incidence([figure for figure, _ in published], atoms)
    values = np.array([value for _, value in published], dtype=np.float64)
    return _solve(_incidence([target], atoms).toarray()[0], facts, values)


def audit(
    published: Sequence[tuple[Figure, int]], small: Sequence[Figure], *, threshold: int = PUBLISHED_THRESHOLD
) -> dict[str, Range]:
    """The small counts that published figures give away, with what an attacker learns; empty when all is well.

    ``published`` is what is about to be published together with everything published before.
    """
    learnt = {figure.name: attack(figure, published) for figure in small}
    return {name: known for name, known in learnt.items() if not known.protects(threshold)}


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


def protect_table(table: ArrayLike, threshold: int = PUBLISHED_THRESHOLD) -> BoolArray:
    """The cells to hide of a two-way table of counts, published with its margins; True is hidden.

    The result is of shape (rows + 1, columns + 1): its last row and column are the margins.
    """
    cells = np.asarray(table, dtype=np.int64)
    rows, columns = ([str(i) for i in range(size)] for size in cells.shape)
    counts = {f"{row}|{column}": int(cells[int(row), int(column)]) for row in rows for column in columns}
    hidden = protect(table_figures(rows, columns), counts, threshold=threshold).hidden
    return np.array([[f"{row}|{column}" in hidden for column in [*columns, ""]] for row in [*rows, ""]])


class _System:
    """The figures of a release as sums of atoms, in matrices."""

    def __init__(self, figures: Sequence[Figure], counts: Mapping[str, int], former: Sequence[Figure]) -> None:
        if len({figure.name for figure in figures}) < len(figures):
            raise ValueError("Two figures of the release have the same name.")
        atoms = sorted(frozenset().union(*(figure.atoms for figure in (*figures, *former))))
        if missing := [atom for atom in atoms if atom not in counts]:
            raise ValueError(f"No count is given for {missing[0]}.")
        self.atom_counts = np.array([counts[atom] for atom in atoms], dtype=np.float64)
        self.now = _incidence(figures, atoms)
        self.then = _incidence(former, atoms)
        self.values: FloatArray = np.asarray(self.now @ self.atom_counts)

    def attack(self, target: int, *, hidden: BoolArray) -> Range:
        facts = sparse.vstack([self.now[~hidden], self.then], format="csr")
        return _solve(self.now[[target]].toarray()[0], facts, np.asarray(facts @ self.atom_counts))

    def cheapest(self, primary: Sequence[int], guarded: Sequence[int], threshold: int) -> BoolArray:
        """The cheapest figures to hide: for each guarded one the attacker must be left two worlds, one in which it
        is 0 and one in which it reaches the threshold, that differ from the truth only in hidden figures.
        """
        figures, atoms = self.now.shape
        demands = [(i, end) for i in guarded for end in (-self.values[i], threshold - self.values[i])]
        worlds = len(demands)
        each = sparse.eye_array(worlds)
        # No table needs a world further off than this; the bound keeps the programme well scaled.
        reach = float(min(self.values.max() + threshold, 100 * threshold))
        may_move = sparse.kron(np.ones((worlds, 1)), reach * sparse.eye_array(figures))
        moved = sparse.kron(each, self.now)
        asked = sparse.kron(each, np.ones((1, atoms))).multiply(
            np.concatenate([self.now[[i]].toarray()[0] for i, _ in demands])
        )
        ends = np.array([end for _, end in demands])
        constraints = [
            optimize.LinearConstraint(sparse.hstack([may_move, -moved], format="csr"), 0, np.inf),
            optimize.LinearConstraint(sparse.hstack([may_move, moved], format="csr"), 0, np.inf),
            optimize.LinearConstraint(
                _beside_choice(figures, sparse.csr_array(asked)),
                np.where(ends < 0, -np.inf, ends),
                np.where(ends < 0, ends, np.inf),
            ),
        ]
        if self.then.shape[0]:
            constraints.append(
                optimize.LinearConstraint(_beside_choice(figures, sparse.csr_array(sparse.kron(each, self.then))), 0, 0)
            )
        choice = np.arange(figures + atoms * worlds) < figures
        solved = optimize.milp(
            np.concatenate([self._costs(), np.zeros(atoms * worlds)]),
            integrality=choice.astype(np.int64),
            bounds=optimize.Bounds(
                np.concatenate([_mask(figures, primary), np.tile(-self.atom_counts, worlds)]),
                np.where(choice, 1.0, np.inf),
            ),
            constraints=constraints,
            options={"mip_rel_gap": 0.0},
        )
        return _mask(figures, primary) if solved.x is None else np.asarray(solved.x[:figures] > 0.5)

    def _costs(self) -> FloatArray:
        # A hidden 0 costs something too, or the search would hide every empty cell for nothing.
        return np.maximum(self.values, 0.5)


def _solve(target: FloatArray, facts: Sparse, values: FloatArray) -> Range:
    bounded = facts.sum(axis=0)[target > 0].all() if facts.shape[0] else False
    constraints = [optimize.LinearConstraint(facts, values, values)] if facts.shape[0] else []
    ends = []
    for sign in (1.0, -1.0) if bounded else (1.0,):
        solved = optimize.milp(sign * target, constraints=constraints)
        if solved.fun is None:
            raise ValueError("The published figures contradict each other.")
        ends.append(sign * solved.fun)
    return Range(lower=ends[0], upper=ends[1] if bounded else float("inf"))


def _incidence(figures: Sequence[Figure], atoms: Sequence[str]) -> Sparse:
    place = {atom: i for i, atom in enumerate(atoms)}
    entries = [(row, place[atom]) for row, figure in enumerate(figures) for atom in figure.atoms]
    rows, columns = zip(*entries, strict=True) if entries else ((), ())
    return sparse.csr_array((np.ones(len(entries)), (rows, columns)), shape=(len(figures), len(atoms)))


def _beside_choice(figures: int, worlds: Sparse) -> Sparse:
    return sparse.hstack([sparse.csr_array((worlds.shape[0], figures)), worlds], format="csr")


def _mask(size: int, chosen: Iterable[int]) -> BoolArray:
    mask = np.zeros(size, dtype=np.bool_)
    mask[list(chosen)] = True
    return mask
