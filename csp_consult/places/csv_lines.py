"""Comma-separated files from outside, read line by line: bounded in memory, never trusted.

One physical line is one row. A quotation mark left open therefore spoils its own row and no other.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

LINE_LIMIT = 8192
"""Bytes of a line. The longest lines of the files read here hold about 600."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

# What a file begins with when it is something else, and what to do about it.
OTHER_FILES: Mapping[bytes, str] = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook; unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as CSV",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"%PDF": "a PDF document; ask for the figures as CSV",
    b"\xff\xfe": "UTF-16 text; save it as CSV UTF-8",
    b"\xfe\xff": "UTF-16 text; save it as CSV UTF-8",
    b"<": "a web page or XML; download the CSV file itself",
    b"{": "JSON; only CSV files are read here",
    b"[": "JSON; only CSV files are read here",
}


class FileError(ValueError):
    """The file as a whole cannot be used; the message is one plain sentence for the person who gave it."""


class RowError(ValueError):
    """One row cannot be used. ``reason`` is one of few fixed sentences, ``found`` what stood there."""

    def __init__(self, reason: str, found: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.found = printable(found)


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken, by line number (the header is line 1 unless lines precede it)."""

    line: int
    reason: str
    found: str = ""
    cell: str = ""
    """Of a sheet: the cell, as ``C7``."""


@dataclass(frozen=True)
class Row:
    """A row with as many values as the header has columns, spaces around them removed."""

    line: int
    values: tuple[str, ...]


def printable(text: str, limit: int = 40) -> str:
    """Outside text made safe to show: no control characters, at most ``limit`` characters."""
    shown = "".join(character if character.isprintable() else "?" for character in text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


class CsvLines:
    """One file: its ``header`` is read at once, its ``rows`` as they are asked for.

    ``digest`` is complete once the rows are read.
    Raises FileError when the file is no CSV or turns out larger than ``byte_limit``.
    """

    def __init__(self, stream: IO[bytes], name: str, byte_limit: int) -> None:
        self.name = printable(name, 120)
        self.bytes_read = 0
        self._stream = stream
        self._byte_limit = byte_limit
        self._sha256 = hashlib.sha256()
        first = self._read_line()
        if not first.strip():
            raise FileError(f"{self.name} is empty or begins with a blank line; its first line must name the columns.")
        for start, what in OTHER_FILES.items():
            if first.startswith(start):
                raise FileError(f"{self.name} is no CSV file but {what}.")
        try:
            self.header: tuple[str, ...] = _fields(first.removeprefix(BYTE_ORDER_MARK))
        except RowError as fault:
            raise FileError(f"{self.name}: the first line cannot be read as column names: {fault.reason}.") from fault

    @property
    def digest(self) -> str:
        """SHA-256 of what has been read so far, in hexadecimal."""
        return self._sha256.hexdigest()

    def rows(self) -> Iterator[Row | Refusal]:
        """Every line after the first, as a Row or as a Refusal. Blank lines are no rows."""
        line = 1
        while raw := self._read_line():
            line += 1
            if not raw.strip():
                continue
            try:
                values = _fields(raw)
                if len(values) != len(self.header):
                    raise RowError(
                        "the number of values differs from the number of columns",
                        f"{len(values)} values, {len(self.header)} columns",
                    )
                yield Row(line, values)
            except RowError as fault:
                yield Refusal(line, fault.reason, fault.found)

    def _read_line(self) -> bytes:
        """The next line; of one longer than the limit the start only, so that it is seen to be too long."""
        line = rest = self._stream.readline(LINE_LIMIT + 1)
        self._count(rest)
        while len(rest) > LINE_LIMIT and not rest.endswith(b"\n"):
            rest = self._stream.readline(LINE_LIMIT + 1)
            self._count(rest)
        return line

    def _count(self, part: bytes) -> None:
        self._sha256.update(part)
        self.bytes_read += len(part)
        if self.bytes_read > self._byte_limit:
            raise FileError(f"{self.name} is larger than {self._byte_limit // 2**20} MB; split it and try again.")


def _fields(raw: bytes) -> tuple[str, ...]:
    """The values of one line. Raises RowError when it cannot be read."""
    if len(raw) > LINE_LIMIT:
        raise RowError(f"the line is longer than {LINE_LIMIT} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RowError("the line is not UTF-8 text") from error
    if "\x00" in text:
        raise RowError("the line holds a null character")
    text = text.rstrip("\r\n")
    if '"' not in text:
        # The common case at a sixth of the cost of the csv module.
        return tuple(value.strip() for value in text.split(","))
    try:
        return tuple(value.strip() for value in next(csv.reader([text], strict=True)))
    except (csv.Error, StopIteration) as error:
        raise RowError("the line is not well-formed CSV (a quotation mark left open?)") from error


def columns(header: tuple[str, ...]) -> dict[str, int]:
    """Where each column stands, by its name in lower case. Raises FileError when a name stands twice."""
    places: dict[str, int] = {}
    for position, name in enumerate(header):
        key = name.strip().lower()
        if key in places:
            raise FileError(f"The column {printable(name)!r} stands twice in the first line.")
        places[key] = position
    return places
