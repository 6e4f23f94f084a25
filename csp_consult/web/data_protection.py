"""What is stored, why and for how long: read from the tables that there are, so that it cannot fall behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from csp_consult.db import Base
from csp_consult.fieldwork.drafts import KEPT_DAYS

_ACCOUNT = ("So that only the right people see and change what is here.", "Until the account is removed.")
_COUNCIL = ("A council answers as a public body, on stated authority.", "With the consultation's public record.")
_TRAIL = ("So that it can be shown who did what.", "As long as the partnership keeps its records.")
_ABUSE = ("So that nobody sends answers or files, or guesses codes, without end.", "Until the next day.")

# Table: why it is stored, and how long; only tables in which there is something of a person.
PEOPLE: Mapping[str, tuple[str, str]] = {
    "response": (
        "To learn what worries residents (Crime and Disorder Act 1998, section 6).",
        "{months} months after the wave's last day, on backups a month longer; or until it is withdrawn.",
    ),
    "coded_text": ("To count what people say in their own words.", "As long as the response it belongs to."),
    "care_flag": (
        "So that an officer reads the same day what may need help.",
        "As long as the resident's response it belongs to; of a council's, with its public record.",
    ),
    "news_address": ("To tell those who asked of a wave's results.", "Until they are told."),
    "form_batch": ("To find a form on paper again, and know who keyed it.", "With the wave."),
    "keyed_form": ("To find a form on paper again, and know who keyed it.", "With the wave."),
    "form_entry": (
        "So that a second officer can key a form without seeing what the first keyed.",
        "Until the form becomes a response; else as long as the wave's responses.",
    ),
    "draft": ("So that nobody has to answer in one go.", f"{KEPT_DAYS} days after it was last saved."),
    "return_code": ("So that a draft can be opened on another device.", f"{KEPT_DAYS} days, or to the wave's end."),
    "day_key": _ABUSE,
    "call_count": _ABUSE,
    "failed_try": _ABUSE,
    "personal_link": ("To invite people who gave an address for it, and let each answer once.", "With the wave."),
    "mailing": ("To write to those who were invited.", "With the wave."),
    "message": ("To send mails once, and know which failed.", "The words until it is sent; that it was sent, on."),
    "bounced_address": ("To stop writing to addresses that take no mail.", "Until an officer says to try again."),
    "user": _ACCOUNT,
    "signed_in": (
        "So that a person can see and end where they are signed in.",
        "Twelve hours at most.",
    ),
    "passkey": _ACCOUNT,
    "entry_link": ("To open an account by mail.", "Until it is used or expires."),
    "clerk_parish": _ACCOUNT,
    "audit_entry": _TRAIL,
    "activity_event": _TRAIL,
    "parish_draft": _COUNCIL,
    "parish_response": _COUNCIL,
    "parish_attachment": _COUNCIL,
    "parish_extension": _COUNCIL,
    "parish_reminder": _COUNCIL,
    "comment_link": ("So that councillors can read and comment on a draft.", "Until it expires."),
    "councillor_comment": ("So that a clerk hears the councillors.", "With the council's response."),
    "activity": ("To plan who tells whom what.", "As long as the partnership keeps its plan."),
    "plan_line": ("To say who answers for what in the three-year plan.", "As long as the partnership keeps its plan."),
    "questionnaire_draft": (
        "So that officers know who changed a questionnaire in the making.",
        "Until it is kept as a version or thrown away.",
    ),
    "topic_record": _TRAIL,
    "own_words": ("To say in a paper what figures cannot.", "As long as the paper is kept."),
    "publication": ("To show what was made public, and who stands for it.", "For good: it is the public record."),
}
SIGNS = {"email", "name", "recipient", "address", "answers", "password", "words", "actor", "by", "sealed", "computer"}
"""Columns that show that a table may hold something of a person; also whatever ends in ``_by``."""
NO_PERSON = frozenset(
    {"area", "former_name", "comparator_area", "recorded_count", "recorded_point", "text_code", "role"}
)
"""Tables with such a column that names no person."""


@dataclass(frozen=True)
class Stored:
    """One table."""

    name: str
    holds: str
    columns: str
    why: str
    how_long: str


def stored(keep_months: int) -> tuple[list[Stored], list[Stored]]:
    """Every table: those in which there is something of a person, residents' first, and the others by name."""
    tables = _documented()
    people = [
        Stored(name, *tables[name], why, how_long.format(months=keep_months))
        for name, (why, how_long) in PEOPLE.items()
    ]
    others = [Stored(name, *said, "", "") for name, said in sorted(tables.items()) if name not in PEOPLE]
    return people, others


def unexplained() -> list[str]:
    """Tables that look as if there were something of a person in them, and of which nothing is said here."""
    return sorted(
        name
        for name, table in Base.metadata.tables.items()
        if name not in PEOPLE and name not in NO_PERSON and any(_shows(column.name) for column in table.columns)
    )


def _shows(column: str) -> bool:
    return column in SIGNS or column.endswith("_by")


def _documented() -> dict[str, tuple[str, str]]:
    """What each table's own model says of it, and its columns."""
    found = {}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        said = " ".join((mapper.class_.__doc__ or "").split("\n\n")[0].replace("``", "").split())
        found[str(getattr(table, "name", ""))] = said, ", ".join(column.name for column in table.columns)
    return found
