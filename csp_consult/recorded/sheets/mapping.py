"""How a sheet is to be read: where the area, the period, what is counted and the figures stand in it.

Each of the three ideas stands in one or two columns (``c0``), in one or two heading rows (``r3``), or is the same
for every figure. That alone covers lists, crosstabs either way round, and headings of two storeys.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from csp_consult.recorded.sheets.grid import Grid
from csp_consult.recorded.sheets.period_words import Quarters

IDEAS = ("area", "period", "category")
OWN_SHEET, FIRE_RESCUE = "own_sheet", "fire_rescue"
SHEET_SOURCES: Mapping[str, str] = {
    OWN_SHEET: "The partnership's own figures, as a sheet gives them",
    FIRE_RESCUE: "Fire and rescue service, as a sheet gives them",
}
COLLISIONS = "road traffic collisions"
"""What a fire and rescue service's figures count unless the sheet says otherwise."""
Dashes = Literal["unknown", "zero"]
_AXIS = re.compile(r"[rc]\d{1,4}")
LONGEST = {"same": 120, "recorded_by": 80}


class MappingError(ValueError):
    """A sheet cannot be read as the mapping says; ``field_id`` names the part of the form to change."""

    def __init__(self, message: str, field_id: str) -> None:
        super().__init__(message)
        self.field_id = field_id


@dataclass(frozen=True)
class Where:
    """Where an idea stands: columns (``c0``) and heading rows (``r3``), or nowhere since it is always ``same``."""

    at: tuple[str, ...] = ()
    same: str = ""

    @property
    def columns(self) -> tuple[int, ...]:
        """Columns from 0."""
        return tuple(int(axis[1:]) for axis in self.at if axis[0] == "c")

    @property
    def rows(self) -> tuple[int, ...]:
        """Heading rows from 0."""
        return tuple(int(axis[1:]) for axis in self.at if axis[0] == "r")


@dataclass(frozen=True)
class SheetMapping:
    """How one sheet is read, and what its names mean here."""

    worksheet: str
    first_row: int
    """The first row of figures, from 0."""
    area: Where
    period: Where
    category: Where
    figures: int | None
    """The column of the figures of a list, from 0; None for a crosstab."""
    recorded_by: str = ""
    source: str = OWN_SHEET
    quarters: Quarters = "financial"
    dashes: Dashes = "unknown"
    repeat: bool = True
    """Whether an empty heading means the one before it, as merged cells leave it in a CSV file."""
    areas: Mapping[str, str] = field(default_factory=dict)
    """Names of the sheet that are not those here, to area codes; an empty code leaves them out."""
    topics: Mapping[str, str] = field(default_factory=dict)
    """What is counted to the topic held against it; an empty one leaves it without."""

    def where(self, idea: str) -> Where:
        """Where one of ``IDEAS`` stands."""
        return {"area": self.area, "period": self.period, "category": self.category}[idea]

    def document(self) -> dict[str, Any]:
        """The mapping as JSON data."""
        return asdict(self)


def mapping_from(document: Mapping[str, Any]) -> SheetMapping:
    """The mapping a document holds."""
    wheres = {idea: Where(tuple(document[idea]["at"]), document[idea]["same"]) for idea in IDEAS}
    return SheetMapping(**{**document, **wheres})


def check(mapping: SheetMapping, grid: Grid) -> None:
    """Raises MappingError where the sheet cannot be read so."""
    for idea, name in (("area", "the area"), ("period", "the month or quarter"), ("category", "what is counted")):
        _check_where(mapping.where(idea), idea, name, grid)
    if not mapping.recorded_by:
        raise MappingError("Write who keeps these figures, such as the police force", "recorded_by")
    if len(mapping.recorded_by) > LONGEST["recorded_by"]:
        raise MappingError(f"Shorten who keeps the figures to {LONGEST['recorded_by']} characters", "recorded_by")
    _check_figures(mapping, grid)
    for field_id, chosen, allowed in (
        ("source", mapping.source, tuple(SHEET_SOURCES)),
        ("quarters", mapping.quarters, get_args(Quarters)),
        ("dashes", mapping.dashes, get_args(Dashes)),
    ):
        if chosen not in allowed:
            raise MappingError("Choose one of the list", field_id)


def _check_where(where: Where, idea: str, name: str, grid: Grid) -> None:
    if not where.at and not where.same:
        raise MappingError(f"Say where {name} stands, or write what it is for every figure", f"{idea}_at")
    if len(where.same) > LONGEST["same"]:
        raise MappingError(f"Shorten {name} to {LONGEST['same']} characters", f"{idea}_same")
    if any(not _inside(axis, grid) for axis in where.at):
        raise MappingError(f"Choose for {name} a column or row of the sheet", f"{idea}_at")


def _check_figures(mapping: SheetMapping, grid: Grid) -> None:
    crosstab = any(mapping.where(idea).rows for idea in IDEAS)
    if mapping.figures is None and not crosstab:
        raise MappingError("Choose the column that holds the figures", "figures")
    if mapping.figures is not None and crosstab:
        raise MappingError("Figures stand in one column only when no heading row says what they are", "figures")
    if mapping.figures is not None and mapping.figures >= grid.width:
        raise MappingError("Choose a column of the sheet for the figures", "figures")
    if not 0 <= mapping.first_row < len(grid.rows):
        raise MappingError(f"The first row of figures is a number between 1 and {len(grid.rows)}", "first_row")


def _inside(axis: str, grid: Grid) -> bool:
    if not _AXIS.fullmatch(axis):
        return False
    return int(axis[1:]) < (len(grid.rows) if axis[0] == "r" else grid.width)
