"""Every way a file comes into the program: what it is called with, and how it says no."""

import io
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from csp_consult.analysis.merging import WeightingError
from csp_consult.analysis.target_file import read_targets
from csp_consult.fieldwork.imports import ColumnMapping, ImportFaultError
from csp_consult.fieldwork.row_files import RowFileError, read_rows
from csp_consult.parishes.attachments import AttachmentError, read_upload
from csp_consult.places.boundaries import read_boundaries
from csp_consult.places.csv_lines import CsvLines, FileError
from csp_consult.questionnaire.exchange.building import ExchangeError
from csp_consult.questionnaire.exchange.limesurvey import read_limesurvey
from csp_consult.questionnaire.exchange.xlsform_in import read_xlsform
from csp_consult.questionnaire.faults import QuestionnaireError
from csp_consult.questionnaire.parse import load
from csp_consult.recorded.imports import read_file
from csp_consult.recorded.reading import District
from csp_consult.recorded.sheets.grid import open_sheets
from csp_consult.reports.translation_files import TranslationFileError
from csp_consult.reports.translation_files import read as read_translations
from csp_consult.sources.survey_file import SurveyFileError, read_survey_file

QUESTIONNAIRES = Path(__file__).resolve().parents[1] / "questionnaires"
DISTRICT = District(code="E07000131", name="Harborough", lsoas=frozenset({"E01025800"}), last_month="2026-11")
STREET = (
    b"Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    b"Last outcome category,Context\n"
    b",2022-01,Leicestershire Police,Leicestershire Police,-0.9,52.4,On or near X,E01025800,Harborough,Burglary,,\n"
)
LIMESURVEY = b"""<?xml version="1.0" encoding="UTF-8"?>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>600</DBVersion><languages><language>en</language>
</languages><groups><fields/><rows><row><gid>1</gid><sid>9</sid><group_order>1</group_order></row></rows></groups>
</document>"""


@dataclass(frozen=True)
class Importer:
    """One way in."""

    read: Callable[[bytes, str], object]
    """The content and the file's name."""
    ending: str
    good: bytes
    refusals: tuple[type[Exception], ...]

    def takes(self, content: bytes) -> object:
        """What it makes of the content."""
        return self.read(content, f"file{self.ending}")


def workbook(rows: list[list[str]], title: str = "Sheet") -> bytes:
    """A small Excel workbook."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def _by_path(read: Callable[[Path], object]) -> Callable[[bytes, str], object]:
    def reading(content: bytes, name: str) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            return read(path)

    return reading


def _text(read: Callable[[str], object]) -> Callable[[bytes, str], object]:
    return lambda content, _name: read(content.decode("utf-8", "replace"))


ROWS = _by_path(lambda path: list(read_rows(path)))
SURVEY_FILES = _by_path(read_survey_file)
SHEET = workbook([["", "Jan 2022", "Feb 2022"], ["Burglary", "1", "2"]])
XLSFORM = workbook([["type", "name", "label"], ["text", "why", "Why?"]], "survey")
TRANSLATIONS = workbook([["English", "Translation", "Only in question"], ["Yes", "Ie", ""]])

IMPORTERS: Mapping[str, Importer] = {
    "a partner's sheet, Excel": Importer(open_sheets, ".xlsx", SHEET, (FileError,)),
    "a partner's sheet, CSV": Importer(open_sheets, ".csv", b",Jan 2022\nBurglary,1\n", (FileError,)),
    "recorded figures": Importer(
        lambda content, name: read_file(io.BytesIO(content), name, DISTRICT), ".csv", STREET, (FileError,)
    ),
    "places": Importer(
        lambda content, name: list(CsvLines(io.BytesIO(content), name, 2**20).rows()),
        ".csv",
        b"a,b\n1,2\n",
        (FileError,),
    ),
    "boundaries": Importer(
        lambda content, name: read_boundaries(io.BytesIO(content), name),
        ".geojson",
        b'{"type": "FeatureCollection", "features": []}',
        (FileError,),
    ),
    "rows, CSV": Importer(ROWS, ".csv", b"name,email\nA,a@example.org\n", (RowFileError,)),
    "rows, Excel": Importer(ROWS, ".xlsx", workbook([["name", "email"], ["A", "a@example.org"]]), (RowFileError,)),
    "rows, SPSS": Importer(ROWS, ".sav", b"$FL2@(#) SPSS DATA FILE", (RowFileError,)),
    "another's survey, CSV": Importer(SURVEY_FILES, ".csv", b"a,b\n1,2\n", (SurveyFileError,)),
    "another's survey, SPSS": Importer(SURVEY_FILES, ".sav", b"$FL2@(#) SPSS DATA FILE", (SurveyFileError,)),
    "translations, Excel": Importer(
        lambda content, name: read_translations(name, content), ".xlsx", TRANSLATIONS, (TranslationFileError,)
    ),
    "translations, PO": Importer(
        lambda content, name: read_translations(name, content),
        ".po",
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Yes"\nmsgstr "Ie"\n',
        (TranslationFileError,),
    ),
    "an XLSForm": Importer(read_xlsform, ".xlsx", XLSFORM, (ExchangeError,)),
    "a LimeSurvey structure": Importer(
        lambda content, _name: read_limesurvey(content), ".lss", LIMESURVEY, (ExchangeError,)
    ),
    "a questionnaire": Importer(
        _text(load), ".yaml", (QUESTIONNAIRES / "grid.yaml").read_bytes(), (QuestionnaireError,)
    ),
    "a mapping of columns": Importer(_text(ColumnMapping.read), ".yaml", b"columns: {a: b}\n", (ImportFaultError,)),
    "targets": Importer(_text(read_targets), ".yaml", b"sex: {male: 100, female: 110}\n", (WeightingError,)),
    "an attachment": Importer(
        lambda content, name: read_upload(name, content), ".pdf", b"%PDF-1.7 minute", (AttachmentError,)
    ),
}
