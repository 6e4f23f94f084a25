"""A paper as a Word file and as a page to print. Runs in the helper process: both load much."""

import base64
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from docx import Document
from docx.document import Document as WordFile
from markupsafe import Markup, escape

from csp_consult import words
from csp_consult.papers.contents import Paper, Picture, Section, of_data
from csp_consult.printing import to_pdf
from csp_consult.reports import drawing
from csp_consult.reports.tables import Table
from csp_consult.reports.word_files import LANGUAGE, TEXT_WIDTH, add_table, on_a4, say_language

ON_SYNTHETIC = "Synthetic. This paper holds what nobody said or did: it was made up to try out the platform."
_STYLE = """
@page { size: A4; margin: 20mm 18mm; @bottom-right { content: counter(page) " of " counter(pages); font-size: 9pt } }
body { font-family: sans-serif; font-size: 11pt; line-height: 1.4 }
h1 { font-size: 22pt; line-height: 1.2; margin: 0 0 2mm } h2 { font-size: 15pt; margin: 8mm 0 2mm; break-after: avoid }
.subtitle { font-size: 13pt; margin: 0 0 6mm } .synthetic { border: 1.5pt solid #000; padding: 2mm 3mm }
table { border-collapse: collapse; width: 100%; margin: 3mm 0 } caption { text-align: left; font-weight: bold }
th, td { border-bottom: 0.5pt solid #888; padding: 1mm 1.5mm; text-align: left; vertical-align: top; font-size: 8.5pt }
td.number, th.number { text-align: right } thead { display: table-header-group } tr { break-inside: avoid }
.picture img { width: 100% } sup { font-size: 65% }
.own { border-left: 2pt solid #000; padding-left: 3mm; white-space: pre-line } li { margin: 1mm 0; font-size: 9pt }
"""


def make(to: str, data: Mapping[str, Any]) -> str:
    """The paper (as ``as_data`` gives it) as a file, ``docx`` or ``pdf``, in base64. Raises PrintingError."""
    paper = of_data(data)
    return base64.b64encode(to_docx(paper) if to == "docx" else to_pdf(to_html(paper))).decode()


def to_html(paper: Paper) -> str:
    """The paper as one HTML document without anything outside it."""
    body = Markup("").join(_body(paper))
    return (
        f'<!DOCTYPE html><html lang="{LANGUAGE}"><head><meta charset="utf-8"><title>{escape(paper.title)}</title>'
        f'<meta name="author" content="{escape(paper.organisation)}"><style>{_STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )


def _body(paper: Paper) -> Iterator[Markup]:
    yield Markup("<p>{}</p><h1>{}</h1><p class=subtitle>{}</p>").format(paper.organisation, paper.title, paper.subtitle)
    if paper.synthetic:
        yield Markup("<p class=synthetic>{}</p>").format(ON_SYNTHETIC)
    notes = paper.notes()
    for section in paper.sections:
        yield Markup("<h2>{}</h2>").format(section.title)
        for paragraph in section.paragraphs:
            yield Markup("<p>{}{}</p>").format(paragraph.text, _mark(paragraph.note, notes))
        if section.own_words:
            yield Markup("<p class=own>{}</p>").format(section.own_words)
        for picture in section.pictures:
            yield Markup('<p class=picture><img src="{}" alt="{}"></p>').format(_as_data_url(picture), picture.alt)
        for table, note in section.tables:
            yield _table(table, _mark(note, notes))
    listed = Markup("").join(Markup("<li>{}</li>").format(note) for note in notes)
    yield Markup("<h2>Notes</h2><ol>{}</ol>").format(listed)
    yield Markup("<p>{}</p>").format(_made(paper))


def _as_data_url(picture: Picture) -> str:
    # Not as SVG: the texts within it would be read out among the sentences of the page.
    return f"data:image/png;base64,{drawing.picture(picture.kind, dict(picture.data))}"


def _mark(note: str, notes: list[str]) -> Markup:
    return Markup(" <sup>[{}]</sup>").format(notes.index(note) + 1) if note else Markup("")


def _table(table: Table, mark: Markup) -> Markup:
    heads = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_numeric(head["number"]), head["text"]) for head in table.heads
    )
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup('<th scope="row">{}</th>').format(text)
                if place == 0
                else Markup("<td{}>{}</td>").format(_numeric(head["number"]), text)
                for place, (text, head) in enumerate(zip(row, table.heads, strict=True))
            )
        )
        for row in table.texts
    )
    return Markup("<table><caption>{}{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        _caption(table), mark, heads, rows
    )


def _numeric(number: object) -> Markup:
    return Markup(' class="number"') if number else Markup("")


def _caption(table: Table) -> str:
    return f"{table.caption} (synthetic)" if table.synthetic else table.caption


def _made(paper: Paper) -> str:
    return f"Made on {words.day(date.fromisoformat(paper.made_on))} by {paper.organisation}."


def to_docx(paper: Paper) -> bytes:
    """The paper as a Word file with real headings, tables with repeated header rows, and its language set."""
    made = Document()
    about = made.core_properties
    about.title, about.author = paper.title, paper.organisation
    say_language(made)
    on_a4(made)
    made.add_paragraph(paper.organisation)
    made.add_heading(paper.title, level=1)
    made.add_paragraph(paper.subtitle)
    if paper.synthetic:
        made.add_paragraph().add_run(ON_SYNTHETIC).bold = True
    notes = paper.notes()
    for section in paper.sections:
        _add_section(made, section, notes)
    made.add_heading("Notes", level=2)
    for number, note in enumerate(notes, start=1):
        made.add_paragraph(f"[{number}] {note}")
    made.add_paragraph(_made(paper))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _add_section(made: WordFile, section: Section, notes: list[str]) -> None:
    made.add_heading(section.title, level=2)
    for paragraph in section.paragraphs:
        mark = f" [{notes.index(paragraph.note) + 1}]" if paragraph.note else ""
        made.add_paragraph(paragraph.text + mark)
    if section.own_words:
        made.add_paragraph(section.own_words)
    for picture in section.pictures:
        _add_picture(made, picture)
    for table, note in section.tables:
        mark = f" [{notes.index(note) + 1}]" if note else ""
        made.add_paragraph(_caption(table) + mark, style="Caption")
        add_table(made, [(str(head["text"]), bool(head["number"])) for head in table.heads], table.texts)


def _add_picture(made: WordFile, picture: Picture) -> None:
    """The picture as wide as the text, with its words for whoever does not see it."""
    png = base64.b64decode(drawing.picture(picture.kind, dict(picture.data)))
    shown = made.add_picture(io.BytesIO(png), width=TEXT_WIDTH)
    # Without a title beside it, which some programs would read out in its place.
    shown._inline.docPr.set("descr", picture.alt)
