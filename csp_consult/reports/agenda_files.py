"""An agenda paper as a Word file and as a tagged PDF (PDF/UA-1). Runs in the helper process."""

import base64
import io
from collections.abc import Iterator, Mapping
from typing import Any

from docx import Document
from docx.document import Document as WordFile
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from markupsafe import Markup, escape

from csp_consult.printing import to_pdf
from csp_consult.reports.word_files import LANGUAGE, say_language

BOX = "\N{BALLOT BOX}"
_STYLE = """
@page { size: A4; margin: 20mm 18mm; @bottom-right { content: counter(page) " of " counter(pages); font-size: 9pt } }
body { font-family: sans-serif; font-size: 11pt; line-height: 1.4 }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 4mm } h2 { font-size: 14pt; margin: 8mm 0 2mm }
h3 { font-size: 11pt; margin: 5mm 0 1mm } h2, h3 { break-after: avoid }
.item { break-inside: avoid } .note { color: #444; margin: 0 0 1mm } .synthetic { border: 1pt solid #000; padding: 2mm }
dl { margin: 0 } dt { font-weight: bold; margin-top: 2mm } dd { margin: 0 }
ul { list-style: none; padding: 0; margin: 0 } li { margin: 1mm 0 }
.box { display: inline-block; width: 3.5mm; height: 3.5mm; border: 0.8pt solid #000; vertical-align: -0.5mm }
li .box { margin-right: 2mm } table { border-collapse: collapse; width: 100% }
th, td { border: 0.5pt solid #888; padding: 1.5mm; text-align: center; font-weight: normal; font-size: 10pt }
th[scope=row] { text-align: left } .line { border-bottom: 0.5pt solid #444; height: 8mm }
.answer { border-left: 2pt solid #000; padding-left: 3mm; margin: 1mm 0 }
"""


def make(kind: str, paper: Mapping[str, Any]) -> str:
    """The paper (``docx`` or ``pdf``; ``paper`` as ``asdict`` gives it) as a file in base64. Raises PrintingError."""
    made = to_docx(paper) if kind == "docx" else to_pdf(to_html(paper))
    return base64.b64encode(made).decode()


def to_html(paper: Mapping[str, Any]) -> str:
    """The paper as one HTML document, which names its language and title."""
    body = Markup("").join(_body(paper))
    title, organisation = escape(paper["title"]), escape(paper["organisation"])
    return (
        f'<!DOCTYPE html><html lang="{LANGUAGE}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="author" content="{organisation}"><style>{_STYLE}</style></head><body>{body}</body></html>'
    )


def _body(paper: Mapping[str, Any]) -> Iterator[Markup]:
    yield Markup("<p>{}</p><h1>{}</h1>").format(paper["organisation"], paper["title"])
    if paper["synthetic"]:
        yield Markup("<p class=synthetic><strong>Synthetic.</strong> {}</p>").format(paper["synthetic"])
    yield Markup("<dl>")
    for label, text in paper["about"]:
        yield Markup("<dt>{}</dt><dd>{}</dd>").format(label, text)
    yield Markup("</dl><h2>What the council is asked to decide</h2><p>{}</p>").format(paper["decide"])
    for part in paper["parts"]:
        yield Markup("<h2>{}</h2>").format(part["title"])
        if part["lead"]:
            yield Markup("<p>{}</p>").format(part["lead"])
        for item in part["items"]:
            yield from _item(item)
    yield Markup("<p>{}</p>").format(paper["foot"])


def _item(item: Mapping[str, Any]) -> Iterator[Markup]:
    yield Markup("<div class=item><h3>{}</h3>").format(item["text"])
    for note in item["notes"]:
        yield Markup("<p class=note>{}</p>").format(note)
    if item["answer"] is not None:
        lines = Markup("<br>").join(item["answer"])
        yield Markup("<p class=answer><strong>Draft answer:</strong> {}</p>").format(lines)
    elif item["rows"]:
        yield _grid(item)
    elif item["options"]:
        box = Markup("<li><span class=box></span> {}</li>")
        yield Markup("<ul>{}</ul>").format(Markup("").join(box.format(option) for option in item["options"]))
    else:
        yield Markup("<div class=line></div><div class=line></div><div class=line></div>")
    yield Markup("</div>")


def _grid(item: Mapping[str, Any]) -> Markup:
    heads = Markup("").join(Markup("<th scope=col>{}</th>").format(option) for option in item["options"])
    cells = Markup("<td><span class=box></span></td>") * len(item["options"])
    rows = Markup("").join(Markup("<tr><th scope=row>{}</th>{}</tr>").format(row, cells) for row in item["rows"])
    return Markup("<table><thead><tr><th scope=col>Answer for</th>{}</tr></thead><tbody>{}</tbody></table>").format(
        heads, rows
    )


def to_docx(paper: Mapping[str, Any]) -> bytes:
    """The paper as a Word file with real headings, tables with header rows, and its language set."""
    made = Document()
    made.core_properties.title, made.core_properties.author = paper["title"], paper["organisation"]
    say_language(made)
    made.add_paragraph(paper["organisation"])
    made.add_heading(paper["title"], level=1)
    if paper["synthetic"]:
        made.add_paragraph().add_run(f"Synthetic. {paper['synthetic']}").bold = True
    for label, text in paper["about"]:
        line = made.add_paragraph()
        line.add_run(f"{label}: ").bold = True
        line.add_run(text)
    made.add_heading("What the council is asked to decide", level=2)
    made.add_paragraph(paper["decide"])
    for part in paper["parts"]:
        made.add_heading(part["title"], level=2)
        if part["lead"]:
            made.add_paragraph(part["lead"])
        for item in part["items"]:
            _add_item(made, item)
    made.add_paragraph(paper["foot"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _add_item(made: WordFile, item: Mapping[str, Any]) -> None:
    made.add_heading(item["text"], level=3)
    for note in item["notes"]:
        made.add_paragraph().add_run(note).italic = True
    if item["answer"] is not None:
        line = made.add_paragraph()
        line.add_run("Draft answer: ").bold = True
        line.add_run("\n".join(item["answer"]))
    elif item["rows"]:
        _add_grid(made, item)
    elif item["options"]:
        for option in item["options"]:
            made.add_paragraph(f"{BOX} {option}").paragraph_format.space_after = Pt(2)
    else:
        for _ in range(3):
            line = made.add_paragraph("_" * 70)
            line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.DOUBLE


def _add_grid(made: WordFile, item: Mapping[str, Any]) -> None:
    grid = made.add_table(rows=1, cols=len(item["options"]) + 1, style="Table Grid")
    heads = grid.rows[0].cells
    for cell, text in zip(heads, ["Answer for", *item["options"]], strict=True):
        cell.text = text
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in item["rows"]:
        cells = grid.add_row().cells
        cells[0].text = row
        for cell in cells[1:]:
            cell.text = BOX
