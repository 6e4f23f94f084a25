"""Papers: made from the figures, kept in step with their files, public only when published."""

import base64
import io
import json
import re
from datetime import date

import pytest
from docx import Document
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Response
from csp_consult.findings import releases
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.jobs import helper
from csp_consult.papers import published
from csp_consult.papers.chapter import chapter
from csp_consult.papers.contents import Section, as_data, of_data
from csp_consult.papers.files import make
from csp_consult.papers.open_data import PUBLIC as PUBLIC_KINDS
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.reports.rendering import drawn

PAPER = "/officer/papers/results?about=residents-test/2022"
PUBLIC = "/results/residents-test/2022"


def publish(olive: Walker, **fields: str) -> None:
    olive.get(PAPER)
    olive.submit({"signed_off_by": "Chair of the partnership", **fields}, button="Publish version 1")


def test_results_are_public_only_after_an_officer_published_them(olive: Walker, site: Flask) -> None:
    visitor = Walker(site.test_client())
    visitor.get(PUBLIC)
    assert visitor.status == 404

    publish(olive)

    visitor.get(PUBLIC)
    assert visitor.status == 200
    assert "signed off by: Chair of the partnership" in visitor.text
    visitor.get("/results")
    assert visitor.page.select_one(f'main a[href="{PUBLIC}"]')


def test_why_a_published_interval_may_differ_by_a_point_is_said_on_both_pages(olive: Walker) -> None:
    olive.get(PAPER)
    assert "the partnership’s own pages may give one that differs by a point" in olive.text
    olive.get("/officer/waves/residents-test/2022/ranking")
    assert "The published results of this survey may give an interval that differs by a point" in olive.text


def test_what_was_published_stays_as_it_was_when_the_figures_change(olive: Walker, site: Flask) -> None:
    publish(olive)
    before = site.test_client().get(f"/api{PUBLIC}").json

    with site.app_context():
        wave = waves.find(db.session(), "residents-test/2022")
        wave.title = "Another title"
        db.session.commit()

    assert site.test_client().get(f"/api{PUBLIC}").json == before


def test_a_correction_is_a_version_with_its_reason_and_without_one_it_is_refused(olive: Walker, site: Flask) -> None:
    publish(olive)
    olive.get(PAPER)

    olive.submit({"signed_off_by": "Chair", "reason": ""}, button="Publish version 2")
    assert "Say what was corrected" in olive.text
    olive.submit({"signed_off_by": "Chair", "reason": "A ward was misnamed."}, button="Publish version 2")

    visitor = Walker(site.test_client())
    visitor.get(PUBLIC)
    assert "A ward was misnamed." in visitor.text
    with site.app_context():
        found = published.versions(db.session(), "results", "residents-test/2022")
        assert [one.version for one in found] == [2, 1]


def test_without_a_role_nothing_is_published_and_the_page_says_what_to_do(olive: Walker, site: Flask) -> None:
    publish(olive, signed_off_by=" ")

    assert "Say which role signed it off" in olive.text
    assert site.test_client().get(PUBLIC).status_code == 404


def test_results_of_an_open_wave_are_refused_in_words(olive: Walker, site: Flask) -> None:
    with site.app_context():
        waves.find(db.session(), "residents-test/2022").closes_on = date(2999, 1, 1)
        db.session.commit()

    olive.get(PAPER)

    assert olive.status < 500
    assert "is still open" in olive.text


def test_an_officers_words_stay_beside_the_figures_and_in_what_is_published(olive: Walker, site: Flask) -> None:
    olive.get(PAPER)
    olive.send(olive.filled() | {"section": "done", "text-done": "We opened a report line."})
    assert "We opened a report line." in olive.text

    publish(olive)

    assert "We opened a report line." in site.test_client().get(PUBLIC).text


def test_every_figure_of_the_page_stands_in_its_word_file_and_in_its_pdf(olive: Walker, site: Flask) -> None:
    publish(olive)
    with site.app_context():
        [publication] = published.latest(db.session(), PUBLIC_KINDS)
        paper = published.paper_of(publication)
    page = Walker(site.test_client())
    page.get(PUBLIC)

    word = Document(io.BytesIO(base64.b64decode(make("docx", as_data(paper)))))
    pdf = PdfReader(io.BytesIO(base64.b64decode(make("pdf", as_data(paper)))))

    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    printed = "".join("".join(sheet.extract_text() for sheet in pdf.pages).split())
    shown = [text for table in paper.tables() for row in table.texts for text in row]
    assert shown
    for text in shown:
        assert text in page.text
        assert text in cells
        assert "".join(text.split()) in printed
    headings = [line.text for line in word.paragraphs if line.style is not None and line.style.name == "Heading 2"]
    assert headings == [section.title for section in paper.sections] + ["Notes"]
    assert str(pdf.root_object["/Lang"]) == "en-GB"
    assert "/StructTreeRoot" in pdf.root_object
    assert "Synthetic." in printed


