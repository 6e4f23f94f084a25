"""What the forms of the questionnaire editor show and send: fields, conditions, and what a new page starts with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from babel import Locale

from csp_consult.questionnaire import condition_form
from csp_consult.questionnaire.editing import data_at
from csp_consult.questionnaire.entry_form import FLAGS, kind_of, worded_keys
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import compiled
from csp_consult.questionnaire.questions import KINDS
from csp_consult.questionnaire.questions.area import AREA_KINDS
from csp_consult.questionnaire.telling import told
from csp_consult.questionnaire.texts import ENGLISH
from csp_consult.questionnaire.writing import Data

LABELS = {
    "text": "Question",
    "hint": "Hint",
    "reason": "Why it is asked",
    "unit": "Unit",
    "body": "Words below the heading",
    "order": "Order of the options",
    "choose": "How many may be chosen",
    "lowest": "Lowest value",
    "highest": "Highest value",
    "decimals": "Digits after the point",
    "precision": "Day or month",
    "earliest": "Earliest date",
    "latest": "Latest date",
    "limit": "Most characters",
    "of": "Kind of area",
    "options": "Options",
    "rows": "Rows",
    "title": "Title",
    "lead": "At the top of the page",
}
CHOICES = {
    "order": (("", "As written"), ("random", "Drawn at random for each person")),
    "precision": (("", "A day"), ("month", "A month")),
    "of": tuple((kind, kind) for kind in AREA_KINDS),
}
HINTS = {
    "earliest": "For example, 2027-03-31",
    "latest": "For example, 2027-03-31",
    "text": "A changed wording breaks the trend of the question",
}
OPTIONS_HINT = (
    "A line each: code, colon, words. Move a line to move the option. A changed code or order breaks the trend. Behind "
    "the words may stand [don’t know], [prefer not to say], [none of these], [other], [please say] or [alone]."
)
NOT_EARLIER = "not asked earlier, choose another question or “No condition”"
NEW_BODY: dict[str, dict[str, Data]] = {
    "grid": {"rows": {"first": "First", "second": "Second"}},
    "rank": {"choose": "2"},
    "area": {"of": "ward"},
    "street": {"of": "ward"},
}
OPTIONS: Data = {"first": "First", "second": "Second", "dont_know": {"text": "Don’t know", "role": "dont_know"}}


def entry_at(source: str, page: int, place: int | None = None) -> Mapping[str, Data]:
    """A page or a question as the file says it; a 404's KeyError where there is none."""
    path = ("pages", page) if place is None else ("pages", page, "questions", place)
    found = data_at(source, path)
    if not isinstance(found, Mapping):
        raise KeyError(path[-1])
    return found


def languages_of(source: str) -> list[str]:
    """The languages of a file."""
    top: Any = data_at(source)
    given = top.get("languages", [ENGLISH])
    return [given] if isinstance(given, str) else list(given)


def scales_of(source: str) -> Mapping[str, Data]:
    """The scales that the file's questions share."""
    top: Any = data_at(source)
    found: Mapping[str, Data] = top.get("scales") or {}
    return found


def language_name(code: str) -> str:
    """``Welsh``."""
    return str(Locale.parse(code, sep="-").get_display_name(ENGLISH))


def texts_of(entry: Mapping[str, Data], keys: Iterable[str], languages: Sequence[str]) -> dict[str, str]:
    """The words under keys as fields of a form, one for each language."""
    return {f"{key}-{language}": _words(entry.get(key), language) for key in keys for language in languages}


def words_from(
    shown: Mapping[str, str], typed: Mapping[str, str], keys: Iterable[str], languages: Sequence[str]
) -> dict[str, Data | None]:
    """The words that a form changes, by key; None for those to be taken out."""
    changed: dict[str, Data | None] = {}
    for key in keys:
        names = [f"{key}-{language}" for language in languages]
        if any(" ".join(typed[name].split()) != " ".join(shown[name].split()) for name in names):
            words = {language: " ".join(typed[f"{key}-{language}"].split()) for language in languages}
            words = {language: said for language, said in words.items() if said}
            changed[key] = words.get(ENGLISH) if set(words) <= {ENGLISH} else words
    return changed


def page_fields(entry: Mapping[str, Data], languages: Sequence[str]) -> dict[str, str]:
    """The fields of a page's form, by name."""
    sensitive = "yes" if entry.get("sensitive") in {"yes", "true"} else ""
    return texts_of(entry, ("title", "lead"), languages) | {"sensitive": sensitive}


