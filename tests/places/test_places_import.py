"""Importing files of places: what is kept, what is set aside, what is refused and in which words."""

import csv
import json
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.place import place
from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.csv_lines import CsvLines, FileError, Refusal, Row
from csp_consult.places.intake import PlaceReceipt, import_files
from csp_consult.places.lookup import PlaceError, beat_of_ward, lsoas_of
from csp_consult.places.models import Electorate, Population
from csp_consult.places.populations import electorates, persons
from csp_consult.places.postcodes import lookup

TODAY = date(2026, 11, 1)
POSTCODES = "postcode,quality,easting,northing,lat,lon,ward13_code,ward19_code,lsoa11_code,lsoa21_code\n"


def take_in(session: Session, text: str, name: str = "file.csv") -> PlaceReceipt:
    receipts, not_read = import_files(session, [(name, BytesIO(text.encode()))], district=DISTRICT)
    assert not_read == []
    return receipts[0]


def test_an_edited_beat_table_moves_the_ward_and_leaves_it_in_one_beat(harborough: Session) -> None:
    take_in(harborough, 'inner_code,outer_code,method,source\nE05011972,NR41,"approximate, ours",By the analyst\n')

    beat = beat_of_ward(harborough, "E05011972", TODAY)
    assert beat is not None
    assert beat.area.code == "NR41"
    assert "E01025788" in lsoas_of(harborough, "NR41").codes
    assert "E01025788" not in lsoas_of(harborough, "NR42").codes


def test_rows_that_cannot_be_used_are_refused_by_line_and_the_others_kept(harborough: Session) -> None:
    receipt = take_in(
        harborough,
        "area_code,electors,as_at,source,synthetic\n"
        "E04005399,120,2022-12-01,Register of electors,no\n"
        "E04005400,many,2022-12-01,Register of electors,no\n"
        "E04009999,50,2022-12-01,Register of electors,no\n"
        "E04005401,50,December,Register of electors,no\n"
        "E04005402,50,2022-12-01\n",
    )

    assert (receipt.rows, receipt.kept) == (5, 1)
    assert [(refusal.line, refusal.found) for refusal in receipt.refused] == [
        (3, "many"),
        (4, "E04009999"),
        (5, "December"),
        (6, "3 values, 5 columns"),
    ]


def test_the_latest_electorate_before_the_day_counts_and_says_whether_it_is_synthetic(harborough: Session) -> None:
    take_in(
        harborough,
        "area_code,electors,as_at,source,synthetic\n"
        "E04005399,120,2021-12-01,Register of electors,no\n"
        "E04005399,999,2022-12-01,Made up for the demo,yes\n"
        "E04005399,130,2027-12-01,Register of electors,no\n",
    )

    found: dict[str, Electorate] = electorates(harborough, TODAY)

    assert (found["E04005399"].electors, found["E04005399"].synthetic) == (999, True)


def test_the_same_figure_twice_in_one_file_is_refused(harborough: Session) -> None:
    receipt = take_in(
        harborough,
        "area_code,sex,age_band,as_at,persons,source\n"
        f"{DISTRICT},male,16-24,2024-06-30,1,A\n"
        f"{DISTRICT},male,16-24,2024-06-30,2,A\n",
    )

    assert [refusal.reason for refusal in receipt.refused] == ["the same figure stands earlier in the file"]


def test_a_population_that_says_the_same_number_keeps_the_words_of_its_source(harborough: Session) -> None:
    before = persons(harborough, DISTRICT, TODAY)
    row = f"{DISTRICT},all,all,{before.as_at},{{}},Another wording\n"
    head = "area_code,sex,age_band,as_at,persons,source\n"

    take_in(harborough, head + row.format(before.persons))
    assert persons(harborough, DISTRICT, TODAY).source == before.source

    assert take_in(harborough, head + row.format(before.persons + 1)).refused == []
    assert persons(harborough, DISTRICT, TODAY).source == "Another wording"


def test_a_population_without_a_date_in_its_name_is_refused_in_words(harborough: Session) -> None:
    with pytest.raises(FileError, match="does not say of when"):
        take_in(harborough, "sex,age_band,persons\nmale,16-24,10\n", "people.csv")


