"""Short pieces of wording that several findings share."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

SELF_SELECTED = (
    "People chose for themselves whether to answer: intervals describe sampling variation if the weights had made "
    "the sample like the population."
)
INVITED = (
    "Everybody invited could answer and not everybody did: intervals describe sampling variation if the weights had "
    "made the sample like the population."
)
WHOLE_POPULATION = (
    "Parish councils are asked as a whole population, not as a sample of people: intervals describe only what the "
    "councils that have not answered could change, if they were like those that have."
)
SYNTHETIC = "Contains synthetic responses: nobody gave them."

_BAND = re.compile(r"(\d+)-(\d+)")
_OPEN_BAND = re.compile(r"(\d+)\+")


def day(value: date) -> str:
    """A date as people write it: ``5 December 2022``."""
    return f"{value.day} {value:%B %Y}"


def listing(parts: Sequence[str]) -> str:
    """Texts joined as in a sentence: ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def plural(number: int, one: str, many: str) -> str:
    """A number with its noun: ``1 council``, ``12 councils``."""
    return f"{number:,} {one if number == 1 else many}"


def age_words(code: str) -> str | None:
    """An age band in words, ``16 to 24`` or ``75 and over``; None where the code is not one."""
    if band := _BAND.fullmatch(code):
        return f"{band[1]} to {band[2]}"
    if band := _OPEN_BAND.fullmatch(code):
        return f"{band[1]} and over"
    return None


def named(names: Mapping[str, str], codes: Sequence[str]) -> list[str]:
    """The names of codes, a code without one standing for itself."""
    return [names.get(code, code) for code in codes]
