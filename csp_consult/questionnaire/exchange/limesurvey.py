"""Taking in a LimeSurvey structure file (.lss): as far as it maps, naming what does not.

Structure files before LimeSurvey 4 keep the words beside the questions, later ones in tables of their own; both are
read. Words lose their HTML.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from defusedxml import DefusedXmlException, ElementTree

from csp_consult.questionnaire.exchange.building import LARGEST_UPLOAD, Builder, ExchangeError, Imported, Words, options
from csp_consult.questionnaire.questions.rank import ORDINALS
from csp_consult.questionnaire.texts import ENGLISH
from csp_consult.questionnaire.writing import Data

Row = Mapping[str, str]
Entry = dict[str, Data]
BLOCKS = frozenset({"p", "br", "li", "tr", "div", "h1", "h2", "h3", "h4", "h5", "h6"})
YES_NO = (("Y", "Yes"), ("N", "No"))
POINTS = {"A": 5, "B": 10, "5": 5}
SCALES = {
    "A": tuple((str(point), str(point)) for point in range(1, 6)),
    "B": tuple((str(point), str(point)) for point in range(1, 11)),
    "C": (*YES_NO, ("U", "Uncertain")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
}
NAMES = {
    "1": "an array with two scales",
    ":": "an array of numbers",
    ";": "an array of texts",
    "|": "a file to send",
    "*": "a calculation",
    "I": "a choice of language",
}


def read_limesurvey(content: bytes) -> Imported:
    """The questionnaire of an .lss file. Raises ExchangeError with what to do."""
    if len(content) > LARGEST_UPLOAD:
        raise ExchangeError("The file is larger than a questionnaire can be (5 MB).")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ExchangeError(
            "The file cannot be read. Export the survey’s structure (.lss) from LimeSurvey anew."
        ) from error
    if root.tag != "document" or root.findtext("LimeSurveyDocType") != "Survey":
        raise ExchangeError("This is no survey structure of LimeSurvey; export it as ‘Survey structure (.lss)’.")
    tables = {table.tag: [_row(row) for row in table.iterfind("rows/row")] for table in root}
    return _Reading(tables).result()


def _row(element: Any) -> Row:
    return {part.tag: part.text or "" for part in element}


class _Plain(HTMLParser):
    """Words without their HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's own names
        """A block starts a line."""
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Words are kept."""
        self.parts.append(data)


def plain(html: str) -> str:
    """The words of a piece of HTML, a line for each of its paragraphs."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reading:
    """One survey, group by group."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self.tables = tables
        survey = next(iter(tables.get("surveys", ())), {})
        first = survey.get("language") or ENGLISH
        given = dict.fromkeys([first, *(row["surveyls_language"] for row in self._rows("surveys_languagesettings"))])
        self.base = ENGLISH if ENGLISH in given else first
        self.languages = [language for language in given if language != self.base]
        title = self._by_language(self._rows("surveys_languagesettings"), "surveyls_title", "surveyls_language")
        english = title if isinstance(title, str) else title.get(ENGLISH, "")
        slug = re.sub(r"[^a-z0-9]+", "-", english.lower()).strip("-")[:50] or "imported"
        self.builder = Builder(
            title or "Imported survey",
            slug if slug[0].isalpha() else f"survey-{slug}",
            (ENGLISH, *self.languages),
        )
        if self.base != ENGLISH:
            self.builder.note("", f"the survey has no English; its words in ‘{self.base}’ stand in until translated")
        self.texts = self._gather("question_l10ns", "qid")
        self.attributes = self._gather("question_attributes", "qid")
        self.answers = self._gather("answers", "qid")
        self.answer_texts = self._gather("answer_l10ns", "aid")
        self.subquestions = self._gather("subquestions", "parent_qid")

    def result(self) -> Imported:
        """The questionnaire."""
        questions = self._gather("questions", "gid")
        for group in _once(self._rows("groups"), "gid"):
            gid = group["gid"]
            titles = [row for row in [*self._rows("group_l10ns"), *self._rows("groups")] if row.get("gid") == gid]
            relevance = self._relevance(group.get("grelevance", ""))
            self.builder.page(self._by_language(titles, "group_name") or "Questions", relevance)
            if lead := self._by_language(titles, "description"):
                self.builder.lead(lead)
            for question in _once(questions[gid], "qid"):
                self._question(question)
        for kind in ("quota", "assessments"):
            if self._rows(kind):
                self.builder.note("", f"its {kind.removesuffix('s')} rules were left out: there are none here")
        return self.builder.finish()

    def _rows(self, table: str) -> Sequence[Row]:
        return self.tables.get(table, ())

    def _gather(self, table: str, key: str) -> Mapping[str, list[Row]]:
        found: defaultdict[str, list[Row]] = defaultdict(list)
        order = ("question_order", "sortorder", "group_order")
        rows = sorted(self._rows(table), key=lambda row: next((_whole(row[name]) for name in order if name in row), 0))
        for row in rows:
            found[row.get(key, "")].append(row)
        return found

    def _question(self, row: Row) -> None:
        kind, title = row["type"], row["title"]
        make = MAKERS.get(kind)
        if make is None:
            self.builder.left_out(title, f"{NAMES.get(kind, f'a question of the type {kind!r}')} is not asked here")
            return
        if self._attribute(row, "hidden") == "1":
            self.builder.left_out(title, "it is hidden in the survey")
            return
        entry: Entry = {"text": self._words(row, title)}
        if hint := self._by_language([*self.texts[row["qid"]], row], "help"):
            entry["hint"] = hint
        if row.get("mandatory") == "Y" and kind != "X":
            entry["required"] = "yes"
        make(self, row, entry)
        self._note_the_rest(row)

    def add(self, row: Row, name: str, entry: Entry) -> None:
        """Put a question on its page under the condition of its row."""
        self.builder.add(name, entry, self._relevance(row.get("relevance", "")))

    def _note_the_rest(self, row: Row) -> None:
        for attribute, message in LOST_RULES.items():
            value = self._attribute(row, attribute)
            if value not in ("", "0"):
                self.builder.note(row["title"], message.format(value=value))

    def _attribute(self, row: Row, name: str) -> str:
        own = (one.get("value", "") for one in self.attributes[row["qid"]] if one.get("attribute") == name)
        return next(own, "").strip()

    def _words(self, row: Row, spare: str) -> Words:
        found = self._by_language([*self.texts[row["qid"]], row], "question", name=spare)
        if not found:
            self.builder.note(spare, "has no words; its name stands in")
        return found or spare

    def _by_language(self, rows: Sequence[Row], key: str, language: str = "language", name: str = "") -> Words:
        found: dict[str, str] = {}
        for row in rows:
            raw = row.get(key, "")
            words = re.sub(r"\{[^{}]*\}", "…", plain(raw)).replace("{", "(").replace("}", ")")
            if re.search(r"\{[A-Za-z][^{}]*\}", raw) and name:
                self.builder.note(name, "its words no longer repeat an earlier answer; write them anew")
            code = row.get(language) or self.base
            if words and (code == self.base or code in self.languages):
                found.setdefault(ENGLISH if code == self.base else code, words)
        return found.get(ENGLISH, "") if set(found) <= {ENGLISH} else found

    def _relevance(self, expression: str) -> str:
        plain_expression = expression.strip()
        return "" if plain_expression in {"", "1"} else plain_expression

    def options_of(self, row: Row) -> tuple[dict[str, Data], dict[str, str]]:
        """The answer options of a question, and our code for each of its codes."""
        choices: list[tuple[str, Words, Mapping[str, str]]] = []
        for answer in _once(self.answers[row["qid"]], "code"):
            texts = [*self.answer_texts[answer.get("aid", "-")], *self._same(row, answer)]
            words = self._by_language(texts, "answer")
            if not words:
                self.builder.note(
                    row["title"], f"the option {answer['code']} has no words (a picture?); its code stands in"
                )
            choices.append((answer["code"], words or answer["code"], {}))
        if row.get("other") == "Y":
            choices.append(("-oth-", "Other", {"role": "other", "say": "yes"}))
        return options(choices)

    def _same(self, row: Row, answer: Row) -> list[Row]:
        return [one for one in self.answers[row["qid"]] if one.get("code") == answer["code"]]

    def parts_of(self, row: Row) -> list[tuple[str, Words, Mapping[str, str]]]:
        """The subquestions of a question: code and words."""
        found: list[tuple[str, Words, Mapping[str, str]]] = []
        for part in _once(self.subquestions[row["qid"]], "title"):
            same = [one for one in self.subquestions[row["qid"]] if one["title"] == part["title"]]
            words = self._by_language([*self.texts[part["qid"]], *same], "question", name=row["title"])
            found.append((part["title"], words or part["title"], {}))
        return found

    def known(self, row: Row, own: str, codes: Mapping[str, str]) -> None:
        """Remember a question's codes for conditions."""
        for foreign, code in codes.items():
            for name in _aliases(row):
                self.builder.knows(name, foreign, own, code)


