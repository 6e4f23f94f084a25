"""Reading a questionnaire file entry by entry, remembering the line of everything.

YAML is read as a tree of marked nodes, never as values, so that ``yes`` stays a word and every fault has its line.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from csp_consult.questionnaire.faults import ADVICE, Fault, QuestionnaireError
from csp_consult.questionnaire.texts import ENGLISH, NO_TEXT, Text

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
LARGEST_FILE = 1_000_000
Node: TypeAlias = yaml.Node


@dataclass
class Notes:
    """What is learnt while a file is read: its languages, its shared scales, and what is wrong with it."""

    languages: tuple[str, ...] = (ENGLISH,)
    scales: dict[str, Node] = field(default_factory=dict)
    used_scales: set[str] = field(default_factory=set)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By language: the words of the file's translations, by the English they stand for."""
    context: str = ""
    """Id of the question being read: its translations come before those for the whole file."""
    said: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Every English text, with the question it belongs to, and the languages it has words in."""
    lines: dict[str, int] = field(default_factory=dict)
    """Where the file's own keys stand, for checks of the whole."""
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        """Note something that must be put right."""
        self.faults.append(Fault(line, message))

    def advise(self, line: int, message: str) -> None:
        """Note something worth a second look."""
        self.faults.append(Fault(line, message, ADVICE))


def line_of(node: Node) -> int:
    """The line a node starts on, the first line being 1."""
    return node.start_mark.line + 1 if node.start_mark else 1


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: they let a few lines stand for billions, and a named scale says the same openly."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            peek: Callable[[], yaml.AliasEvent] = self.peek_event
            event = peek()
            line = event.start_mark.line + 1 if event.start_mark else 1
            message = f"'*{event.anchor}' repeats another part of the file; give options shared under 'scales'."
            raise QuestionnaireError([Fault(line, message)])
        return super().compose_node(parent, index)


