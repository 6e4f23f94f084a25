"""When a page or a question is asked: facts about earlier answers, joined by all, any and not."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

Facts: TypeAlias = Collection[tuple[str, str]]
"""The (question key, option) pairs of the answers given so far."""


@dataclass(frozen=True)
class Is:
    """One of these options was chosen. ``key`` is a tally key: a question's id, ``grid.row`` or ``top.1``."""

    key: str
    options: tuple[str, ...]
    line: int

    def holds(self, facts: Facts) -> bool:
        """Whether the facts make it true."""
        return any((self.key, option) in facts for option in self.options)

    def parts(self) -> Iterator["Is"]:
        """The plain conditions it is made of."""
        yield self


@dataclass(frozen=True)
class All:
    """Every one of the conditions holds."""

    conditions: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        """Whether the facts make it true."""
        return all(condition.holds(facts) for condition in self.conditions)

    def parts(self) -> Iterator[Is]:
        """The plain conditions it is made of."""
        for condition in self.conditions:
            yield from condition.parts()


@dataclass(frozen=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple["Condition", ...]

    def holds(self, facts: Facts) -> bool:
        """Whether the facts make it true."""
        return any(condition.holds(facts) for condition in self.conditions)

    def parts(self) -> Iterator[Is]:
        """The plain conditions it is made of."""
        for condition in self.conditions:
            yield from condition.parts()


@dataclass(frozen=True)
class Not:
    """The condition does not hold; also true when its question was not answered or not asked."""

    condition: "Condition"

    def holds(self, facts: Facts) -> bool:
        """Whether the facts make it true."""
        return not self.condition.holds(facts)

    def parts(self) -> Iterator[Is]:
        """The plain conditions it is made of."""
        yield from self.condition.parts()


Condition: TypeAlias = Is | All | AnyOf | Not

ALWAYS = All(())
"""What holds whatever is answered."""


def possible(condition: Condition, facts: Facts, undecided: Collection[str]) -> tuple[bool, bool]:
    """Whether a condition may come to hold, and whether it may come not to, while some questions are undecided.

    ``facts`` are those of the others. Each part is looked at by itself, so that both may be said to be possible
    where only one is, never the other way round.
    """
    match condition:
        case Is():
            holds = condition.holds(facts)
            is_open = condition.key.partition(".")[0] in undecided
            return holds or is_open, not holds or is_open
        case Not():
            may, may_not = possible(condition.condition, facts, undecided)
            return may_not, may
    parts = [possible(part, facts, undecided) for part in condition.conditions]
    of_all = isinstance(condition, All)
    may = (all if of_all else any)(part for part, _ in parts)
    return may, (any if of_all else all)(part for _, part in parts)
