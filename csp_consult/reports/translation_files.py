"""Translations on their way to a translator and back: a spreadsheet, or gettext's PO as translation programs read it.

Each text is a row: the English, the words so far, and the question it is for where it is for one alone. What comes
back is found by its English, so rows may be sorted, filtered and left out.
"""

import io
from collections.abc import Iterator, Sequence

from babel import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from csp_consult.questionnaire.translations import Row
from csp_consult.workbooks import WorkbookError, first_sheet

LARGEST = 2 * 1024 * 1024
"""Bytes of a file that is read at all."""
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 5_000
HEADS = ("English", "Translation", "Only in question")
_WIDTHS = (70, 70, 20)


class TranslationFileError(ValueError):
    """A file of translations cannot be read; the message says what to do."""


def to_po(rows: Sequence[Row], language: str) -> bytes:
    """The rows as a PO file; the question of a row is its context."""
    catalog = Catalog(locale=language.replace("-", "_"), fuzzy=False)
    for row in rows:
        catalog.add(row.english, row.words, context=row.context or None)
    out = io.BytesIO()
    write_po(out, catalog, width=110)
    return out.getvalue()


def to_xlsx(rows: Sequence[Row], language: str) -> bytes:
    """The rows as a workbook of one sheet, named by the language."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError("A new workbook has a sheet.")
    sheet.title = language
    sheet.append(HEADS)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate((row.english, row.words, row.context), start=1):
            cell = sheet.cell(number, column, value)
            # Whatever it begins with, it is words and never a formula.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABC", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(name: str, data: bytes) -> list[Row]:
    """The rows of a file that came back, told by its ending. Raises TranslationFileError."""
    if len(data) > LARGEST:
        raise TranslationFileError("The file is larger than translations can be (2 MB).")
    if name.lower().endswith(".po"):
        return _from_po(data)
    if name.lower().endswith(".xlsx"):
        return list(_from_xlsx(data))
    raise TranslationFileError("Choose a file that ends in .po or .xlsx.")


def _from_po(data: bytes) -> list[Row]:
    try:
        catalog = read_po(io.BytesIO(data), abort_invalid=True)
    except (PoFileError, UnknownLocaleError, ValueError, LookupError, AttributeError) as error:
        raise TranslationFileError("The file cannot be read as PO; send the translation program's own file.") from error
    # A doubtful message is one its translator has not finished.
    found = [
        Row(message.context or "", message.id, message.string)
        for message in catalog
        if isinstance(message.id, str) and message.id and isinstance(message.string, str) and not message.fuzzy
    ]
    if not found:
        raise TranslationFileError("The file holds no translations.")
    return found


def _from_xlsx(data: bytes) -> Iterator[Row]:
    try:
        lines = first_sheet(data, most_unpacked=LARGEST_UNPACKED, most_rows=MOST_ROWS, columns=len(HEADS))
    except WorkbookError as error:
        raise TranslationFileError(f"The file {error}.") from error
    read = [tuple("" if value is None else str(value) for value in line) for line in lines]
    if not read or read[0][:2] != HEADS[:2]:
        raise TranslationFileError(f"The first line must say {', '.join(HEADS)}, as in the file you were given.")
    for line in read[1:]:
        english, words, context = (*line, "", "", "")[:3]
        if english.strip():
            yield Row(context.strip(), english.strip(), words.strip())
