"""A question of a file as a form shows it, and back: what the editor's page puts in and takes out.

Options are lines of ``code: words``, so that moving a line moves the option; what an option has besides its words
stands in square brackets behind them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from csp_consult.questionnaire.questions import KINDS
from csp_consult.questionnaire.questions.base import Question
from csp_consult.questionnaire.scales import SCALES
from csp_consult.questionnaire.texts import ENGLISH
from csp_consult.questionnaire.writing import Data

Entry = Mapping[str, Data]
Typed = Mapping[str, str]

WORDED = ("text", "hint", "reason")
FLAGS = ("required", "sensitive")
# What stands in brackets behind an option, and the keys it stands for.
MARKS: Mapping[str, tuple[str, str]] = {
    "don’t know": ("role", "dont_know"),
    "prefer not to say": ("role", "prefer_not"),
    "none of these": ("role", "none"),
    "other": ("role", "other"),
    "outside": ("role", "outside"),
    "unparished": ("role", "unparished"),
    "please say": ("say", "yes"),
    "alone": ("exclusive", "yes"),
}
LINE = re.compile(r"\s*([^:\s]+)\s*:\s*(.*?)\s*((?:\[[^\[\]]*\]\s*)*)$")


def kind_of(entry: Entry) -> type[Question] | None:
    """The question's type; None where the file names none that exists."""
    return KINDS.get(str(entry.get("kind", "")))


def worded_keys(entry: Entry) -> tuple[str, ...]:
    """The keys with words for readers."""
    kind = kind_of(entry)
    return (*WORDED, *(kind.worded_keys if kind else ()))


def shown(entry: Entry, languages: Sequence[str], scales: Mapping[str, Data]) -> dict[str, str]:
    """The fields of the form, by name; a text's field is called ``text-en``."""
    kind = kind_of(entry)
    typed = {
        f"{key}-{language}": _words(entry.get(key), language) for key in worded_keys(entry) for language in languages
    }
    for key in kind.plain_keys if kind else ():
        typed[key] = str(entry.get(key, ""))
    for key in FLAGS:
        typed[key] = "yes" if entry.get(key) in {"yes", "true"} else ""
    for key in kind.listed_keys if kind else ():
        options = options_of(entry.get(key), scales)
        for language in languages:
            typed[f"{key}-{language}"] = "\n".join(_line(code, one, language) for code, one in options.items())
    return typed


def options_of(value: Data | None, scales: Mapping[str, Data]) -> Mapping[str, Data]:
    """The options under a key, also where it names a scale."""
    if isinstance(value, str):
        if value in SCALES:
            return {
                choice.code: {"text": dict(choice.text.by_language), **({"role": choice.role} if choice.role else {})}
                for choice in SCALES[value]
            }
        value = scales.get(value)
    return value if isinstance(value, Mapping) else {}


def changes(entry: Entry, typed: Typed, languages: Sequence[str], scales: Mapping[str, Data]) -> dict[str, Data | None]:
    """The keys of a question that a form changes, with their new data; None for a key to be taken out.

    What the form shows as it was is not among them, so that its lines stay as their author wrote them.
    """
    before = shown(entry, languages, scales)
    kind = kind_of(entry)
    found: dict[str, Data | None] = {}
    for key in worded_keys(entry):
        names = [f"{key}-{language}" for language in languages]
        if any(_tidy(typed.get(name, "")) != before[name] for name in names):
            found[key] = _text({language: typed.get(f"{key}-{language}", "") for language in languages})
    for key in (*(kind.plain_keys if kind else ()), *FLAGS):
        if typed.get(key, "").strip() != before[key]:
            found[key] = typed.get(key, "").strip() or None
    for key in kind.listed_keys if kind else ():
        names = [f"{key}-{language}" for language in languages]
        if any(_tidy(typed.get(name, "")) != before[name] for name in names):
            found[key] = _options(typed, key, languages, options_of(entry.get(key), scales)) or None
    return found


def _words(text: Data | None, language: str) -> str:
    if isinstance(text, Mapping):
        return str(text.get(language, ""))
    return str(text) if isinstance(text, str) and language == ENGLISH else ""


def _tidy(raw: str) -> str:
    return "\n".join(line.rstrip() for line in raw.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def _text(by_language: Mapping[str, str]) -> Data | None:
    words = {language: tidy for language, raw in by_language.items() if (tidy := _tidy(raw))}
    if set(words) <= {ENGLISH}:
        return words.get(ENGLISH)
    return words


def _line(code: str, option: Data, language: str) -> str:
    if not (isinstance(option, Mapping) and "text" in option):
        return f"{code}: {_words(option, language)}".rstrip()
    marks = [f"[{mark}]" for mark, (key, value) in MARKS.items() if option.get(key) == value]
    shown_marks = " ".join(marks) if language == ENGLISH else ""
    return f"{code}: {_words(option['text'], language)} {shown_marks}".rstrip()


def _options(typed: Typed, key: str, languages: Sequence[str], before: Mapping[str, Data]) -> dict[str, Data]:
    """The options of the lines; a known code keeps what the form does not show of it."""
    lines: dict[str, dict[str, tuple[str, list[str]]]] = {
        language: dict(map(_read_line, filter(str.strip, _tidy(typed.get(f"{key}-{language}", "")).split("\n"))))
        for language in languages
    }
    found: dict[str, Data] = {}
    for code, (words, marks) in lines.get(ENGLISH, {}).items():
        others = {language: lines[language][code][0] for language in languages if code in lines[language]}
        text = _text({**others, ENGLISH: words}) or ""
        old: Any = before.get(code)
        kept = (
            {name: value for name, value in old.items() if name in {"hint", "show_if"}} if isinstance(old, dict) else {}
        )
        own: dict[str, Data] = dict(MARKS[mark] for mark in marks if mark in MARKS)
        unknown = [mark for mark in marks if mark not in MARKS]
        if unknown and isinstance(text, str):
            text = " ".join([text, *(f"[{mark}]" for mark in unknown)])
        found[code] = {"text": text, **own, **kept} if own or kept else text
    return found


def _read_line(line: str) -> tuple[str, tuple[str, list[str]]]:
    """Code, words and marks of a line; a line of words alone gets a code made from them."""
    found = LINE.match(line)
    if found is None or not re.fullmatch(r"[\w+-]+", found[1]):
        return re.sub(r"[^a-z0-9]+", "_", line.lower()).strip("_")[:39], (line.strip(), [])
    marks = [mark.replace("'", "’").strip().lower() for mark in re.findall(r"\[([^\[\]]*)\]", found[3])]
    return found[1], (found[2], marks)