def test_a_paper_survives_being_kept(olive: Walker, site: Flask) -> None:
    publish(olive)
    with site.app_context():
        [publication] = published.latest(db.session(), PUBLIC_KINDS)

    assert as_data(of_data(json.loads(json.dumps(publication.paper)))) == publication.paper


def test_json_says_what_the_page_says_and_who_has_it_is_not_sent_it_again(olive: Walker, site: Flask) -> None:
    publish(olive)
    visitor = site.test_client()

    first = visitor.get(f"/api{PUBLIC}")
    again = visitor.get(f"/api{PUBLIC}", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    page = visitor.get(PUBLIC).text
    for section in json.loads(first.data)["sections"]:
        assert section["title"] in page
    listed = json.loads(visitor.get("/api/results").data)["results"]
    assert [line["href"] for line in listed] == [f"/api{PUBLIC}"]
    described = json.loads(visitor.get("/api/openapi.json").data)
    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in site.url_map.iter_rules()}
    assert set(described["paths"]) == {path for path in served if path.startswith("/api/")} - {"/api/openapi.json"}


@pytest.mark.parametrize("path", ["/officer/papers/novel", "/officer/papers/results", f"{PUBLIC}/none.csv", PUBLIC])
def test_what_is_not_there_is_a_plain_404(olive: Walker, path: str) -> None:
    olive.get(path)

    assert olive.status == 404


def test_a_table_of_the_results_can_be_taken_away(olive: Walker, site: Flask) -> None:
    publish(olive)

    answer = site.test_client().get(f"{PUBLIC}/concerns.csv")

    assert answer.headers["Content-Disposition"].startswith('attachment; filename="synthetic-concerns')
    assert "published_on" in answer.text.splitlines()[0]


def test_the_chapter_names_every_closed_survey_and_notes_every_figure(olive: Walker) -> None:
    olive.get("/officer/papers/consultation")

    assert olive.status == 200
    assert olive.page.select("#notes ~ ol li")
    for title in ("Who was asked", "What the sources that are public say together", "What this cannot show"):
        assert title in olive.text


def chapter_parts(site: Flask) -> dict[str, Section]:
    with site.app_context():
        made = chapter(db.session(), date.today(), organisation="Us", rules=DEFAULT_RULES)
    return {section.id: section for section in made.sections}


def told_of(section: Section) -> set[str]:
    """Every sentence, note and cell of a section, those that only a program reads included."""
    cells = {cell.text for table, _ in section.tables for row in table.rows for cell in row}
    values = {str(cell.value) for table, _ in section.tables for row in table.rows for cell in row}
    said = {text for one in section.paragraphs for text in (one.text, one.note)}
    return cells | values | said | {note for _, note in section.tables}


def test_the_chapter_says_nothing_of_what_residents_answered_until_it_is_public(olive: Walker, site: Flask) -> None:
    before = chapter_parts(site)

    assert before["ranking-residents-test-2022"].tables == ()
    assert "not published yet" in before["ranking-residents-test-2022"].paragraphs[0].text
    assert not any(
        column.name == "place_residents-test/2022" for table, _ in before["together"].tables for column in table.columns
    )
    assert not any("residents say" in one.text for one in before["record"].paragraphs)
    assert before["ranking-councils-test-2022"].tables, "councils answer in public"

    publish(olive)

    after = chapter_parts(site)
    assert after["ranking-residents-test-2022"].tables
    together = after["together"].paragraphs[0].text
    assert re.search(r"comes first of \d by .*residents-test, 2022.* together\.", together), "by whom is said with it"
    assert re.search(r"Leaving out .* the order\.$", together)
    assert "-test/" not in together, "sources are called by their titles"
    assert "place_residents-test/2022" in [column.name for column in after["together"].tables[1][0].columns]


def test_setting_the_chapter_against_the_published_results_tells_nothing_more(olive: Walker, site: Flask) -> None:
    publish(olive)
    before = chapter_parts(site)
    with site.app_context():
        [publication] = published.latest(db.session(), PUBLIC_KINDS)
        public = {section.id: section for section in published.paper_of(publication).sections}
        # A form found in a drawer after the results were out: their difference would be one person's answers.
        db.session.delete(
            db.session.scalars(
                select(Response).where(Response.wave_id == waves.find(db.session(), publication.about).id)
            ).first()
        )
        db.session.commit()

    after = chapter_parts(site)

    assert told_of(before["ranking-residents-test-2022"]) == told_of(public["said"])
    assert told_of(public["record"]) <= told_of(before["record"])
    for id_ in ("ranking-residents-test-2022", "record"):
        assert told_of(after[id_]) == told_of(before[id_])
    # Of all sources together there are places alone: an index tells the percentages that are hidden.
    for table, _ in before["together"].tables:
        for row in table.rows:
            assert all(
                re.fullmatch(r"|\d+(st|nd|rd|th)( to \d+(st|nd|rd|th))?|not asked", c.text) for c in row[1:] if c.value
            )
    assert "%" not in before["together"].paragraphs[0].text


