"""A first guess at how a sheet is to be read, for an officer to look over, and the fingerprint it is remembered by."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from csp_consult.recorded.sheets.area_names import AreaNames
from csp_consult.recorded.sheets.grid import Grid
from csp_consult.recorded.sheets.mapping import IDEAS, SheetMapping, Where
from csp_consult.recorded.sheets.period_words import names_period
from csp_consult.recorded.sheets.reading import DASH, NUMBER, TOTAL, WITHHELD

LOOKED_AT = 60
"""Rows and columns in which headings are looked for."""
_AREA = re.compile(r"area|beat|ward|npa|parish|neighbourhood|place|district|location", re.IGNORECASE)
_CATEGORY = re.compile(r"categor|type|topic|crime|offence|incident|measure|indicator|subject|what", re.IGNORECASE)
_FIGURES = re.compile(r"count|number|no\.|incidents|total|figure|value|recorded|volume|n$", re.IGNORECASE)


def guess(grids: Sequence[Grid], names: AreaNames, district: str, file_name: str) -> SheetMapping:
    """How the sheet is most likely meant: the first worksheet with a period and figures in it."""
    guesses = [_Guess(grid, names, district, file_name) for grid in grids]
    likely = next((one for one in guesses if one.has_periods), guesses[0])
    return likely.mapping()


def fingerprint(mapping: SheetMapping, grid: Grid) -> str:
    """The same for a sheet laid out in the same way, whatever its figures, its periods and how long it is."""
    used = {axis for idea in IDEAS for axis in mapping.where(idea).at}
    rows = {int(axis[1:]) for axis in used if axis[0] == "r"} | {mapping.first_row - 1}
    texts = (grid.heading(row, column) for row in sorted(rows) for column in range(grid.width))
    said = {re.sub(r"[\d\W]+", " ", text.lower()).strip() for text in texts if not names_period(text)}
    layout = [re.sub(r"\d", "", mapping.worksheet), mapping.first_row, sorted(used), sorted(said)]
    return hashlib.sha256(json.dumps(layout).encode()).hexdigest()


@dataclass(frozen=True)
class _Line:
    """One or two columns or rows that say one thing together, and how many different things they say."""

    axes: tuple[str, ...]
    different: int


class _Guess:
    """What one worksheet looks like."""

    def __init__(self, grid: Grid, names: AreaNames, district: str, file_name: str) -> None:
        self._grid, self._names = grid, names
        self._district, self._file_name = district, file_name
        self._height, self._width = min(len(grid.rows), LOOKED_AT), min(grid.width, LOOKED_AT)
        self._period = self._best(names_period, taken=())

    @property
    def has_periods(self) -> bool:
        """Whether it names months or quarters at all."""
        return self._period.different > 0

    def mapping(self) -> SheetMapping:
        """The whole guess."""
        period = Where(self._period.axes) if self.has_periods else Where()
        area_line = self._best(self._names_area, taken=period.at)
        rows = [int(axis[1:]) for axis in (*period.at, *area_line.axes) if axis[0] == "r"]
        area = self._area(area_line, period)
        first_row = self._first_row(period, rows)
        category = self._category(period, area, first_row)
        first_row = max([first_row, *(row + 1 for row in category.rows)])
        crosstab = bool(period.rows or area.rows or category.rows)
        return SheetMapping(
            worksheet=self._grid.name,
            first_row=first_row,
            area=area,
            period=period,
            category=category,
            figures=None if crosstab else self._figures(first_row, {*period.columns, *area.columns, *category.columns}),
        )

    def _best(self, is_one: Callable[[str], bool], taken: Iterable[str]) -> _Line:
        """The line of which the most different cells pass the test, a row before a column, one before two."""
        free = [axis for axis in self._axes() if axis not in taken]
        lines = [_Line((axis,), self._different((axis,), is_one)) for axis in free]
        neighbours = [(a, b) for a, b in pairwise(free) if a[0] == b[0] and int(b[1:]) == int(a[1:]) + 1]
        lines += [_Line(pair, self._different(pair, is_one)) for pair in neighbours]
        lines = [line for line in lines if line.different and (line.axes[0][0] == "c" or self._heads(line, is_one))]
        return max(lines, key=lambda line: line.different, default=_Line((), 0))

    def _heads(self, line: _Line, is_one: Callable[[str], bool]) -> bool:
        """Whether a row holds headings: two names or more, or one with a figure below; else it is a line of a list."""
        row = int(line.axes[-1][1:])
        named = [column for column in range(self._width) if is_one(self._grid.text(row, column))]
        return line.different > 1 or any(self._is_figure(self._grid.text(row + 1, column)) for column in named)

    def _axes(self) -> list[str]:
        return [f"r{row}" for row in range(self._height)] + [f"c{column}" for column in range(self._width)]

    def _different(self, axes: tuple[str, ...], is_one: Callable[[str], bool]) -> int:
        texts = zip(*(self._texts(axis) for axis in axes), strict=True)
        # A figure beside a month is no year, though it may look like the end of one.
        joined = {" ".join(filter(None, parts)) for parts in texts if len(axes) == 1 or not any(map(_is_small, parts))}
        return sum(is_one(text) for text in joined if text)

    def _texts(self, axis: str) -> Iterator[str]:
        """Along a row or column, an empty cell saying what the one before it said where two lines stand together."""
        at, across = int(axis[1:]), axis[0] == "r"
        last = ""
        for step in range(self._width if across else self._height):
            text = self._grid.heading(at, step) if across else self._grid.heading(step, at)
            last = text or last
            yield last

    def _names_area(self, text: str) -> bool:
        return bool(self._names.candidates(text))

    def _area(self, line: _Line, period: Where) -> Where:
        """Where areas stand: where known ones do, else under a heading that says so, else nowhere."""
        if line.different and not set(line.axes) & set(period.at):
            return Where(line.axes[:1] if len(line.axes) > 1 else line.axes)
        headed = self._headed(_AREA, taken={*period.columns})
        return Where((f"c{headed}",)) if headed is not None else Where(same=self._district)

    def _first_row(self, period: Where, rows: list[int]) -> int:
        if rows:
            return max(rows) + 1
        for row in range(len(self._grid.rows)):
            said = " ".join(filter(None, (self._grid.heading(row, column) for column in period.columns)))
            if names_period(said):
                return row
        return 0

    def _category(self, period: Where, area: Where, first_row: int) -> Where:
        """Above the periods, in a column of words, or in the title of the sheet."""
        labels = {*period.columns, *area.columns}
        for row in range(first_row - 1, -1, -1):
            if f"r{row}" in (*period.at, *area.at):
                continue
            said = {self._grid.heading(row, column) for column in range(self._width) if column not in labels} - {""}
            if (period.rows or area.rows) and len(said) > 1 and not any(map(self._not_subject, said)):
                return Where((f"r{row}",))
        headed = self._headed(_CATEGORY, taken=labels)
        if headed is not None and self._words_in(headed, first_row):
            return Where((f"c{headed}",))
        for column in range(self._width):
            if headed is None and column not in labels and self._words_in(column, first_row) > 1:
                return Where((f"c{column}",))
        return Where(same=self._title(first_row))

    def _not_subject(self, text: str) -> bool:
        return names_period(text) or bool(NUMBER.fullmatch(text) or re.fullmatch(r"[\d/ -]+", text))

    def _headed(self, pattern: re.Pattern[str], taken: Iterable[int]) -> int | None:
        """The first column with a short heading of that kind above words or figures."""
        for row in range(self._height):
            filled = [column for column in range(self._width) if self._grid.text(row, column)]
            if len(filled) < 2:
                continue
            for column in filled:
                text = self._grid.text(row, column)
                if column not in taken and len(text) < 40 and pattern.search(text):
                    return column
        return None

    def _words_in(self, column: int, first_row: int) -> int:
        """How many cells of a column hold words, totals aside; none where one holds a figure or a period."""
        texts = [self._grid.text(row, column) for row in range(first_row, self._height)]
        filled = [text for text in texts if text and not TOTAL.search(text)]
        return 0 if any(self._is_figure(text) or names_period(text) for text in filled) else len(filled)

    def _is_figure(self, text: str) -> bool:
        plain = any(pattern.fullmatch(text) for pattern in (NUMBER, DASH, WITHHELD)) or text[:1].isdigit()
        return plain and not names_period(text)

    def _figures(self, first_row: int, taken: set[int]) -> int | None:
        """The column of figures of a list: one headed so before the last of those that hold figures."""
        numbers = [
            column
            for column in range(self._width)
            if column not in taken
            and any(NUMBER.fullmatch(self._grid.text(row, column)) for row in range(first_row, self._height))
        ]
        headed = [column for column in numbers if _FIGURES.search(self._grid.heading(first_row - 1, column))]
        return next(iter(headed or numbers[-1:]), None)

    def _title(self, first_row: int) -> str:
        """The words above the figures, else the name of the worksheet or file."""
        for row in range(first_row):
            filled = [text for text in self._grid.rows[row] if text]
            if len(filled) == 1 and not self._not_subject(filled[0]):
                return filled[0][:100]
        return (self._grid.name or self._file_name.rpartition(".")[0])[:100]


def _is_small(text: str) -> bool:
    return text.isdecimal() and len(text) < 4
