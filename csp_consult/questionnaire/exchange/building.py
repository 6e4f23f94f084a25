"""Putting together a questionnaire file from another program's questions, and a list of what did not come along."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from csp_consult.questionnaire.exchange.expressions import CannotSayError, condition
from csp_consult.questionnaire.texts import ENGLISH
from csp_consult.questionnaire.writing import ORDER, Data, written

LARGEST_UPLOAD = 5 * 2**20
# Where our own export of an XLSForm keeps what that format has no terms for.
OWN_COLUMN = "csp_consult"
OWN_SETTINGS = ("title", "organisation", "audience", "minutes", "intro", "cell", "channel")
TO_WRITE = "To be written before this is asked of anybody."
ROLES = (
    (re.compile(r"do(n['’]?t| not) know|not sure|unsure|no opinion", re.IGNORECASE), "dont_know"),
    (re.compile(r"(prefer|rather) not( to)? (say|answer)|refuse", re.IGNORECASE), "prefer_not"),
    (re.compile(r"none of (these|the above)", re.IGNORECASE), "none"),
)

Words = str | Mapping[str, str]
"""A text of a file: English alone, or by language."""


class ExchangeError(ValueError):
    """A file cannot be taken in at all; the message says why, in words for whoever sent it."""


@dataclass(frozen=True)
class Note:
    """Something that did not come along, or came differently."""

    question: str
    """Its name in the file it came from; empty for the file as a whole."""
    message: str
    lost: bool = False
    """True where a whole question was left out."""

    def __str__(self) -> str:
        """As the command line shows it."""
        return f"{self.question}: {self.message}" if self.question else self.message


@dataclass(frozen=True)
class Imported:
    """A questionnaire file made from another program's, and what to know about it."""

    source: str
    notes: Sequence[Note]
    questions: int

    @property
    def whole(self) -> bool:
        """Whether every question came along."""
        return not any(note.lost for note in self.notes)


