"""Taking in an XLSForm (ODK, KoboToolbox, SurveyCTO): as far as it maps, naming what does not."""

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from math import ceil, floor
from typing import Any

from babel import Locale
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import get_xlsform

from csp_consult.questionnaire.exchange.building import (
    LARGEST_UPLOAD,
    OWN_COLUMN,
    OWN_SETTINGS,
    Builder,
    ExchangeError,
    Imported,
    Words,
    options,
)
from csp_consult.questionnaire.questions import KINDS as QUESTION_KINDS
from csp_consult.questionnaire.questions.rank import ORDINALS
from csp_consult.questionnaire.texts import ENGLISH
from csp_consult.questionnaire.writing import Data

MOST_PLACES = len(ORDINALS)
# Curly quotes, and what stands for them while pyxform reads.
SHIELD = dict(zip("‘’“”", "\ue001\ue002\ue003\ue004", strict=True))
LARGEST_INSIDE = 50 * 2**20
REFERENCE = re.compile(r"\$\{\s*([\w.-]+)\s*\}")
LOWEST = re.compile(r"\.\s*(>=?)\s*(-?\d+(?:\.\d+)?)")
HIGHEST = re.compile(r"\.\s*(<=?)\s*(-?\d+(?:\.\d+)?)")
BOUNDS = re.compile(r"\s*\.\s*[<>]=?\s*-?\d+(\.\d+)?(\s+and\s+\.\s*[<>]=?\s*-?\d+(\.\d+)?)?\s*")
# What the program fills in by itself; nothing a person is asked.
SILENT = frozenset({"calculate", "hidden", "start", "end", "today", "deviceid", "username", "audit", "xml-external"})
Item = Mapping[str, Any]


def read_xlsform(content: bytes, name: str) -> Imported:
    """The questionnaire of an XLSForm, .xlsx or .xls. Raises ExchangeError with what to do."""
    return _Reading(_form(content), name).result()