def _words(text: Data | None, language: str) -> str:
    if isinstance(text, Mapping):
        return str(text.get(language, ""))
    return str(text) if isinstance(text, str) and language == ENGLISH else ""


def fields_of(entry: Mapping[str, Data], typed: Mapping[str, str], languages: Sequence[str]) -> list[dict[str, Any]]:
    """The fields of a question's form, in the order they are shown."""
    kind = kind_of(entry)
    found: list[dict[str, Any]] = []
    for key in (*worded_keys(entry), *(kind.listed_keys if kind else ())):
        listed = kind is not None and key in kind.listed_keys
        for language in languages:
            label = LABELS[key] if len(languages) == 1 else f"{LABELS[key]} in {language_name(language)}"
            hint = OPTIONS_HINT if listed and language == ENGLISH else HINTS.get(key) if language == ENGLISH else None
            lines = typed[f"{key}-{language}"].count("\n") + 2
            found.append(
                {
                    "name": f"{key}-{language}",
                    "label": label,
                    "hint": hint,
                    "rows": max(5, lines) if listed else 3 if key in {"text", "body"} else 2,
                    "widget": "textarea",
                }
            )
    for key in kind.plain_keys if kind else ():
        widget = "select" if key in CHOICES else "input"
        found.append(
            {"name": key, "label": LABELS[key], "hint": HINTS.get(key), "widget": widget, "choices": CHOICES.get(key)}
        )
    flags = {"required": "An answer is needed to go on", "sensitive": "Sensitive: shown with help to turn to"}
    found += [{"name": key, "label": flags[key], "widget": "tick"} for key in FLAGS if key != "required" or kind]
    return [{**field, "value": typed[field["name"]]} for field in found]


def place_of(source: str, page: int, entry: Mapping[str, Data], form: Mapping[str, str]) -> dict[str, Any]:
    """What the part of a form about the condition shows."""
    questionnaire = compiled(source)
    old = condition_form.shown(entry.get("show_if"))
    whom = [("", "No condition")]
    for earlier in questionnaire.pages[:page]:
        for question in earlier.questions:
            for key, options in question.domain().items():
                codes = ", ".join(code for code in options if code != "*")
                if codes:
                    whom.append((key, f"“{question.text()[:60]}” ({key}: {codes[:80]})"))
    now = condition_form.sent(form) if "asked-join" in form else old
    # A select without the question that a condition names would show none, and saving would ask everybody.
    offered = {key for key, _ in whom}
    lost = dict.fromkeys(line.key for line in now.lines if line.key not in offered) if now else {}
    return {
        "whom": [*whom, *((key, f"{key}: {NOT_EARLIER}") for key in lost)],
        "shown": now,
        "complex": "" if old else _told(questionnaire, page, entry),
    }


def _told(questionnaire: Questionnaire, page: int, entry: Mapping[str, Data]) -> str:
    """A condition that the form cannot show, in words."""
    there = questionnaire.pages[page]
    found = next((one.show_if for one in there.questions if one.id == entry.get("id")), None) or there.show_if
    return told(found, questionnaire) if found else "a condition that cannot be read"


def show_if_from(entry: Mapping[str, Data], form: Mapping[str, str]) -> dict[str, Data | None]:
    """The changed condition; nothing where it stays."""
    old, new = condition_form.shown(entry.get("show_if")), condition_form.sent(form)
    if old is None or "asked-join" not in form:
        return {}
    same = new.lines == old.lines and (new.join == old.join or len(new.lines) < 2)
    return {} if same else {"show_if": condition_form.written(new)}


def starter(whole: Mapping[str, Any], kind: str = "single") -> dict[str, Any]:
    """A new page with one question of a kind, to be written over."""
    kind = kind if kind in KINDS else "single"
    names = {str(page.get("page")) for page in whole.get("pages", [])}
    number = next(n for n in range(1, len(names) + 2) if f"new-{n}" not in names)
    entry: dict[str, Data] = {"id": "new", "kind": kind, "text": "New question?", **NEW_BODY.get(kind, {})}
    if "options" in KINDS[kind].listed_keys and kind != "area":
        entry["options"] = OPTIONS
    return {"page": f"new-{number}", "title": "New page", "questions": [entry]}
