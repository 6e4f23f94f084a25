"""What every topic and ward calls for, on one page, with a way down to each."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import delete
from walker import Walker

from csp_consult.db import db
from csp_consult.recorded.models import PublishedComparison

ALL = "/officer/gaps/all"


def test_every_topic_and_ward_has_a_tile_that_leads_to_its_gap(olive: Walker) -> None:
    page = olive.get(ALL)
    tiles = {tile.get_text(" ", strip=True) for tile in page.select(".csp-tile")}

    assert tiles == {"Anti-social behaviour Reassure", *(f"Ward W{number} Reassure" for number in (1, 2, 3, 4))}
    olive.follow("Ward W2")
    assert "Ward W2" in olive.text
    assert "What this rests on" in olive.text


def test_the_download_holds_what_the_table_shows(olive: Walker) -> None:
    page = olive.get(ALL)
    shown = [*page.select("#typology-topics tbody tr"), *page.select("#typology-wards tbody tr")]

    text = olive.client.get(f"{ALL}.csv").get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert len(rows) == len(shown) == 5
    assert rows[0]["area_name"] == "District D1"
    assert {row["classification"] for row in rows} == {"reassure"}
    assert {row["synthetic"] for row in rows} == {"yes"}


def test_what_cannot_be_compared_has_a_tile_that_says_so_and_no_chart(site: Flask, olive: Walker) -> None:
    with site.app_context():
        db.session.execute(delete(PublishedComparison))
        db.session.commit()

    page = olive.get(ALL)

    assert "so there is no chart" in olive.text
    assert {tile.get_text(strip=True) for tile in page.select(".csp-tile__class")} == {"Not compared"}


@pytest.mark.parametrize("address", [ALL, "/officer/gaps"])
def test_base_weighting_source_method_and_date_stand_with_the_picture(olive: Walker, address: str) -> None:
    page = olive.get(address)
    told = {one.get_text(strip=True) for one in page.select(".govuk-summary-list__key")}

    assert {"Perception from", "Asked", "Base", "Weighting", "Record from", "Record covers", "Method"} <= told


def test_the_list_of_gaps_leads_there(olive: Walker) -> None:
    olive.get("/officer/gaps")
    olive.follow("All topics and wards at once")
    assert olive.heading == "What each topic and ward calls for"


def test_places_by_concern_and_record_say_why_there_are_none(olive: Walker) -> None:
    olive.get("/officer/gaps")
    olive.follow("Places by concern and by record")

    assert olive.heading == "Places by concern and by record"
    assert "Fewer than two of the topics" in olive.text

    olive.get("/officer/gaps/places?by=change")
    assert [one.get_text() for one in olive.page.select("#by option[selected]")] == ["How fast the record rises"]
