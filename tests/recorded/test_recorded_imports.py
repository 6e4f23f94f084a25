"""Recorded files on record: months replaced as a whole, imports repeatable, failures without a trace."""

import io
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from recorded.street_files import FORCE, TODAY, TakeIn, street_file, street_row
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.csv_lines import FileError
from csp_consult.recorded.imports import current_months, district_of, imports, read_file, store
from csp_consult.recorded.models import RecordedCount, RecordedImport
from csp_consult.recorded.reading import District
from csp_consult.recorded.series import series

MONTHS = {"2018-10": 514, "2018-11": 439, "2018-12": 419, "2019-01": 408, "2019-02": 438}


def on_record(session: Session) -> list[tuple[object, ...]]:
    rows = session.execute(select(RecordedCount.__table__).order_by("period", "recorded_by", "area_code", "category"))
    return [tuple(row) for row in rows]


def harborough_months(shared: Path) -> list[Path]:
    paths = [shared / "data" / "crime" / f"{period}-harborough-street.csv" for period in MONTHS]
    if not all(path.exists() for path in paths):
        pytest.skip("the open data are not here")
    return paths


def test_the_five_months_of_harborough_keep_all_2218_rows(harborough: Session, shared: Path, take_in: TakeIn) -> None:
    receipts = [take_in(path.read_bytes(), path.name) for path in harborough_months(shared)]

    assert [receipt.kept for receipt in receipts] == list(MONTHS.values())
    assert [receipt.rows for receipt in receipts] == list(MONTHS.values())
    assert harborough.scalar(select(func.sum(RecordedCount.n))) == 2218
    asb = series(harborough, "asb", DISTRICT)
    assert asb.points[0].period == "2018-10"
    assert asb.points[0].count == 47


def test_the_file_of_the_whole_force_accounts_for_all_8956_rows(
    harborough: Session, shared: Path, take_in: TakeIn
) -> None:
    path = shared / "data" / "crime" / "2018-10-leicestershire-street.csv"
    if not path.exists():
        pytest.skip("the open data are not here")

    receipt = take_in(path.read_bytes(), path.name)

    assert (receipt.rows, receipt.kept, receipt.no_location, receipt.rows_refused) == (8956, 514, 13, 0)
    assert receipt.rows_outside == 8956 - 514 - 13
    assert receipt.outside["Leicester"] == 4233
    assert receipt.outside["Northampton"] == 1
    assert series(harborough, "asb", DISTRICT).points[0].count == 47


def test_importing_the_same_file_twice_changes_nothing_and_says_so(harborough: Session, take_in: TakeIn) -> None:
    content = street_file([street_row(), street_row(category="Drugs")])
    take_in(content)
    before = on_record(harborough)

    receipt = take_in(content)

    assert receipt.already_on_record
    assert "on record already" in receipt.sentences()[-1]
    assert on_record(harborough) == before
    assert len(imports(harborough)) == 1


def test_importing_a_month_again_replaces_it_and_says_by_how_much(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row(), street_row(), street_row(category="Drugs")]), "first.csv")

    receipt = take_in(street_file([street_row(), street_row(category="Drugs")]), "second.csv")

    (month,) = receipt.months
    assert (month.kept, month.replaced, month.changed) == (2, 3, {"Anti-social behaviour": (2, 1)})
    assert "2 kept, in place of 3 on record before (Anti-social behaviour 2 to 1)" in receipt.sentences()[-1]
    assert series(harborough, "asb", DISTRICT).total == 1


def test_a_replaced_import_stays_on_the_list_without_current_months(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row(), street_row()]), "first.csv")
    take_in(street_file([street_row()]), "second.csv")

    latest, first = imports(harborough)

    assert (latest.file_name, first.file_name) == ("second.csv", "first.csv")
    assert current_months(harborough) == {latest.id: ["2018-10"]}


def test_other_months_are_left_alone(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row(), street_row(month="2018-11")]))

    take_in(street_file([street_row(month="2018-11"), street_row(month="2018-11")]))

    assert [(point.period, point.count) for point in series(harborough, "asb", DISTRICT).points] == [
        ("2018-10", 1),
        ("2018-11", 2),
    ]


def test_the_file_of_another_force_adds_its_incidents_and_replaces_nothing(
    harborough: Session, take_in: TakeIn
) -> None:
    take_in(street_file([street_row()] * 5))

    take_in(street_file([street_row(force="British Transport Police")]))

    assert series(harborough, "asb", DISTRICT).total == 6


def test_a_month_known_from_another_force_alone_is_not_covered(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row()] * 5))
    take_in(street_file([street_row(force="Northamptonshire Police", month="2018-12")]))
    take_in(street_file([street_row(month="2019-01")]))

    found = series(harborough, "asb", DISTRICT)

    assert [point.period for point in found.points] == ["2018-10", "2019-01"]
    assert found.missing == ("2018-11", "2018-12")


def test_a_file_without_a_row_of_the_district_replaces_nothing(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row()]))

    with pytest.raises(FileError, match="not one of its 1 rows could be kept for Harborough"):
        take_in(street_file([street_row("E01025631", "Blaby 002A")]))

    assert series(harborough, "asb", DISTRICT).total == 1


