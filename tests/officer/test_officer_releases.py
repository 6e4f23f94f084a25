"""Officers look over a table for publication, see what is hidden and why, release it and download the file."""

from datetime import date

import pytest
from flask import Flask
from walker import Walker, downloaded, table

from csp_consult.db import db
from csp_consult.fieldwork.waves import find
from csp_consult.findings.releases import releases
from csp_consult.people.audit import entries

RELEASES = "/officer/waves/residents-test/2022/releases"
SMALL = "the count is small enough to point at a person"


@pytest.fixture
def closed(site: Flask) -> None:
    with site.app_context():
        wave = find(db.session(), "residents-test/2022")
        wave.opens_on, wave.closes_on = date(2022, 9, 1), date(2022, 11, 30)
        db.session().commit()


@pytest.mark.usefixtures("closed")
def test_a_table_is_looked_over_then_released_and_what_is_hidden_is_explained_to_officers_only(
    olive: Walker, site: Flask
) -> None:
    olive.get(f"{RELEASES}?row=asb_change&column=age")
    looked_over = table(olive, "preview-1")
    assert any("Hidden: small" in cell for row in looked_over for cell in row)
    assert any("Hidden: protects another" in cell for row in looked_over for cell in row)
    assert SMALL in olive.text

    olive.submit(button="Release this table")

    assert table(olive, "release-1-1") == looked_over
    file = downloaded(olive, f"{RELEASES}/1.csv")
    assert {"[c]"} == {row["count"] for row in file if not row["count"].isdigit()}
    assert all(row["percent_weighted"] == "[c]" for row in file if row["count"] == "[c]" and row["answer"] != "Base")
    assert all(SMALL not in value for row in file for value in row.values())
    assert {row["synthetic"] for row in file} == {"yes"}
    with site.app_context():
        assert len(releases(db.session(), find(db.session(), "residents-test/2022"))) == 1
        assert "release" in {one.action for one in entries(db.session())}


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("query", ["row=seen", "row=sex&column=sex", "row=nothing"])
def test_a_table_that_cannot_be_made_is_refused_in_words(olive: Walker, query: str) -> None:
    olive.get(f"{RELEASES}?{query}")

    assert "Traceback" not in olive.text
    assert olive.page.select_one("#preview-1") is None


def test_nothing_is_released_of_an_open_wave(olive: Walker, site: Flask) -> None:
    with site.app_context():
        find(db.session(), "residents-test/2022").closes_on = date(2999, 1, 1)
        db.session().commit()

    olive.get(f"{RELEASES}?row=asb_change")

    assert "is not closed yet" in olive.text
    assert olive.page.select_one("#preview-1") is None
