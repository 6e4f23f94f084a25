"""The plan as a Word document, read back: headings, marked header rows, its language, and the synthetic label."""

import io
from dataclasses import asdict
from datetime import date

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn
from made_findings import made_gap

from csp_consult.plan.models import Activity, Priority
from csp_consult.reports.plan_document import SYNTHETIC, plan_document


@pytest.fixture
def paper() -> Paper:
    activity = Activity(
        title="Tell residents what is recorded",
        area_code="E07000131",
        audience="Residents of Harborough",
        audience_age="",
        message="ASB fell by 33.4%.",
        channel="Newsletters",
        engagement_type="broadcast",
        engagement="",
        owner="Officer",
        partner="Beat team",
        cost=1250,
        starts_on=date(2023, 1, 9),
        ends_on=None,
        status="planned",
        approved_by="Chair",
        approved_on=date(2022, 12, 20),
        gap=asdict(made_gap()),
        priorities=[Priority(slug="asb", group="Places", title="Anti-social behaviour", position=1)],
    )
    content = plan_document([activity], {"E07000131": "Harborough"}, date(2022, 12, 21))
    return Document(io.BytesIO(content))


def test_the_document_has_a_title_and_a_heading_for_every_activity(paper: Paper) -> None:
    headings = [one.text for one in paper.paragraphs if one.style and one.style.name in {"Title", "Heading 1"}]

    assert headings == ["Communication plan", "Every activity", "Tell residents what is recorded (synthetic)"]
    assert SYNTHETIC in [one.text for one in paper.paragraphs]


def test_every_table_marks_its_header_row(paper: Paper) -> None:
    assert len(paper.tables) == 2
    for table in paper.tables:
        marked = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert marked == [True] + [False] * (len(marked) - 1)


def test_the_document_says_that_it_is_in_british_english(paper: Paper) -> None:
    language = paper.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language is not None
    assert language.get(qn("w:val")) == paper.core_properties.language == "en-GB"


def test_what_was_planned_can_be_read_back(paper: Paper) -> None:
    told = {row.cells[0].text: row.cells[1].text for row in paper.tables[1].rows}

    assert told["Cost"] == "£1,250"
    assert told["Partner"] == "Beat team"
    assert told["Serves"] == "Places: Anti-social behaviour"
    assert told["Approved"] == "Chair, 20 December 2022"
    assert "Answering back" not in told
