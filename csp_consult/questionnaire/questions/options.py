"""Reading the options of a question, or the rows of a grid, from its file."""

import re

import yaml

from csp_consult.catalogues import is_said
from csp_consult.questionnaire.entry import Entry, Node, line_of, read_text
from csp_consult.questionnaire.questions.base import Choice
from csp_consult.questionnaire.routing import read_condition
from csp_consult.questionnaire.scales import SCALES
from csp_consult.questionnaire.texts import NO_TEXT

CODE = re.compile(r"[a-z0-9][a-z0-9_+-]{0,38}")
ROLES = ("dont_know", "prefer_not", "none", "other", "outside", "unparished")
EXCLUSIVE_ROLES = frozenset({"dont_know", "prefer_not", "none"})


def read_options(entry: Entry, key: str, noun: str, *, fewest: int = 2, say: bool = False) -> tuple[Choice, ...]:
    """The options under ``key``: a mapping of code to words, or the name of a scale, the file's or ready-made."""
    node = entry.node(key, required=fewest > 0)
    if node is None:
        return ()
    if isinstance(node, yaml.ScalarNode):
        scale = entry.notes.scales.get(node.value)
        if scale is None:
            return _ready_made(node.value, entry, key)
        entry.notes.used_scales.add(node.value)
        node = scale
    if not isinstance(node, yaml.MappingNode):
        entry.fault(f"'{key}' of {entry.place} must be lines of 'code: words'.", key)
        return ()
    options = _read_each(node, entry, noun)
    if len(options) < fewest:
        entry.fault(f"{entry.place} needs at least {fewest} under '{key}'.", key)
    if sum(option.say for option in options.values()) > say:
        entry.fault(f"{entry.place} has 'say' too often: one option of a single or of a multiple can have it.", key)
    return tuple(options.values())


def read_order(entry: Entry) -> bool:
    """Whether the options, or a grid's rows, come in an order drawn for each person."""
    return entry.one_of("order", ("as written", "random"), "as written") == "random"


def _ready_made(name: str, entry: Entry, key: str) -> tuple[Choice, ...]:
    options = SCALES.get(name)
    if options is None:
        known = ", ".join(SCALES)
        message = f"'{key}: {name}' of {entry.place} names no scale; list it under 'scales' or use one of {known}."
        entry.fault(message, key)
        return ()
    for language in entry.notes.languages:
        if not all(is_said(option.text(), language) for option in options):
            message = f"The ready-made scale '{name}' has no words in the language '{language}'"
            entry.fault(f"{message}; write it under 'scales' in every language.", key)
    return options


def _read_each(node: yaml.MappingNode, entry: Entry, noun: str) -> dict[str, Choice]:
    found: dict[str, Choice] = {}
    for name, value in node.value:
        code = str(name.value) if isinstance(name, yaml.ScalarNode) else ""
        if code in found:
            message = f"{noun} code '{code}' appears twice in {entry.place}; give each {noun} its own code."
            entry.notes.fault(line_of(name), message)
        elif not CODE.fullmatch(code):
            message = (
                f"{noun} code '{code}' of {entry.place} may hold small letters, digits, '-', '_' and '+' only, "
                "at most 39 of them."
            )
            entry.notes.fault(line_of(name), message)
        else:
            found[code] = _read_one(code, value, entry, noun)
    return found


def _read_one(code: str, node: Node, entry: Entry, noun: str) -> Choice:
    place = f"{noun} '{code}' of {entry.place}"
    keys = {key.value for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()
    if "text" not in keys:
        return Choice(code, read_text(node, place, entry.notes))
    option = Entry(node, place, entry.notes)
    role = option.one_of("role", ROLES) or None
    exclusive = option.flag("exclusive") or role in EXCLUSIVE_ROLES
    text = option.text("text", required=True)
    hint = option.text("hint") if "hint" in option else NO_TEXT
    say = option.flag("say")
    if say and exclusive:
        option.fault(f"{place} stands alone, so there is nothing to say with it; leave out 'say'.", "say")
    show_if = read_condition(option)
    option.finish()
    return Choice(code, text, role, exclusive, hint, say, show_if)