def test_a_percentage_of_few_people_is_not_public_and_neither_is_what_would_tell_it(olive: Walker, site: Flask) -> None:
    publish(olive)
    with site.app_context():
        wave = waves.find(db.session(), "residents-test/2022")
        kept = [table for one in releases.releases(db.session(), wave) for table in releases.tables_of(one)]

    public = json.loads(site.test_client().get(f"/api{PUBLIC}").data)
    tables = {one["table"]["id"]: one["table"] for section in public["sections"] for one in section["tables"]}

    released = {
        (one.share.percent, one.share.lower, one.share.upper) for table in kept for one in table.figures if one.share
    }
    names = [column["name"] for column in tables["concerns"]["columns"]]
    at = [names.index(name) for name in ("percent", "percent_lower", "percent_upper")]
    printed = [tuple(row[place]["value"] for place in at) for row in tables["concerns"]["rows"]]
    assert {one for one in printed if one != (None, None, None)} <= released
    assert any(None not in one for one in printed)
    assert all(row[3]["text"] == "Not shown" for row in tables["concerns"]["rows"] if row[3]["value"] is None)


def test_a_public_table_tells_programs_nothing_that_it_does_not_tell_readers(olive: Walker, site: Flask) -> None:
    publish(olive)
    public = json.loads(site.test_client().get(f"/api{PUBLIC}").data)

    tables = [one["table"] for section in public["sections"] for one in section["tables"]]
    for table in tables:
        for row in table["rows"]:
            read = {figure for cell in row for figure in re.findall(r"\d+(?:\.\d+)?", cell["text"].replace(",", ""))}
            told = {f"{abs(cell['value']):g}" for cell in row if isinstance(cell["value"], int | float)}
            assert told <= read, table["id"]
    assert any(column["name"] == "percent_lower" for table in tables for column in table["columns"])


def test_the_chapter_quotes_of_each_survey_the_newest_wave_that_is_public(olive: Walker, site: Flask) -> None:
    publish(olive)
    with site.app_context():
        public = waves.find(db.session(), "residents-test/2022")
        waves.create(
            db.session(),
            public.survey,
            "2023",
            title="Later, and not public",
            questionnaire=db.session().get_one(QuestionnaireVersion, public.questionnaire_id),
            opens_on=date(2023, 9, 1),
            cleared_on=date(2023, 9, 1),
            closes_on=date(2023, 10, 1),
        )
        db.session.commit()

    parts = chapter_parts(site)

    assert parts["ranking-residents-test-2022"].tables
    assert "ranking-residents-test-2023" not in parts


def test_a_chart_of_the_results_is_taken_along_with_what_the_paper_holds_and_not_before_it_is_public(
    olive: Walker, site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csp_consult.web.paper_pictures.drawn", drawn)
    visitor, address = site.test_client(), f"{PUBLIC}/charts/said/1"
    assert visitor.get(f"{address}.svg").status_code == 404
    publish(olive)
    with site.app_context():
        for one in db.session.scalars(select(Response)).all()[:40]:
            db.session.delete(one)
        db.session.commit()
    try:
        links = [link["href"] for link in Walker(visitor).get(PUBLIC).select(f'a[href^="{address}"]')]
        svg, png = (visitor.get(link) for link in links)
    finally:
        helper.stop()

    assert svg.text.startswith("<svg xmlns=")
    assert png.data.startswith(b"\x89PNG")
    assert 'filename="synthetic-ranking.png"' in png.headers["Content-Disposition"]
    [said] = [one for one in json.loads(visitor.get(f"/api{PUBLIC}").text)["sections"] if one["id"] == "said"]
    [shares] = [table["table"] for table in said["tables"]]
    assert all(row[0]["text"] in svg.text for row in shares["rows"])
    for path in (f"{PUBLIC}/charts/said/2.svg", f"{PUBLIC}/charts/said/0.png", f"{PUBLIC}/charts/asked/1.svg"):
        assert visitor.get(path).status_code == 404
    assert visitor.get(f"{address}.gif").status_code == 404


def test_how_many_councils_answered_is_said_once_with_whom_they_stand_for(olive: Walker) -> None:
    olive.get("/officer/papers/results?about=councils-test/2022")

    [said] = [one.text for one in olive.page.select("main p") if "councils answered" in one.text]
    assert re.search(r"^3 of \d+ parish councils answered", said.strip())
    assert said.count("answered") == 1
