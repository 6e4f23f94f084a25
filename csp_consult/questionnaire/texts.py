"""Words a respondent reads, in each language they were written in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from babel import Locale
from babel.lists import format_list

from csp_consult import catalogues

ENGLISH = catalogues.ENGLISH


@dataclass(frozen=True)
class Text:
    """One text in one or more languages; calling it gives the words: ``question.text("cy")``."""

    by_language: Mapping[str, str]

    def __call__(self, language: str = ENGLISH) -> str:
        """The words in that language, or in English where they are not translated; empty when there are none."""
        words = self.by_language.get(language)
        return self.by_language.get(ENGLISH, "") if words is None else words

    def __bool__(self) -> bool:
        """Whether there are any words."""
        return bool(self.by_language)


@dataclass(frozen=True)
class Phrase(Text):
    """A text of the platform itself, whose words in other languages are in the catalogues."""

    def __call__(self, language: str = ENGLISH) -> str:
        """The words in that language, or in English where the catalogue has none."""
        return catalogues.say(self.by_language[ENGLISH], language)


def phrase(english: str) -> Phrase:
    """A text of the platform itself; what is given here is found for the catalogues by this function's name."""
    return Phrase({ENGLISH: english})


def listing(words: Iterable[str], language: str) -> str:
    """Words joined as in a sentence of the language, empty ones left out."""
    return format_list([word for word in words if word], locale=Locale.parse(language, sep="-"))


NO_TEXT = Text({})
