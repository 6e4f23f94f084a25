"""Every paper of the demo as page, Word file and PDF: the same figures, headings, alt texts, language and order."""

import base64
import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.papers.contents import Paper, as_data
from csp_consult.papers.files import make
from csp_consult.papers.kinds import KINDS, Making
from csp_consult.papers.parish_feedback import councils
from csp_consult.papers.publishing import made, publish, write

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE, STYLE, TEXT = (f"{{{OASIS}:{name}:1.0}}" for name in ("office", "style", "text"))
FO, SVG = (f"{{{OASIS}:{name}-compatible:1.0}}" for name in ("xsl-fo", "svg"))
RESIDENTS, PARISHES = "vrn-community-safety/2022-autumn", "parish-councils/2022-12"
OWN = "An officer’s own words, kept beside the figures."


@pytest.fixture
def papers(app: Flask) -> Iterator[dict[str, Paper]]:
    """One paper of every kind, each with an officer's words in its first section."""
    with app.test_request_context():
        session, today = db.session(), date.today()
        making = Making(today, "The Partnership", "E07000131", DEFAULT_RULES)
        publish(session, "results", RESIDENTS, making, by="o", signed_off_by="Chair")
        council = councils(session, waves.find(session, PARISHES))[0]
        abouts = {
            "results": RESIDENTS,
            "consultation": "",
            "before-opening": RESIDENTS,
            "fairness": RESIDENTS,
            "three-year-plan": "2023-2026",
            "plan-review": "2022-23",
            "strategy-group": "2022-4",
            "parish-feedback": f"{PARISHES}/{council}",
        }
        assert set(abouts) == set(KINDS)
        found = {}
        for kind, about in abouts.items():
            first = made(session, kind, about, making).sections[0].id
            write(session, kind, about, first, OWN, by="o", today=today)
            found[kind] = made(session, kind, about, making)
        yield found


def as_page(paper: Paper) -> BeautifulSoup:
    """The paper as the public page shows it."""
    source = (
        "{% from 'components/paper.html' import said, table as shown, footnotes %}<h1>{{ paper.title }}</h1>"
        "{% for section in paper.sections %}<h2>{{ section.title }}</h2>{{ said(section, notes) }}"
        "{% for table, note in section.tables %}{{ shown(table, note, notes) }}{% endfor %}{% endfor %}"
        "{{ footnotes(notes) }}"
    )
    return BeautifulSoup(render_template_string(source, paper=paper, notes=paper.notes()), "html5lib")


@dataclass(frozen=True)
class Opened:
    """What LibreOffice reads in a Word file."""

    text: str
    headings: list[tuple[str, str]]
    """Level and words."""
    alts: list[str]
    languages: set[str]
    """Of the styles that its text has."""


def opened_by_libreoffice(files: dict[str, bytes], folder: Path) -> dict[str, Opened]:
    """Word files as LibreOffice reads them; all in one start of it, which takes seconds."""
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "fodt"]
    sources = [str(folder / f"{name}.docx") for name in files]
    subprocess.run([*command, "--outdir", str(folder), *sources], check=True, capture_output=True, timeout=300)
    return {name: _read(ElementTree.parse(folder / f"{name}.fodt").getroot()) for name in files}


def _read(document: ElementTree.Element) -> Opened:
    body = next(document.iter(f"{OFFICE}text"))
    styles = [one for one in document.iter(f"{STYLE}text-properties") if one.get(f"{FO}language")]
    return Opened(
        text="".join(body.itertext()),
        headings=[(str(one.get(f"{TEXT}outline-level")), "".join(one.itertext())) for one in body.iter(f"{TEXT}h")],
        alts=["".join(one.itertext()) for one in body.iter(f"{SVG}desc")],
        languages={f"{one.get(f'{FO}language')}-{one.get(f'{FO}country')}" for one in styles},
    )


def read_by_pdftotext(content: bytes) -> str:
    # In the order of the file, which is the one that is read out; by place, cells of a row would run into each other.
    read = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=content, check=True, capture_output=True
    )
    # The number of a page stands between the halves of a sentence that goes on overleaf.
    return re.sub(r"^\f?\d+ of \d+$", "", read.stdout.decode(), flags=re.MULTILINE)


def squeezed(text: str) -> str:
    """The text without any space, and without the marks of footnotes: line ends differ from file to file."""
    return "".join(re.sub(r"\[\d+\]", "", text).split())


def figures(paper: Paper) -> list[str]:
    """Every cell that a reader sees, and every sentence."""
    cells = [text for table in paper.tables() for row in table.texts for text in row]
    return [text for text in [*cells, *(one.text for s in paper.sections for one in s.paragraphs)] if text]


def told_of_figures(pdf: PdfReader) -> list[str]:
    """The words for pictures in the structure of a tagged PDF."""
    found: list[str] = []
    waiting: list[object] = [pdf.root_object["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if isinstance(one, IndirectObject) else one
        if isinstance(one, ArrayObject):
            waiting.extend(one)
        elif isinstance(one, DictionaryObject):
            if one.get("/S") == "/Figure":
                found.append(str(one.get("/Alt", "")))
            if "/K" in one:
                waiting.append(one["/K"])
    return found


def test_every_paper_says_the_same_on_its_page_in_word_and_in_pdf(papers: dict[str, Paper], tmp_path: Path) -> None:
    both = ("docx", "pdf")
    files = {(kind, to): base64.b64decode(make(to, as_data(one))) for kind, one in papers.items() for to in both}
    word = opened_by_libreoffice({kind: files[kind, "docx"] for kind in papers}, tmp_path)

    for kind, paper in papers.items():
        page, document = as_page(paper), word[kind]
        printed = read_by_pdftotext(files[kind, "pdf"])
        texts = {"page": page.get_text(), "Word": document.text, "PDF": printed}
        shown = {name: squeezed(text) for name, text in texts.items()}
        assert figures(paper), kind
        for name, text in shown.items():
            missing = [one for one in figures(paper) if squeezed(one) not in text]
            assert missing == [], (kind, name)
            assert squeezed(OWN) in text, (kind, name)

        headings = [section.title for section in paper.sections]
        assert document.headings == [("1", paper.title), *(("2", title) for title in (*headings, "Notes"))], kind
        # Read from top to bottom, sections come one after the other, each with its own sentences.
        for name, text in shown.items():
            at = 0
            for section in paper.sections:
                for part in (section.title, *(one.text for one in section.paragraphs), section.own_words):
                    at = text.find(squeezed(part), at)
                    assert at >= 0, (kind, name, part)

        pictures = [one.alt for section in paper.sections for one in section.pictures]
        assert document.alts == pictures, kind
        assert document.languages == {"en-GB"}, kind
        pdf = PdfReader(io.BytesIO(files[kind, "pdf"]))
        assert sorted(told_of_figures(pdf)) == sorted(pictures), kind
        assert str(pdf.root_object["/Lang"]) == "en-GB"
        assert "/StructTreeRoot" in pdf.root_object
    assert any(section.pictures for section in papers["results"].sections)


def test_every_figure_of_a_public_paper_has_a_footnote_or_stands_in_the_plan(papers: dict[str, Paper]) -> None:
    for kind, paper in papers.items():
        for section in paper.sections:
            for table, note in section.tables:
                assert note, (kind, table.id)


def test_synthetic_figures_are_called_so_in_every_file(papers: dict[str, Paper]) -> None:
    for kind, paper in papers.items():
        assert paper.synthetic, kind
