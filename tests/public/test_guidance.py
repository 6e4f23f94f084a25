"""Help: the glossary of the documentation as a page, and quick starts that fit two sheets of A4."""

import io

import pytest
from flask import Flask
from pypdf import PdfReader
from walker import Walker

from csp_consult.jobs import helper
from csp_consult.resources import resource_folder
from csp_consult.web.guidance import GUIDES


def test_the_glossary_has_every_term_of_the_documentation(app: Flask) -> None:
    source = (resource_folder("docs") / "glossary.md").read_text()
    walker = Walker(app.test_client())

    walker.get("/help/glossary")

    terms = [term.get_text().lower() for term in walker.page.select("main dt")]
    assert terms == sorted(terms)
    assert len(terms) == sum(line.startswith("| ") for line in source.splitlines()) - 2
    assert {"wave", "mandate", "perception gap"} <= set(terms)
    assert "`" not in walker.text
    assert "<code>survey/wave</code>" in str(walker.page)


@pytest.mark.parametrize("guide", GUIDES)
def test_a_quick_start_says_the_same_on_the_page_and_on_two_printed_pages(app: Flask, guide: str) -> None:
    walker = Walker(app.test_client())
    walker.get(f"/help/{guide}")
    assert walker.heading == GUIDES[guide]

    pdf = PdfReader(io.BytesIO(app.test_client().get(f"/help/{guide}.pdf").get_data()))
    helper.stop()

    assert len(pdf.pages) == 2
    for page in pdf.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    printed = "".join("".join(page.extract_text() for page in pdf.pages).split())
    for heading in walker.page.select("main h2"):
        assert "".join(heading.get_text().split()) in printed
    assert str(pdf.root_object["/Lang"]) == "en-GB"


def test_a_guide_that_does_not_exist_is_not_found(app: Flask) -> None:
    for path in ("/help/mayor", "/help/mayor.pdf"):
        assert app.test_client().get(path).status_code == 404
