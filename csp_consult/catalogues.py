"""What the platform itself says to residents, in their languages: one catalogue a language, ``languages/cy.po``.

The catalogues are read as translators write them (gettext's PO); nothing is compiled beforehand, so no build step
can be forgotten. A language is there as soon as its file is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from csp_consult.resources import resource_folder

ENGLISH = "en"
CHECKED_BY = re.compile(r"^# Checked by: *(\S.*)$", re.MULTILINE)
"""The line at the top of a catalogue that names the native reader who found it right; not there until then."""


@dataclass(frozen=True)
class Catalogue:
    """What the platform says in one language."""

    language: str
    translations: NullTranslations
    messages: tuple[Message, ...] = ()
    """Every message there is, translated or not."""
    checked_by: str = ""

    @property
    def untranslated(self) -> tuple[Message, ...]:
        """The messages that have no words in this language and are read in English."""
        return tuple(message for message in self.messages if not is_translated(message))


def is_translated(message: Message) -> bool:
    """Whether a message has words in every plural form, none of them doubtful."""
    words = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return bool(words) and all(words) and not message.fuzzy


@lru_cache(maxsize=64)
def catalogue(language: str) -> Catalogue:
    """The catalogue of a language; an empty one, so that English is read, where there is none."""
    if language not in languages() or language == ENGLISH:
        return Catalogue(language, NullTranslations())
    with (resource_folder("languages") / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language)
    checked_by = CHECKED_BY.search(read.header_comment)
    messages = tuple(message for message in read if message.id)
    return Catalogue(language, _compiled(read), messages, checked_by[1] if checked_by else "")


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """English, then every language that has a catalogue, by code."""
    return (ENGLISH, *sorted(file.stem for file in resource_folder("languages").glob("*.po")))


def own_name(language: str) -> str:
    """A language's name for itself: ``Cymraeg``."""
    name = _locale(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def english_name(language: str) -> str:
    """A language's English name: ``Welsh``."""
    return _locale(language).get_display_name(ENGLISH) or language


@lru_cache(maxsize=64)
def direction(language: str) -> str:
    """``ltr`` or ``rtl``: which way a language is written."""
    return _locale(language).text_direction


def say(message: str, language: str, values: Mapping[str, object] | None = None) -> str:
    """A message in a language, in English where it is not translated, with its values put in."""
    words = catalogue(language).translations.gettext(message)
    return words % values if values else words


def is_said(message: str, language: str) -> bool:
    """Whether a message has words in a language."""
    return language == ENGLISH or any(one.id == message and is_translated(one) for one in catalogue(language).messages)


def say_counted(one: str, many: str, number: int, language: str, values: Mapping[str, object]) -> str:
    """A message with the plural form that a number takes in the language."""
    return catalogue(language).translations.ngettext(one, many, number) % values


def say_forms(one: str, many: str, language: str, values: Mapping[str, object]) -> dict[str, str]:
    """A message in every plural form of the language, by the form's name: for a script that counts by itself."""
    form_of = _locale(language).plural_form
    numbers = {form_of(number): number for number in reversed(range(200))}
    # A form that no whole number takes is never asked for, but scripts want every language's "other".
    numbers.setdefault("other", 0)
    return {form: say_counted(one, many, number, language, values) for form, number in numbers.items()}


def marked(message: str) -> str:
    """The message itself, said elsewhere; what is given here is found for the catalogues by this function's name."""
    return message


def counted(one: str, many: str) -> tuple[str, str]:
    """The same for a message with a number in it, in English's two forms."""
    return one, many


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _compiled(read: Catalog) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)
