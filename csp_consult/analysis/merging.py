"""Joining thin categories of a weighting target, so that nobody stands for hundreds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Category: TypeAlias = tuple[str, ...]
"""One value for each variable of a target."""

Labels: TypeAlias = Sequence[Mapping[str, str]]
"""For each variable of a target, its values in words; empty where the values are the words."""

LEAST = 20
"""Default least number of respondents in a category."""


class WeightingError(ValueError):
    """Weights that cannot be made; the message says why and what to do, in one plain sentence or two."""


@dataclass(frozen=True)
class Merging:
    """How thin categories find a neighbour.

    The thinnest category is joined to its thinnest neighbour until each has ``least`` respondents. Values of an
    ordered variable neighbour those just before and after; values of a variable with parents (wards) neighbour
    those with the same parent (the beat). Where a category has no such neighbour, any other will do.
    """

    least: int = LEAST
    ordered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Variable to its values from first to last."""
    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Variable to the parent of each value."""


@dataclass(frozen=True)
class Group:
    """Categories weighted together."""

    categories: tuple[Category, ...]

    def label(self, labels: Labels = ()) -> str:
        """The categories in words."""
        return " + ".join(in_words(category, labels) for category in self.categories)

    def size(self, counts: Mapping[Category, float]) -> float:
        """Respondents in the group."""
        return sum(counts[category] for category in self.categories)


def in_words(category: Category, labels: Labels = ()) -> str:
    """A category as a reader sees it; *not said* where a value is empty."""
    said = [one.get(value, value) for one, value in zip(labels, category, strict=True)] if labels else category
    return " ".join(value or "not said" for value in said)


def merged(counts: Mapping[Category, float], variables: Sequence[str], merging: Merging) -> list[Group]:
    """The categories in groups of at least ``merging.least`` respondents (one group, if all have fewer)."""
    groups = [Group((category,)) for category in counts]
    while len(groups) > 1:
        thinnest = min(groups, key=lambda group: group.size(counts))
        if thinnest.size(counts) >= merging.least:
            break
        other = nearest(thinnest, groups, counts, variables, merging)
        if other is None:
            break
        groups[groups.index(other)] = _joined(thinnest, other, list(counts))
        groups.remove(thinnest)
    return groups


def nearest(
    group: Group,
    groups: Sequence[Group],
    counts: Mapping[Category, float],
    variables: Sequence[str],
    merging: Merging,
) -> Group | None:
    """The thinnest neighbour of a group; failing any, the thinnest other group with respondents."""
    others = [other for other in groups if other != group]
    close = [other for other in others if _adjacent(group, other, variables, merging)]
    choice = close or [other for other in others if other.size(counts) > 0] or others
    return min(choice, key=lambda other: other.size(counts), default=None)


def _joined(one: Group, other: Group, order: Sequence[Category]) -> Group:
    return Group(tuple(sorted(one.categories + other.categories, key=order.index)))


def _adjacent(one: Group, other: Group, variables: Sequence[str], merging: Merging) -> bool:
    """Whether some category of one differs from some of the other in a single variable, by a single step."""
    return any(_one_step(a, b, variables, merging) for a in one.categories for b in other.categories)


def _one_step(a: Category, b: Category, variables: Sequence[str], merging: Merging) -> bool:
    differing = [i for i in range(len(a)) if a[i] != b[i]]
    if len(differing) != 1:
        return False
    i = differing[0]
    order, parents = merging.ordered.get(variables[i], ()), merging.parents.get(variables[i], {})
    if a[i] in order and b[i] in order:
        return abs(order.index(a[i]) - order.index(b[i])) == 1
    return a[i] in parents and parents[a[i]] == parents.get(b[i])
