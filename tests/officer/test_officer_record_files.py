"""Recorded files are looked into before they are taken in, and each leaves a receipt."""

import io

import pytest
from findings_world import DISTRICT
from flask import Flask
from walker import Walker, table

from csp_consult.db import db
from csp_consult.places.models import Area, AreaLink, Boundary

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
FORCE = "Leicestershire Police"
LOOK, TAKE_IN = "Look into them first", "Take them in"


def street_file(*rows: tuple[str, str]) -> bytes:
    """One row for each (month, LSOA code), all of them anti-social behaviour."""
    lines = [
        f",{month},{FORCE},{FORCE},-0.97,52.60,On or near Main Street,{lsoa},District 001A,Anti-social behaviour,,"
        for month, lsoa in rows
    ]
    return "\n".join([HEADER, *lines, ""]).encode()


@pytest.fixture
def recorder(site: Flask, olive: Walker) -> Walker:
    """The officer, in a district with one LSOA, on the page that takes files in."""
    with site.app_context():
        session = db.session()
        session.add(Area(code="E01000001", kind="lsoa11", name="District 001A", source="made up"))
        session.flush()
        session.add(AreaLink(inner_code="E01000001", outer_code=DISTRICT, method="official", source="made up"))
        session.commit()
    olive.get("/officer/record/import")
    return olive


def send(recorder: Walker, button: str, content: bytes, name: str = "2018-10-street.csv") -> None:
    fields = recorder.filled(button=button)
    recorder.send({**fields, "files": (io.BytesIO(content), name)}, button=button)


def test_a_look_says_what_a_file_holds_and_puts_nothing_on_record(recorder: Walker) -> None:
    send(recorder, LOOK, street_file(("2018-10", "E01000001"), ("2018-10", "")))

    assert "2 rows: 1 kept" in recorder.text
    assert "Nothing has been put on record" in recorder.text
    recorder.get("/officer/record")
    assert "No file has been taken in yet" in recorder.text


def test_a_file_taken_in_shows_at_once_with_its_receipt(recorder: Walker) -> None:
    send(recorder, TAKE_IN, street_file(("2018-10", "E01000001"), ("2018-10", "E01000001"), ("2018-10", "")))

    assert "2 incidents are on record in District D1 from October 2018" in recorder.text
    recorder.follow("2018-10-street.csv")
    assert "Rows in the file 3" in recorder.text
    assert "Without a location 1" in recorder.text


def test_a_file_of_another_kind_is_refused_in_words_and_nothing_is_taken_in(recorder: Walker) -> None:
    send(recorder, TAKE_IN, b"%PDF-1.7 not a table", "report.pdf")

    assert len(recorder.errors) == 1
    assert recorder.errors[0].startswith("Nothing was taken in.")
    recorder.get("/officer/record")
    assert "No file has been taken in yet" in recorder.text


def test_sending_no_file_asks_for_one(recorder: Walker) -> None:
    recorder.submit({"files": None}, button=TAKE_IN)
    assert recorder.errors == ["Nothing was taken in. Choose one or more files first."]


def test_a_revision_says_on_its_receipt_what_it_changed(recorder: Walker) -> None:
    send(recorder, TAKE_IN, street_file(("2018-10", "E01000001")))
    recorder.get("/officer/record/import")
    send(recorder, TAKE_IN, street_file(*[("2018-10", "E01000001")] * 3), "revised-street.csv")

    recorder.follow("revised-street.csv")

    assert "Anti-social behaviour 1 to 3" in recorder.text
    recorder.get("/officer/record")
    recorder.follow("2018-10-street.csv")
    assert "First figures of the period" in recorder.text


def test_a_note_on_recording_is_written_once_and_stands_beside_the_figures(recorder: Walker) -> None:
    send(recorder, TAKE_IN, street_file(("2018-10", "E01000001")))
    recorder.get("/officer/record?topic=asb")
    recorder.follow("Change the note on recording")

    recorder.submit({"text": "Calls are triaged since 2018."}, button="Save the note")

    assert "Calls are triaged since 2018." in recorder.text
    recorder.follow("Change the note on recording")
    recorder.submit({"text": ""}, button="Save the note")
    assert "No note." in recorder.text


def test_a_note_that_is_too_long_is_given_back(recorder: Walker) -> None:
    recorder.get("/officer/record/note?topic=asb")

    recorder.submit({"text": "x" * 501}, button="Save the note")

    assert recorder.errors == ["Shorten the note to 500 characters; it has 501"]
    assert recorder.filled(button="Save the note")["text"].strip() == "x" * 501


def test_the_officer_sees_how_far_best_fit_and_map_points_differ(recorder: Walker, site: Flask) -> None:
    recorder.get("/officer/record/placing")
    assert "Map points are read when a file is taken in and the boundaries of the wards are here." in recorder.text
    with site.app_context():
        session = db.session()
        session.add(AreaLink(inner_code="E01000001", outer_code="W1", method="best fit", source="made up"))
        for i, code in enumerate(("W1", "W2", "W3", "W4")):
            west = -1.0 + i / 10
            corners = [[west, 52.5], [west + 0.1, 52.5], [west + 0.1, 52.7], [west, 52.7], [west, 52.5]]
            geometry = {"type": "Polygon", "coordinates": [[*corners]]}
            session.add(Boundary(area_code=code, vintage=2025, geometry=geometry, source="made up"))
        session.commit()
    recorder.get("/officer/record/import")
    send(
        recorder,
        TAKE_IN,
        street_file(("2018-10", "E01000001"), ("2018-10", "E01000001")).replace(b"-0.97", b"-0.85", 1),
    )

    recorder.get("/officer/record")
    recorder.follow("Two ways to place incidents in wards")

    rows = {row[0]: row[1:] for row in table(recorder, "placing-asb")}
    assert rows["Ward W1"] == ["2", "1", "−1", "50%"]
    assert rows["Ward W2"] == ["0", "1", "+1", "–"]
    assert "point in polygon, boundaries of 2025" in recorder.text
