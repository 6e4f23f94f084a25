"""A sheet read by its mapping: every cell of figures kept, or not taken with its address and the reason."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from csp_consult.places.csv_lines import Refusal, RowError
from csp_consult.recorded.periods import first_day, is_quarter, months_in
from csp_consult.recorded.reading import EACH_CATEGORY, CountKey, District, Reading
from csp_consult.recorded.receipts import Receipt
from csp_consult.recorded.sheets.area_names import AreaNames
from csp_consult.recorded.sheets.grid import Grid, address
from csp_consult.recorded.sheets.mapping import IDEAS, OWN_SHEET, SheetMapping, Where
from csp_consult.recorded.sheets.period_words import read_period

CATEGORY_LIMIT = 120
LARGEST = 10_000_000
WITHHELD = re.compile(
    r"(?:<|≤|less than|under|fewer than)\s*\d+|[*†‡§#cx:~]|\[[a-z]\]|\.\.+|n/?a|\d+\s*[-–]\s*\d+", re.IGNORECASE
)
DASH = re.compile(r"[-–—]+")
NUMBER = re.compile(r"\d{1,8}|\d{1,3}(?:,\d{3})+")
TOTAL = re.compile(r"\b(?:sub-?|grand )?totals?\b|\ball (?:areas|beats|wards|parishes)\b", re.IGNORECASE)
WHOLE_TOTAL = re.compile(r"(?:grand |sub-?)?totals?|all", re.IGNORECASE)


@dataclass(frozen=True)
class KeptFigure:
    """One figure as it goes on record, and the cell it stands in."""

    cell: str
    key: CountKey
    n: int
    category: str
    """What is counted, as the sheet names it."""


@dataclass
class SheetReading:
    """What a sheet says, and what an officer may want to settle about it."""

    reading: Reading
    kept: list[KeptFigure] = field(default_factory=list)
    unknown_areas: list[str] = field(default_factory=list)
    """Names that are no area here, in the order of the sheet."""
    categories: list[str] = field(default_factory=list)
    """What is counted, in the order of the sheet."""


def read_sheet(grid: Grid, mapping: SheetMapping, names: AreaNames, district: District, file_name: str) -> SheetReading:
    """Read a sheet. ``rows`` of the receipt are its cells of figures, and the lines of text among them."""
    found = SheetReading(Reading(Receipt(file_name=file_name, source=mapping.source, unit="cells")))
    found.reading.replaces = EACH_CATEGORY
    _Reader(grid, mapping, names, district, found).read()
    return found


def stored_category(mapping: SheetMapping, category: str) -> str:
    """What is counted as it is kept: a partnership's sheets carry whose count it is, since two may use one word."""
    return f"{category} ({mapping.recorded_by})" if mapping.source == OWN_SHEET else category


