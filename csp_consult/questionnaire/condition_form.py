"""A condition of a file as a form shows it, and back: a few lines, of which all or any must hold.

Each line names an earlier question and some of its answers, or says that none of these was given. Conditions within
conditions are changed in the file itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csp_consult.questionnaire.writing import Data

JOINS = ("all", "any")
MOST_LINES = 8
_BLANK = 2
"""How many lines are left to write on."""


@dataclass(frozen=True)
class Line:
    """One plain condition."""

    key: str = ""
    """What is asked of, by its key; empty where the line is not used."""
    codes: str = ""
    """The answers, with commas between."""
    negated: bool = False
    """Whether it is that none of them was given."""


@dataclass(frozen=True)
class Shown:
    """A condition as the form shows it."""

    lines: tuple[Line, ...]
    join: str = "all"

    @property
    def to_write_on(self) -> list[Line]:
        """Its lines, and some more."""
        wanted = min(MOST_LINES, max(len(self.lines) + _BLANK, _BLANK + 1))
        return [*self.lines, *[Line()] * (wanted - len(self.lines))]


def shown(show_if: Data | None) -> Shown | None:
    """A condition of a file; None where the form cannot show it."""
    if show_if is None:
        return Shown(())
    one = _line(show_if)
    if one is not None:
        return Shown((one,))
    if not isinstance(show_if, Mapping) or len(show_if) != 1:
        return None
    join, parts = next(iter(show_if.items()))
    if join not in JOINS or not isinstance(parts, Sequence) or not parts or len(parts) > MOST_LINES:
        return None
    lines = [_line(part) for part in parts]
    found = tuple(line for line in lines if line is not None)
    return Shown(found, join) if len(found) == len(lines) else None


def sent(form: Mapping[str, str]) -> Shown:
    """What a form says: ``asked-join``, and for each line ``asked-question-1``, ``asked-codes-1``, ``asked-not-1``."""
    lines = [
        Line(
            form.get(f"asked-question-{number}", "").strip(),
            _tidy(form.get(f"asked-codes-{number}", "")),
            form.get(f"asked-not-{number}", "") == "yes",
        )
        for number in range(1, MOST_LINES + 1)
    ]
    join = form.get("asked-join", "")
    return Shown(tuple(line for line in lines if line.key), join if join in JOINS else "all")


def written(given: Shown) -> Data | None:
    """The condition as a file says it; None where everybody is asked."""
    parts = [_data(line) for line in given.lines]
    if len(parts) < 2:
        return parts[0] if parts else None
    return {given.join: parts}


def _line(data: Data) -> Line | None:
    if not isinstance(data, Mapping):
        return None
    if set(data) == {"not"}:
        inner = _line(data["not"])
        return None if inner is None or inner.negated else Line(inner.key, inner.codes, negated=True)
    if set(data) != {"question", "is"}:
        return None
    codes = data["is"]
    listed: Sequence[Any] = [codes] if isinstance(codes, str) else list(codes)
    return Line(str(data["question"]), ", ".join(map(str, listed)))


def _data(line: Line) -> Data:
    codes = line.codes.split(", ") if line.codes else []
    plain: Data = {"question": line.key, "is": codes[0] if len(codes) == 1 else codes}
    return {"not": plain} if line.negated else plain


def _tidy(codes: str) -> str:
    return ", ".join(codes.replace(",", " ").split())
