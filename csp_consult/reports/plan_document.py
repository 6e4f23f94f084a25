"""The communication plan as a Word document, made so that a screen reader can find its way in it."""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from docx import Document
from docx.document import Document as Paper
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table as WordTable

from csp_consult import words
from csp_consult.plan.models import Activity
from csp_consult.reports.word_files import say_language

TITLE: Final = "Communication plan"
SYNTHETIC: Final = "Synthetic, not for publication: some activities are aimed at gaps resting on responses nobody gave."
_OVERVIEW: Final = ("Activity", "Status", "Owner", "When", "Approved")


def plan_document(activities: Sequence[Activity], area_names: Mapping[str, str], today: date) -> bytes:
    """An overview of every activity as a table, then each under its own heading with what it rests on."""
    paper = Document()
    paper.core_properties.title = TITLE
    say_language(paper)
    paper.add_heading(TITLE, level=0)
    paper.add_paragraph(f"As it stood on {words.day(today)}.")
    if any(activity.gap["synthetic"] for activity in activities):
        paper.add_paragraph(SYNTHETIC)
    paper.add_heading("Every activity", level=1)
    _table(paper, _OVERVIEW, [_overview_row(activity) for activity in activities])
    for activity in activities:
        label = " (synthetic)" if activity.gap["synthetic"] else ""
        paper.add_heading(activity.title + label, level=1)
        _table(paper, ("What", "How it is planned"), list(_details(activity, area_names)))
        paper.add_heading("Message", level=2)
        paper.add_paragraph(activity.message)
        paper.add_heading("The gap it is aimed at", level=2)
        paper.add_paragraph(activity.gap["verdict"])
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def when(activity: Activity) -> str:
    """The days of an activity in words."""
    if activity.ends_on is None:
        return f"From {words.day(activity.starts_on)}"
    return words.period(activity.starts_on, activity.ends_on)


def approval(activity: Activity) -> str:
    """Who approved the activity as it stands, and when; that nobody has."""
    if activity.approved_on is None:
        return "Not approved"
    return f"{activity.approved_by}, {words.day(activity.approved_on)}"


def _overview_row(activity: Activity) -> tuple[str, ...]:
    return activity.title, activity.status.capitalize(), activity.owner, when(activity), approval(activity)


def _details(activity: Activity, area_names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is stated of an activity; what is not stated is left out."""
    yield "For", f"{activity.audience} ({area_names.get(activity.area_code, activity.area_code)})"
    yield "By", f"{activity.channel} ({activity.engagement_type})"
    if activity.engagement:
        yield "Answering back", activity.engagement
    yield "Owner", activity.owner
    if activity.partner:
        yield "Partner", activity.partner
    if activity.cost is not None:
        yield "Cost", words.pounds(activity.cost)
    yield "When", when(activity)
    yield "Status", activity.status.capitalize()
    if activity.priorities:
        yield "Serves", "; ".join(f"{one.group}: {one.title}" for one in activity.priorities)
    yield "Approved", approval(activity)


def _table(paper: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = paper.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    _mark_header(table)


def _mark_header(table: WordTable) -> None:
    """Say that the first row is the heading: it is repeated on every page, and read out with the cells below it."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
