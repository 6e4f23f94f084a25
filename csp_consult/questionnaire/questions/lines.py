"""What is keyed of an answer on paper: a line for each form field, options by what is printed beside their boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from string import ascii_uppercase

from csp_consult.questionnaire.texts import NO_TEXT, Text


class LineError(ValueError):
    """What was keyed into a line stands for nothing there; the message says what may stand there."""


@dataclass(frozen=True)
class Option:
    """One option as it can be keyed."""

    code: str
    text: Text


@dataclass(frozen=True)
class Line:
    """One line to key. Without options what is keyed is the answer; with them it stands for one, or for several."""

    name: str
    """The form field it fills in."""
    says: Text = NO_TEXT
    """What the line is for, where a question has several: a row, a place, a part of a date."""
    options: Mapping[str, Option] = field(default_factory=dict)
    """By the number or letter printed beside them."""
    many: bool = False
    """Whether several may be keyed, with spaces or commas between; needless where each is one character."""
    longest: int = 0
    """After how many characters nothing more can follow; 0 where that is not known."""
    beside: str = ""
    """The number of the option whose own words these are (*other, please say*)."""
    tall: bool = False
    """Whether it takes several lines of text."""

    def read(self, keyed: str, language: str) -> list[str]:
        """The values of the form field. Raises LineError."""
        if not self.options:
            return [keyed] if keyed.strip() else []
        return [self._option(one, language).code for one in self._parts(keyed)]

    def keyed(self, values: Sequence[str]) -> str:
        """What would be keyed for these values of the form field: the inverse of ``read``."""
        if not self.options:
            return " ".join(values)
        return " ".join(label for label, option in self.options.items() if option.code in values)

    def words(self, keyed: str, language: str) -> str:
        """What was keyed in the words of the options; empty where it stands for none."""
        try:
            return ", ".join(self._option(one, language).text(language) for one in self._parts(keyed))
        except LineError:
            return ""

    def _parts(self, keyed: str) -> Sequence[str]:
        text = keyed.strip()
        if not self.many or not text:
            return [text] if text else []
        parts = text.replace(",", " ").replace(".", " ").split()
        if all(len(label) == 1 for label in self.options):
            return [letter for part in parts for letter in part]
        return parts

    def _option(self, keyed: str, language: str) -> Option:
        found = self.options.get(keyed.upper().lstrip("0"))
        if found is not None:
            return found
        begun = [one for one in self.options.values() if one.text(language).casefold().startswith(keyed.casefold())]
        if len(begun) == 1:
            return begun[0]
        labels = list(self.options)
        ends = f"{labels[0]} to {labels[-1]}"
        if begun:
            raise LineError(f"“{keyed[:40]}” begins several answers. Key more of it, or one of {ends}.")
        raise LineError(f"There is no answer “{keyed[:40]}” here. Key one of {ends}, or leave it open.")


def numbers() -> Sequence[str]:
    """What is printed beside options that are ticked: 1, 2, 3 …"""
    return [str(number) for number in range(1, 1000)]


def letters() -> Sequence[str]:
    """What is printed beside options beside which a person writes a number: A, B … Z, AA, AB …"""
    return [*ascii_uppercase, *("".join(pair) for pair in product(ascii_uppercase, repeat=2))]
