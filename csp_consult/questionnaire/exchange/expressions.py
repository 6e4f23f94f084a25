"""Conditions of other programs (XPath of XLSForm, LimeSurvey's expressions) in our own terms.

Only what chosen options decide can be said here: equality with an option, ``selected``, and, or, not. Anything else
(sums, comparisons of numbers, functions) is refused by name, so that its question can be named.
"""

import re
from collections.abc import Callable

from csp_consult.questionnaire.writing import Data

TOKEN = re.compile(
    r"\s*(?:(?P<string>'[^']*'|\"[^\"]*\")|\$\{\s*(?P<name>[\w.-]+)\s*\}|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>(?:\.\./)*[A-Za-z_][\w.-]*)|(?P<sign>!=|==|<=|>=|&&|\|\||[=!<>(),]))"
)
LONGEST = 4_000
DEEPEST = 20

Resolve = Callable[[str, str], tuple[str, str]]
"""From a name and value of the file to our question key and option. Raises CannotSayError."""


class CannotSayError(ValueError):
    """A condition that has no counterpart here."""


def condition(expression: str, resolve: Resolve) -> Data:
    """The condition as the data of a ``show_if``. Raises CannotSayError."""
    reader = _Reader(expression, resolve)
    found = reader.either(0)
    if reader.at < len(reader.tokens):
        raise CannotSayError(expression)
    return found


class _Reader:
    """Reads an expression from left to right: either, both, one."""

    def __init__(self, expression: str, resolve: Resolve) -> None:
        self.expression = expression.strip()
        self.resolve = resolve
        self.tokens = self._tokens()
        self.at = 0

    def _tokens(self) -> list[tuple[str, str]]:
        if len(self.expression) > LONGEST:
            raise CannotSayError("too long")
        found: list[tuple[str, str]] = []
        at = 0
        while at < len(self.expression):
            token = TOKEN.match(self.expression, at)
            if token is None or token.lastgroup is None:
                raise CannotSayError(self.expression)
            found.append((token.lastgroup, token[token.lastgroup]))
            at = token.end()
        return found

    def either(self, depth: int) -> Data:
        """Parts joined by *or*."""
        return self._joined("any", ("or", "||"), self.both, depth)

    def both(self, depth: int) -> Data:
        """Parts joined by *and*."""
        return self._joined("all", ("and", "&&"), self.one, depth)

    def _joined(self, word: str, signs: tuple[str, ...], part: Callable[[int], Data], depth: int) -> Data:
        if depth > DEEPEST:
            raise CannotSayError(self.expression)
        parts = [part(depth)]
        while self._take(*signs):
            parts.append(part(depth))
        parts = _as_one(parts) if word == "any" else parts
        return parts[0] if len(parts) == 1 else {word: parts}

    def one(self, depth: int) -> Data:
        """A comparison, a *not*, or anything in brackets."""
        if self._take("!"):
            return {"not": self.one(depth + 1)}
        if self._take("("):
            inner = self.either(depth + 1)
            self._need(")")
            return inner
        group, word = self._next()
        if group == "word" and word == "not":
            self._need("(")
            inner = self.either(depth + 1)
            self._need(")")
            return {"not": inner}
        if group == "word" and word == "selected":
            return self._selected()
        if group == "word" and word == "selected-at":
            return self._placed()
        if group not in {"name", "word"}:
            raise CannotSayError(self.expression)
        return self._compared(word)

    def _selected(self) -> Data:
        self._need("(")
        _, name = self._next()
        self._need(",")
        value = self._value()
        self._need(")")
        return self._is(name, value)

    def _placed(self) -> Data:
        """``selected-at(${top}, 0) = 'a'``: what stands first in an order."""
        self._need("(")
        _, name = self._next()
        self._need(",")
        group, place = self._next()
        self._need(")")
        if group != "number" or not place.isdecimal():
            raise CannotSayError(self.expression)
        return self._compared(f"{name}.{int(place) + 1}")

    def _compared(self, name: str) -> Data:
        if self._take("=", "==", "eq"):
            return self._is(name, self._value())
        if self._take("!=", "ne"):
            return {"not": self._is(name, self._value())}
        raise CannotSayError(self.expression)

    def _is(self, name: str, value: str) -> Data:
        plain = re.sub(r"\.(NAOK|value|code|shown)$", "", name.removeprefix("../"))
        key, option = self.resolve(plain, value)
        return {"question": key, "is": option}

    def _value(self) -> str:
        group, value = self._next()
        if group == "string":
            return value[1:-1]
        if group == "number":
            return value
        raise CannotSayError(self.expression)

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise CannotSayError(self.expression)
        self.at += 1
        return self.tokens[self.at - 1]

    def _take(self, *signs: str) -> bool:
        taken = self.at < len(self.tokens) and self.tokens[self.at] in [
            pair for sign in signs for pair in (("sign", sign), ("word", sign))
        ]
        self.at += taken
        return taken

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise CannotSayError(self.expression)


def _as_one(parts: list[Data]) -> list[Data]:
    """Parts of an *or*; those on one question said as one list of options."""
    by_key: dict[str, list[str]] = {}
    others: list[Data] = []
    for part in parts:
        if isinstance(part, dict) and "question" in part:
            options = part["is"]
            by_key.setdefault(str(part["question"]), []).extend([options] if isinstance(options, str) else options)
        else:
            others.append(part)
    joined = ((key, options[0] if len(options) == 1 else options) for key, options in by_key.items())
    return [*({"question": key, "is": options} for key, options in joined), *others]
