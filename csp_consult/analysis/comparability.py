"""How far a perception and a record may be set side by side: grades A to D, with their reasons in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from csp_consult.analysis.recorded_change import Change

GOOD_OVERLAP: Final = 0.75
POOR_OVERLAP: Final = 0.5


# What a shortfall weighs towards the grade: one serious, or two lesser ones, make a C.
_NOTED, _LESSER, _SERIOUS, _FORBIDS = 0, 1, 2, 3
_CASES: Final[Mapping[str, Mapping[str | bool, tuple[int, str]]]] = {
    "record_area": {
        "district only": (_SERIOUS, "the record is known for the district only"),
        "elsewhere": (_FORBIDS, "the record is of a different area"),
    },
    "wording": {
        "not known": (_SERIOUS, "whether the question asked about the local area is not known"),
        "national": (_FORBIDS, "the question asked about the whole country and the record is local"),
    },
    "base": {
        "indicative": (_LESSER, "the answers rest on few people, so they are indicative"),
        "not published": (_SERIOUS, "the survey's base was not published"),
        "too small": (_FORBIDS, "too few people answered to show a figure"),
    },
    "category": {
        "partly": (_LESSER, "the recorded category covers the topic only in part, or covers more than it"),
        "none": (_FORBIDS, "no recorded category covers the topic"),
    },
    "smaller_areas_recorded": {
        False: (_NOTED, "the record is known for the district only, so nothing is said of its parts"),
    },
}


@dataclass(frozen=True)
class Comparison:
    """The facts a grade is given on."""

    record_area: Literal["same", "district only", "elsewhere"]
    """``district only``: the perception is of a smaller area, and the district's record stands in for it."""
    overlap: float
    """Of the two periods, 0 to 1: see ``period_overlap``."""
    wording: Literal["local", "national", "not known"]
    """Whether the question asked about the local area or the whole country."""
    base: Literal["known", "indicative", "too small", "not published"]
    """Of the survey, by the base rules."""
    category: Literal["covers", "partly", "none"]
    """Whether the recorded category covers the topic."""
    smaller_areas_recorded: bool = True
    """False where the record is the district's and cannot be broken down: said, without lowering the grade."""


@dataclass(frozen=True)
class Grade:
    """Comparability, A (like with like) to D (refused)."""

    letter: Literal["A", "B", "C", "D"]
    reasons: tuple[str, ...]
    """What falls short, in words; for D only what forbids the comparison."""

    @property
    def comparable(self) -> bool:
        """Whether the two may be set side by side at all."""
        return self.letter != "D"


def grade(facts: Comparison, recorded: Change | None) -> Grade:
    """The comparability grade: D where anything forbids the comparison, C for one serious shortfall or two lesser
    ones, B for one lesser, A for none. ``recorded`` is None where no record is held.
    """
    return _graded([*_shortfalls(facts), *_of_record(recorded)])


def grade_of_level(facts: Comparison, *, recorded: bool) -> Grade:
    """The same where levels are compared rather than changes: a record is held, or it is not."""
    missing = [] if recorded else [(_FORBIDS, "no recorded figure is held for this topic, area and period")]
    return _graded([*_shortfalls(facts), *missing])


def _graded(found: Sequence[tuple[int, str]]) -> Grade:
    forbidden = tuple(reason for weight, reason in found if weight == _FORBIDS)
    if forbidden:
        return Grade("D", forbidden)
    reasons = tuple(reason for _, reason in found)
    weight = sum(weight for weight, _ in found)
    return Grade("A" if weight < _LESSER else "B" if weight < _SERIOUS else "C", reasons)


def period_overlap(first: tuple[date, date], second: tuple[date, date]) -> float:
    """The days two periods share, over the days of the longer one, 0 to 1. Both ends are included.

    Raises ValueError where a period ends before it starts.
    """
    days = []
    for start, end in (first, second):
        if end < start:
            raise ValueError(f"The period from {start} ends before it starts, on {end}.")
        days.append((end - start).days + 1)
    shared = (min(first[1], second[1]) - max(first[0], second[0])).days + 1
    return max(shared, 0) / max(days)


def _shortfalls(facts: Comparison) -> Iterator[tuple[int, str]]:
    for field, cases in _CASES.items():
        if (case := cases.get(getattr(facts, field))) is not None:
            yield case
    if facts.overlap < GOOD_OVERLAP:
        yield _overlap_shortfall(facts.overlap)


def _of_record(recorded: Change | None) -> Iterator[tuple[int, str]]:
    if recorded is None:
        yield _FORBIDS, "no recorded figure is held for this topic, area and period"
    elif recorded.balance is None:
        yield _FORBIDS, "nothing was recorded in either period"
    elif recorded.direction_only:
        yield _LESSER, "the recorded change was published without its counts, so only its direction is known"


def _overlap_shortfall(overlap: float) -> tuple[int, str]:
    if overlap <= 0:
        return _FORBIDS, "the two periods do not overlap"
    words = f"the periods overlap but differ: they share {overlap:.0%} of the longer one"
    return (_LESSER if overlap >= POOR_OVERLAP else _SERIOUS), words
