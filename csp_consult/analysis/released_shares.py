"""Weighted percentages of a release: whole numbers, with an interval that tells nothing the page does not say already.

A percentage in a column where a count is hidden can tell of that count: it bounds the weighted column, and with it
what is missing. So it is printed only where the attacker, who is granted the mean weight of every cell that is shown
and the smallest and largest weight of all, still learns nothing of a small count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from csp_consult.analysis.disclosure import Fact, Figure, audit
from csp_consult.analysis.estimates import share_interval
from csp_consult.analysis.ranks import HIDDEN_BELOW

_ROUNDING = 0.5 + 1e-9


@dataclass(frozen=True)
class Printed:
    """A weighted share as it is published, in whole percent."""

    percent: int
    lower: int
    upper: int

    def tells(self, part: Figure, column: "WeighedColumn") -> list[Fact]:
        """What it tells of the cells of its column."""
        facts = []
        for end, between in ((-_ROUNDING, (0.0, np.inf)), (_ROUNDING, (-np.inf, 0.0))):
            bound = max(0.0, (self.percent + end) / 100)
            coefficients = {
                atom: weight * (float(cell == part) - bound)
                for cell, weight in column.shown.items()
                for atom in cell.atoms
            }
            facts.append(Fact({**coefficients, column.name: -bound}, *between))
        return facts


@dataclass(frozen=True)
class WeighedColumn:
    """A column of which something is hidden, with what an attacker is granted of its weights."""

    shown: Mapping[Figure, float]
    """Cells with the mean weight of their people."""
    hidden: Sequence[Figure]
    smallest: float
    largest: float
    """The range of all weights: what hidden people weigh is not known any closer."""

    @property
    def name(self) -> str:
        """The weight of all hidden cells together, as an unknown beside the atoms."""
        return f"weight of {', '.join(sorted(cell.name for cell in self.hidden))}"

    def facts(self) -> list[Fact]:
        """How much and how little the hidden cells can weigh, by how many people are in them."""
        atoms = [atom for cell in self.hidden for atom in cell.atoms]
        return [
            Fact({**dict.fromkeys(atoms, self.smallest), self.name: -1.0}, -np.inf, 0.0),
            Fact({**dict.fromkeys(atoms, self.largest), self.name: -1.0}, 0.0, np.inf),
        ]


@dataclass(frozen=True)
class Column:
    """The shares of one column that are ready to be printed."""

    cells: frozenset[str]
    """Names of all its cells, the hidden ones too."""
    facts: tuple[Fact, ...]
    """What its shares tell."""


def printed_share(share: float, base: int, design_effect: float) -> Printed | None:
    """A share of 0 to 1 in whole percent; None where the effective base is too small to show one.

    The interval is computed from the rounded share, the base and the design effect of the whole wave, which are all
    printed.
    """
    effective = base / design_effect
    if effective < HIDDEN_BELOW:
        return None
    rounded = round(100 * share) / 100
    low, high = share_interval(rounded, sqrt(rounded * (1 - rounded) / effective), effective, base, base - 1)
    return Printed(round(100 * rounded), round(100 * low), round(100 * high))


def telling(
    columns: Sequence[Column], published: Sequence[tuple[Figure, int]], small: Sequence[Figure], facts: Sequence[Fact]
) -> set[int]:
    """The columns, by position, whose shares must not be printed beside what is published.

    All are tried together; where a small count opens, the columns with it go, or else all that are left.
    """
    printed = set(range(len(columns)))
    while printed:
        told = [fact for i in printed for fact in columns[i].facts]
        leaks = set(audit(published, small, [*facts, *told]))
        if not leaks:
            break
        printed -= {i for i in printed if columns[i].cells & leaks} or set(printed)
    return set(range(len(columns))) - printed
