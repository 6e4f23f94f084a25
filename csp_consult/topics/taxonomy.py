"""The taxonomy file: themes, their topics, and what recorded categories each is held against, with dates.

Loading the file makes the tables say what it says, and loading it again changes nothing. What officers mapped on
the site stays as they left it: the file adds and withdraws only what came from a file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.topics.models import BY_FILE, Topic, TopicRecord

RECORD_SOURCES = ("police_uk", "stats19", "stats19_casualties", "stats19_vehicles", "own_sheet", "fire_rescue")


class TaxonomyError(ValueError):
    """The taxonomy file cannot be used; the message names the place in it."""


@dataclass(frozen=True)
class Mapped:
    """A category of a recorded source that a topic is held against, from a day to the day before another."""

    source: str
    category: str
    valid_from: date
    valid_to: date | None = None
    partly: bool = False
    """Whether the category covers the topic only in part, or covers more than it."""


@dataclass(frozen=True)
class Entry:
    """A theme, or a topic of a theme."""

    slug: str
    theme: str | None
    title: str
    note: str | None
    sensitive: bool
    record: tuple[Mapped, ...]


def parse(source: str) -> list[Entry]:
    """The entries of a taxonomy file, each theme before its topics. Raises TaxonomyError."""
    try:
        document = yaml.safe_load(source)
    except yaml.YAMLError as error:
        raise TaxonomyError(f"The taxonomy is not readable YAML: {error}") from error
    themes = document.get("themes") if isinstance(document, dict) else None
    if not isinstance(themes, dict):
        raise TaxonomyError("The taxonomy has no 'themes'.")
    entries = list(_entries(themes, None))
    slugs = [entry.slug for entry in entries]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise TaxonomyError(f"'{slug}' stands twice in the taxonomy.")
    return entries


def store(session: Session, entries: list[Entry]) -> None:
    """Make the tables say what the file says. Topics no longer in the file stay, since answers may refer to them."""
    for position, entry in enumerate(entries):
        session.merge(
            Topic(
                slug=entry.slug,
                theme_slug=entry.theme,
                title=entry.title,
                position=position,
                note=entry.note,
                sensitive=entry.sensitive,
            )
        )
        session.flush()
        _store_record(session, entry)


def load_taxonomy(session: Session, source: str) -> None:
    """Parse a taxonomy file and store it. Raises TaxonomyError."""
    store(session, parse(source))


def categories(session: Session, topic_slug: str, source: str, on: date) -> set[str]:
    """The categories of a recorded source that a topic is held against on a day; empty where it has none.

    A theme has the record the file gives it and no other: what its topics map to is not summed up for it.
    """
    return {
        mapped.category for mapped in mappings(session, topic_slug) if mapped.source == source and covers(mapped, on)
    }


def covers(mapped: Mapped, on: date) -> bool:
    """Whether the mapping holds on a day."""
    return mapped.valid_from <= on and (mapped.valid_to is None or on < mapped.valid_to)


def mappings(session: Session, topic_slug: str) -> list[Mapped]:
    """Every mapping of a topic that was not withdrawn, of any source and date."""
    query = select(TopicRecord).where(TopicRecord.topic_slug == topic_slug, TopicRecord.withdrawn_by.is_(None))
    rows = session.scalars(query.order_by(TopicRecord.source, TopicRecord.category, TopicRecord.valid_from))
    return [as_mapped(row) for row in rows]


def as_mapped(row: TopicRecord) -> Mapped:
    """What a row says, without who said it and when."""
    return Mapped(row.source, row.category, row.valid_from, row.valid_to, row.partly)


def themes(session: Session) -> list[Topic]:
    """The themes in the order of the file."""
    return list(session.scalars(select(Topic).where(Topic.theme_slug.is_(None)).order_by(Topic.position)))


def topics_of(session: Session, theme: str) -> list[Topic]:
    """The topics of a theme in the order of the file."""
    return list(session.scalars(select(Topic).where(Topic.theme_slug == theme).order_by(Topic.position)))


def _store_record(session: Session, entry: Entry) -> None:
    query = select(TopicRecord).where(TopicRecord.topic_slug == entry.slug, TopicRecord.added_by == BY_FILE)
    rows = session.scalars(query).all()
    # What an officer withdrew stays withdrawn, though the file still names it.
    settled = {as_mapped(row) for row in rows if row.withdrawn_by != BY_FILE}
    for row in rows:
        if row.withdrawn_by is None and as_mapped(row) not in entry.record:
            row.withdrawn_by = BY_FILE
    for mapped in entry.record:
        if mapped not in settled:
            session.add(
                TopicRecord(
                    topic_slug=entry.slug,
                    source=mapped.source,
                    category=mapped.category,
                    valid_from=mapped.valid_from,
                    valid_to=mapped.valid_to,
                    partly=mapped.partly,
                )
            )
    session.flush()


def _entries(block: Mapping[str, Any], theme: str | None) -> Iterator[Entry]:
    for slug, body in block.items():
        if not isinstance(body, dict) or not isinstance(body.get("title"), str):
            raise TaxonomyError(f"'{slug}' needs a title.")
        record = tuple(_mapped(slug, row) for row in body.get("record", ()))
        note = body.get("note")
        yield Entry(str(slug), theme, body["title"], note, bool(body.get("sensitive", False)), record)
        yield from _entries(body.get("topics", {}), str(slug))


def _mapped(slug: str, row: object) -> Mapped:
    if not isinstance(row, dict):
        raise TaxonomyError(f"Each record of '{slug}' must name source, category and from.")
    source, category, start, end = row.get("source"), row.get("category"), row.get("from"), row.get("to")
    if source not in RECORD_SOURCES:
        raise TaxonomyError(f"A record of '{slug}' has the source {source!r}; known are {', '.join(RECORD_SOURCES)}.")
    if not isinstance(category, str) or not isinstance(start, date):
        raise TaxonomyError(f"A record of '{slug}' needs a category, and a date under from.")
    if end is not None and not (isinstance(end, date) and end > start):
        raise TaxonomyError(f"A record of '{slug}' ends before it begins, or its end is no date.")
    if row.get("covers", "wholly") not in ("wholly", "partly"):
        raise TaxonomyError(f"A record of '{slug}' covers the topic 'wholly' or 'partly', not {row['covers']!r}.")
    return Mapped(source, category, start, end, row.get("covers") == "partly")
