"""Small CSV files that officers make, a row a thing: every row is kept or refused with its line and reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Protocol

from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import CsvLines, FileError, Refusal, RowError, columns

BYTE_LIMIT = 2**20


@dataclass
class RowsReceipt:
    """What became of every row: ``rows`` = ``kept`` + the refusals."""

    rows: int = 0
    kept: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def numbers(self) -> dict[str, int]:
        """How many rows there were and how many of them were kept, for the audit trail."""
        return {"rows": self.rows, "kept": self.kept}

    def sentences(self) -> list[str]:
        """The receipt in words, one fact a line; the first twenty refusals."""
        told = [f"{self.kept:,} of {self.rows:,} rows kept."]
        return told + [
            f"Line {one.line}: {one.reason}{f': {one.found!r}' if one.found else ''}." for one in self.refused[:20]
        ]


class PrintedImport(Protocol):
    """Takes in a file of what somebody printed. The caller commits. Raises FileError."""

    def __call__(self, session: Session, stream: IO[bytes], name: str, *, district: str) -> RowsReceipt:
        """The receipt; rows that name no area are of the district."""


def take_rows(
    stream: IO[bytes],
    name: str,
    keep: Callable[[Mapping[str, str]], None],
    *,
    needed: Sequence[str],
    optional: Sequence[str] = (),
) -> RowsReceipt:
    """Hand every row, column to value, to ``keep``, which raises RowError for a row it cannot use.

    A column of ``optional`` that the file does not have is empty. Raises FileError when a needed column is missing,
    one stands there that means nothing, or no row could be kept.
    """
    lines = CsvLines(stream, name, BYTE_LIMIT)
    at = columns(lines.header)
    if missing := [column for column in needed if column not in at]:
        raise FileError(f"{lines.name} lacks the column {', '.join(missing)}.")
    if unknown := sorted(set(at) - {*needed, *optional}):
        raise FileError(f"{lines.name} has the column {unknown[0][:40]!r}, which means nothing here. Take it out.")
    receipt = RowsReceipt()
    for row in lines.rows():
        receipt.rows += 1
        try:
            if isinstance(row, Refusal):
                raise RowError(row.reason, row.found)
            keep({column: row.values[at[column]] if column in at else "" for column in (*needed, *optional)})
            receipt.kept += 1
        except RowError as error:
            receipt.refused.append(Refusal(row.line, error.reason, error.found))
    if not receipt.kept:
        told = f" Line {receipt.refused[0].line}: {receipt.refused[0].reason}." if receipt.refused else ""
        raise FileError(f"No row of {lines.name} could be kept.{told}")
    return receipt
