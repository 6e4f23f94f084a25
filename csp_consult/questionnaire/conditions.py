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
