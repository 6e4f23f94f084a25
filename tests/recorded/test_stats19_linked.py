"""Casualties and vehicles find their month and place in the collision file of their year."""

import csv
import io
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded.street_files import TODAY
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.csv_lines import FileError
from csp_consult.recorded.imports import district_of, read_files, store
from csp_consult.recorded.reading import Collisions, District, open_lines, read_lines
from csp_consult.recorded.receipts import Receipt
from csp_consult.recorded.series import series
from csp_consult.recorded.stats19_linked import ROAD_USERS

COLLISIONS = """collision_index,date,collision_severity,local_authority_ons_district,lsoa_of_accident_location
2022330000001,05/01/2022,3,E07000131,E01025770
2022330000002,06/02/2022,1,E07000131,-1
2022330000003,07/02/2022,2,E09000013,E01001883
2022330000004,07/02/2022,2,-1,-1
"""
CASUALTIES = """collision_index,collision_year,casualty_reference,casualty_class,casualty_severity,casualty_type
2022330000001,2022,1,1,3,1
2022330000001,2022,2,1,2,16
2022330000002,2022,1,2,1,9
2022330000003,2022,1,3,3,0
2022330000004,2022,1,1,3,1
2021330000009,2021,1,1,3,1
2022330000001,2022,3,1,3,77
2022330000001,2022,4,1,4,1
"""
VEHICLES = """accident_index,vehicle_reference,vehicle_type
2022330000001,1,1
2022330000001,2,9
2022330000003,1,9
2022330000001,3,0
"""


def take(session: Session, **files: str | bytes) -> dict[str, Receipt]:
    opened = [
        (f"{name}.csv", BytesIO(content if isinstance(content, bytes) else content.encode()))
        for name, content in files.items()
    ]
    readings = read_files(opened, district_of(session, DISTRICT, TODAY))
    return {receipt.source: receipt for receipt in store(session, readings, TODAY)}


def test_every_row_of_casualties_is_accounted_for(harborough: Session) -> None:
    receipt = take(harborough, casualties=CASUALTIES, collisions=COLLISIONS)["stats19_casualties"]

    assert (receipt.rows, receipt.kept, receipt.rows_outside, receipt.no_location) == (8, 3, 1, 1)
    assert receipt.refused == {
        "no collision file of its year was sent with it": 1,
        "the type is none of the data guide": 1,
        "the severity is none of fatal, serious and slight": 1,
    }


def test_cyclists_and_riders_are_a_series_of_their_own_topic(harborough: Session) -> None:
    take(harborough, casualties=CASUALTIES, collisions=COLLISIONS)

    found = series(harborough, "cyclists-horse-riders", DISTRICT)

    assert [(point.period, point.count) for point in found.points] == [("2022-01", 2), ("2022-02", 0)]
    assert found.unplaced == 1
    assert "Horse rider casualty, serious" in found.categories


def test_casualties_are_never_added_to_collisions(harborough: Session) -> None:
    take(harborough, vehicles=VEHICLES, casualties=CASUALTIES, collisions=COLLISIONS)

    assert series(harborough, "road-safety", DISTRICT).total == 2
    assert series(harborough, "road-safety", DISTRICT).other_sources == ("stats19_casualties",)
    assert series(harborough, "road-safety", DISTRICT, source="stats19_casualties").total == 3


def test_vehicles_are_counted_by_kind(harborough: Session) -> None:
    receipt = take(harborough, vehicles=VEHICLES, collisions=COLLISIONS)["stats19_vehicles"]

    assert (receipt.rows, receipt.kept, receipt.rows_outside, receipt.rows_refused) == (4, 2, 1, 1)


def test_an_archive_may_hold_them_in_any_order(harborough: Session) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a-casualty.csv", CASUALTIES)
        archive.writestr("b-collision.csv", COLLISIONS)

    readings = read_files([("stats19.zip", BytesIO(out.getvalue()))], district_of(harborough, DISTRICT, TODAY))

    assert [reading.receipt.kept for reading in readings] == [2, 3]


def test_casualties_by_themselves_say_what_is_missing(harborough: Session) -> None:
    with pytest.raises(FileError, match="send the collision file of the same year together with it"):
        take(harborough, casualties=CASUALTIES)


def test_the_older_layout_of_casualties_is_read(harborough: Session) -> None:
    collisions = (
        "Accident_Index,Accident_Severity,Date,LSOA_of_Accident_Location\n200501BS00001,3,04-01-2005,E01025770\n"
    )
    casualties = (
        "Accident_Index,Vehicle_Reference,Casualty_Class,Casualty_Severity,Casualty_Type\n200501BS00001,1,1,3,106\n"
    )

    assert take(harborough, casualties=casualties, collisions=collisions)["stats19_casualties"].kept == 1


def test_every_code_of_the_guide_has_one_kind_of_road_user(shared: Path) -> None:
    path = shared / "data" / "stats19" / "stats19_codebook.csv"
    if not path.exists():
        pytest.skip("the open data are not here")
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    codes = [code for codes in ROAD_USERS.values() for code in codes]

    assert len(codes) == len(set(codes))
    for column in ("casualty_type", "vehicle_type"):
        assert {int(code) for name, code, *_ in rows if name == column} <= set(codes), column


CELL = st.sampled_from(
    ["2022330000001", "2022330000002", "2022330000003", "2021", "", "1", "16", "-1", "77", "Fatal", "x,y"]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=12))
def test_every_row_of_any_casualty_file_is_accounted_for(rows: list[tuple[str, str, str]]) -> None:
    district = District("E07000131", "Harborough", frozenset({"E01025770"}), "2026-11")
    collisions = Collisions(district)
    read_lines(open_lines(BytesIO(COLLISIONS.encode()), "collisions.csv"), district, lambda _bytes: None, collisions)
    body = "".join(f"{','.join(row)}\n" for row in rows)
    lines = open_lines(BytesIO(f"collision_index,casualty_severity,casualty_type\n{body}".encode()), "casualties.csv")

    found = read_lines(lines, district, lambda _bytes: None, collisions)

    receipt = found.receipt
    others = receipt.rows_outside + receipt.no_location + receipt.unknown_area + receipt.rows_refused
    assert receipt.kept + others == receipt.rows == len(rows)
    assert found.counts.total() == receipt.kept
