"""Sheets as analysts keep them, made cell by cell."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

Line = Sequence[str | int | float | None]


def csv_sheet(*lines: Line) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode()


def workbook(sheets: Mapping[str, Iterable[Line]], merged: Iterable[str] = ()) -> bytes:
    """``merged`` are ranges of the first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# Beats by quarters, with everything that gathers round the figures of such a sheet.
CROSSTAB = workbook(
    {
        "Cover": [["Performance report"], ["Prepared by the analyst"]],
        "ASB": [
            ["Anti-social behaviour incidents, Harborough"],
            [],
            [None, "2021/22", None, None, None, "2022/23", None, "Total"],
            ["Beat", "Q1", "Q2", "Q3", "Q4", "Q1", "Q2", None],
            ["Beat one", 10, 11, 12, 13, 14, 15, 75],
            ["Beat and two", "-", "*", "<5", 0, 4.5, "1,204", 1208],
            [],
            ["Nowhere", 1, 1, 1, 1, 1, 1, 6],
            ["Total", 11, 12, 13, 14, 15, 16, 81],
            ["Source: command and control. Figures are provisional."],
        ],
    },
)
