"""A number within bounds, with its unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from csp_consult.catalogues import marked
from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    AnswerError,
    Form,
    Question,
    QuestionContext,
    Typed,
    one_value,
)
from csp_consult.questionnaire.texts import ENGLISH, NO_TEXT, Text

FORM_OF_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
LARGEST = 999_999_999_999


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number. The answer is a whole number, or one with as many decimals as the question allows."""

    kind: ClassVar[str] = "number"
    template: ClassVar[str] = "number.html"
    column_kind: ClassVar[str] = "number"
    prompt: ClassVar[str] = marked("Enter a number.")
    plain_keys: ClassVar[tuple[str, ...]] = ("lowest", "highest", "decimals")
    worded_keys: ClassVar[tuple[str, ...]] = ("unit",)

    lowest: int
    highest: int
    decimals: int
    unit: Text

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        lowest = entry.whole("lowest", 0, lowest=-LARGEST, highest=LARGEST)
        highest = entry.whole("highest", LARGEST, lowest=-LARGEST, highest=LARGEST)
        if lowest > highest:
            entry.fault(f"'lowest' of {entry.place} is above its 'highest'; swap them.", "lowest")
        decimals = entry.whole("decimals", 0, lowest=0, highest=6)
        unit = entry.text("unit") if "unit" in entry else NO_TEXT
        return cls(**common, lowest=lowest, highest=highest, decimals=decimals, unit=unit)

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The number; spaces and commas between thousands are ignored."""
        raw = one_value(form, self.id)
        if raw is None:
            return self.unanswered()
        plain = raw[:100].replace(",", "").replace(" ", "")
        if len(raw) > 100 or not FORM_OF_NUMBER.fullmatch(plain):
            raise AnswerError("Enter a number using digits only, for example 12.", self.id)
        if len(plain.partition(".")[2]) > self.decimals:
            raise AnswerError(self._decimals_message(), self.id, decimals=self.decimals)
        value = float(plain) if self.decimals else int(plain)
        if not self.lowest <= value <= self.highest:
            raise AnswerError(self._range_message(), self.id, lowest=self.lowest, highest=self.highest)
        return value

    def _decimals_message(self) -> str:
        if self.decimals == 0:
            return marked("Enter a whole number, without a decimal point.")
        return marked("Enter a number with at most %(decimals)s digits after the point.")

    def _range_message(self) -> str:
        return (
            marked("Enter a number of at least %(lowest)s.")
            if self.highest == LARGEST
            else marked("Enter a number from %(lowest)s to %(highest)s.")
        )

    def fill(self, answer: Answer) -> Typed:
        """The number as it would be typed."""
        return {self.id: [f"{answer:.{self.decimals}f}"]}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The number with its unit."""
        return f"{answer:,.{self.decimals}f} {self.unit(language)}".strip()

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """Nothing: numbers are read from the responses."""
        return []

    def restore(self, row: Mapping[str, str]) -> Answer | None:
        """The number a row holds, also where the file writes whole numbers as ``3.0``."""
        return super().restore({self.id: re.sub(r"\.0+$", "", row.get(self.id, ""))})

    def quotable_keys(self) -> tuple[str, ...]:
        """Its id."""
        return (self.id,)

    def quoted(self, key: str, answer: Answer, language: str) -> str:
        """The number with its unit."""
        return self.display(answer, language)

    def counts(self) -> bool:
        """Yes."""
        return True

    def number_of(self, answer: Answer) -> float | None:
        """The number."""
        return float(answer) if self.decimals else int(answer)

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return [*super().texts(), self.unit]
