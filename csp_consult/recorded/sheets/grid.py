"""A worksheet or CSV file as cells: texts by row and column, with what is merged. Bounded, and never trusted."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from csp_consult.places.csv_lines import BYTE_ORDER_MARK, OTHER_FILES, FileError, printable
from csp_consult.recorded.archive import ARCHIVE
from csp_consult.workbooks import WorkbookError, open_workbook

BYTE_LIMIT = 4 * 2**20
UNPACKED_LIMIT = 64 * 2**20
CELLS_LIMIT = 200_000
TEXT_LIMIT = 200
"""Characters of a cell that are kept; what is longer is a note and no heading."""
Spot = tuple[int, int]
"""Row and column, both from 0."""


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet as texts; numbers and dates are written plainly (``12``, ``2021-04-01``)."""

    name: str
    """Of the worksheet; empty for a CSV file."""
    rows: tuple[tuple[str, ...], ...]
    merged: Mapping[Spot, Spot] = field(default_factory=dict)
    """Every cell of a merged range to the one that holds its text."""

    def text(self, row: int, column: int) -> str:
        """What stands in a cell by itself; empty outside the sheet."""
        line = self.rows[row] if 0 <= row < len(self.rows) else ()
        return line[column] if 0 <= column < len(line) else ""

    def heading(self, row: int, column: int) -> str:
        """What a cell says as a heading: a merged one says the same all over."""
        return self.text(*self.merged.get((row, column), (row, column)))

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


def address(row: int, column: int) -> str:
    """A cell as a spreadsheet names it: ``C7``."""
    return f"{get_column_letter(column + 1)}{row + 1}"


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def open_sheets(content: bytes, name: str) -> list[Grid]:
    """The worksheets that hold anything, in their order; of a CSV file the one there is.

    Raises FileError when the file is neither, is damaged, or goes beyond the bounds.
    """
    shown = printable(name, 120)
    if len(content) > BYTE_LIMIT:
        raise FileError(f"{shown} is larger than {BYTE_LIMIT // 2**20} MB; keep the sheet with the figures only.")
    grids = _workbook(content, shown) if content.startswith(ARCHIVE) else [_csv(content, shown)]
    grids = [grid for grid in grids if grid.rows]
    if not grids:
        raise FileError(f"{shown} is empty.")
    return grids


def is_sheet(content: bytes) -> bool:
    """Whether the start of a file is that of an Excel workbook."""
    return content.startswith(ARCHIVE) and b"[Content_Types].xml" in content


def _csv(content: bytes, name: str) -> Grid:
    for start, what in OTHER_FILES.items():
        if content.startswith(start):
            raise FileError(f"{name} is neither a CSV file nor an Excel workbook (.xlsx) but {what}.")
    if b"\x00" in content:
        raise FileError(f"{name} is no text; save the sheet as CSV or as an Excel workbook (.xlsx).")
    body = content.removeprefix(BYTE_ORDER_MARK)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        # What Excel in Britain writes under "CSV (Comma delimited)"; it reads any byte.
        text = body.decode("cp1252", errors="replace")
    separator = max(",;\t", key=text.count)
    try:
        rows = [
            [_clean(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error as error:
        raise FileError(f"{name} cannot be read as CSV ({error}); save it again as CSV UTF-8.") from error
    if sum(map(len, rows)) > CELLS_LIMIT:
        raise FileError(f"{name} has more than {CELLS_LIMIT:,} cells; keep the figures only.")
    return Grid("", _trimmed(rows))


def _workbook(content: bytes, name: str) -> list[Grid]:
    try:
        book = open_workbook(content, most_unpacked=UNPACKED_LIMIT)
        return [_worksheet(sheet, name) for sheet in book.worksheets]
    except WorkbookError as error:
        raise FileError(f"{name} {error}.") from error


def _worksheet(sheet: Worksheet, name: str) -> Grid:
    if sheet.max_row * sheet.max_column > CELLS_LIMIT:
        told = f"The sheet “{printable(sheet.title)}” of {name} spans more than {CELLS_LIMIT:,} cells"
        raise FileError(f"{told}; keep the figures only.")
    rows = [[_clean(_plain(value)) for value in row] for row in sheet.iter_rows(values_only=True)]
    merged = {
        (row - 1, column - 1): (area.min_row - 1, area.min_col - 1)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, len(rows)) + 1)
        for column in range(area.min_col, min(area.max_col, sheet.max_column) + 1)
    }
    return Grid(printable(sheet.title, 60), _trimmed(rows), merged)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _clean(text: str) -> str:
    return printable(" ".join(text.split()), TEXT_LIMIT)


def _trimmed(rows: Iterable[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Without the empty cells at the end of rows and the empty rows at the end of the sheet."""
    kept = []
    for row in rows:
        while row and not row[-1]:
            row.pop()
        kept.append(tuple(row))
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)
