"""A questionnaire's words in other languages: the block ``translations`` that ends its file.

Words are found by the English they stand for, so that a changed wording asks for a new translation by itself, and an
option's code is never touched. Where one question needs other words than the rest (*yes* in Welsh), the English
follows the question's id: ``condition/Yes``. The block is no part of what makes a version: words can be put right
while a wave is open, and nothing that was answered changes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import yaml

from csp_consult.questionnaire.entry import LANGUAGE, Entry, Node, Notes
from csp_consult.questionnaire.model import Questionnaire, Translation

KEY = "translations"
BLOCK = re.compile(rf"^{KEY}:", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One text to translate."""

    context: str
    """Id of the question it is for alone; empty for every place where the questionnaire says it."""
    english: str
    words: str
    """Its words in the other language; empty while there are none."""

    @property
    def key(self) -> str:
        """What it is found by in the file."""
        return f"{self.context}/{self.english}" if self.context else self.english


def body(source: str) -> str:
    """The file without its translations: what makes the version."""
    block = BLOCK.search(source)
    return source[: block.start()].rstrip() + "\n" if block else source


def read_translations(top: Entry, notes: Notes) -> dict[str, Translation]:
    """The translations of a file by language; faults go to the notes, and the words to where texts are read."""
    entry = top.entry(KEY, f"'{KEY}'")
    found: dict[str, Translation] = {}
    for language, node in ({} if entry is None else _by_language(entry, notes)).items():
        found[language] = _read_one(language, node, notes)
    notes.translations = {language: one.words for language, one in found.items()}
    if entry is not None and top.keys[-1] != KEY:
        top.fault(f"'{KEY}' must be the last part of the file.", KEY)
    return found


def _by_language(entry: Entry, notes: Notes) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for language in entry.keys:
        node = entry.node(language)
        if not LANGUAGE.fullmatch(language):
            entry.fault(f"'{language}' is not a language code such as cy or pl.", language)
        elif language in notes.languages:
            entry.fault(f"The language '{language}' is written with the questions; leave it out here.", language)
        elif node is not None:
            found[language] = node
    return found


def _read_one(language: str, node: Node, notes: Notes) -> Translation:
    entry = Entry(node, f"the translation '{language}'", notes)
    checked_by, checked_on = entry.string("checked_by"), entry.string("checked_on")
    words = entry.pairs("words")
    entry.finish()
    return Translation(language, words, (), checked_by, checked_on)


def with_translations(questionnaire: Questionnaire, blocks: Mapping[str, Translation], notes: Notes) -> Questionnaire:
    """The questionnaire knowing its translations and what they lack; what is worth a look goes to the notes."""
    said = tuple(dict.fromkeys(english for _, english in notes.said))
    known = {*said, *(f"{context}/{english}" for context, english in notes.said)}
    complete: dict[str, Translation] = {}
    for language, block in blocks.items():
        missing = dict.fromkeys(english for (_, english), has in notes.said.items() if language not in has)
        complete[language] = replace(block, missing=tuple(missing))
        if missing:
            message = (
                f"{len(missing)} texts have no words in the language '{language}', such as “{next(iter(missing))}”."
            )
            notes.advise(notes.lines[KEY], message)
        for key in sorted(block.words.keys() - known):
            notes.advise(
                notes.lines[KEY], f"The translation '{language}' has words for “{key}”, which is said nowhere."
            )
    return replace(questionnaire, said=said, translations=complete, languages=(*questionnaire.languages, *complete))


def rows(questionnaire: Questionnaire, language: str) -> list[Row]:
    """Every text to translate once, in the order of the file, with its words so far; then those of one question."""
    block = questionnaire.translations.get(language, Translation(language, {}))
    everywhere = [Row("", english, block.words.get(english, "")) for english in questionnaire.said]
    apart = [
        Row(context, english, words)
        for key, words in block.words.items()
        for context, _, english in [key.partition("/")]
        if context in questionnaire.questions and english
    ]
    return everywhere + apart


def with_words(source: str, questionnaire: Questionnaire, language: str, given: Iterable[Row]) -> str:
    """The file with these words for a language, no longer marked as checked where they differ from what was there."""
    words = {row.key: row.words.strip() for row in given if row.words.strip()}
    before = questionnaire.translations.get(language)
    same = before is not None and dict(before.words) == words
    after = before if before is not None and same else Translation(language, words)
    return with_blocks(source, {**questionnaire.translations, language: after})


def with_blocks(source: str, blocks: Mapping[str, Translation]) -> str:
    """The file ending in these translations."""
    written = {
        language: {
            **({"checked_by": block.checked_by, "checked_on": block.checked_on} if block.checked_by else {}),
            "words": dict(block.words),
        }
        for language, block in blocks.items()
    }
    dumped = yaml.safe_dump({KEY: written}, allow_unicode=True, sort_keys=False, width=1000)
    return f"{body(source)}\n{dumped}"


@dataclass(frozen=True)
class Taken:
    """What became of translations that came back."""

    source: str
    """The file with them."""
    words: int
    """How many texts have words now."""
    unknown: tuple[str, ...]
    """The English of rows that the questionnaire does not say; they were left out."""


def take_in(source: str, questionnaire: Questionnaire, language: str, given: Iterable[Row]) -> Taken:
    """Put the rows that came back into the file. Texts without a row, or with an empty one, keep their words.

    The caller loads the file that results before it is kept, since words may be faulty.
    """
    said = set(questionnaire.said)
    before = {row.key: row for row in rows(questionnaire, language)}
    unknown: list[str] = []
    for row in given:
        fits = row.english in said and (not row.context or row.context in questionnaire.questions)
        if not fits:
            unknown.append(row.english)
        elif row.words.strip():
            before[row.key] = row
    return Taken(
        with_words(source, questionnaire, language, before.values()),
        sum(bool(row.words) for row in before.values()),
        tuple(unknown),
    )
