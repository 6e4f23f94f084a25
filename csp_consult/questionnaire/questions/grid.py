"""Several rows answered on one scale, shown as a stack of radio questions."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from csp_consult.questionnaire.conditions import ALWAYS, All, Condition, Facts
from csp_consult.questionnaire.entry import Entry
from csp_consult.questionnaire.measures import MEAN_RATING, PROBLEM_SHARE
from csp_consult.questionnaire.questions.base import (
    NO_CONTEXT,
    Answer,
    AnswerError,
    Choice,
    Column,
    Form,
    QuestionContext,
    Typed,
    codes,
    not_substantive,
    one_value,
    shuffled,
)
from csp_consult.questionnaire.questions.choice import UNKNOWN_OPTION, Choosing, any_offered, still_offered
from csp_consult.questionnaire.questions.lines import Line
from csp_consult.questionnaire.questions.options import read_options, read_order
from csp_consult.questionnaire.texts import ENGLISH, Text


@dataclass(frozen=True, kw_only=True)
class Grid(Choosing):
    """One option for each row. The answer maps the answered rows' codes to option codes."""

    kind: ClassVar[str] = "grid"
    template: ClassVar[str] = "grid.html"
    concern_kinds: ClassVar[tuple[str, ...]] = (PROBLEM_SHARE, MEAN_RATING)
    listed_keys: ClassVar[tuple[str, ...]] = ("rows", "options")

    rows: tuple[Choice, ...]

    @classmethod
    def read(cls, entry: Entry, common: Mapping[str, Any]) -> Self:
        """Make the question from its entry in a file."""
        rows = read_options(entry, "rows", "row")
        return cls(**common, rows=rows, options=read_options(entry, "options", "option"), random=read_order(entry))

    def conditions(self) -> list[Condition]:
        """Its own, then those of its options and rows."""
        return super().conditions() + [row.show_if for row in self.rows if row.show_if]

    def narrowed(self, facts: Facts) -> Self | None:
        """The grid with the rows and options that earlier answers leave."""
        narrowed = super().narrowed(facts)
        if narrowed is None or not any(row.show_if for row in self.rows):
            return narrowed
        left = still_offered(self.rows, facts)
        return replace(narrowed, rows=left) if left else None

    def offered_by_answers(self) -> tuple[Choice, ...]:
        """The options and rows with a condition."""
        return (*super().offered_by_answers(), *(row for row in self.rows if row.show_if))

    def something_offered(self) -> Condition:
        """An ordinary option is there, and a row."""
        rows = any_offered(self.rows) if self.rows else ALWAYS
        return All((super().something_offered(), rows))

    def offered_when(self, key: str, option: str) -> Condition:
        """The row is there, and the option."""
        row = next(row for row in self.rows if self.key(row.code) == key)
        return All((row.show_if or ALWAYS, super().offered_when(key, option)))

    def in_order(self, seed: str) -> Self:
        """The grid with its rows in the order of a person's seed; the scale stays as it is."""
        return replace(self, rows=shuffled(self.rows, f"{seed} {self.id}")) if self.random else self

    def order(self) -> list[str] | None:
        """The rows' codes, where their order is drawn."""
        return [row.code for row in self.rows] if self.random else None

    def restricted(self, answer: Answer) -> Answer | None:
        """The rows that are there, with options that are there."""
        rows = {row.code for row in self.rows}
        return {row: code for row, code in answer.items() if row in rows and code in self.by_code} or None

    def key(self, row: str) -> str:
        """The question key of a row, which is also its form field and its export column."""
        return f"{self.id}.{row}"

    def fields(self) -> tuple[str, ...]:
        """A field for each row."""
        return tuple(self.key(row.code) for row in self.rows)

    def lines(self, context: QuestionContext = NO_CONTEXT) -> list[Line]:
        """A line for each row."""
        options = self.keyed_options(context)
        return [Line(self.key(row.code), row.text, options) for row in self.rows]

    def parse(self, form: Form, context: QuestionContext = NO_CONTEXT) -> Answer | None:
        """The rows that were answered; every row is needed where the question is required."""
        answer: dict[str, str] = {}
        for row in self.rows:
            name = self.key(row.code)
            code = one_value(form, name)
            if code is None and self.required:
                raise AnswerError("Choose an answer for “%(row)s”.", name, row=row.text)
            if code is None:
                continue
            if code not in self.by_code:
                raise AnswerError(UNKNOWN_OPTION, name)
            answer[row.code] = code
        return answer or None

    def fill(self, answer: Answer) -> Typed:
        """The radio to mark in each row."""
        return {self.key(row): [code] for row, code in answer.items()}

    def display(self, answer: Answer, language: str = ENGLISH, context: QuestionContext = NO_CONTEXT) -> str:
        """A line for each answered row."""
        answered = (row for row in self.rows if row.code in answer)
        return "\n".join(f"{row.text(language)}: {self.words(answer[row.code], language)}" for row in answered)

    def tally(self, answer: Answer) -> list[tuple[str, str]]:
        """A key for each answered row, with its option."""
        return [(self.key(row), code) for row, code in answer.items()]

    def tally_parts(self, answer: Answer) -> Collection[tuple[Answer, Hashable]]:
        """Row by row."""
        return [({row: code}, (row, code)) for row, code in answer.items()]

    def domain(self) -> Mapping[str, tuple[str, ...]]:
        """A key for each row."""
        return {self.key(row.code): codes(self.options) for row in self.rows}

    def columns(self) -> list[Column]:
        """A column of codes for each row."""
        missing = not_substantive(self.options)
        return [Column(self.key(row.code), row.text, "code", self.labels, missing, self.text) for row in self.rows]

    def export(self, answer: Answer | None) -> dict[str, Any]:
        """The code of each row, None where it was not answered."""
        given = answer or {}
        return {self.key(row.code): given.get(row.code) for row in self.rows}

    def quotable_keys(self) -> tuple[str, ...]:
        """A key for each row."""
        return self.fields()

    def quoted(self, key: str, answer: Answer, language: str) -> str:
        """The option of a row."""
        code = next((answer[row.code] for row in self.rows if self.key(row.code) == key and row.code in answer), "")
        return self.quoted_option(code, language)

    def texts(self) -> list[Text]:
        """Every text a respondent may read of it."""
        return super().texts() + [text for row in self.rows for text in (row.text, row.hint)]

    def concern_items(self) -> tuple[Choice, ...]:
        """The rows."""
        return self.rows

    def concern_values(self, kind: str, counts: Sequence[str]) -> Mapping[tuple[str, str], tuple[str, float]]:
        """The score of each option in each row; options with a role (don't know) have none."""
        scores = self._ratings() if kind == MEAN_RATING else self._shares(counts)
        return {(self.key(row.code), code): (row.code, score) for row in self.rows for code, score in scores.items()}

    def _scored(self) -> list[str]:
        return [option.code for option in self.options if option.role is None]

    def _shares(self, counts: Sequence[str]) -> dict[str, float]:
        unknown = [code for code in counts if code not in self._scored()]
        if unknown or not counts:
            raise ValueError(f"a problem share needs 'counts: […]', naming options out of {', '.join(self._scored())}")
        return {code: float(code in counts) for code in self._scored()}

    def _ratings(self) -> dict[str, float]:
        if not all(code.isdecimal() for code in self._scored()) or len(self._scored()) < 2:
            raise ValueError("a mean rating needs options whose codes are whole numbers, such as 1 to 5")
        ratings = {code: int(code) for code in self._scored()}
        lowest, highest = min(ratings.values()), max(ratings.values())
        if lowest == highest:
            raise ValueError("a mean rating needs options whose codes differ as numbers")
        return {code: (rating - lowest) / (highest - lowest) for code, rating in ratings.items()}