def compose(source: str) -> Node:
    """The file as a tree of nodes. Raises QuestionnaireError when it is not YAML or not a mapping."""
    if len(source) > LARGEST_FILE:
        raise QuestionnaireError([Fault(1, "The file is larger than a questionnaire can be (1 MB).")])
    try:
        node = yaml.compose(source, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise QuestionnaireError([Fault(line, f"This line cannot be read as YAML: {error.problem}.")]) from error
    except yaml.YAMLError as error:
        message = "The file holds a character that YAML does not allow; delete it and save the file as UTF-8."
        raise QuestionnaireError([Fault(_line_of_character(source, error), message)]) from error
    except RecursionError as error:
        raise QuestionnaireError([Fault(1, "The file is nested too deeply to be a questionnaire.")]) from error
    if not isinstance(node, yaml.MappingNode):
        raise QuestionnaireError([Fault(1, "A questionnaire starts with lines such as 'questionnaire: my-survey'.")])
    return node


def _line_of_character(source: str, error: yaml.YAMLError) -> int:
    position = getattr(error, "position", 0)
    return source.count("\n", 0, position) + 1


class Entry:
    """One mapping of the file. It hands out values by key; ``finish`` then names the keys nobody asked for."""

    def __init__(self, node: Node, place: str, notes: Notes) -> None:
        self.place = place
        self.notes = notes
        self.line = line_of(node)
        self._asked: set[str] = set()
        self._keys: dict[str, Node] = {}
        self._values: dict[str, Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.fault(f"{place} must be a block of 'key: value' lines.")
            return
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name in self._values:
                notes.fault(line_of(key), f"'{name}' appears twice in {place}; keep one of them.")
                continue
            self._keys[name] = key
            self._values[name] = value

    def __contains__(self, key: str) -> bool:
        """Whether the entry has the key."""
        return key in self._values

    @property
    def keys(self) -> tuple[str, ...]:
        """Its keys, in order."""
        return tuple(self._keys)

    def line_at(self, key: str) -> int:
        """The line of a key, or of the entry when the key is absent."""
        node = self._keys.get(key)
        return self.line if node is None else line_of(node)

    def fault(self, message: str, key: str | None = None) -> None:
        """Note a fault at the line of a key of this entry, or of the entry itself."""
        self.notes.fault(self.line_at(key) if key else self.line, message)

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """The raw value of a key."""
        self._asked.add(key)
        node = self._values.get(key)
        if node is None and required:
            self.fault(f"{self.place} has no '{key}'; add a line '{key}: …'.")
        return node

    def string(self, key: str, *, required: bool = False, pattern: str | None = None, like: str = "") -> str:
        """A plain value; "" when absent or faulty. ``like`` shows a value that fits the pattern."""
        node = self.node(key, required=required)
        if node is None:
            return ""
        value = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
        if not value:
            self.fault(f"'{key}' of {self.place} needs a value.", key)
        elif pattern and not re.fullmatch(pattern, value):
            self.fault(f"'{key}: {value}' of {self.place} is not of the form '{like}'.", key)
            return ""
        return value

    def whole(self, key: str, default: int, *, lowest: int, highest: int, required: bool = False) -> int:
        """A whole number within bounds."""
        raw = self.string(key, required=required)
        if not raw:
            return default
        if not re.fullmatch(r"-?[0-9]{1,12}", raw) or not lowest <= int(raw) <= highest:
            self.fault(f"'{key}' of {self.place} must be a whole number from {lowest} to {highest}, not '{raw}'.", key)
            return default
        return int(raw)

    def flag(self, key: str) -> bool:
        """A yes or no; no when absent."""
        return self.one_of(key, ("yes", "no", "true", "false"), "no") in {"yes", "true"}

    def one_of(self, key: str, allowed: tuple[str, ...], default: str = "", *, required: bool = False) -> str:
        """One of the allowed words."""
        value = self.string(key, required=required)
        if value and value not in allowed:
            self.fault(f"'{key}' of {self.place} must be {_or(allowed)}, not '{value}'.", key)
            return default
        return value or default

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of plain values; a single value counts as a list of one."""
        node = self.node(key)
        if node is None:
            return ()
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not parts or not all(isinstance(part, yaml.ScalarNode) and part.value.strip() for part in parts):
            self.fault(f"'{key}' of {self.place} must be a list of plain values, such as [one, two].", key)
            return ()
        return tuple(part.value.strip() for part in parts)

    def text(self, key: str, *, required: bool = False) -> Text:
        """A text for readers: a plain value is English, a mapping gives each language."""
        node = self.node(key, required=required)
        return NO_TEXT if node is None else read_text(node, f"'{key}' of {self.place}", self.notes)

    def entry(self, key: str, place: str, *, required: bool = False) -> "Entry | None":
        """A nested mapping."""
        node = self.node(key, required=required)
        return None if node is None else Entry(node, place, self.notes)

    def items(self, key: str, *, required: bool = False) -> list[Node]:
        """A list of anything."""
        node = self.node(key, required=required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.fault(f"'{key}' of {self.place} must be a list, each part starting with '- '.", key)
            return []
        return list(node.value)

    def pairs(self, key: str) -> dict[str, str]:
        """A mapping of plain values to plain values."""
        nested = self.entry(key, f"'{key}' of {self.place}")
        return {} if nested is None else {name: nested.string(name) for name in nested._values}

    def finish(self) -> None:
        """Name every key nobody asked for: a misspelt key must not be silently without effect."""
        for key in self._values.keys() - self._asked:
            close = difflib.get_close_matches(key, self._asked, 1)
            guess = f"did you mean '{close[0]}'?" if close else f"it may have: {', '.join(sorted(self._asked))}."
            self.fault(f"'{key}' is not a key of {self.place}; {guess}", key)


def read_text(node: Node, place: str, notes: Notes) -> Text:
    """A text of the file, checked to be there in every language the questionnaire declares."""
    by_language = _by_language(node, place, notes)
    if not by_language:
        return NO_TEXT
    missing = [language for language in notes.languages if not by_language.get(language)]
    for language in missing:
        notes.fault(line_of(node), f"{place} has no words in the language '{language}'; translate it.")
    for language in by_language.keys() - set(notes.languages):
        message = f"{place} is in '{language}', which 'languages' at the top does not name; add it there."
        notes.fault(line_of(node), message)
    return Text({**by_language, **_translated(by_language, notes)})


def _translated(by_language: Mapping[str, str], notes: Notes) -> dict[str, str]:
    """Its words in the languages that the file's translations add."""
    english = by_language.get(ENGLISH, "")
    found: dict[str, str] = {}
    for language, words in notes.translations.items():
        word = words.get(f"{notes.context}/{english}") or words.get(english)
        if word and language not in by_language:
            found[language] = word
    notes.said[notes.context, english] = {*by_language, *found}
    return found


def _by_language(node: Node, place: str, notes: Notes) -> Mapping[str, str]:
    if isinstance(node, yaml.ScalarNode) and node.value.strip():
        return {ENGLISH: node.value.strip()}
    if not isinstance(node, yaml.MappingNode):
        notes.fault(line_of(node), f"{place} needs words.")
        return {}
    entry = Entry(node, place, notes)
    found: dict[str, str] = {}
    for language in list(entry._values):
        if LANGUAGE.fullmatch(language):
            found[language] = entry.string(language)
    entry.finish()
    return found


def _or(words: tuple[str, ...]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
