"""The form by which an officer says how a sheet is to be read: what it offers, and what was sent."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from openpyxl.utils import get_column_letter
from werkzeug.datastructures import MultiDict

from csp_consult.recorded.sheets.grid import Grid
from csp_consult.recorded.sheets.mapping import IDEAS, SheetMapping, Where
from csp_consult.recorded.sheets.period_words import Quarters

LEAVE_OUT = "leave-out"
NAMES_LIMIT = 200
QUARTERS = [("financial", "April (financial year)"), ("calendar", "January (calendar year)")]
DASHES = [("unknown", "Not known"), ("zero", "None were recorded")]
KINDS_OF_FIGURES = [
    ("own_sheet", "The partnership’s own figures"),
    ("fire_rescue", "Road traffic collisions the fire and rescue service went to"),
]
_ROWS_OFFERED = 30


def read_form(form: MultiDict[str, str], worksheet: str) -> SheetMapping:
    """The mapping that was sent, sound or not: ``mapping.check`` says what is wrong with it."""
    figures = form.get("figures", "")
    first_row = form.get("first_row", "").strip()
    return SheetMapping(
        worksheet=worksheet,
        first_row=int(first_row) - 1 if first_row.isdecimal() and len(first_row) < 7 else -1,
        area=_where(form, "area"),
        period=_where(form, "period"),
        category=_where(form, "category"),
        figures=int(figures[1:]) if re.fullmatch(r"c\d{1,4}", figures, re.ASCII) else None,
        recorded_by=" ".join(form.get("recorded_by", "").split()),
        source=form.get("source", ""),
        # That these are among the choices is checked with the rest.
        quarters=cast(Quarters, form.get("quarters", "")),
        dashes=cast(Any, form.get("dashes", "")),
        repeat=form.get("repeat") == "yes",
        areas={name: "" if code == LEAVE_OUT else code for name, code in _named(form, "name")},
        topics=dict(_named(form, "topic")),
    )


def fields(mapping: SheetMapping, grid: Grid) -> dict[str, Any]:
    """What the parts of the form hold and offer."""
    places = [("", "The same for every figure"), *_columns(mapping, grid), *_rows(grid)]
    return {
        "places": places,
        "more": [("", "Nowhere else"), *places[1:]],
        "figure_columns": [("", "Below the headings (a crosstab)"), *_columns(mapping, grid)],
        "figures": "" if mapping.figures is None else f"c{mapping.figures}",
        "at": {idea: _first(mapping.where(idea).at) for idea in IDEAS},
        "period_more": _first(mapping.period.at[1:]),
        "first_row": str(mapping.first_row + 1) if mapping.first_row >= 0 else "",
        "quarters": QUARTERS,
        "dashes": DASHES,
        "kinds": KINDS_OF_FIGURES,
    }


def named_areas(mapping: SheetMapping, unknown: Sequence[str]) -> list[tuple[str, str]]:
    """Names an officer may say the area of, each with what was chosen so far."""
    names = dict.fromkeys([*mapping.areas, *unknown])
    return [(name, _chosen(mapping.areas, name)) for name in list(names)[:NAMES_LIMIT]]


def _chosen(areas: Mapping[str, str], name: str) -> str:
    return (areas[name] or LEAVE_OUT) if name in areas else ""


def _where(form: MultiDict[str, str], idea: str) -> Where:
    at = tuple(filter(None, (form.get(f"{idea}_at", ""), form.get(f"{idea}_more", ""))))
    return Where(at) if at else Where(same=" ".join(form.get(f"{idea}_same", "").split()))


def _named(form: MultiDict[str, str], part: str) -> list[tuple[str, str]]:
    """The names of the sheet for which something was chosen, with what was."""
    pairs = [(form.get(f"{part}-{i}-text", ""), form.get(f"{part}-{i}", "")) for i in range(NAMES_LIMIT)]
    return [(name, chosen) for name, chosen in pairs if name and chosen]


def _first(axes: Sequence[str]) -> str:
    return axes[0] if axes else ""


def _columns(mapping: SheetMapping, grid: Grid) -> list[tuple[str, str]]:
    shown = []
    for column in range(min(grid.width, 100)):
        above = (grid.heading(row, column) for row in range(mapping.first_row - 1, -1, -1))
        below = (grid.heading(row, column) for row in range(mapping.first_row, len(grid.rows)))
        text = next(filter(None, above), "") or next(filter(None, below), "")
        shown.append((f"c{column}", f"Column {get_column_letter(column + 1)}: {_short(text)}"))
    return shown


def _rows(grid: Grid) -> list[tuple[str, str]]:
    return [
        (f"r{row}", f"Row {row + 1}: {_short(', '.join(filter(None, grid.rows[row])))}")
        for row in range(min(len(grid.rows), _ROWS_OFFERED))
        if any(grid.rows[row])
    ]


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
