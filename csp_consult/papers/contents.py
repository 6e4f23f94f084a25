"""A paper: titled sections of sentences and tables, each with a note on what it rests on.

The same paper is a page, a Word file, a PDF and JSON: what it says is decided here once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from csp_consult.reports.tables import Cell, Column, Table


@dataclass(frozen=True)
class Paragraph:
    """One paragraph made from figures, with the footnote that says where they come from."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart, kept as what it is drawn from; everything it shows stands in a table of the same section too."""

    kind: str
    """As ``reports.drawing`` names it."""
    data: Mapping[str, Any]
    alt: str
    """What it shows, for whoever does not see it."""


@dataclass(frozen=True)
class Section:
    """A part of a paper under a heading of its own."""

    id: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[tuple[Table, str], ...] = ()
    """Each with its footnote."""
    own_words: str = ""
    """What an officer wrote under it; kept when the figures change."""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A whole paper."""

    kind: str
    title: str
    subtitle: str
    organisation: str
    made_on: str
    """ISO date."""
    sections: tuple[Section, ...]
    synthetic: bool
    about: Mapping[str, str] = field(default_factory=dict)
    """What a program wants to know of the whole: wave, period."""

    def with_own_words(self, words: Mapping[str, str]) -> "Paper":
        """The paper with an officer's words under the sections they belong to."""
        return replace(
            self, sections=tuple(replace(one, own_words=words.get(one.id, one.own_words)) for one in self.sections)
        )

    def notes(self) -> list[str]:
        """Its footnotes, each once, in the order in which they are first needed."""
        return list(dict.fromkeys(note for note in self._every_note() if note))

    def tables(self) -> Iterator[Table]:
        """Its tables, in order."""
        for table, _ in self.noted_tables():
            yield table

    def noted_tables(self) -> Iterator[tuple[Table, str]]:
        """Its tables, in order, each with its footnote."""
        for section in self.sections:
            yield from section.tables

    def _every_note(self) -> Iterator[str]:
        for section in self.sections:
            for paragraph in section.paragraphs:
                yield paragraph.note
            for _, note in section.tables:
                yield note


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as JSON data, from which ``of_data`` makes the same paper again."""
    return {
        "kind": paper.kind,
        "title": paper.title,
        "subtitle": paper.subtitle,
        "organisation": paper.organisation,
        "made_on": paper.made_on,
        "synthetic": paper.synthetic,
        "about": dict(paper.about),
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "paragraphs": [{"text": one.text, "note": one.note} for one in section.paragraphs],
                "tables": [{"table": _table_data(table), "note": note} for table, note in section.tables],
                "own_words": section.own_words,
                "pictures": [{"kind": one.kind, "data": dict(one.data), "alt": one.alt} for one in section.pictures],
            }
            for section in paper.sections
        ],
    }


def of_data(data: Mapping[str, Any]) -> Paper:
    """The paper that ``as_data`` took apart."""
    sections = tuple(
        Section(
            id=section["id"],
            title=section["title"],
            paragraphs=tuple(Paragraph(**one) for one in section["paragraphs"]),
            tables=tuple((_table(one["table"]), one["note"]) for one in section["tables"]),
            own_words=section["own_words"],
            # What was signed off before papers had pictures has none.
            pictures=tuple(Picture(**one) for one in section.get("pictures", ())),
        )
        for section in data["sections"]
    )
    return Paper(**{**data, "sections": sections})


def _table_data(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "caption": table.caption,
        "columns": [{"heading": one.heading, "name": one.name, "number": one.number} for one in table.columns],
        "rows": [[{"text": cell.text, "value": cell.value} for cell in row] for row in table.rows],
        "about": dict(table.about),
        "synthetic": table.synthetic,
    }


def _table(data: Mapping[str, Any]) -> Table:
    columns = [Column(**one) for one in data["columns"]]
    rows = [[Cell(**cell) for cell in row] for row in data["rows"]]
    return Table(**{**data, "columns": columns, "rows": rows})
