"""Tables: what a page shows in words and a download carries as plain values, from one definition."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from csp_consult.fieldwork.exports import for_spreadsheet

Value = str | float | int | None


@dataclass(frozen=True)
class Column:
    """A column: ``heading`` on the page, ``name`` in a download. Without the one or the other it is only there."""

    heading: str | None
    name: str | None
    number: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: the words a reader sees, the value a program reads."""

    text: str
    value: Value = None


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first column names its rows."""

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    about: Mapping[str, Value]
    """What holds for every row (wave, weighting, source, date): further columns of a download."""
    synthetic: bool

    @property
    def heads(self) -> list[dict[str, object]]:
        """The headings of the page's columns, as the table component takes them."""
        return [{"text": column.heading, "number": column.number} for column in self.columns if column.heading]

    @property
    def texts(self) -> list[list[str]]:
        """The page's cells, row by row."""
        shown = [i for i, column in enumerate(self.columns) if column.heading]
        return [[row[i].text for i in shown] for row in self.rows]

    @property
    def file_name(self) -> str:
        """The name of a download without its ending; it says so when the figures are synthetic."""
        return f"{'synthetic-' if self.synthetic else ''}{self.id}"

    @property
    def told(self) -> list[tuple[int, str]]:
        """The columns of a download: where each stands, and its name."""
        return [(i, column.name) for i, column in enumerate(self.columns) if column.name]

    @property
    def mark(self) -> str:
        """Eight letters that stand for these very figures: another value anywhere gives others."""
        columns = [column.name or column.heading for column in self.columns]
        rows = [[cell.text if cell.value is None else cell.value for cell in row] for row in self.rows]
        return hashlib.sha256(json.dumps([columns, rows]).encode()).hexdigest()[:8]

    def with_about(self, more: Mapping[str, Value]) -> "Table":
        """The same table with further things that hold for every row."""
        return replace(self, about={**self.about, **more})

    def to_csv(self) -> str:
        """The table for spreadsheets and programs: a heading line, shares from 0 to 1, no formula can start.

        The column ``synthetic`` says ``yes`` or ``no`` in every row, so that a row cut out still tells.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([name for _, name in self.told] + [*self.about, "synthetic"])
        constants = [harmless(value) for value in self.about.values()] + ["yes" if self.synthetic else "no"]
        for row in self.rows:
            writer.writerow([harmless(row[i].value) for i, _ in self.told] + constants)
        return out.getvalue()

    def document(self) -> dict[str, Any]:
        """The table for programs that read JSON: what holds for every row once, and the rows under their names."""
        return {
            "table": self.id,
            "caption": self.caption,
            "synthetic": self.synthetic,
            "about": dict(self.about),
            "rows": [{name: row[i].value for i, name in self.told} for row in self.rows],
        }


def harmless(value: Value) -> Value:
    """The value as a spreadsheet may have it: a text that would be read as a formula gets an apostrophe before it."""
    safe: Value = for_spreadsheet(value)
    return safe