def test_a_failure_half_way_leaves_the_former_figures_intact(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row()] * 3))
    harborough.commit()
    before = on_record(harborough)
    readings = read_file(
        BytesIO(street_file([street_row(category="Drugs")] * 9)), "new.csv", district_of(harborough, DISTRICT, TODAY)
    )

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO recorded_count"):
            raise OSError("the disk is full")

    engine = harborough.get_bind()
    event.listen(engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(OSError, match="disk is full"):
            store(harborough, readings, TODAY)
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    harborough.rollback()

    assert on_record(harborough) == before
    assert len(harborough.scalars(select(RecordedImport)).all()) == 1


def test_without_places_the_import_says_what_to_do_first(session: Session) -> None:
    with pytest.raises(FileError, match="place import"):
        district_of(session, DISTRICT, TODAY)


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


class TestArchive:
    def test_every_street_file_of_it_is_taken_in(self, harborough: Session, take_in: TakeIn) -> None:
        take_in(
            archive(
                {
                    "2018-10/2018-10-leicestershire-street.csv": street_file([street_row()]),
                    "2018-11/2018-11-leicestershire-street.csv": street_file([street_row(month="2018-11")] * 2),
                    "2018-11/2018-11-leicestershire-outcomes.csv": b"Crime ID,Outcome type\n",
                    "2018-11/2018-11-kent-street.csv": street_file([street_row("E01024001", "Kent 001A")]),
                    "readme.txt": b"hello",
                }
            ),
            "archive.zip",
        )

        assert [point.count for point in series(harborough, "asb", DISTRICT).points] == [1, 2]

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (archive({"[Content_Types].xml": b"<x/>", "sheet.csv": b"a"}), "Excel workbook"),
            (archive({"notes.txt": b"a"}), "without a street or collision file"),
            (archive({"a-street.csv": street_file([street_row()] * 200)})[:-60], "damaged"),
            (archive({"a-street.csv": b"," * 20_000_000}), "out of all proportion"),
            (archive({"a-street.csv": b"x,y\n1,2\n"}), "neither a police.uk street file"),
        ],
        ids=["workbook", "nothing in it", "cut short", "bomb", "another file"],
    )
    def test_a_bad_one_is_refused_in_words(self, district: District, content: bytes, says: str) -> None:
        with pytest.raises(FileError, match=says):
            read_file(BytesIO(content), "archive.zip", district)

    def test_a_flipped_byte_is_noticed(self, district: District) -> None:
        content = bytearray(archive({"a-street.csv": street_file([street_row()] * 50)}, zipfile.ZIP_STORED))
        content[400] ^= 0xFF

        with pytest.raises(FileError, match="damaged"):
            read_file(BytesIO(bytes(content)), "archive.zip", district)


COLLISIONS = "collision_index,date,collision_severity,local_authority_ons_district,lsoa_of_accident_location\n"


class TestCollisions:
    def test_collisions_are_placed_by_lsoa_or_else_by_district(self, harborough: Session, take_in: TakeIn) -> None:
        receipt = take_in(
            (
                COLLISIONS
                + "1,05/01/2022,3,E07000131,E01025770\n"
                + "2,06/01/2022,1,E07000131,-1\n"
                + "3,07/02/2022,2,E09000013,E01001883\n"
                + "4,07/02/2022,2,-1,-1\n"
                + "5,31-02,2,E07000131,E01025770\n"
            ).encode()
        )

        assert (receipt.kept, receipt.rows_outside, receipt.no_location, receipt.rows_refused) == (2, 1, 1, 1)
        whole = series(harborough, "road-safety", DISTRICT)
        ward = series(harborough, "road-safety", "E05011964")
        assert (whole.total, ward.total, ward.unplaced) == (2, 1, 1)
        assert whole.categories == ("Fatal collision", "Serious collision", "Slight collision")

    def test_the_older_layout_is_read(self, harborough: Session, take_in: TakeIn) -> None:
        receipt = take_in(
            b",Accident_Index,Accident_Severity,Date,LSOA_of_Accident_Location\n0,200501BS00001,Slight,04-01-2005,E01025770\n"
        )

        assert receipt.kept == 1
        assert series(harborough, "road-safety", DISTRICT).points[0].period == "2005-01"

    @pytest.mark.parametrize(
        ("name", "rows"),
        [("collision_2022_format_sample_london.csv", 1048), ("accident_2005_old_format_sample_london.csv", 1999)],
    )
    def test_real_files_of_both_layouts_are_read_to_the_last_row(
        self, district: District, shared: Path, name: str, rows: int
    ) -> None:
        path = shared / "data" / "stats19" / name
        if not path.exists():
            pytest.skip("the open data are not here")

        with pytest.raises(FileError, match=rf"not one of its {rows:,} rows could be kept for Harborough\.$"):
            read_file(BytesIO(path.read_bytes()), name, district)


def test_progress_reaches_the_size_of_the_file(district: District) -> None:
    content = street_file([street_row()] * 10)
    steps: list[int] = []
    told: Callable[[int], None] = steps.append

    read_file(BytesIO(content), "street.csv", district, told)

    assert sum(steps) == len(content)


def test_the_force_that_recorded_is_kept(harborough: Session, take_in: TakeIn) -> None:
    take_in(street_file([street_row()]))

    assert harborough.scalars(select(RecordedCount.recorded_by)).all() == [FORCE]