def _form(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_UPLOAD:
        raise ExchangeError("The file is larger than a questionnaire can be (5 MB).")
    is_zip = content[:2] == b"PK"
    if is_zip:
        _check_inside(content)
    elif content[:4] != b"\xd0\xcf\x11\xe0":
        raise ExchangeError("This is no Excel file. Save the form as .xlsx and try again.")
    try:
        workbook = get_xlsform(BytesIO(content), file_type=".xlsx" if is_zip else ".xls")
    # The readers of Excel files raise whatever they come upon in a broken one.
    except Exception as error:
        message = "The file cannot be read as Excel. Open it, save it anew as .xlsx and try again."
        raise ExchangeError(message) from error
    sheets = {name: _exchanged(getattr(workbook, name), SHIELD) for name in ("survey", "choices", "settings")}
    try:
        form = workbook_to_json(replace(workbook, **sheets), form_name="form", fallback_form_name="form", warnings=[])
    except PyXFormError as error:
        raise ExchangeError(f"The file is not a sound XLSForm. {error}") from error
    unshielded: dict[str, Any] = _exchanged(form, {stand_in: quote for quote, stand_in in SHIELD.items()})
    return unshielded


def _exchanged(data: Any, letters: Mapping[str, str]) -> Any:
    """The data with some letters for others; pyxform would make every curly quote straight."""
    if isinstance(data, str):
        return data.translate({ord(letter): other for letter, other in letters.items()})
    if isinstance(data, Mapping):
        return {key: _exchanged(value, letters) for key, value in data.items()}
    return [_exchanged(part, letters) for part in data] if isinstance(data, list) else data


def _check_inside(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            inside = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ExchangeError("The file is damaged. Open it in Excel, save it anew and try again.") from error
    if inside > LARGEST_INSIDE:
        raise ExchangeError("The file unpacks to more than a questionnaire can hold (50 MB).")


class _Reading:
    """One form, read from its first question to its last."""

    def __init__(self, form: Item, file_name: str) -> None:
        self.form = form
        self.codes, unknown = _languages(form)
        stem = re.sub(r"[_-]+", " ", file_name.rpartition("/")[2].rpartition(".")[0]).strip()
        given = str(form.get("title") or "")
        title = stem.capitalize() or "Imported form" if given in {"", "data", "form"} else given
        slug = re.sub(r"[^a-z0-9]+", "-", str(form.get("id_string") or "").lower()).strip("-")
        slug = slug if slug and slug not in {"data", "form"} else re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        others = (language for language in dict.fromkeys(self.codes.values()) if language != ENGLISH)
        self.builder = Builder(
            title, slug[:50] if slug[:1].isalpha() else f"form-{slug[:50]}".rstrip("-"), (ENGLISH, *others)
        )
        self.builder.about = {key: value for key, value in _own(form).items() if key in OWN_SETTINGS}
        if form.get("version"):
            self.builder.about["version"] = str(form["version"])
        for name in unknown:
            self.builder.note("", f"its words in ‘{name}’ were left out: no language of that name is known")

    def result(self) -> Imported:
        """The questionnaire."""
        self.builder.page(self.builder.title)
        self._children(self.form.get("children", ()), "", self.builder.title)
        return self.builder.finish()

    def _children(self, items: Sequence[Item], asked_if: str, title: Words) -> None:
        skipped: set[str] = set()
        for item in items:
            kind, name = str(item.get("type", "")), str(item.get("name", ""))
            if name in skipped or name == "meta" or kind in SILENT or _appearance(item) == "label":
                continue
            if "children" in item and "kind" in _own(item) and self._grid(item, title):
                continue
            if "children" in item:
                self._group(item, asked_if)
                self.builder.page(title, asked_if)
            else:
                skipped |= self._question(item, items)

    def _group(self, item: Item, asked_if: str) -> None:
        name, title = str(item.get("name", "")), self._words(item, "label") or self.builder.title
        if item.get("type") in {"repeat", "loop"}:
            self.builder.note(name, "its questions are asked once: nothing here repeats")
        own = str(_bind(item).get("relevant", ""))
        joined = " and ".join(f"({part})" for part in (asked_if, own) if part) if asked_if and own else asked_if or own
        self.builder.page(title, joined, _own(item))
        if not self._grid(item, title):
            self._children(item["children"], joined, title)

    def _grid(self, group: Item, title: Words) -> bool:
        """A group shown as a table of questions with the same options, as one grid; False when it is none."""
        rows = [child for child in group["children"] if "nolabel" in _appearance(child)]
        heads = [child for child in group["children"] if child not in rows]
        if len(rows) < 2 or {KINDS.get(str(child.get("type"))) for child in rows} != {"single"}:
            return False
        if len({child.get("list_name") for child in rows}) > 1 or any("relevant" in _bind(child) for child in rows):
            return False
        if not all(_appearance(head) == "label" or head.get("type") == "note" for head in heads):
            return False
        words = next((found for head in heads if (found := self._words(head, "label"))), title)
        self._add_grid(group, words, rows)
        return True

    def _add_grid(self, group: Item, words: Words, children: Sequence[Item]) -> None:
        name = str(group.get("name", ""))
        found, codes = self._options(children[0])
        rows, row_codes = options(
            [(_row_name(str(child["name"]), name), self._words(child, "label"), {}) for child in children]
        )
        grid = self.builder.name(name)
        for child, row in zip(children, row_codes.values(), strict=True):
            for foreign, code in codes.items():
                self.builder.knows(str(child["name"]), foreign, f"{grid}.{row}", code)
        question: dict[str, Data] = {"id": grid, "kind": "grid", "text": words, "rows": rows, "options": found}
        if hint := self._words(group, "hint"):
            question["hint"] = hint
        if all("required" in _bind(child) for child in children):
            question["required"] = "yes"
        self.builder.add(name, question | _own(group), str(_bind(group).get("relevant", "")))

    def _question(self, item: Item, around: Sequence[Item]) -> set[str]:
        """Add one question; gives the names of those that came along with it."""
        kind, name = str(item.get("type", "")).strip(), str(item.get("name", ""))
        if "lead" in _own(item):
            lead = _own(item)["lead"]
            self.builder.lead(lead if isinstance(lead, Mapping) else self._words(item, "label"))
            return set()
        ours = str(_own(item).get("kind") or KINDS.get(kind, ""))
        if ours not in QUESTION_KINDS:
            self.builder.left_out(name, f"questions of the type ‘{kind}’ are not asked here")
            return set()
        own = self.builder.name(name)
        said = _said_by(item, around)
        extra = MAKERS.get(ours, _nothing)(self, item, own, said)
        if extra is None:
            return set()
        text = self._words(item, "label")
        if not text:
            self.builder.note(name, "has no words; its name stands in")
        entry: dict[str, Data] = {"id": own, "kind": ours, "text": text or name}
        if hint := self._words(item, "hint"):
            entry["body" if ours == "information" else "hint"] = hint
        if str(_bind(item).get("required", "")).lower() in {"true()", "yes", "true"} and ours != "information":
            entry["required"] = "yes"
        self._note_the_rest(item, name, ours)
        self.builder.add(name, entry | extra | _own(item), str(_bind(item).get("relevant", "")))
        return {said} if said else set()

    def _note_the_rest(self, item: Item, name: str, ours: str) -> None:
        bind = _bind(item)
        constraint = str(bind.get("constraint", ""))
        if constraint and not (ours == "number" and BOUNDS.fullmatch(constraint)):
            self.builder.note(name, f"is not held to {constraint!r}: such a rule has no counterpart")
        if item.get("default") not in (None, ""):
            self.builder.note(name, "starts empty: nothing is chosen for a person beforehand")
        if item.get("choice_filter"):
            self.builder.note(name, f"shows all its options: the filter {item['choice_filter']!r} has no counterpart")
        if bind.get("readonly"):
            self.builder.note(name, "was only read in the form; here it can be answered")
        if any("image" in choice or "media" in choice for choice in item.get("choices", ())):
            self.builder.note(name, "its options come without their pictures")

    def _options(self, item: Item) -> tuple[dict[str, Data], dict[str, str]]:
        choices = [
            (str(choice["name"]), self._words(choice, "label") or str(choice["name"]), _extra(choice))
            for choice in self._choices(item)
        ]
        return options(choices)

    def _choices(self, item: Item) -> Sequence[Item]:
        found: Sequence[Item] = item.get("choices") or self.form.get("choices", {}).get(item.get("itemset"), ())
        return found

    def codes_of(self, item: Item) -> dict[str, str]:
        """Our code for each of a question's options."""
        return self._options(item)[1]

    def choosing(self, item: Item, own: str, said: str | None) -> dict[str, Data] | None:
        """The options of a question, where it has enough."""
        found, codes = self._options(item)
        if len(found) < 2:
            self.builder.left_out(str(item.get("name")), "it has fewer than two options in the file")
            return None
        if said and "other" in codes:
            other = found[codes["other"]]
            words = other["text"] if isinstance(other, Mapping) and "text" in other else other
            found[codes["other"]] = {"text": words, "role": "other", "say": "yes"}
        for foreign, code in codes.items():
            self.builder.knows(str(item["name"]), foreign, own, code)
        randomly = item.get("parameters", {}).get("randomize")
        return {"options": found, "order": "random"} if randomly else {"options": found}

    def _words(self, item: Item, key: str) -> Words:
        """A text of the form, references to earlier answers left as an ellipsis."""
        given = item.get(key)
        if isinstance(given, Mapping):
            found = {self.codes[name]: self._plain(words, item) for name, words in given.items() if name in self.codes}
            return found.get(ENGLISH, "") if set(found) == {ENGLISH} else found
        return self._plain(given, item) if given else ""

    def _plain(self, words: Any, item: Item) -> str:
        if REFERENCE.search(str(words)):
            self.builder.note(
                str(item.get("name", "")), "its words no longer repeat an earlier answer; write them anew"
            )
        return REFERENCE.sub("…", str(words)).replace("{", "(").replace("}", ")").strip()


def _languages(form: Item) -> tuple[dict[str, str], list[str]]:
    """The form's names of its languages with their codes, and the names no code is known for."""
    found: dict[str, str] = {}
    unknown: list[str] = []
    for name in dict.fromkeys(_language_names(form)):
        inside = re.search(r"\(([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\)", name)
        code = inside[1] if inside else _code_of(name)
        if code and code not in found.values():
            found[name] = code
        else:
            unknown.append(name)
    if ENGLISH not in found.values() and unknown:
        found[unknown.pop(0)] = ENGLISH
    return found, unknown


def _language_names(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key in {"label", "hint"} and isinstance(value, Mapping):
                yield from (str(name) for name in value)
            else:
                yield from _language_names(value)
    elif isinstance(data, list):
        for part in data:
            yield from _language_names(part)


def _code_of(name: str) -> str | None:
    english = {str(words).lower(): code for code, words in Locale("en").languages.items()}
    return english.get(name.strip().lower())


def _bind(item: Item) -> Item:
    bind: Item = item.get("bind", {})
    return bind


def _appearance(item: Item) -> str:
    return str(item.get("control", {}).get("appearance", ""))


def _own(item: Item) -> dict[str, Data]:
    """What our own export wrote of a question beyond the terms of XLSForm."""
    try:
        found = json.loads(str(item.get(OWN_COLUMN) or "{}"))
    except ValueError:
        return {}
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


def _extra(choice: Item) -> dict[str, str]:
    """What our own export adds to a choice."""
    return {key: str(choice[key]) for key in ("role", "say", "exclusive") if choice.get(key)}


def _said_by(item: Item, around: Sequence[Item]) -> str | None:
    """The name of the question that takes the words for *other*, where the next one does."""
    name = str(item.get("name", ""))
    saying = any(choice.get("name") == "other" or choice.get("say") for choice in item.get("choices", ()))
    spare = next((other for other in around if saying and other.get("name") == f"{name}_other"), None)
    return f"{name}_other" if spare is not None and spare.get("type") == "text" else None


def _row_name(name: str, group: str) -> str:
    return name.removeprefix(f"{group}.").removeprefix(f"{group}_")


def _number(reading: _Reading, item: Item, _own_id: str, _said: str | None) -> dict[str, Data]:
    constraint, name = str(_bind(item).get("constraint", "")), str(item.get("name"))
    whole = item.get("type") != "decimal"
    found: dict[str, Data] = {}
    for key, pattern, rounded in (("lowest", LOWEST, floor), ("highest", HIGHEST, ceil)):
        bound = pattern.search(constraint) if BOUNDS.fullmatch(constraint) else None
        if bound is None:
            continue
        value = rounded(float(bound[2]))
        if not float(bound[2]).is_integer():
            reading.builder.note(name, f"is held to {value}, not {bound[2]}: bounds are whole numbers here")
        beyond = {"lowest": 1, "highest": -1}[key] if whole and len(bound[1]) == 1 else 0
        found[key] = str(value + beyond)
    if "lowest" not in found:
        reading.builder.note(name, "takes 0 and above; give a ‘lowest’ if less can be an answer")
    return found if whole else found | {"decimals": "2"}


def _date(_reading: _Reading, item: Item, _own_id: str, _said: str | None) -> dict[str, Data]:
    return {"precision": "month"} if "month-year" in _appearance(item) else {}


def _rank(reading: _Reading, item: Item, own: str, said: str | None) -> dict[str, Data] | None:
    found = reading.choosing(item, own, said)
    if found is None:
        return None
    number = len(found["options"])
    places = min(MOST_PLACES, number)
    for place in range(1, places + 1):
        for foreign, code in reading.codes_of(item).items():
            reading.builder.knows(f"{item['name']}.{place}", foreign, f"{own}.{place}", code)
    if places < number and "choose" not in _own(item):
        reading.builder.note(str(item["name"]), f"asks for the first {places} of {number} in order, not for all")
    return found | {"choose": str(places)}


def _choosing(reading: _Reading, item: Item, own: str, said: str | None) -> dict[str, Data] | None:
    return reading.choosing(item, own, said)


def _text(_reading: _Reading, item: Item, _own_id: str, _said: str | None) -> dict[str, Data]:
    return {"kind": "long_text"} if "multiline" in _appearance(item) else {}


def _nothing(_reading: _Reading, _item: Item, _own_id: str, _said: str | None) -> dict[str, Data]:
    return {}


# The types of XLSForm, with their older names, and what they are here.
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("text", "string"), "short_text"),
    **dict.fromkeys(("integer", "int", "decimal", "range"), "number"),
    **dict.fromkeys(("select one", "select_one"), "single"),
    **dict.fromkeys(("select all that apply", "select_multiple", "select multiple"), "multiple"),
    "rank": "rank",
    "date": "date",
    "note": "information",
}
MAKERS: Mapping[str, Callable[[_Reading, Item, str, str | None], dict[str, Data] | None]] = {
    "short_text": _text,
    "number": _number,
    "date": _date,
    "single": _choosing,
    "multiple": _choosing,
    "rank": _rank,
}
