"""Tables as an Excel workbook, with the values a download in CSV has: one sheet a table, and one that tells of them."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from csp_consult.reports.tables import Table, Value, harmless

ABOUT = "About"
_WIDTHS = (12, 60)
_HEAD = PatternFill("solid", fgColor="0B4F55")
_LINE = Border(bottom=Side(style="thin", color="B1B4B6"))
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def to_xlsx(*tables: Table) -> bytes:
    """A sheet for every table, its heading line in sight; then what holds for all rows, with every table's caption.

    In every row stands whether it is synthetic, so that one copied elsewhere still tells.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    titles: list[str] = []
    for table in tables:
        titles.append(_title(table.caption or table.id, titles))
        _fill(book.create_sheet(titles[-1]), table)
    _tell(book.create_sheet(ABOUT), list(zip(titles, tables, strict=True)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, table: Table) -> None:
    sheet.append([name for _, name in table.told] + ["synthetic"])
    for row in table.rows:
        sheet.append([harmless(row[i].value) for i, _ in table.told] + ["yes" if table.synthetic else "no"])
    _dress(sheet)
    for column in sheet.iter_cols(min_row=2):
        for cell in column:
            if isinstance(cell.value, float):
                cell.number_format = "0.000"
            elif isinstance(cell.value, int):
                cell.number_format = "#,##0"
    sheet.auto_filter.ref = sheet.dimensions


def _tell(sheet: Worksheet, told: Sequence[tuple[str, Table]]) -> None:
    """Source, question, base, weighting, method and date of each sheet, a line each."""
    sheet.append(["sheet", "what", "value"])
    for title, table in told:
        facts: dict[str, Value] = {"caption": table.caption, **table.about}
        facts["synthetic"] = "yes: contains responses that nobody gave" if table.synthetic else "no"
        for what, value in facts.items():
            sheet.append([title, what, harmless(value)])
    _dress(sheet)


def _dress(sheet: Worksheet) -> None:
    """Heading line in sight and in colour, columns as wide as their texts need, long texts in several lines."""
    for number, column in enumerate(sheet.iter_cols(), start=1):
        longest = max(len(str(cell.value)) for cell in column if cell.value is not None) + 2
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest, _WIDTHS[0]), _WIDTHS[1])
        head = column[0]
        if isinstance(head, SheetCell):
            head.font, head.fill = Font(bold=True, color="FFFFFF"), _HEAD
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = _LINE
    sheet.freeze_panes = "B2"


def _title(caption: str, taken: Sequence[str]) -> str:
    """A name that Excel takes for a sheet: 31 letters, some signs left out, no two alike."""
    title = " ".join(caption.translate(_FORBIDDEN).split()).strip("'")[:31] or "Table"
    alike = sum(other[:28] == title[:28] for other in (*taken, ABOUT))
    return f"{title[:28]} {alike + 1}" if alike else title
