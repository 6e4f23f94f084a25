"""Reading rows from the files other programs write: CSV, Excel, SPSS."""

import csv
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat

LARGEST_UNPACKED = 500 * 1024 * 1024
"""Bytes an Excel file may hold when unpacked: a small file can unpack to fill a disk."""


class RowFileError(ValueError):
    """A file cannot be read; the message says why and what to do."""


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a .csv, .xlsx or .sav file, each as heading to text. Raises RowFileError."""
    readers = {".csv": _csv, ".xlsx": _xlsx, ".sav": _sav}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise RowFileError(f"{path.name} is none of .csv, .xlsx and .sav; save it as one of these.")
    yield from reader(path)


def _csv(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if None in row:
                    raise RowFileError(f"{path.name} has a row with more cells than there are headings.")
                yield {heading: value or "" for heading, value in row.items()}
    except UnicodeDecodeError as error:
        raise RowFileError(f"{path.name} is not in UTF-8: save it as “CSV UTF-8”.") from error
    except csv.Error as error:
        raise RowFileError(f"{path.name} cannot be read as CSV: {error}.") from error


def _xlsx(path: Path) -> Iterator[dict[str, str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise RowFileError(f"{path.name} unpacks to more than {LARGEST_UNPACKED // 1024**2} MB; split it.")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError) as error:
        if isinstance(error, RowFileError):
            raise
        raise RowFileError(f"{path.name} cannot be read as an Excel workbook.") from error
    with closing(book):
        lines = sheet.iter_rows(values_only=True)
        headings = [_text(value) for value in next(lines, ())]
        for line in lines:
            if any(value is not None for value in line):
                yield {heading: _text(value) for heading, value in zip(headings, line, strict=False) if heading}


def _sav(path: Path) -> Iterator[dict[str, str]]:
    try:
        frame, _ = pyreadstat.read_sav(path)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise RowFileError(f"{path.name} cannot be read as an SPSS file.") from error
    headings = [str(name) for name in frame.columns]
    for line in frame.itertuples(index=False, name=None):
        yield {heading: _text(value) for heading, value in zip(headings, line, strict=True)}


def _text(value: Any) -> str:
    """A cell as text; whole numbers without a decimal point, since that is how codes are written."""
    if value is None or value != value:  # noqa: PLR0124 - only a missing number differs from itself
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
