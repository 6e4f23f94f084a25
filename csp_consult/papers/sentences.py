"""Sentences held against sentences: which of a paper read otherwise now, each beside what took its place."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

NOT_THERE: Final = "not there"
"""What stands for a sentence or a figure that the other paper does not have."""
_ALIKE: Final = 0.5
"""Share of words in common, figures aside, from which on one sentence is taken for what became of another."""
_END: Final = re.compile(r"(?<=[.!?”])\s+(?=[A-Z0-9“‘(])")
_FIGURE: Final = re.compile(r"\d[\d,]*(?:\.\d+)?%?")

_WORD: Final = re.compile(r"\w+")


def sentences(text: str) -> list[str]:
    """A text in its sentences; the point of 33.4 ends none."""
    return [one for one in _END.split(" ".join(text.split())) if one]


def figures(text: str) -> set[str]:
    """The figures that a text names, as printed: ``59%``, ``1,024``, ``33.4%``. A digit alone is too little to find."""
    found = (one.rstrip(",") for one in _FIGURE.findall(text))
    return {one for one in found if len(one) > 1}


def changed(then: Sequence[str], now: Sequence[str]) -> list[tuple[str, str]]:
    """The sentences of ``then`` that ``now`` lacks, each with what most likely became of it, then what came new.

    Where nothing alike is left, the other side is ``NOT_THERE``. Order does not matter.
    """
    gone, come = list((Counter(then) - Counter(now)).elements()), list((Counter(now) - Counter(then)).elements())
    pairs = []
    for old in gone:
        best = max(come, key=lambda new: _likeness(old, new), default=None)
        if best is not None and _likeness(old, best) >= _ALIKE:
            come.remove(best)
            pairs.append((old, best))
        else:
            pairs.append((old, NOT_THERE))
    return [*pairs, *((NOT_THERE, new) for new in come)]


def _likeness(one: str, other: str) -> float:
    first, second = (_WORD.findall(_FIGURE.sub("", text).lower()) for text in (one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
