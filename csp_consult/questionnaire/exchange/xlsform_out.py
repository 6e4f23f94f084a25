"""Giving a questionnaire as an XLSForm, which ODK, KoboToolbox and SurveyCTO open.

What XLSForm has no terms for (why a question is asked, what it measures) stands in a column of its own that those
programs pass over and our own reading takes back.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatch
from io import BytesIO
from typing import Any

from babel import Locale
from openpyxl import Workbook

from csp_consult.questionnaire.conditions import All, AnyOf, Condition, Is, Not
from csp_consult.questionnaire.editing import data_at
from csp_consult.questionnaire.exchange.building import OWN_COLUMN, OWN_SETTINGS
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.parse import compiled
from csp_consult.questionnaire.questions.base import Choice, Question
from csp_consult.questionnaire.questions.choice import SAID, Choosing, Multiple, Saying
from csp_consult.questionnaire.questions.dates import Date
from csp_consult.questionnaire.questions.grid import Grid
from csp_consult.questionnaire.questions.information import Information
from csp_consult.questionnaire.questions.number import LARGEST, Number
from csp_consult.questionnaire.questions.rank import Rank
from csp_consult.questionnaire.questions.words import LongText
from csp_consult.questionnaire.texts import ENGLISH, Text
from csp_consult.questionnaire.writing import Data

Row = dict[str, Any]
# The keys of a question that XLSForm has columns for.
MAPPED = frozenset({"id", "text", "hint", "required", "show_if", "options", "rows", "body", "order"})


def xlsform(source: str) -> bytes:
    """The questionnaire of a sound file as an .xlsx workbook of three sheets."""
    questionnaire = compiled(source)
    writer = _Writer(questionnaire, data_at(source))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in (("survey", writer.survey), ("choices", writer.choices), ("settings", [writer.settings()])):
        sheet = workbook.create_sheet(name)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        for line, row in enumerate([dict(zip(heads, heads, strict=True)), *rows], start=1):
            for place, head in enumerate(heads, start=1):
                if row.get(head) not in (None, ""):
                    cell = sheet.cell(line, place, str(row[head]))
                    # Always words: what begins like a formula is none.
                    cell.data_type = "s"
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _data(text: Text) -> Data:
    """A text as a file gives it, in every language it has."""
    return text() if set(text.by_language) <= {ENGLISH} else dict(text.by_language)


def _option(choice: Choice, raw: Data) -> Data:
    """An option as a file gives it; its condition as it was written."""
    written = raw.get(choice.code) if isinstance(raw, Mapping) else None
    keys = dict(written) if isinstance(written, Mapping) and "text" in written else {}
    keys |= {"text": _data(choice.text)}
    return keys | ({"hint": _data(choice.hint)} if choice.hint else {})


def _finer(question: Question) -> bool:
    """Whether its options have more to them than a choice of XLSForm can say."""
    return not isinstance(question, Choosing) or any(
        option.hint or option.show_if for option in (*question.choices(), *question.concern_items())
    )


class _Writer:
    """The rows of the sheets, gathered page by page."""

    def __init__(self, questionnaire: Questionnaire, top: Any) -> None:
        self.questionnaire = questionnaire
        self.top = top
        self.entries: dict[str, Mapping[str, Data]] = {
            str(entry["id"]): entry for page in top["pages"] for entry in page["questions"]
        }
        self.survey: list[Row] = []
        self.choices: list[Row] = []
        self.lists: dict[str, str] = {}
        for page in questionnaire.pages:
            self._page(page)

    def settings(self) -> Row:
        """The sheet of settings; who asks, and why, stands in our own column."""
        whole = self.questionnaire
        own = {key: self.top[key] for key in OWN_SETTINGS if key in self.top}
        if len(whole.languages) > 1:
            intro = whole.intro
            own["title"] = _data(whole.title)
            own["intro"] = {key: _data(getattr(intro, key)) for key in ("purpose", "decides", "after")}
        return {
            "form_title": whole.title(),
            "form_id": whole.slug,
            "version": whole.version,
            "default_language": self.language(ENGLISH) if len(whole.languages) > 1 else None,
            # Words are given as they were written, curly quotes too.
            "clean_text_values": "no",
            OWN_COLUMN: json.dumps(own, ensure_ascii=False),
        }

    def language(self, code: str) -> str:
        """``Welsh (cy)``."""
        return f"{Locale.parse(code, sep='-').get_display_name('en')} ({code})"

    def words(self, column: str, text: Text) -> Row:
        """A text in a column for each language."""
        languages = self.questionnaire.languages
        if len(languages) == 1:
            return {column: text()} if text else {}
        return {f"{column}::{self.language(code)}": text(code) for code in languages} if text else {}

    def _page(self, page: Page) -> None:
        name = page.id.replace("-", "_")
        name = f"page_{name}" if name in self.entries else name
        condition = {"relevant": self.relevant(page.show_if)} if page.show_if else {}
        own = {"page": page.id, **({"sensitive": "yes"} if page.sensitive else {})}
        start = {"type": "begin_group", "name": name, **self.words("label", page.title), **condition}
        self.survey.append(start | {OWN_COLUMN: json.dumps(own)})
        if page.lead:
            lead = {"lead": "yes"} | {key: dict(text.by_language) for key, text in page.quotes.items()}
            row = {"type": "note", "name": f"{name}_lead", **self.words("label", page.lead)}
            self.survey.append(row | {OWN_COLUMN: json.dumps(lead, ensure_ascii=False)})
        for question in page.questions:
            first, *rest = rows_of(question, self)
            self.survey += [first | self._own(question), *rest]
        self.survey.append({"type": "end_group"})

    def _own(self, question: Question) -> Row:
        entry = self.entries[question.id]
        # A scale's name means nothing elsewhere; its options stand in the sheet of choices.
        finer = {key for key in ("options", "rows") if _finer(question) and isinstance(entry.get(key), Mapping)}
        left: dict[str, Data] = {key: value for key, value in entry.items() if key not in MAPPED}
        left |= {key: _data(text) for key, text in question.quotes.items()}
        for key in finer:
            raw = entry[key]
            choices = question.concern_items() if key == "rows" else question.choices()
            left[key] = {choice.code: _option(choice, raw) for choice in choices}
        return {OWN_COLUMN: json.dumps(left, ensure_ascii=False)}

    def common(self, question: Question, kind: str, **columns: Any) -> Row:
        """The row of a question with the columns that all types share."""
        row = {"type": kind, "name": question.id, **self.words("label", question.text)}
        row |= self.words("hint", question.hint)
        if question.required:
            row["required"] = "yes"
        if question.show_if:
            row["relevant"] = self.relevant(question.show_if)
        return row | {key: value for key, value in columns.items() if value is not None}

    def list_of(self, question_id: str, options: Sequence[Choice]) -> str:
        """The name of a list of choices; questions with the same options share one."""
        key = json.dumps([(option.code, option.text(), option.role, option.say) for option in options])
        if key not in self.lists:
            self.lists[key] = f"{question_id}_options"
            for option in options:
                row = {"list_name": self.lists[key], "name": option.code, **self.words("label", option.text)}
                row |= {"role": option.role, "say": "yes" if option.say else None}
                row["exclusive"] = "yes" if option.exclusive and option.role is None else None
                self.choices.append(row)
        return self.lists[key]

    def relevant(self, condition: Condition) -> str:
        """A condition in XPath."""
        match condition:
            case Is():
                parts = [self._is(condition.key, option) for option in condition.options]
                return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"
            case All():
                return f"({' and '.join(map(self.relevant, condition.conditions))})"
            case AnyOf():
                return f"({' or '.join(map(self.relevant, condition.conditions))})"
            case Not():
                return f"not({self.relevant(condition.condition)})"

    def _is(self, key: str, option: str) -> str:
        question = self.questionnaire.question(key.partition(".")[0])
        if isinstance(question, Rank):
            return f"selected-at(${{{question.id}}}, {int(key.partition('.')[2]) - 1}) = '{option}'"
        return f"selected(${{{key}}}, '{option}')" if isinstance(question, Multiple) else f"${{{key}}} = '{option}'"


@singledispatch
def rows_of(question: Question, writer: _Writer) -> Iterator[Row]:
    """The rows of a question; as words where XLSForm has nothing nearer."""
    yield writer.common(question, "text")


@rows_of.register
def _(question: Choosing, writer: _Writer) -> Iterator[Row]:
    several = "select_multiple" if isinstance(question, Multiple) else "select_one"
    randomize = "randomize=true" if question.random else None
    name = writer.list_of(question.id, question.options)
    yield writer.common(question, f"{several} {name}", parameters=randomize)
    if isinstance(question, Saying) and question.say:
        asked = f"selected(${{{question.id}}}, '{question.say.code}')"
        yield {"type": "text", "name": f"{question.id}_other", **writer.words("label", SAID), "relevant": asked}


@rows_of.register
def _(question: Rank, writer: _Writer) -> Iterator[Row]:
    randomize = "randomize=true" if question.random else None
    yield writer.common(question, f"rank {writer.list_of(question.id, question.options)}", parameters=randomize)


@rows_of.register
def _(question: Grid, writer: _Writer) -> Iterator[Row]:
    group = writer.common(question, "begin_group", appearance="table-list")
    group.pop("required", None)
    yield group
    name = writer.list_of(question.id, question.options)
    for row in question.rows:
        required = {"required": "yes"} if question.required else {}
        words = writer.words("label", row.text)
        yield {"type": f"select_one {name}", "name": f"{question.id}.{row.code}", **words, **required}
    yield {"type": "end_group"}


@rows_of.register
def _(question: Number, writer: _Writer) -> Iterator[Row]:
    bounds = [f". >= {question.lowest}"] + ([f". <= {question.highest}"] if question.highest < LARGEST else [])
    yield writer.common(question, "decimal" if question.decimals else "integer", constraint=" and ".join(bounds))


@rows_of.register
def _(question: Date, writer: _Writer) -> Iterator[Row]:
    yield writer.common(question, "date", appearance="month-year" if question.month_only else None)


@rows_of.register
def _(question: LongText, writer: _Writer) -> Iterator[Row]:
    yield writer.common(question, "text", appearance="multiline")


@rows_of.register
def _(question: Information, writer: _Writer) -> Iterator[Row]:
    yield writer.common(question, "note") | writer.words("hint", question.body)
