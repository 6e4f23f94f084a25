"""Short pieces of wording that several findings share."""

import re

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


def in_sentence(title: str) -> str:
    """A title as it stands inside a sentence."""
    return title[:1].lower() + title[1:]
