"""Which counts may not be published, and which others must go with them so that nobody can work them out.

Small releases get the cheapest pattern there is, by integer programming (Fischetti and Salazar 2001). That takes
far too long for a whole survey, so larger ones are protected one small count at a time by linear programming, the
heuristic of Kelly, Golden and Assad (1992), and then thinned out. Either way what is left open is audited afresh.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, sparse

from csp_consult.analysis.disclosure import (
    BoolArray,
    Fact,
    Figure,
    Knowledge,
    Sparse,
    counted,
    incidence,
    table_figures,
)
from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.thresholds import PUBLISHED_THRESHOLD, is_small

EXACT_UP_TO: Final = 1_500
"""Unknowns of the integer programme (worlds times atoms) to which the cheapest pattern is sought."""
_TOLERANCE: Final = 1e-6


@dataclass(frozen=True)
class Protection:
    """What to hide of a release. Readers must not be told which figures are primary: mark all hidden ones alike."""

    primary: frozenset[str]
    """Figures from 1 to threshold - 1."""
    secondary: frozenset[str]
    """Figures hidden so that the primary ones cannot be worked out."""
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


def protect(
    figures: Sequence[Figure],
    counts: Mapping[str, float],
    *,
    former: Sequence[Figure] = (),
    withheld: Sequence[Figure] = (),
    facts: Sequence[Fact] = (),
    threshold: int = PUBLISHED_THRESHOLD,
) -> Protection:
    """Figures to hide so that no primary one can be worked out: as few people, by count, as can be found.

    ``counts`` is of every atom, and of whatever else facts speak of; ``figures`` are those about to be published and
    ``former`` those already out, which cannot be taken back; ``withheld`` were hidden then, and what is published now
    may not give the small ones of them away; ``facts`` is what else an attacker knows. Raises ValueError where a
    figure counts an atom without a count, or two share a name.
    """
    if len({figure.name for figure in figures}) < len(figures):
        raise ValueError("Two figures of the release have the same name.")
    # What was small and hidden before is as a figure of this release that has to be hidden.
    every = [*figures, *(one for one in withheld if is_small(sum(counts[atom] for atom in one.atoms), threshold))]
    system = _System(every, counts, former, facts)
    primary = [i for i, count in enumerate(system.values) if is_small(count, threshold)]
    everything = np.ones(len(every), dtype=np.bool_)
    exposed = set(system.opened(primary, everything, threshold))
    guarded = [i for i in primary if i not in exposed]
    choose = _cheapest if 2 * len(guarded) * len(system.counts) <= EXACT_UP_TO else _one_by_one
    hidden = choose(system, primary, guarded, threshold)
    own = range(len(figures))
    return Protection(
        primary=frozenset(every[i].name for i in primary if i in own),
        secondary=frozenset(every[i].name for i in np.flatnonzero(hidden) if i not in set(primary)),
        exposed=frozenset(every[i].name for i in exposed),
    )


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
    """The figures of a release as sums of atoms, in matrices, and what is known besides."""

    def __init__(
        self, figures: Sequence[Figure], counts: Mapping[str, float], former: Sequence[Figure], facts: Sequence[Fact]
    ) -> None:
        atoms = sorted(
            set().union(*(figure.atoms for figure in (*figures, *former)), *(fact.coefficients for fact in facts))
        )
        if missing := [atom for atom in atoms if atom not in counts]:
            raise ValueError(f"No count is given for {missing[0]}.")
        place = {atom: i for i, atom in enumerate(atoms)}
        self.counts = np.array([counts[atom] for atom in atoms], dtype=np.float64)
        self.now = incidence(figures, place)
        self.values: FloatArray = np.asarray(self.now @ self.counts)
        out = [counted(figure, sum(counts[atom] for atom in figure.atoms)) for figure in former]
        self.besides = Knowledge.of([*out, *facts], place)

    def opened(self, targets: Sequence[int], hidden: BoolArray, threshold: int) -> Iterator[int]:
        """The targets that what is not hidden gives away, tried from what is published alone; some come twice."""
        shown = np.flatnonzero(~hidden)
        known = Knowledge(
            sparse.vstack([self.now[shown], self.besides.matrix], format="csr"),
            np.concatenate([self.values[shown], self.besides.lower]),
            np.concatenate([self.values[shown], self.besides.upper]),
        )
        return (targets[i] for i in known.opened(self.now[list(targets)], threshold))

    @property
    def slack(self) -> tuple[FloatArray, FloatArray]:
        """How far a world may move each fact known besides, down and up."""
        true = self.besides.matrix @ self.counts
        return np.minimum(self.besides.lower - true, 0.0), np.maximum(self.besides.upper - true, 0.0)

    @property
    def costs(self) -> FloatArray:
        """A hidden 0 costs something too, or the search would hide every empty cell for nothing."""
        return np.maximum(self.values, 0.5)


class _Demand(NamedTuple):
    """That there be a world in which a figure is as small, or as large, as this."""

    figure: int
    move: float
    """From the truth: below 0 to no people at all, above 0 to the threshold."""


def _demands(system: _System, guarded: Sequence[int], threshold: int) -> list[_Demand]:
    return [_Demand(i, move) for i in guarded for move in (-system.values[i], threshold - system.values[i])]


class _World(NamedTuple):
    """Another way things could be, as moves from the truth; the proof that an attacker cannot rule it out."""

    atoms: FloatArray
    figures: FloatArray

    def meets(self, demand: _Demand) -> bool:
        """Whether it is what a demand asks for."""
        moved = self.figures[demand.figure]
        return bool(moved <= demand.move + _TOLERANCE if demand.move < 0 else moved >= demand.move - _TOLERANCE)

    @property
    def moves(self) -> BoolArray:
        """The figures that it changes, which have to be hidden."""
        return np.asarray(np.abs(self.figures) > _TOLERANCE)


def _one_by_one(system: _System, primary: Sequence[int], guarded: Sequence[int], threshold: int) -> BoolArray:
    """Find each open small count its two worlds by moving as few people through shown figures as can be; hide those."""
    hidden = _mask(len(system.values), primary)
    worlds: list[_World] = []
    for demand in _demands(system, sorted({*system.opened(guarded, hidden, threshold)}), threshold):
        if not any(world.meets(demand) for world in worlds):
            world = _nearest(system, demand, hidden)
            if world is None:
                return np.ones_like(hidden)
            worlds.append(world)
            hidden |= world.moves
    for i in sorted(set(np.flatnonzero(hidden)) - set(primary), key=lambda i: (-system.values[i], i)):
        # Each figure was hidden for the sake of one small count; others hidden since may do in its place.
        fewer = hidden & ~_mask(len(hidden), [int(i)])
        if next(system.opened(guarded, fewer, threshold), None) is None:
            hidden = fewer
    return hidden


def _nearest(system: _System, demand: _Demand, hidden: BoolArray) -> _World | None:
    """The moves of people between atoms that meet a demand and touch the least of what is shown; None if none do."""
    shown = np.flatnonzero(~hidden)
    atoms, facts = len(system.counts), system.besides.matrix.shape[0]
    moving = system.now[shown]
    each = sparse.eye_array(len(shown))
    nothing = sparse.csr_array((facts, len(shown)))
    target = sparse.csr_array(system.now[[demand.figure]])
    least, most = system.slack
    ends = (-np.inf, demand.move) if demand.move < 0 else (demand.move, np.inf)
    constraints = [
        # The last unknowns are how far each shown figure is moved, up or down.
        optimize.LinearConstraint(sparse.hstack([moving, -each], format="csr"), -np.inf, 0),
        optimize.LinearConstraint(sparse.hstack([moving, each], format="csr"), 0, np.inf),
        optimize.LinearConstraint(
            sparse.hstack([target, sparse.csr_array((1, len(shown)))], format="csr"), ends[0], ends[1]
        ),
    ]
    if facts:
        beside = sparse.hstack([system.besides.matrix, nothing], format="csr")
        constraints.append(optimize.LinearConstraint(beside, least, most))
    solved = optimize.milp(
        np.concatenate([np.zeros(atoms), system.costs[shown]]),
        bounds=optimize.Bounds(np.concatenate([-system.counts, np.zeros(len(shown))]), np.inf),
        constraints=constraints,
    )
    if solved.x is None:
        return None
    moves = np.asarray(solved.x[:atoms])
    world = _World(moves, np.asarray(system.now @ moves))
    return world if world.meets(demand) else None


def _cheapest(system: _System, primary: Sequence[int], guarded: Sequence[int], threshold: int) -> BoolArray:
    """The pattern that hides the fewest people, by count."""
    hidden = _mask(len(system.values), primary)
    active: list[int] = []
    # Each round protects only the figures found open so far; a pattern that then protects all is the cheapest one,
    # since it was the cheapest under fewer demands.
    while opened := set(system.opened(guarded, hidden, threshold)):
        # Solvers have been known to err; then nothing is published, which is dear but safe.
        if opened <= set(active):
            return np.ones_like(hidden)
        active += sorted(opened - set(active))
        hidden = _cheapest_for(system, primary, _demands(system, active, threshold), threshold)
    return hidden


def _cheapest_for(system: _System, primary: Sequence[int], demands: Sequence[_Demand], threshold: int) -> BoolArray:
    """The cheapest figures to hide so that each demand has a world that differs from the truth only in them."""
    figures, atoms = system.now.shape
    worlds = len(demands)
    each = sparse.eye_array(worlds)
    # No table needs a world further off than this; the bound keeps the programme well scaled.
    reach = float(min(system.values.max() + threshold, 100 * threshold))
    may_move = sparse.kron(np.ones((worlds, 1)), reach * sparse.eye_array(figures))
    moved = sparse.kron(each, system.now)
    asked = sparse.kron(each, np.ones((1, atoms))).multiply(
        np.concatenate([system.now[[demand.figure]].toarray()[0] for demand in demands])
    )
    ends = np.array([demand.move for demand in demands])
    constraints = [
        optimize.LinearConstraint(sparse.hstack([may_move, -moved], format="csr"), 0, np.inf),
        optimize.LinearConstraint(sparse.hstack([may_move, moved], format="csr"), 0, np.inf),
        optimize.LinearConstraint(
            _beside_choice(figures, sparse.csr_array(asked)),
            np.where(ends < 0, -np.inf, ends),
            np.where(ends < 0, ends, np.inf),
        ),
    ]
    if system.besides.matrix.shape[0]:
        least, most = (np.tile(ends_of, worlds) for ends_of in system.slack)
        besides = _beside_choice(figures, sparse.csr_array(sparse.kron(each, system.besides.matrix)))
        constraints.append(optimize.LinearConstraint(besides, least, most))
    choice = np.arange(figures + atoms * worlds) < figures
    solved = optimize.milp(
        np.concatenate([system.costs, np.zeros(atoms * worlds)]),
        integrality=choice.astype(np.int64),
        bounds=optimize.Bounds(
            np.concatenate([_mask(figures, primary), np.tile(-system.counts, worlds)]),
            np.where(choice, 1.0, np.inf),
        ),
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    return _mask(figures, primary) if solved.x is None else np.asarray(solved.x[:figures] > 0.5)


def _beside_choice(figures: int, worlds: Sparse) -> Sparse:
    return sparse.hstack([sparse.csr_array((worlds.shape[0], figures)), worlds], format="csr")


def _mask(size: int, chosen: Iterable[int]) -> BoolArray:
    mask = np.zeros(size, dtype=np.bool_)
    mask[list(chosen)] = True
    return mask
