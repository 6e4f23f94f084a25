"""Excel workbooks that somebody sent: bounded, held to be what they say, and never trusted."""

import io
import zipfile
import zlib
from typing import Any

from defusedxml import DefusedXmlException, ElementTree
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

# Everything the standard library raises on an archive that is broken, cut short or packed in a way it lacks.
DAMAGE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)
# What the readers raise beside it on a workbook that is none, or not whole.
UNUSUAL = (
    *DAMAGE,
    DefusedXmlException,
    ElementTree.ParseError,
    InvalidFileException,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


class WorkbookError(ValueError):
    """A file is no workbook that can be read; the message says why, without a name before it."""


def open_workbook(content: bytes, *, most_unpacked: int, read_only: bool = False) -> Workbook:
    """The workbook. What unpacks to more bytes is refused before it is unpacked, and so are XML parts with entities.

    Raises WorkbookError.
    """
    try:
        _look_into(content, most_unpacked)
        return load_workbook(io.BytesIO(content), read_only=read_only, data_only=True)
    except UNUSUAL as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("is a damaged or unusual workbook; open it in Excel and save it again") from error


def first_sheet(
    content: bytes, *, most_unpacked: int, most_rows: int | None = None, columns: int | None = None
) -> list[tuple[Any, ...]]:
    """The values of the first worksheet, row by row. Raises WorkbookError."""
    book = open_workbook(content, most_unpacked=most_unpacked, read_only=True)
    try:
        # Only as it is gone through are its rows unpacked and read; until closed it holds its file open.
        return list(book.worksheets[0].iter_rows(max_row=most_rows, max_col=columns, values_only=True))
    except UNUSUAL as error:
        raise WorkbookError("is a damaged or unusual workbook; open it in Excel and save it again") from error
    finally:
        book.close()


def _look_into(content: bytes, most_unpacked: int) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise WorkbookError("is an archive but no Excel workbook")
        if sum(member.file_size for member in archive.infolist()) > most_unpacked:
            raise WorkbookError(f"unpacks to more than {most_unpacked // 2**20} MB; keep what is needed only")
        for member in archive.infolist():
            if member.filename.lower().endswith((".xml", ".rels")):
                with archive.open(member) as part:
                    # Entities are declared before the first element, or nowhere.
                    next(iter(ElementTree.iterparse(part, events=("start",), forbid_dtd=True)), None)