def test_single_years_add_up_to_bands(harborough: Session) -> None:
    take_in(harborough, "sex,age,persons\nmale,16,10\nmale,24,5\nmale,25,7\nmale,90+,1\n", "mid2019.csv")

    stored = harborough.scalars(select(Population).where(Population.as_at == date(2019, 6, 30)))
    assert {row.age_band: row.persons for row in stored} == {"16-24": 15, "25-34": 7, "75+": 1}


def test_a_file_of_no_known_layout_is_named_with_its_columns(session: Session) -> None:
    receipts, not_read = import_files(session, [("odd.csv", BytesIO(b"a,b\n1,2\n"))], district=DISTRICT)

    assert receipts == []
    assert not_read == ["odd.csv was not read: no known layout has the columns a, b."]


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (b"PK\x03\x04abc", "ZIP archive or an Excel workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"<html>", "web page"),
        (b'{"type": "FeatureCollection"}', "JSON"),
        (b"", "is empty"),
        (b"\xe9,b\n", "not UTF-8"),
        (b"a,a\n", "stands twice"),
        (b"x" * 9000, "longer than"),
    ],
)
def test_a_file_that_is_no_csv_is_told_what_it_is(session: Session, start: bytes, says: str) -> None:
    _, not_read = import_files(session, [("file.csv", BytesIO(start))], district=DISTRICT)

    assert len(not_read) == 1
    assert says in not_read[0]


def test_one_bad_line_spoils_no_other() -> None:
    lines = CsvLines(BytesIO(b'\xef\xbb\xbfa,b\r\n1,"2\r\n\r\n3,\xff\r\n"4, four",5\r\n6,7'), "file.csv", 1000)

    rows = list(lines.rows())

    assert lines.header == ("a", "b")
    assert [row.line for row in rows if isinstance(row, Refusal)] == [2, 4]
    assert [row.values for row in rows if isinstance(row, Row)] == [("4, four", "5"), ("6", "7")]


def test_a_file_above_the_limit_is_refused() -> None:
    lines = CsvLines(BytesIO(b"a,b\n" + b"1,2\n" * 600_000), "file.csv", 2**20)

    with pytest.raises(FileError, match="larger than 1 MB"):
        list(lines.rows())


def test_a_postcode_gives_ward_beat_and_the_parishes_to_choose_from(harborough: Session) -> None:
    take_in(harborough, POSTCODES + "LE142QX,10,1,1,52,-0.8,E05005477,E05011969,E01025778,E01025778\n")

    (found,) = lookup(harborough, " le14 2qx ", TODAY)

    assert found.ward.name == "Fleckney"
    assert found.beat is not None
    assert found.beat.area.code == "NR41"
    assert [parish.name for parish in found.parishes] == ["Fleckney", "Knaptoft", "Mowsley", "Saddington", "Shearsby"]


def test_a_postcode_across_a_boundary_gives_both_wards(harborough: Session) -> None:
    row = "LE142QX,10,475324,308860,52.672223,-0.887479,E05005477,{},E01025778,E01025778\n"
    take_in(harborough, POSTCODES + row.format("E05011969") + row.format("E05011970"))

    assert [found.ward.name for found in lookup(harborough, "LE14 2QX", TODAY)] == ["Fleckney", "Glen"]


def test_an_unparished_postcode_has_no_parish(harborough: Session) -> None:
    take_in(harborough, POSTCODES + "LE169AA,10,1,1,52,-0.8,E05005477,E05011978,E01025803,E01025803\n")

    assert lookup(harborough, "LE16 9AA", TODAY)[0].parishes == ()


def test_an_unknown_postcode_is_no_error_and_nonsense_is(harborough: Session) -> None:
    assert lookup(harborough, "LE1 1AA", TODAY) == []
    with pytest.raises(PlaceError, match="full postcode"):
        lookup(harborough, "over there", TODAY)


def test_a_new_list_of_postcodes_replaces_the_old(harborough: Session) -> None:
    take_in(harborough, POSTCODES + "LE142QX,10,1,1,52,-0.8,E05005477,E05011969,E01025778,E01025778\n")
    take_in(harborough, POSTCODES + "LE142QY,10,1,1,52,-0.8,E05005477,E05011969,E01025778,E01025778\n")

    assert lookup(harborough, "LE14 2QX", TODAY) == []


