"""The paper for a council's meeting: everything that is asked, as a Word file and as a PDF a screen reader can read."""

import io
from dataclasses import asdict
from datetime import date
from types import ModuleType
from typing import Any

import pypdf
import pytest
from docx import Document
from parish_world import QUESTIONNAIRE

from csp_consult.fieldwork.models import Wave
from csp_consult.printing import PrintingError, to_pdf
from csp_consult.questionnaire.parse import compiled
from csp_consult.reports.agenda import AgendaPaper, agenda_paper
from csp_consult.reports.agenda_files import to_docx, to_html

WAVE = Wave(title="Test <consultation>", closes_on=date(2026, 12, 11), synthetic=True)
DRAFT = {"ratings": {"speeding": "5", "burglary": "1"}, "met_police": "not_met"}


def paper(**values: object) -> AgendaPaper:
    return agenda_paper(WAVE, compiled(QUESTIONNAIRE), **values)  # type: ignore[arg-type]  # names are checked by use


def words_of_docx(content: bytes) -> str:
    made = Document(io.BytesIO(content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in made.paragraphs] + cells)


def test_a_blank_paper_asks_everything_and_says_when_a_page_applies() -> None:
    text = words_of_docx(to_docx(asdict(paper())))

    for asked in (
        "Test <consultation>",
        "Speeding",
        "Very much",
        "☐ It has not",
        "What came of it?",
        "11 December 2026",
    ):
        assert asked in text
    assert "Only if the answer to “Has the council met the police this year?” is “It has”." in text
    assert "Synthetic." in text
    assert "Draft answer" not in text


def test_a_councils_paper_holds_its_draft_on_its_path_and_its_own_last_day() -> None:
    made = paper(council="Great Glen", last_day=date(2026, 12, 18), answers=DRAFT)

    text = words_of_docx(to_docx(asdict(made)))

    assert "Great Glen" in text
    assert "18 December 2026" in text
    assert "Draft answer: It has not" in text
    assert "Draft answer: Not answered yet" in text
    assert "What came of it?" not in text


def test_the_pdf_is_tagged_names_its_language_and_escapes_what_it_holds() -> None:
    read = pypdf.PdfReader(io.BytesIO(to_pdf(to_html(asdict(paper())))))

    root: Any = read.root_object
    assert repr(root["/MarkInfo"]["/Marked"]) == "True"
    assert root["/Lang"] == "en-GB"
    assert read.metadata is not None
    assert read.metadata.title == "Test <consultation>"
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data()
    text = " ".join(page.extract_text() for page in read.pages)
    assert "Test <consultation>" in text
    assert "How much of a worry is each?" in text


def test_without_pango_a_plain_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setitem(__import__("sys").modules, "weasyprint", Missing("weasyprint"))

    with pytest.raises(PrintingError, match="the library Pango is not installed"):
        to_pdf(to_html(asdict(paper())))
