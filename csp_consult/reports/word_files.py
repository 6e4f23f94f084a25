"""What every Word file of ours has in common."""

import re
from collections.abc import Sequence
from typing import Any, Final

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

LANGUAGE: Final = "en-GB"
TEXT_WIDTH: Final = Cm(16)
_A_LETTER: Final = Cm(0.17)
"""What a letter in a table needs, in bold and with its share of the cell's edges."""
_LINE: Final = 24
"""Letters of a sentence that are wanted in one line of a cell."""


def say_language(made: WordFile) -> None:
    """Name the language of a file and of all its text: programs that read aloud choose their voice by it."""
    made.core_properties.language = LANGUAGE
    # The library's own template is in American English wherever a style says no other.
    for one in made.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), LANGUAGE)


def on_a4(made: WordFile) -> None:
    """A4 upright, in a plain typeface, with captions that stay with their tables."""
    for section in made.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2)
    for name, size in (("Normal", 11), ("Caption", 10), ("Heading 1", 20), ("Heading 2", 14)):
        style: Any = made.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        # A typeface of the template's theme would come before ours.
        for theme in ("w:asciiTheme", "w:hAnsiTheme"):
            fonts.attrib.pop(qn(theme), None)
        fonts.set(qn("w:hAnsi"), "Arial")
        if name == "Caption":
            style.font.color.rgb = None
            style.paragraph_format.keep_with_next = True


def add_table(made: WordFile, heads: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> None:
    """A table as wide as the text: its head on every page, no row cut in two, numbers (True in ``heads``) to the right.

    Each column is as wide as what it holds: no word is broken, and sentences get what is left.
    """
    titles = [title for title, _ in heads]
    widths = _widths([titles, *rows])
    grid = made.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
    grid.autofit = False
    for place, (line, texts) in enumerate(zip(grid.rows, [titles, *rows], strict=True)):
        about = line._tr.get_or_add_trPr()
        about.append(_element("w:cantSplit"))
        if place == 0:
            about.append(_element("w:tblHeader"))
        for cell, text, width, (_, number) in zip(line.cells, texts, widths, heads, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), place == 0 or None
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            if number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    # What comes next must not stick to the table.
    made.add_paragraph().paragraph_format.space_after = Pt(0)


def _widths(rows: Sequence[Sequence[str]]) -> list[Any]:
    """The width of each column, all together that of the text."""
    columns = list(zip(*rows, strict=True))
    words = [max(len(word) for text in column for word in re.split(r"[\s/]", text)) for column in columns]
    wanted = [min(max(len(text) for text in column), _LINE) for column in columns]
    sentences = [sum(len(text) for text in column) / len(column) for column in columns]
    least = [max(word, 5) * _A_LETTER + Cm(0.4) for word in words]
    left = max(0, TEXT_WIDTH - sum(least))
    more = [max(0, want - word) + sentence for want, word, sentence in zip(wanted, words, sentences, strict=True)]
    scale = min(1, TEXT_WIDTH / sum(least))
    return [int(scale * low + left * part / (sum(more) or 1)) for low, part in zip(least, more, strict=True)]


def _element(name: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    return element
