"""What a file of responses holds, column by column: the words that programs with labels and dictionaries need."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csp_consult.questionnaire.questions.base import Column

_LONGEST_NAME = 60
"""Letters; SPSS takes 64."""


@dataclass(frozen=True)
class Value:
    """One code of a variable, and the number that stands for it where a program wants numbers."""

    number: int
    code: str
    label: str
    missing: bool
    """Whether it is left out of a base: *don't know*, *prefer not to say*."""


@dataclass(frozen=True)
class Variable:
    """One column of a file of responses."""

    name: str
    """As our own files head the column."""
    plain_name: str
    """Of letters, digits, full stops and underscores only, as statistics programs want it."""
    label: str
    kind: str
    """``code``, ``flag``, ``number``, ``date`` or ``text``."""
    values: Sequence[Value] = ()

    def number_of(self, code: Any) -> int | None:
        """The number of a code; None where there is no answer, or a code that the variable does not have."""
        return self._numbers.get(str(code))

    @property
    def _numbers(self) -> Mapping[str, int]:
        return {value.code: value.number for value in self.values}


def variables(columns: Sequence[Column]) -> list[Variable]:
    """The variables of a file with these columns, in order."""
    names = _plain_names([column.name for column in columns])
    return [
        Variable(column.name, plain, column.full_label(), column.kind, _values(column))
        for column, plain in zip(columns, names, strict=True)
    ]


def _values(column: Column) -> list[Value]:
    """Codes that are whole numbers keep them; others are counted from 1 in the order of the questionnaire."""
    labels = list(column.labels.items())
    as_they_are = all(code.isascii() and code.isdecimal() for code, _ in labels)
    return [
        Value(int(code) if as_they_are else place, code, label(), code in column.missing)
        for place, (code, label) in enumerate(labels, start=1)
    ]


def _plain_names(names: Sequence[str]) -> list[str]:
    """Each name made plain, with a number behind it where two would be the same but for their case."""
    taken: set[str] = set()
    plain = []
    for name in names:
        stem = re.sub(r"[^A-Za-z0-9._]", "_", name).strip("._")[:_LONGEST_NAME]
        stem = stem if stem[:1].isalpha() else f"q{stem}"
        candidate, number = stem, 2
        while candidate.lower() in taken:
            candidate, number = f"{stem}_{number}", number + 1
        taken.add(candidate.lower())
        plain.append(candidate)
    return plain
