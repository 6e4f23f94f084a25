"""Reading rows from the files other programs write: CSV, Excel, SPSS."""

import csv
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import pyreadstat

from csp_consult.workbooks import WorkbookError, first_sheet

LARGEST_UNPACKED = 500 * 1024 * 1024
"""Bytes an Excel file may hold when unpacked: a small file can unpack to fill a disk."""


class RowFileError(ValueError):
    """A file cannot be read; the message says why and what to do."""


def read_rows(path: Path, progress: Callable[[int], object] = lambda _bytes: None) -> Iterator[dict[str, str]]:
    """The rows of a .csv, .xlsx or .sav file, each as heading to text. Raises RowFileError.

    A CSV file is read as it is gone through, however large; ``progress`` hears of every few bytes of it.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        yield from _csv(path, progress)
    elif suffix in {".xlsx", ".sav"}:
        yield from (_xlsx if suffix == ".xlsx" else _sav)(path)
        progress(path.stat().st_size)
    else:
        raise RowFileError(f"{path.name} is none of .csv, .xlsx and .sav; save it as one of these.")


def _csv(path: Path, progress: Callable[[int], object]) -> Iterator[dict[str, str]]:
    told = 0
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if (read := raw.tell()) > told:
                    progress(read - told)
                    told = read
                if None in row:
                    raise RowFileError(f"{path.name} has a row with more cells than there are headings.")
                yield {heading: value or "" for heading, value in row.items()}
    except UnicodeDecodeError as error:
        raise RowFileError(f"{path.name} is not in UTF-8: save it as “CSV UTF-8”.") from error
    except csv.Error as error:
        raise RowFileError(f"{path.name} cannot be read as CSV: {error}.") from error


def _xlsx(path: Path) -> Iterator[dict[str, str]]:
    try:
        lines = first_sheet(path.read_bytes(), most_unpacked=LARGEST_UNPACKED)
    except WorkbookError as error:
        raise RowFileError(f"{path.name} {error}.") from error
    headings = [_text(value) for value in (lines[0] if lines else ())]
    for line in lines[1:]:
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
