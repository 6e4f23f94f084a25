"""Series: what is counted, by which mapping and lookup, and what is said beside it."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from recorded.street_files import TakeIn, street_file, street_row
from sqlalchemy.orm import Session

from csp_consult.commands.recorded import recorded
from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.lookup import areas
from csp_consult.places.models import Area, AreaLink
from csp_consult.recorded.models import RecordingNote
from csp_consult.recorded.published import store
from csp_consult.recorded.series import NoSeriesError, Series, series
from csp_consult.topics.models import TopicRecord

BOSWORTH = "E05011965"
SPLIT, PARTS = "E01025771", ("E01035086", "E01035087")


def counts(found: Series) -> list[tuple[str, int]]:
    return [(point.period, point.count) for point in found.points]


def test_a_month_that_was_not_imported_is_missing_and_an_imported_one_without_incidents_is_zero(
    harborough: Session, take_in: TakeIn
) -> None:
    take_in(street_file([street_row(category="Drugs"), street_row(month="2018-12")]))

    found = series(harborough, "asb", DISTRICT, date(2018, 10, 1), date(2019, 1, 31))

    assert counts(found) == [("2018-10", 0), ("2018-12", 1)]
    assert found.missing == ("2018-11", "2019-01")


def test_the_old_code_of_a_split_lsoa_and_the_new_ones_make_one_series(harborough: Session, take_in: TakeIn) -> None:
    take_in(
        street_file(
            [
                street_row(SPLIT, "Harborough 005A"),
                *[street_row(part, "Harborough 005G", month="2018-11") for part in PARTS],
            ]
        )
    )

    for code in (SPLIT, BOSWORTH, "NR39", DISTRICT):
        assert counts(series(harborough, "asb", code)) == [("2018-10", 1), ("2018-11", 2)], code


def test_a_part_of_a_split_lsoa_says_what_was_recorded_under_the_whole(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row(SPLIT, "Harborough 005A")] * 3 + [street_row(PARTS[0], "Harborough 005G")]))

    found = series(harborough, "asb", PARTS[0])

    assert (found.total, found.unplaced) == (1, 3)


def test_wards_add_up_to_the_district_and_so_do_beats(harborough: Session, take_in: TakeIn, shared: Path) -> None:
    path = shared / "data" / "crime" / "2018-10-harborough-street.csv"
    if not path.exists():
        pytest.skip("the open data are not here")
    take_in(path.read_bytes(), path.name)

    def total(codes: Iterable[str]) -> int:
        return sum(series(harborough, "violence", code).total for code in codes)

    whole = total([DISTRICT])
    assert whole > 0
    for kind in ("ward", "beat"):
        assert total(area.code for area in areas(harborough, kind, date(2026, 11, 1))) == whole


@pytest.mark.parametrize(
    ("area", "method"),
    [
        (DISTRICT, "all LSOAs of the district"),
        (BOSWORTH, "LSOA to ward by best fit"),
        ("NR41", "LSOA to ward by best fit; ward to beat approximate, ours"),
        ("E01025770", "the LSOA itself"),
    ],
)
def test_every_series_names_how_incidents_were_placed(
    harborough: Session, take_in: TakeIn, area: str, method: str
) -> None:
    take_in(street_file([street_row()]))

    assert series(harborough, "asb", area).method == method


def test_a_ward_of_before_2019_is_counted_by_the_lookup_that_was_taken_in_and_names_its_method(
    harborough: Session, take_in: TakeIn
) -> None:
    harborough.add(Area(code="E05005444", kind="ward", name="Old ward", valid_to=date(2019, 5, 2), source="made up"))
    harborough.flush()
    harborough.add(AreaLink(inner_code="E01025770", outer_code="E05005444", method="point in polygon", source="ours"))
    take_in(street_file([street_row(), street_row("E01025771", "Harborough 005A")]))

    found = series(harborough, "asb", "E05005444")

    assert (found.total, found.method) == (1, "LSOA to ward by point in polygon")


def test_the_approximate_points_of_police_uk_are_named_with_every_figure(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row()]))

    assert "approximate" in series(harborough, "asb", BOSWORTH).source_title


def test_rows_without_a_location_are_counted_beside_the_series_of_their_category(
    harborough: Session, take_in: TakeIn
) -> None:
    take_in(street_file([street_row(), street_row("", ""), street_row("", "", category="Drugs")]))

    assert series(harborough, "asb", DISTRICT).unplaced == 1


def test_what_a_replaced_month_could_not_place_is_forgotten_with_it(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row(), street_row("", ""), street_row(month="2018-11")]), "both.csv")
    take_in(street_file([street_row()]), "october.csv")

    assert series(harborough, "asb", DISTRICT).unplaced == 0


def test_a_series_names_the_files_it_rests_on(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row()]), "october.csv")
    take_in(street_file([street_row(month="2018-11")]), "november.csv")

    assert [row.file_name for row in series(harborough, "asb", DISTRICT).imports] == ["october.csv", "november.csv"]
    only = series(harborough, "asb", DISTRICT, date(2018, 11, 1), date(2018, 11, 30))
    assert [row.file_name for row in only.imports] == ["november.csv"]


def test_a_theme_counts_its_own_categories_and_a_topic_its_own(harborough: Session, take_in: TakeIn) -> None:
    rows = [street_row(category=name) for name in ("Burglary", "Robbery", "Drugs", "Anti-social behaviour")]
    take_in(street_file(rows))

    assert series(harborough, "acquisitive-crime", DISTRICT).total == 2
    assert series(harborough, "burglary", DISTRICT).categories == ("Burglary",)
    assert series(harborough, "asb", DISTRICT).total == 1


def test_the_mapping_of_each_month_is_used(harborough: Session, take_in: TakeIn) -> None:
    harborough.add(
        TopicRecord(
            topic_slug="noisy-neighbours",
            source="police_uk",
            category="Anti-social behaviour",
            valid_from=date(2018, 11, 1),
        )
    )
    take_in(street_file([street_row(), street_row(month="2018-11")]))

    assert counts(series(harborough, "noisy-neighbours", DISTRICT)) == [("2018-10", 0), ("2018-11", 1)]


@pytest.mark.parametrize(
    ("topic", "area", "says"),
    [
        ("noisy-neighbours", DISTRICT, "Noisy neighbours has no recorded counterpart"),
        ("farm-theft", DISTRICT, "only a police force's own figures have it"),
        ("speeding", DISTRICT, "do not tell apart"),
        ("road-safety", DISTRICT, "No figures of stats19 have been imported"),
        ("dragons", DISTRICT, "No topic is called 'dragons'"),
        ("asb", "E04005399", "cannot be placed in the parish Allexton"),
        ("asb", "E99", "No area has the code"),
    ],
)
def test_where_there_is_no_series_the_reason_is_told(
    harborough: Session, take_in: TakeIn, topic: str, area: str, says: str
) -> None:
    take_in(street_file([street_row()]))

    with pytest.raises(NoSeriesError, match=says):
        series(harborough, topic, area)


def test_the_note_on_recording_practice_goes_with_the_series(harborough: Session, take_in: TakeIn) -> None:
    store(harborough, [], [RecordingNote(topic_slug="asb", text="Calls, not convictions.")])
    take_in(street_file([street_row()]))

    assert series(harborough, "asb", DISTRICT).note == "Calls, not convictions."


def test_one_changed_row_changes_its_series_and_no_other(harborough: Session, take_in: TakeIn) -> None:
    rows = [street_row(), street_row(), street_row(category="Drugs")]
    take_in(street_file(rows))

    take_in(street_file([*rows[:1], street_row(category="Burglary"), *rows[2:]]))

    assert [series(harborough, topic, DISTRICT).total for topic in ("asb", "burglary", "drugs")] == [1, 1, 1]


class TestCommand:
    def test_import_list_and_series_of_a_file(self, app: Flask, harborough: Session, tmp_path: Path) -> None:
        harborough.commit()
        path = tmp_path / "street.csv"
        path.write_bytes(street_file([street_row(), street_row(), street_row("", "")]))
        run = app.test_cli_runner().invoke

        told = run(recorded, ["import", str(path)])
        listed = run(recorded, ["list", "--format", "json"])
        shown = run(recorded, ["series", "asb", "--area", DISTRICT, "--format", "json"])

        assert "3 rows: 2 kept, 0 outside the district, 1 without a location" in told.output
        assert [(row["rows"], row["kept"]) for row in json.loads(listed.output)["imports"]] == [(3, 2)]
        document = json.loads(shown.output)
        assert document["series"] == [{"period": "2018-10", "count": 2}]
        assert document["method"] == "all LSOAs of the district"
        assert document["unplaced"] == 1

    def test_a_preview_puts_nothing_on_record(self, app: Flask, harborough: Session, tmp_path: Path) -> None:
        harborough.commit()
        path = tmp_path / "street.csv"
        path.write_bytes(street_file([street_row()]))

        told = app.test_cli_runner().invoke(recorded, ["import", "--preview", str(path)])

        assert "1 rows: 1 kept" in told.output
        with pytest.raises(NoSeriesError):
            series(harborough, "asb", DISTRICT)

    def test_one_bad_file_among_several_leaves_all_of_them_out(
        self, app: Flask, harborough: Session, tmp_path: Path
    ) -> None:
        harborough.commit()
        good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
        good.write_bytes(street_file([street_row()]))
        bad.write_bytes(b"a,b\n1,2\n")

        told = app.test_cli_runner().invoke(recorded, ["import", str(good), str(bad)])

        assert told.exit_code == 1
        assert "Nothing was taken in. bad.csv is neither" in told.output
        with pytest.raises(NoSeriesError):
            series(harborough, "asb", DISTRICT)

    def test_a_series_that_cannot_be_had_is_one_plain_sentence(self, app: Flask, harborough: Session) -> None:
        harborough.commit()

        told = app.test_cli_runner().invoke(recorded, ["series", "noisy-neighbours", "--area", DISTRICT])

        assert told.exit_code == 1
        assert told.output == "Error: Noisy neighbours has no recorded counterpart.\n"