def test_a_figure_of_an_unknown_area_is_told_apart_from_zero(harborough: Session) -> None:
    with pytest.raises(PlaceError, match="No population of NR39"):
        persons(harborough, "NR39", TODAY)


class TestCommand:
    def test_list_gives_the_wards_of_today_as_json(self, app: Flask, harborough: Session) -> None:
        harborough.commit()

        result = app.test_cli_runner().invoke(place, ["list", "--format", "json"])

        document = json.loads(result.output)
        assert [row["name"] for row in document["places"]][:2] == ["Billesdon & Tilton", "Bosworth"]
        assert {row["method"] for row in document["places"]} == {"approximate, ours"}

    def test_import_tells_what_became_of_the_rows(self, app: Flask, harborough: Session, tmp_path: Path) -> None:
        harborough.commit()
        path = tmp_path / "electors.csv"
        path.write_text("area_code,electors,as_at,source,synthetic\nE04005399,120,2022-12-01,Register,no\nX,1,,,\n")

        result = app.test_cli_runner().invoke(place, ["import", str(path)])

        assert "2 rows, 1 kept, 0 outside the district, 1 refused" in result.output
        assert result.exit_code == 0

    def test_import_of_a_folder_passes_over_what_it_does_not_know(
        self, app: Flask, harborough: Session, tmp_path: Path
    ) -> None:
        harborough.commit()
        (tmp_path / "links.csv").write_text("inner_code,outer_code,method,source\n")
        (tmp_path / "map.geojson").write_text('{"type": "Feature"}')

        result = app.test_cli_runner().invoke(place, ["import", str(tmp_path)])

        assert result.exit_code == 0
        assert "Passed over: map.geojson holds no list of features" in result.output

    def test_import_of_boundaries_counts_features(self, app: Flask, harborough: Session, tmp_path: Path) -> None:
        harborough.commit()
        path = tmp_path / "wards_2025.geojson"
        path.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature"}]}')

        result = app.test_cli_runner().invoke(place, ["import", str(path)])

        assert "1 features, 0 kept, 0 outside the district, 1 refused" in result.output
        assert "feature 1: the feature has no properties" in result.output

    def test_import_of_a_named_file_it_does_not_know_fails_and_takes_nothing(
        self, app: Flask, harborough: Session, tmp_path: Path
    ) -> None:
        harborough.commit()
        good, odd = tmp_path / "electors.csv", tmp_path / "odd.csv"
        good.write_text("area_code,electors,as_at,source,synthetic\nE04005399,120,2022-12-01,Register,no\n")
        odd.write_text("a,b\n1,2\n")

        result = app.test_cli_runner().invoke(place, ["import", str(good), str(odd)])

        assert result.exit_code == 1
        assert "odd.csv was not read" in result.output
        assert electorates(harborough, TODAY) == {}

    def test_lookup_of_an_unlisted_postcode_says_why(self, app: Flask, harborough: Session) -> None:
        harborough.commit()

        result = app.test_cli_runner().invoke(place, ["lookup", "LE1 1AA"])

        assert result.exit_code == 1
        assert "not on the list" in result.output


CELLS = st.sampled_from(
    [
        "E05011972",
        "E07000131",
        "NR41",
        "E99",
        "",
        "3",
        "-1",
        "2022-12-01",
        "31/12/2022",
        "yes",
        "all",
        "best fit",
        "by us",
    ]
) | st.text(max_size=6)
LISTS = (
    "inner_code,outer_code,method,source",
    "area_code,electors,as_at,source,synthetic",
    "area_code,sex,age_band,as_at,persons,source",
    "area_code,rural_urban_class,source",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(LISTS), st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=5))
def test_every_row_of_any_list_is_kept_set_aside_or_refused_and_taking_it_in_again_says_the_same(
    harborough: Session, header: str, rows: list[list[str]]
) -> None:
    harborough.commit()
    width = header.count(",") + 1
    out = StringIO()
    csv.writer(out).writerows([header.split(","), *(row[:width] for row in rows)])

    first, again = take_in(harborough, out.getvalue()), take_in(harborough, out.getvalue())

    assert first.kept + first.outside + len(first.refused) == first.rows
    assert all(refusal.reason and refusal.line > 1 for refusal in first.refused)
    assert (again.kept, again.refused) == (first.kept, first.refused)
    harborough.rollback()
