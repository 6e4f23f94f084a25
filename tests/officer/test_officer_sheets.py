"""An officer sends a sheet in, sees how it is understood, puts it right, and takes it in."""

import io

import pytest
from findings_world import DISTRICT
from flask import Flask
from recorded.sheet_files import CROSSTAB, csv_sheet
from walker import Walker, table

from csp_consult.db import db
from csp_consult.places.models import Area, AreaLink


@pytest.fixture
def sender(site: Flask, olive: Walker) -> Walker:
    """The officer, on the page where sheets are sent in, in a district with beats of known names and an LSOA."""
    with site.app_context():
        session = db.session()
        session.add(Area(code="E01000001", kind="lsoa11", name="District 001A", source="made up"))
        for code, name in (("NB1", "Beat one"), ("NB2", "Beat & two"), ("NB3", "Far beat")):
            session.add(Area(code=code, kind="beat", name=name, source="made up"))
        session.flush()
        session.add(AreaLink(inner_code="E01000001", outer_code=DISTRICT, method="official", source="made up"))
        session.commit()
    olive.get("/officer/record")
    olive.follow("Take in a sheet of your own")
    return olive


def send(sender: Walker, content: bytes, name: str = "asb.xlsx") -> None:
    sender.send({**sender.filled(), "sheet": (io.BytesIO(content), name)})


def test_a_sheet_is_shown_as_it_is_understood_and_nothing_is_on_record_yet(sender: Walker) -> None:
    send(sender, CROSSTAB)

    assert "Nothing of it is on record yet" in sender.text
    assert "8 of 29 cells would go on record" in sender.text
    assert table(sender, "kept")[0] == ["B5", "Beat one", "Apr–Jun 2021", "10"]
    assert ["B6", "a dash, which may mean none or not known", "-"] in table(sender, "refused")
    sender.get("/officer/record")
    assert "No file has been taken in yet" in sender.text


def test_who_keeps_the_figures_has_to_be_said_and_nothing_typed_is_lost(sender: Walker) -> None:
    send(sender, CROSSTAB)

    sender.submit({"dashes": "zero", "first_row": "six"}, button="Take it in")

    assert sender.errors == ["Write who keeps these figures, such as the police force"]
    assert sender.filled()["dashes"] == "zero"


def test_names_and_topics_are_settled_and_the_sheet_is_taken_in(sender: Walker) -> None:
    send(sender, CROSSTAB)
    sender.submit(
        {"recorded_by": "The force", "category_same": "ASB calls", "name-0": "NB3"}, button="Read it again so"
    )
    assert ["B8", "Far beat", "Apr–Jun 2021", "1"] in table(sender, "kept")

    sender.submit({"topic-0": "asb"}, button="Take it in")

    assert sender.heading == "The record"
    sender.get("/officer/record?topic=asb&area=NB1")
    assert "75 incidents are on record in Beat one from April 2021 to September 2022" in sender.text
    sender.follow("asb.xlsx")
    assert "Cells of the sheet 29" in sender.text
    assert ["D6", "withheld or not available, so not known", "<5"] in table(sender, "refusals")


def test_a_sheet_given_up_is_gone(sender: Walker) -> None:
    send(sender, csv_sheet(["Beat", "Apr 2021"], ["Beat one", 4]), "list.csv")
    sender.submit(button="Give it up")

    assert "Waiting to be looked over" not in sender.text


def test_another_sheet_of_the_workbook_is_guessed_anew(sender: Walker) -> None:
    send(sender, CROSSTAB)

    sender.submit({"worksheet": "Cover", "recorded_by": "The force"}, button="Read it again so")

    assert sender.filled()["worksheet"] == "Cover" or sender.errors


@pytest.mark.parametrize(("content", "name"), [(b"", "empty.csv"), (b"%PDF-1.7", "a.pdf"), (b"PK\x03\x04", "a.xlsx")])
def test_what_is_no_sheet_is_refused_in_one_sentence(sender: Walker, content: bytes, name: str) -> None:
    send(sender, content, name)

    assert len(sender.errors) == 1
    sender.submit({"sheet": None})
    assert sender.errors == ["Choose a file first."]


@pytest.mark.parametrize(
    "fields",
    [
        {"area_at": "c999"},
        {"area_at": "r-1"},
        {"figures": "cx"},
        {"first_row": "99999999"},
        {"worksheet": "none of them"},
        {"quarters": "lunar"},
        {"name-0": "E99"},
    ],
)
def test_odd_fields_never_end_in_an_error_page(sender: Walker, fields: dict[str, str]) -> None:
    send(sender, CROSSTAB)

    sender.submit({"recorded_by": "The force", **fields}, button="Read it again so")

    assert sender.status == 200
    assert sender.heading == "asb.xlsx"
