"""Words a respondent reads, in each language they were written in."""

from collections.abc import Mapping
from dataclasses import dataclass

ENGLISH = "en"


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


NO_TEXT = Text({})
