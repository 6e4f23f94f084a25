"""The receipt of an import: what became of every row, in a form that is stored and shown as it is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from csp_consult.places.csv_lines import Refusal

LISTED_REFUSALS = 500
"""Refused rows listed by line; beyond them only their number by reason is kept, so that a receipt stays small."""


@dataclass(frozen=True)
class MonthReceipt:
    """What one month of one body became."""

    period: str
    recorded_by: str
    kept: int
    replaced: int | None
    """Incidents of the month on record before; None when there were none on record."""
    changed: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Category to (number before, number now), where a replacement changed it."""


@dataclass
class Receipt:
    """Every row of one file: ``rows`` = ``kept`` + ``outside`` + ``no_location`` + ``unknown_area`` + ``refused``."""

    file_name: str
    source: str
    sha256: str = ""
    rows: int = 0
    kept: int = 0
    outside: dict[str, int] = field(default_factory=dict)
    """Reason to number of rows that lie outside the district."""
    no_location: int = 0
    """Rows without any location: they may or may not belong to the district."""
    unknown_area: int = 0
    """Rows said to lie in the district whose area code is of no vintage known here."""
    refused: dict[str, int] = field(default_factory=dict)
    """Reason to number of rows that could not be read."""
    refusals: list[Refusal] = field(default_factory=list)
    """The first of them with line and what stood there."""
    unplaced: dict[str, dict[str, int]] = field(default_factory=dict)
    """Month to category to number of rows without a known place in the district."""
    months: list[MonthReceipt] = field(default_factory=list)
    unit: str = "rows"
    """What was counted above: ``rows`` of incidents, or ``cells`` of a sheet, of which each is one figure."""
    already_on_record: bool = False
    """True when every figure of the file was on record as it stands, so that nothing was written."""

    @property
    def rows_outside(self) -> int:
        """Rows that lie outside the district."""
        return sum(self.outside.values())

    @property
    def rows_refused(self) -> int:
        """Rows that could not be read."""
        return sum(self.refused.values())

    def refuse(self, refusal: Refusal) -> None:
        """Count a row as refused, and list it while there is room."""
        self.refused[refusal.reason] = self.refused.get(refusal.reason, 0) + 1
        if len(self.refusals) < LISTED_REFUSALS:
            self.refusals.append(refusal)

    def document(self) -> dict[str, Any]:
        """The receipt as JSON data."""
        return asdict(self)

    def sentences(self) -> list[str]:
        """The receipt in words, one fact a line."""
        told = [self._totals()]
        told += [f"  {_spot(refusal)}: {refusal.reason}{_found(refusal)}" for refusal in self.refusals[:20]]
        if self.rows_refused > 20:
            told += [f"  in all {number:,} refused because {reason}" for reason, number in self.refused.items()]
        if self.already_on_record:
            return [*told, "  All of it was on record already; nothing has changed."]
        return told + [_month(month) for month in self.months]

    def _totals(self) -> str:
        if self.unit == "cells":
            return f"{self.file_name}: {self.rows:,} cells: {self.kept:,} kept, {self.rows_refused:,} not taken."
        return (
            f"{self.file_name}: {self.rows:,} rows: {self.kept:,} kept, {self.rows_outside:,} outside the district, "
            f"{self.no_location:,} without a location, {self.unknown_area:,} with an unknown area code, "
            f"{self.rows_refused:,} refused."
        )


def _spot(refusal: Refusal) -> str:
    return f"cell {refusal.cell}" if refusal.cell else f"line {refusal.line}"


def _found(refusal: Refusal) -> str:
    return f": {refusal.found!r}" if refusal.found else ""


def _month(month: MonthReceipt) -> str:
    told = f"  {month.period}, {month.recorded_by}: {month.kept:,} kept"
    if month.replaced is None:
        return f"{told}."
    changes = ", ".join(f"{category} {before:,} to {now:,}" for category, (before, now) in month.changed.items())
    return f"{told}, in place of {month.replaced:,} on record before ({changes or 'no category changed'})."