def _whole(raw: str) -> int:
    return int(raw) if raw.strip().lstrip("-").isdecimal() else 0


def _once(rows: Sequence[Row], key: str) -> list[Row]:
    """The first row of each key: older files have one for each language."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(row.get(key, ""), row)
    return list(found.values())


def _aliases(row: Row) -> tuple[str, str]:
    """What conditions call a question: its name, or its numbers."""
    return row["title"], f"{row.get('sid')}X{row.get('gid')}X{row['qid']}"


def _choice(reading: _Reading, row: Row, entry: Entry) -> None:
    found, codes = reading.options_of(row)
    if len(found) < 2:
        reading.builder.left_out(row["title"], "it has fewer than two options in the file")
        return
    own = reading.builder.name(row["title"])
    reading.known(row, own, codes)
    reading.add(row, row["title"], {"id": own, "kind": "single", **entry, "options": found})


def _choice_with_comment(reading: _Reading, row: Row, entry: Entry) -> None:
    _choice(reading, row, entry)
    reading.builder.note(row["title"], "comes without the line for a comment")


def _several(reading: _Reading, row: Row, entry: Entry) -> None:
    parts = reading.parts_of(row)
    if row.get("other") == "Y":
        parts.append(("other", "Other", {"role": "other", "say": "yes"}))
    found, codes = options(parts)
    if len(found) < 2:
        reading.builder.left_out(row["title"], "it has fewer than two options in the file")
        return
    own = reading.builder.name(row["title"])
    for foreign, code in codes.items():
        for name, joint in zip(_aliases(row), ("_", ""), strict=True):
            reading.builder.knows(f"{name}{joint}{foreign}", "Y", own, code)
    reading.add(row, row["title"], {"id": own, "kind": "multiple", **entry, "options": found})
    if row["type"] == "P":
        reading.builder.note(row["title"], "comes without the lines for comments")


def _grid(reading: _Reading, row: Row, entry: Entry) -> None:
    scale = SCALES.get(row["type"])
    found, codes = options([(code, words, {}) for code, words in scale]) if scale else reading.options_of(row)
    rows, row_codes = options(reading.parts_of(row))
    # An array by column asks the same, turned round.
    if len(rows) < 1 or len(found) < 2:
        reading.builder.left_out(row["title"], "it has no rows, or fewer than two options, in the file")
        return
    if len(rows) == 1:
        reading.builder.left_out(row["title"], "it has a single row; ask it as a question of its own")
        return
    own = reading.builder.name(row["title"])
    for foreign_row, code_of_row in row_codes.items():
        for foreign, code in codes.items():
            for name, joint in zip(_aliases(row), ("_", ""), strict=True):
                reading.builder.knows(f"{name}{joint}{foreign_row}", foreign, f"{own}.{code_of_row}", code)
    reading.add(row, row["title"], {"id": own, "kind": "grid", **entry, "rows": rows, "options": found})


def _rank(reading: _Reading, row: Row, entry: Entry) -> None:
    found, _ = reading.options_of(row)
    if len(found) < 2:
        found, _ = options(reading.parts_of(row))
    if len(found) < 2:
        reading.builder.left_out(row["title"], "it has fewer than two options in the file")
        return
    places = min(len(ORDINALS), len(found))
    if places < len(found):
        reading.builder.note(row["title"], f"asks for the first {places} of {len(found)} in order, not for all")
    own = reading.builder.name(row["title"])
    reading.add(row, row["title"], {"id": own, "kind": "rank", **entry, "choose": str(places), "options": found})


def _fixed(pairs: Sequence[tuple[str, str]]) -> Callable[[_Reading, Row, Entry], None]:
    def make(reading: _Reading, row: Row, entry: Entry) -> None:
        found, codes = options([(code, words, {}) for code, words in pairs])
        own = reading.builder.name(row["title"])
        reading.known(row, own, codes)
        reading.add(row, row["title"], {"id": own, "kind": "single", **entry, "options": found})

    return make


def _plainly(kind: str) -> Callable[[_Reading, Row, Entry], None]:
    def make(reading: _Reading, row: Row, entry: Entry) -> None:
        reading.add(row, row["title"], {"id": reading.builder.name(row["title"]), "kind": kind, **entry})

    return make


def _words_to_read(reading: _Reading, row: Row, entry: Entry) -> None:
    entry = dict(entry)
    if "hint" in entry:
        entry["body"] = entry.pop("hint")
    _plainly("information")(reading, row, entry)


def _each(kind: str) -> Callable[[_Reading, Row, Entry], None]:
    """A question of several lines becomes several questions."""

    def make(reading: _Reading, row: Row, entry: Entry) -> None:
        parts = reading.parts_of(row)
        if not parts:
            reading.builder.left_out(row["title"], "it has no lines to fill in")
            return
        reading.builder.note(row["title"], f"became {len(parts)} questions, one for each of its lines")
        for code, words, _ in parts:
            name = f"{row['title']}_{code}"
            joined = _joined(entry["text"], words)
            reading.add(row, name, {**entry, "id": reading.builder.name(name), "kind": kind, "text": joined})

    return make


def _joined(asked: Data, words: Words) -> Data:
    if isinstance(asked, str) and isinstance(words, str):
        return f"{asked} {words}"
    first = {ENGLISH: asked} if isinstance(asked, str) else dict(asked) if isinstance(asked, Mapping) else {}
    second = {ENGLISH: words} if isinstance(words, str) else words
    return {key: f"{first.get(key, '')} {second.get(key, '')}".strip() for key in {**first, **second}}


MAKERS: Mapping[str, Callable[[_Reading, Row, Entry], None]] = {
    **dict.fromkeys(("L", "!"), _choice),
    "O": _choice_with_comment,
    **dict.fromkeys(("M", "P"), _several),
    **dict.fromkeys(("A", "B", "C", "E", "F", "H"), _grid),
    "R": _rank,
    "Y": _fixed(YES_NO),
    "G": _fixed((("F", "Female"), ("M", "Male"))),
    "5": _fixed(SCALES["A"]),
    "N": _plainly("number"),
    "D": _plainly("date"),
    "S": _plainly("short_text"),
    **dict.fromkeys(("T", "U"), _plainly("long_text")),
    "X": _words_to_read,
    "K": _each("number"),
    "Q": _each("short_text"),
}

LOST_RULES = {
    "min_answers": "is not held to at least {value} answers",
    "max_answers": "is not held to at most {value} answers",
    "array_filter": "shows all its rows: the filter by ‘{value}’ was left out",
    "array_filter_exclude": "shows all its rows: the filter by ‘{value}’ was left out",
    "em_validation_q": "is not held to the rule ‘{value}’",
    "min_num_value_n": "is not held to a lowest value; give ‘lowest’",
    "max_num_value_n": "is not held to a highest value; give ‘highest’",
}
