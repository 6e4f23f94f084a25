"""A table as an Excel workbook, with the values a download in CSV has."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from csp_consult.reports.tables import Table, harmless

_WIDTH = 24


def to_xlsx(table: Table) -> bytes:
    """One sheet: a heading line that stays in sight, a row each, and in every row whether it is synthetic."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("A new workbook has a sheet.")
    sheet.title = table.caption[:31]
    told = [(i, column.name) for i, column in enumerate(table.columns) if column.name]
    sheet.append([name for _, name in told] + [*table.about, "synthetic"])
    constants = [harmless(value) for value in table.about.values()] + ["yes" if table.synthetic else "no"]
    for row in table.rows:
        sheet.append([harmless(row[i].value) for i, _ in told] + constants)
    for number, column in enumerate(sheet.iter_cols(), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
        column[0].font = Font(bold=True)
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
