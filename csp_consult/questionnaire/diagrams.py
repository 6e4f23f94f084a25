"""Binary decision diagrams: every way in which a condition on yes-or-no variables holds, in little room.

After Bryant (1986), "Graph-based algorithms for Boolean function manipulation". Two conditions are the same exactly
when their diagrams are, so that one that can never hold is ``NEVER``, however it is written.
"""

NEVER = 0
EVER = 1
_LEAF = 10**9


class TooLargeError(Exception):
    """More steps would be needed than are taken."""


class Diagrams:
    """Diagrams that share their parts. A diagram is a whole number; a variable is its place in the order."""

    def __init__(self, most_steps: int) -> None:
        self._most_steps = most_steps
        self._parts: list[tuple[int, int, int]] = [(_LEAF, NEVER, NEVER), (_LEAF, EVER, EVER)]
        """Of each diagram its first variable, and what is left where that is not so and where it is."""
        self._numbers: dict[tuple[int, int, int], int] = {}
        self._chosen: dict[tuple[int, int, int], int] = {}

    @property
    def steps(self) -> int:
        """How many were needed so far."""
        return len(self._chosen)

    def variable(self, place: int) -> int:
        """The condition that a variable is so."""
        return self._number(place, NEVER, EVER)

    def opposite(self, one: int) -> int:
        """The condition that this one does not hold."""
        return self.choose(one, NEVER, EVER)

    def both(self, one: int, other: int) -> int:
        """The condition that the two hold together."""
        return self.choose(one, other, NEVER)

    def either(self, one: int, other: int) -> int:
        """The condition that at least one of the two holds."""
        return self.choose(one, EVER, other)

    def choose(self, test: int, then: int, otherwise: int) -> int:
        """``then`` where the test holds, ``otherwise`` where it does not. Raises TooLargeError."""
        if test == EVER or then == otherwise:
            return then
        if test == NEVER:
            return otherwise
        key = (test, then, otherwise)
        if key not in self._chosen:
            if len(self._chosen) >= self._most_steps:
                raise TooLargeError
            place = min(self._parts[one][0] for one in key)
            low = self.choose(*(self._left(one, place, 1) for one in key))
            high = self.choose(*(self._left(one, place, 2) for one in key))
            self._chosen[key] = self._number(place, low, high)
        return self._chosen[key]

    def fewest(self, one: int) -> list[int] | None:
        """The variables that are so in a case in which the condition holds, as few as can be; None for ``NEVER``."""
        if one == NEVER:
            return None
        counts: dict[int, float] = {NEVER: float("inf"), EVER: 0}
        # A diagram is numbered after its parts, so that they are counted before it.
        for number in range(2, one + 1):
            _, low, high = self._parts[number]
            counts[number] = min(counts[low], counts[high] + 1)
        found: list[int] = []
        while one != EVER:
            place, low, high = self._parts[one]
            so = counts[low] > counts[high] + 1
            found += [place] if so else []
            one = high if so else low
        return found

    def _left(self, one: int, place: int, side: int) -> int:
        part = self._parts[one]
        return part[side] if part[0] == place else one

    def _number(self, place: int, low: int, high: int) -> int:
        if low == high:
            return low
        part = (place, low, high)
        if part not in self._numbers:
            self._numbers[part] = len(self._parts)
            self._parts.append(part)
        return self._numbers[part]