class _Reader:
    """One pass over the cells."""

    def __init__(
        self, grid: Grid, mapping: SheetMapping, names: AreaNames, district: District, found: SheetReading
    ) -> None:
        self._grid, self._mapping, self._names = grid, mapping, names
        self._district, self._found = district, found
        self._receipt = found.reading.receipt
        self._claimed: dict[CountKey, str] = {}
        """Every figure the sheet spoke of so far, also where it was withheld, and in which cell."""
        axes = {axis for idea in IDEAS for axis in mapping.where(idea).at}
        self._columns = sorted(int(axis[1:]) for axis in axes if axis[0] == "c")
        self._rows = sorted(int(axis[1:]) for axis in axes if axis[0] == "r")
        figures = [mapping.figures] if mapping.figures is not None else range(grid.width)
        self._figures = [column for column in figures if column not in self._columns]
        self._kind = names.kind_of(self._area_texts())

    def read(self) -> None:
        for row in range(self._mapping.first_row, len(self._grid.rows)):
            filled = [column for column in self._figures if self._grid.text(row, column)]
            if filled:
                for column in self._figures:
                    self._cell(row, column)
            elif any(self._grid.rows[row]):
                self._note(row)
        for kept in self._subtotals():
            self._found.kept.remove(kept)
            self._refuse(kept.cell, RowError("a quarter beside its own months", str(kept.n)))
        self._receipt.kept = len(self._found.kept)
        for kept in self._found.kept:
            self._found.reading.counts[kept.key] = kept.n

    def _cell(self, row: int, column: int) -> None:
        text, cell = self._grid.text(row, column), address(row, column)
        said = {idea: self._said(self._mapping.where(idea), row, column) for idea in IDEAS}
        if not text and not all(said.values()):
            return
        self._receipt.rows += 1
        try:
            key = self._key(said)
            first = self._claimed.setdefault(key, cell)
            if first != cell:
                raise RowError(f"the same figure stands in {first}" if text else "nothing stands there", text)
            if (row, column) in self._grid.merged:
                raise RowError("one figure for several cells", text)
            self._found.kept.append(KeptFigure(cell, key, self._number(text), said["category"]))
        except RowError as error:
            self._refuse(cell, error)

    def _said(self, where: Where, row: int, column: int) -> str:
        """What the sheet says of an idea for a cell."""
        if not where.at:
            return where.same
        across = [self._heading(at, column) for at in where.rows]
        down = [self._label(row, at) for at in where.columns]
        return " ".join(filter(None, [*across, *down]))

    def _heading(self, row: int, column: int) -> str:
        """A heading above; one of an upper storey stands for the empty ones to its right."""
        found = self._grid.heading(row, column)
        if not found and self._mapping.repeat and row != self._rows[-1]:
            before = (self._grid.heading(row, at) for at in range(column - 1, -1, -1) if at not in self._columns)
            return next(filter(None, before), "")
        return found

    def _label(self, row: int, column: int) -> str:
        """A label to the left; one of an outer column stands for the empty ones below it, up to an empty row."""
        found = self._grid.heading(row, column)
        if not found and self._mapping.repeat and column != self._columns[-1]:
            for at in range(row - 1, self._mapping.first_row - 1, -1):
                if not any(self._grid.rows[at]):
                    break
                if above := self._grid.heading(at, column):
                    return above
        return found

    def _key(self, said: dict[str, str]) -> CountKey:
        """Which figure a cell is. Raises RowError where it is none, or one that cannot be placed."""
        mapping = self._mapping
        area, category = said["area"], said["category"]
        if self._is_total(said):
            raise RowError("a total of other figures", " ".join(said.values()).strip())
        if not all(said.values()):
            raise RowError("no area, period or subject stands for it", " ".join(said.values()).strip())
        if category not in self._found.categories:
            self._found.categories.append(category)
        period = read_period(said["period"], mapping.quarters)
        self._refuse_unfinished(period)
        stored = stored_category(mapping, category)
        if len(stored) > CATEGORY_LIMIT:
            raise RowError(f"what is counted is named at more than {CATEGORY_LIMIT} characters", category)
        return period, mapping.recorded_by, self._area_code(area, period), stored

    def _is_total(self, said: dict[str, str]) -> bool:
        if said["area"] not in self._mapping.areas and TOTAL.search(said["area"]):
            return True
        return bool(TOTAL.search(said["period"]) or WHOLE_TOTAL.fullmatch(said["category"]))

    def _area_code(self, text: str, period: str) -> str:
        code = self._mapping.areas.get(text)
        if code == "":
            raise RowError("left out, as the mapping says", text)
        if code is not None:
            return code
        if not self._names.candidates(text) and text not in self._found.unknown_areas:
            self._found.unknown_areas.append(text)
        return self._names.code(text, self._kind, first_day(period))

    def _refuse_unfinished(self, period: str) -> None:
        last = months_in(period)[-1]
        if last > self._district.last_month or (is_quarter(period) and last == self._district.last_month):
            raise RowError("the month or quarter is not over", period)

    def _number(self, text: str) -> int:
        if not text:
            raise RowError("nothing stands there")
        if DASH.fullmatch(text):
            if self._mapping.dashes == "zero":
                return 0
            raise RowError("a dash, which may mean none or not known", text)
        if WITHHELD.fullmatch(text):
            raise RowError("withheld or not available, so not known", text)
        if not NUMBER.fullmatch(text) or (number := int(text.replace(",", ""))) > LARGEST:
            raise RowError("not a count: a whole number without a sign", text)
        return number

    def _note(self, row: int) -> None:
        text = next(filter(None, self._grid.rows[row]))
        if self._mapping.area.columns and self._label_is_area(row):
            for column in self._figures:
                self._cell(row, column)
            return
        self._receipt.rows += 1
        self._refuse(address(row, self._grid.rows[row].index(text)), RowError("words, not figures", text))

    def _label_is_area(self, row: int) -> bool:
        said = self._said(self._mapping.area, row, 0)
        return bool(said in self._mapping.areas or self._names.candidates(said))

    def _refuse(self, cell: str, error: RowError) -> None:
        row = int(re.sub(r"\D", "", cell))
        self._receipt.refuse(Refusal(row, error.reason, error.found, cell))

    def _subtotals(self) -> list[KeptFigure]:
        """Quarters that the sheet gives beside months of theirs."""
        keys = {kept.key for kept in self._found.kept}
        return [
            kept
            for kept in self._found.kept
            if is_quarter(kept.key[0]) and any((month, *kept.key[1:]) in keys for month in months_in(kept.key[0]))
        ]

    def _area_texts(self) -> Iterator[str]:
        """The names that stand where the area is said to stand."""
        where = self._mapping.area
        if where.same:
            yield where.same
        read: Callable[[int, int], str] = self._grid.heading
        for column in where.columns:
            yield from filter(None, (read(row, column) for row in range(self._mapping.first_row, len(self._grid.rows))))
        for row in where.rows:
            yield from filter(None, (read(row, column) for column in self._figures))
