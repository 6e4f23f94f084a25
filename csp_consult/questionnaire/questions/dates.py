"""A date, or a month, typed as numbers in two or three fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, ClassVar, Self

from werkzeug.datastructures import MultiDict

from csp_consult import words
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
from csp_consult.questionnaire.questions.lines import Line
from csp_consult.questionnaire.texts import ENGLISH, phrase

PARTS = ("day", "month", "year")
PART_NAMES = {"day": phrase("Day"), "month": phrase("Month"), "year": phrase("Year")}
MISSING_PART = {
    "day": marked("The date must include a day."),
    "month": marked("The date must include a month."),
    "year": marked("The date must include a year."),
}


@dataclass(frozen=True, kw_only=True)
class Date(Question):
    """A day or a month. The answer is ISO text: ``2022-09-05``, or ``2022-09`` where only the month is asked."""

    kind: ClassVar[str] = "date"
    template: ClassVar[str] = "date.html"
    column_kind: ClassVar[str] = "date"
    prompt: ClassVar[str] = marked("Enter a date.")
    plain_keys: ClassVar[tuple[str, ...]] = ("precision", "earliest", "latest")

    month_only: bool
    earliest: date
    latest: date

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        month_only = entry.one_of("precision", ("day", "month"), "day") == "month"
        earliest = _read_date(entry, "earliest", date(1900, 1, 1))
        latest = _read_date(entry, "latest", date(2100, 12, 31))
        if earliest > latest:
            entry.fault(f"'earliest' of {entry.place} is after its 'latest'; swap them.", "earliest")
        return cls(**common, month_only=month_only, earliest=earliest, latest=latest)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that are asked, in the order they are shown."""
        return PARTS[1:] if self.month_only else PARTS

    def part_name(self, part: str, language: str) -> str:
        """What the field of a part is called."""
        return PART_NAMES[part](language)

    def fields(self) -> tuple[str, ...]:
        """A field for each part."""
        return tuple(f"{self.id}-{part}" for part in self.parts)

    def lines(self, context: QuestionContext = NO_CONTEXT) -> list[Line]:
        """A line for each part."""
        return [Line(f"{self.id}-{part}", PART_NAMES[part], longest=4 if part == "year" else 2) for part in self.parts]

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The date; an impossible or half-filled one is refused."""
        raw = {part: (one_value(form, f"{self.id}-{part}") or "").strip() for part in self.parts}
        if not any(raw.values()):
            return self.unanswered()
        missing = [part for part in self.parts if not raw[part]]
        if missing:
            raise AnswerError(MISSING_PART[missing[0]], self.id)
        if not all(re.fullmatch(r"[0-9]{1,4}", value) for value in raw.values()) or len(raw["year"]) != 4:
            raise AnswerError("Enter the date in numbers, with the year in full, for example 2027.", self.id)
        try:
            day = date(int(raw["year"]), int(raw["month"]), int(raw.get("day", "1")))
        except ValueError as error:
            raise AnswerError("There is no such date. Check the day and the month.", self.id) from error
        if not self.earliest <= day <= self.latest:
            raise AnswerError(
                "The date must be from %(earliest)s to %(latest)s.",
                self.id,
                earliest=partial(_words, self.earliest, self.month_only),
                latest=partial(_words, self.latest, self.month_only),
            )
        return day.isoformat()[:7] if self.month_only else day.isoformat()

    def unanswered(self) -> Answer | None:
        """None; AnswerError where a date is needed."""
        if self.required:
            raise AnswerError(self.prompt, self.id)
        return None

    def fill(self, answer: Answer) -> Typed:
        """The parts as they would be typed."""
        values = dict(zip(("year", "month", "day"), str(answer).split("-"), strict=False))
        return {f"{self.id}-{part}": [str(int(values[part]))] for part in self.parts}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """The date in words."""
        day = date.fromisoformat(f"{answer}-01" if self.month_only else answer)
        return _words(day, self.month_only, language)

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """Nothing: dates are read from the responses."""
        return []

    def restore(self, row: Mapping[str, str]) -> Answer | None:
        """The date a row holds as ISO text."""
        raw = row.get(self.id)
        if not raw:
            return self.unanswered()
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", raw):
            raise AnswerError("Write the date as 2027-03-31.", self.id)
        values = dict(zip(("year", "month", "day"), raw.split("-"), strict=False))
        return self.parse(MultiDict({f"{self.id}-{part}": values.get(part, "") for part in self.parts}))


def _read_date(entry: Entry, key: str, default: date) -> date:
    raw = entry.string(key, pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}", like="2027-03-31")
    try:
        return date.fromisoformat(raw) if raw else default
    except ValueError:
        entry.fault(f"'{key}: {raw}' of {entry.place} is not a date that exists.", key)
        return default


def _words(day: date, month_only: bool, language: str) -> str:
    return words.month(day.isoformat()[:7], language) if month_only else words.day(day, language)
