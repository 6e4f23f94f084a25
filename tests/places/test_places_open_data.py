"""The folders of open data as they stand: every file is read, every row and boundary accounted for."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.bands import EVERYONE
from csp_consult.places.fields import CENSUS_2021
from csp_consult.places.intake import PlaceReceipt, import_files
from csp_consult.places.lookup import areas, lsoas_of
from csp_consult.places.models import AREA_KINDS, Area, AreaLink, AreaStatistic, Boundary, Population, Postcode
from csp_consult.places.populations import persons, raking_targets

TODAY = date(2026, 11, 1)
TABLES = (Area, AreaLink, AreaStatistic, Boundary, Population)


@pytest.fixture(scope="module")
def folders(shared: Path) -> list[Path]:
    """Every file of the two folders."""
    paths = [path for name in ("geo", "population") for path in sorted((shared / "data" / name).glob("*"))]
    if not paths:
        pytest.skip("the open data are not here")
    return paths


def take_in(session: Session, paths: list[Path]) -> list[PlaceReceipt]:
    receipts, not_read = import_files(
        session, [(path.name, BytesIO(path.read_bytes())) for path in paths], district=DISTRICT
    )
    assert not_read == []
    return receipts


def stored(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables of places."""
    return {
        table.__tablename__: [
            tuple(row) for row in session.execute(select(table.__table__).order_by(*table.__table__.primary_key))
        ]
        for table in TABLES
    }


def listed(session: Session) -> dict[str, list[tuple[str, str]]]:
    """What the pages list today, by kind."""
    return {
        kind: [(area.code, area.name) for area in areas(session, kind, TODAY)]
        for kind in ("district", "ward", "parish", "beat")
    }


def test_every_file_is_read_and_every_row_and_boundary_is_kept_or_of_elsewhere(
    harborough: Session, folders: list[Path]
) -> None:
    receipts = take_in(harborough, folders)

    assert len(receipts) == len(folders)
    assert [receipt.file_name for receipt in receipts if receipt.refused] == []
    assert all(receipt.rows == receipt.kept + receipt.outside for receipt in receipts)
    boundaries = {receipt.file_name: receipt.kept for receipt in receipts if receipt.layout == "boundaries"}
    assert boundaries == {
        "harborough_lsoa11.geojson": 47,
        "harborough_lsoa21.geojson": 52,
        "harborough_msoa21.geojson": 10,
        "harborough_oa11.geojson": 273,
        "harborough_wards_2013.geojson": 25,
        "harborough_wards_2025.geojson": 19,
    }
    assert harborough.scalar(select(func.count()).select_from(Boundary)) == 426
    assert harborough.scalar(select(func.count()).select_from(Postcode)) == 2338


def test_without_our_own_table_of_beats_only_the_list_of_neighbourhoods_is_refused(
    session: Session, folders: list[Path]
) -> None:
    receipts = take_in(session, folders)

    assert {receipt.layout for receipt in receipts if receipt.refused} == {"police neighbourhoods"}
    assert len(lsoas_of(session, DISTRICT).codes) == 57
    assert raking_targets(session, DISTRICT, TODAY).adults == 78_176


def test_what_the_pages_list_is_not_disturbed_by_old_wards_and_small_areas(
    harborough: Session, folders: list[Path]
) -> None:
    def seen() -> tuple[object, ...]:
        targets = raking_targets(harborough, DISTRICT, TODAY)
        return listed(harborough), targets.age_sex, targets.areas, targets.as_at

    before = seen()
    take_in(harborough, folders)

    assert seen() == before
    assert {kind: len(found) for kind, found in listed(harborough).items()} == {
        "district": 1,
        "ward": 19,
        "parish": 91,
        "beat": 4,
    }
    assert len(areas(harborough, "ward", date(2018, 1, 1))) == 25


def test_taking_the_folders_in_twice_changes_nothing(harborough: Session, folders: list[Path]) -> None:
    take_in(harborough, folders)
    once = stored(harborough)
    take_in(harborough, folders)

    assert stored(harborough) == once
    assert {row[1] for row in once["area"]} == set(AREA_KINDS)


def test_census_tables_of_the_district_hold_what_the_census_printed(harborough: Session, folders: list[Path]) -> None:
    take_in(harborough, folders)

    def total(measure: str) -> int | None:
        return harborough.scalar(
            select(func.sum(AreaStatistic.value)).where(
                AreaStatistic.measure == measure, AreaStatistic.area_code.startswith("E01")
            )
        )

    assert total("households") == 40_412
    decile = harborough.get(AreaStatistic, ("E01025770", "index of multiple deprivation", "decile", date(2019, 9, 26)))
    assert decile is not None
    assert (decile.value, decile.base) == (8, None)
    owned = harborough.get(AreaStatistic, ("E01025770", "tenure", "Owned: Owns outright", date(2021, 3, 21)))
    assert owned is not None
    assert (owned.value, owned.base) == (361, 806)


def test_census_areas_are_perturbed_so_that_they_do_not_add_up_and_say_so(
    harborough: Session, folders: list[Path]
) -> None:
    names = {"leics_lads_census2021_sex_3bands.csv", "harborough_lsoa21_census2021_totals.csv"}
    take_in(harborough, [path for path in folders if path.name in names])

    whole = persons(harborough, DISTRICT, CENSUS_2021, age_band=EVERYONE)
    query = select(Population).where(Population.as_at == CENSUS_2021, Population.area_code.startswith("E01"))
    parts = harborough.scalars(query).all()

    assert (whole.persons, sum(part.persons for part in parts)) == (97_619, 97_625)
    assert all("perturbed" in part.source for part in parts)