@dataclass
class Builder:
    """Takes questions one after another and lays them out on pages."""

    title: Words
    slug: str
    languages: Sequence[str] = (ENGLISH,)
    pages: list[dict[str, Data]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    about: dict[str, Data] = field(default_factory=dict)
    """What the file says of itself, in the keys of a questionnaire file."""
    _questions: list[list[Data]] = field(default_factory=list)
    _ids: set[str] = field(default_factory=set)
    _page_of: dict[str, int] = field(default_factory=dict)
    _facts: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _open: tuple[Words, str, Mapping[str, Data]] = ("", "", MappingProxyType({}))
    _lead: Data = ""
    _fresh: bool = True

    def note(self, question: str, message: str) -> None:
        """Say, once, that something came differently."""
        if Note(question, message) not in self.notes:
            self.notes.append(Note(question, message))

    def left_out(self, question: str, message: str) -> None:
        """Say that a question did not come along."""
        self.notes.append(Note(question, f"left out: {message}", lost=True))

    def page(self, title: Words, asked_if: str = "", own: Mapping[str, Data] = MappingProxyType({})) -> None:
        """Start a page; it is kept once a question stands on it.

        ``asked_if`` is the file's own condition, ``own`` what our own export said of the page.
        """
        self._open, self._fresh, self._lead = (title, asked_if, own), True, ""

    def lead(self, words: Data) -> None:
        """What stands at the top of the page to come."""
        self._lead = words

    def name(self, foreign: str, spare: str = "q") -> str:
        """An id of our form for a name of the file, used once."""
        plain = re.sub(r"[^a-z0-9_]+", "_", foreign.lower()).strip("_")[:34]
        plain = plain if plain and plain[0].isalpha() else f"{spare}_{plain}".rstrip("_")
        found, number = plain, 2
        while found in self._ids or found == "csrf_token":
            found, number = f"{plain}_{number}", number + 1
        self._ids.add(found)
        return found

    def knows(self, foreign: str, value: str, key: str, code: str) -> None:
        """Remember what a name and value of the file stand for here."""
        self._facts[foreign, value] = (key, code)

    def add(self, foreign: str, question: dict[str, Data], asked_if: str = "") -> None:
        """Put a question on the present page, or on a new one where its condition looks at the present one."""
        show_if = self._condition(foreign, asked_if)
        if self._fresh or self._looks_here(show_if):
            self._start_page(foreign)
        entry = dict(question)
        if show_if is not None:
            entry["show_if"] = show_if
        elif asked_if and entry.pop("required", ""):
            self.note(foreign, "may be left open, since it is now asked of everybody")
        self._questions[-1].append(_ordered(entry))
        self._page_of[str(question["id"])] = len(self.pages) - 1

    def finish(self) -> Imported:
        """The file. Raises ExchangeError when no question could be taken."""
        count = len(self._page_of)
        if not count:
            reasons = " ".join(str(note) + "." for note in self.notes[:3])
            raise ExchangeError(f"None of its questions can be asked here. {reasons}".strip())
        if not {"organisation", "intro"} <= self.about.keys():
            self.note("", "the file does not say who asks, why, who decides and what happens then; write it in")
        top: dict[str, Data] = {
            "questionnaire": self.slug,
            "version": "draft",
            "title": self.title,
            "organisation": TO_WRITE,
            "audience": "residents",
            "languages": list(self.languages),
            "minutes": str(max(1, min(90, round(count / 4)))),
            "intro": {"purpose": TO_WRITE, "decides": TO_WRITE, "after": TO_WRITE},
        }
        top |= self.about
        intro = top["intro"]
        if isinstance(intro, Mapping):
            top["intro"] = {key: self._all_languages(words) for key, words in intro.items()}
        document = {**top, "title": self._all_languages(top["title"])}
        document["pages"] = [self._in_all_languages(page) for page in self.pages]
        if tuple(self.languages) == (ENGLISH,):
            del document["languages"]
        return Imported(written(document), self.notes, count)

    def _condition(self, foreign: str, asked_if: str) -> Data | None:
        if not asked_if:
            return None
        try:
            return condition(asked_if, self._resolve)
        except CannotSayError:
            self.note(foreign, f"is asked of everybody: the condition {asked_if!r} has no counterpart")
            return None

    def _resolve(self, name: str, value: str) -> tuple[str, str]:
        found = self._facts.get((name, value))
        if found is None or found[0].partition(".")[0] not in self._page_of:
            raise CannotSayError(f"{name} {value}")
        return found

    def _looks_here(self, show_if: Data | None) -> bool:
        return any(self._page_of[key.partition(".")[0]] == len(self.pages) - 1 for key in _keys(show_if))

    def _start_page(self, foreign: str) -> None:
        title, asked_if, own = self._open
        name = str(own.get("page") or re.sub(r"[^a-z0-9]+", "-", _english(title).lower()).strip("-")[:40] or "page")
        page: dict[str, Data] = {"page": self._page_name(name), "title": title or "Questions"}
        if self._lead:
            page["lead"] = self._lead
        if "sensitive" in own:
            page["sensitive"] = own["sensitive"]
        show_if = self._condition(foreign, asked_if)
        if show_if is not None:
            page["show_if"] = show_if
        self._questions.append([])
        page["questions"] = self._questions[-1]
        self.pages.append(page)
        self._fresh, self._lead = False, ""

    def _page_name(self, wanted: str) -> str:
        names = {str(page["page"]) for page in self.pages}
        plain = wanted if wanted[0].isalpha() else f"page-{wanted}"
        found, number = plain, 2
        while found in names:
            found, number = f"{plain}-{number}", number + 1
        return found

    def _all_languages(self, words: Data) -> Data:
        """A text in every language of the file: where one is missing, the English words stand in."""
        if isinstance(words, str) and tuple(self.languages) == (ENGLISH,):
            return words
        given = {ENGLISH: words} if isinstance(words, str) else dict(words) if isinstance(words, Mapping) else {}
        spare = given.get(ENGLISH) or next(iter(given.values()), "")
        return {language: given.get(language) or spare for language in self.languages}

    def _in_all_languages(self, data: Data, key: str = "") -> Data:
        if key in {"text", "hint", "title", "lead", "body", "unit", "reason"}:
            return self._all_languages(data)
        if key in {"options", "rows"} and isinstance(data, Mapping):
            return {code: self._option(option) for code, option in data.items()}
        if isinstance(data, Mapping):
            return {name: self._in_all_languages(value, name) for name, value in data.items()}
        if isinstance(data, list):
            return [self._in_all_languages(part) for part in data]
        return data

    def _option(self, option: Data) -> Data:
        if isinstance(option, Mapping) and "text" in option:
            return {name: self._in_all_languages(value, name) for name, value in option.items()}
        return self._all_languages(option)


def options(choices: Sequence[tuple[str, Words, Mapping[str, str]]]) -> tuple[dict[str, Data], dict[str, str]]:
    """Options for a file from (code, words, further keys), and our code for each of theirs.

    Where the keys give no role, words such as *don't know* do.
    """
    found: dict[str, Data] = {}
    codes: dict[str, str] = {}
    for foreign, words, extra in choices:
        code = re.sub(r"[^a-z0-9_+-]+", "_", foreign.lower()).strip("_-")[:36] or "option"
        code = code if code[0].isalnum() else f"o{code}"
        plain, number = code, 2
        while code in found:
            code, number = f"{plain}_{number}", number + 1
        role = extra.get("role") or next((role for rule, role in ROLES if rule.search(_english(words))), "")
        keys = {"role": role} if role else {}
        keys |= {key: value for key, value in extra.items() if key != "role" and value}
        found[code] = {"text": words, **keys} if keys else words
        codes[foreign] = code
    return found, codes


def _english(words: Words) -> str:
    return words if isinstance(words, str) else words.get(ENGLISH) or next(iter(words.values()), "")


def _keys(show_if: Data | None) -> list[str]:
    if isinstance(show_if, Mapping):
        own = [str(show_if["question"])] if "question" in show_if else []
        return own + [key for value in show_if.values() for key in _keys(value)]
    return [key for part in show_if for key in _keys(part)] if isinstance(show_if, list) else []


def _ordered(entry: Mapping[str, Data]) -> dict[str, Data]:
    """The keys of a question in the order a person writes them."""
    return dict(sorted(entry.items(), key=lambda pair: ORDER.index(pair[0]) if pair[0] in ORDER else len(ORDER)))
