"""Reading a condition (``show_if``) of a page, a question or an option from its file."""

from csp_consult.questionnaire.conditions import All, AnyOf, Condition, Is, Not
from csp_consult.questionnaire.entry import Entry, Node, Notes

DEEPEST_CONDITION = 10


def read_condition(entry: Entry) -> Condition | None:
    """The entry's ``show_if``; None where it has none."""
    node = entry.node("show_if")
    return None if node is None else _read(node, f"'show_if' of {entry.place}", entry.notes, 0)


def _read(node: Node, place: str, notes: Notes, depth: int) -> Condition:
    entry = Entry(node, place, notes)
    condition: Condition = Is("", (), entry.line)
    if depth > DEEPEST_CONDITION:
        entry.fault(f"{place} is nested too deeply; simplify it.")
    elif (inner := entry.node("not")) is not None:
        condition = Not(_read(inner, place, notes, depth + 1))
    elif "all" in entry or "any" in entry:
        joined = All if "all" in entry else AnyOf
        parts = entry.items("all" if "all" in entry else "any")
        condition = joined(tuple(_read(part, place, notes, depth + 1) for part in parts))
    else:
        key = entry.string("question", required=True)
        options = entry.strings("is")
        if key and not options:
            entry.fault(f"{place} does not say which answer; add 'is: [code, …]' beside 'question: {key}'.")
        condition = Is(key, options, entry.line)
    entry.finish()
    return condition
