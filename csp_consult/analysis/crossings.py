"""Linked tables of many questions as sums of the same people, without crossing every question with every other.

Crossing 20 questions makes more groups than there are people on earth. Tables that share questions are therefore laid
on *cliques*: the questions are a graph with an edge where two stand in one table, made chordal; each clique of it is
crossed in full, and neighbouring cliques count the same people by the questions they share. Counts that agree there
belong to some full crossing (Lauritzen, *Graphical Models*, 1996, section 2.1; Dobra and Fienberg, *PNAS* 97, 2000),
so an attacker learns from the cliques all that the full crossing would tell.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from csp_consult.analysis.disclosure import Fact, same_people

Person: TypeAlias = tuple[str, ...]
"""One answer to each question, in the order of the questions."""


@dataclass(frozen=True)
class Crossing:
    """People by their answers to some questions, as far as tables of these tell."""

    options: Mapping[str, Sequence[str]]
    """Every answer to a question that people may give; that of giving none is one of them."""
    cliques: tuple[tuple[str, ...], ...]
    """Questions that are crossed in full."""

    @classmethod
    def of(cls, options: Mapping[str, Sequence[str]], tables: Iterable[Collection[str]]) -> "Crossing":
        """The crossing that is fine enough for tables of the questions named."""
        return cls(options, _cliques({question: len(found) for question, found in options.items()}, tables))

    @property
    def size(self) -> int:
        """How many atoms there are."""
        return sum(prod(len(self.options[question]) for question in clique) for clique in self.cliques)

    def counts(self, people: Iterable[Person]) -> dict[str, int]:
        """How many of the people are in each atom, those without anybody included."""
        place = {question: i for i, question in enumerate(self.options)}
        counted = Counter(people)
        found: dict[str, int] = {}
        for number, clique in enumerate(self.cliques):
            found |= dict.fromkeys(self._within(number, {}), 0)
            for person, n in counted.items():
                found[_atom(number, [person[place[question]] for question in clique])] += n
        return found

    def atoms(self, wanted: Mapping[str, Collection[str]]) -> frozenset[str]:
        """The atoms of all who gave one of the answers wanted to each of the questions, which share a clique."""
        number = next(i for i, clique in enumerate(self.cliques) if set(wanted) <= set(clique))
        return frozenset(self._within(number, wanted))

    def links(self) -> list[Fact]:
        """That neighbouring cliques count the same people."""
        facts: list[Fact] = []
        for number, clique in list(enumerate(self.cliques))[1:]:
            # In the order the cliques are in, the nearest before one has all that it shares with any before it.
            nearest = max(range(number), key=lambda i: len({*self.cliques[i]} & {*clique}))
            shared = [question for question in clique if question in self.cliques[nearest]]
            for answers in product(*(self.options[question] for question in shared)):
                wanted = {question: (answer,) for question, answer in zip(shared, answers, strict=True)}
                facts.append(same_people(self._within(number, wanted), self._within(nearest, wanted)))
        return facts

    def _within(self, number: int, wanted: Mapping[str, Collection[str]]) -> list[str]:
        ranges = (wanted.get(question, self.options[question]) for question in self.cliques[number])
        return [_atom(number, answers) for answers in product(*ranges)]


def _atom(number: int, answers: Sequence[str]) -> str:
    return "|".join((str(number), *answers))


def _cliques(sizes: Mapping[str, int], tables: Iterable[Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """The cliques of the chordal graph, ordered so that each one meets those before it within one of them."""
    near: dict[str, set[str]] = {question: set() for question in sizes}
    for table in tables:
        for one, other in combinations(table, 2):
            near[one].add(other)
            near[other].add(one)
    found: list[frozenset[str]] = []
    while near:
        # Taking away the question with the smallest crossing first keeps the cliques small.
        question = min(near, key=lambda one: (prod(sizes[each] for each in {one, *near[one]}), one))
        around = near.pop(question)
        found.append(frozenset({question, *around}))
        for one in around:
            near[one] |= around - {one}
            near[one].discard(question)
    largest = [one for one in found if not any(one < other for other in found)]
    return _joined(largest, list(sizes))


def _joined(cliques: Sequence[frozenset[str]], order: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    left, joined = list(cliques), [cliques[0]]
    left.remove(cliques[0])
    while left:
        # A spanning tree of greatest overlaps is a junction tree (Jensen and Jensen 1994).
        following = max(left, key=lambda one: max(len(one & other) for other in joined))
        left.remove(following)
        joined.append(following)
    return tuple(tuple(sorted(clique, key=order.index)) for clique in joined)
