"""The retyped facts of Harborough, held against one another and against the open data beside the checkout."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.db import Base
from csp_consult.demo.facts_loading import DISTRICT, load_facts
from csp_consult.places.bands import ADULT_BANDS, CHILD_BAND
from csp_consult.places.csv_lines import CsvLines, Row
from csp_consult.places.lookup import (
    PlaceError,
    areas,
    around,
    beat_of_ward,
    lsoas_of,
    parishes_of_ward,
    wards_of_parish,
    within,
)
from csp_consult.places.models import Area, AreaLink, Population
from csp_consult.places.populations import persons, raking_targets

TODAY = date(2026, 11, 1)


def table(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip("the open data are not here")
    with path.open("rb") as stream:
        lines = CsvLines(stream, path.name, 10**7)
        rows = list(lines.rows())
    return [dict(zip(lines.header, row.values, strict=True)) for row in rows if isinstance(row, Row)]


@pytest.mark.parametrize(
    ("kind", "number"), [("district", 1), ("ward", 19), ("parish", 91), ("beat", 4), ("lsoa11", 42), ("lsoa21", 10)]
)
def test_harborough_has_its_areas_today(harborough: Session, kind: str, number: int) -> None:
    assert len(areas(harborough, kind, TODAY)) == number


def test_all_47_lsoas_of_2011_existed_before_the_census_of_2021(harborough: Session) -> None:
    assert len(areas(harborough, "lsoa11", date(2019, 1, 1))) == 47
    assert areas(harborough, "lsoa21", date(2019, 1, 1)) == []


def test_parishes_and_wards_make_93_pairs(harborough: Session) -> None:
    pairs = [
        ward
        for parish in areas(harborough, "parish", TODAY)
        for ward in wards_of_parish(harborough, parish.code, TODAY)
    ]

    assert len(pairs) == 93


def test_broughton_astley_and_lutterworth_span_two_wards_and_no_other_parish_does(harborough: Session) -> None:
    spanning = [
        parish.name
        for parish in areas(harborough, "parish", TODAY)
        if len(wards_of_parish(harborough, parish.code, TODAY)) > 1
    ]

    assert spanning == ["Broughton Astley", "Lutterworth"]


def test_three_wards_of_market_harborough_have_no_parish(harborough: Session) -> None:
    without = [ward for ward in areas(harborough, "ward", TODAY) if not parishes_of_ward(harborough, ward.code, TODAY)]

    assert [ward.name.removeprefix("Market Harborough-") for ward in without] == ["Little Bowden", "Logan", "Welland"]
    assert {ward.note for ward in without} == {"No parish: the town of Market Harborough is unparished."}


def test_every_ward_lies_in_one_beat_and_the_table_says_it_is_ours(harborough: Session) -> None:
    for ward in areas(harborough, "ward", TODAY):
        beats = around(harborough, ward.code, "beat", TODAY)
        assert [placed.method for placed in beats] == ["approximate, ours"], ward.name


@pytest.mark.parametrize(
    "place", ["Great Glen", "Kibworth Beauchamp", "Kibworth Harcourt", "Scraptoft", "Thurnby and Bushby"]
)
def test_the_places_the_plan_names_lie_in_harborough_north(harborough: Session, place: str) -> None:
    parish = next(area for area in areas(harborough, "parish", TODAY) if area.name == place)

    for ward in wards_of_parish(harborough, parish.code, TODAY):
        beat = beat_of_ward(harborough, ward.code, TODAY)
        assert beat is not None
        assert beat.area.name == "Harborough North"


def test_the_beats_share_out_every_lsoa_once(harborough: Session) -> None:
    shared_out = [code for beat in areas(harborough, "beat", TODAY) for code in lsoas_of(harborough, beat.code).codes]

    assert len(shared_out) == len(set(shared_out)) == 57
    assert set(shared_out) == lsoas_of(harborough, DISTRICT).codes


def test_a_split_lsoa_and_its_parts_lie_in_the_same_ward(harborough: Session) -> None:
    split = [lsoa for lsoa in areas(harborough, "lsoa11", date(2019, 1, 1)) if lsoa.valid_to]

    assert len(split) == 5
    for lsoa in split:
        parts = within(harborough, lsoa.code, "lsoa21", TODAY)
        wards = {placed.area.code for part in [lsoa, *parts] for placed in around(harborough, part.code, "ward", TODAY)}
        assert (len(parts), len(wards)) == (2, 1), lsoa.name


def test_a_part_of_a_split_lsoa_knows_the_whole_it_came_from(harborough: Session) -> None:
    part = lsoas_of(harborough, "E01035087")

    assert part.codes == {"E01035087"}
    assert part.whole == {"E01025771"}
    assert lsoas_of(harborough, "E01025771").codes == {"E01025771", "E01035086", "E01035087"}


def test_lsoas_cannot_be_placed_in_a_parish(harborough: Session) -> None:
    with pytest.raises(PlaceError, match="cannot be placed in the parish Allexton"):
        lsoas_of(harborough, "E04005399")


def test_the_population_by_age_and_sex_and_by_ward_agree(harborough: Session) -> None:
    targets = raking_targets(harborough, DISTRICT, TODAY)

    assert targets.adults == sum(targets.areas.values()) == 78_176
    assert (len(targets.age_sex), len(targets.areas)) == (14, 19)
    assert targets.as_at == date(2020, 6, 30)
    assert "MYE2" in targets.age_sex_source
    assert "best fit" in targets.areas_source


def test_the_bands_of_every_ward_add_up_to_what_is_stored_for_the_ward(harborough: Session) -> None:
    for ward in areas(harborough, "ward", TODAY):
        adults = sum(persons(harborough, ward.code, TODAY, age_band=band).persons for band in ADULT_BANDS)
        children = persons(harborough, ward.code, TODAY, age_band=CHILD_BAND).persons
        assert adults == persons(harborough, ward.code, TODAY).persons
        assert adults + children == persons(harborough, ward.code, TODAY, age_band="0+").persons


def test_every_fact_names_its_source(harborough: Session) -> None:
    for model in (Area, AreaLink, Population):
        assert harborough.scalar(select(func.count()).select_from(model).where(model.source == "")) == 0


def test_loading_the_facts_again_changes_nothing(harborough: Session) -> None:
    def everything() -> list[object]:
        harborough.expire_all()
        return [
            harborough.execute(select(mapped).order_by(*mapped.primary_key)).all()
            for mapped in (Base.metadata.tables[name] for name in ("area", "area_link", "population"))
        ]

    before = everything()

    load_facts(harborough)

    assert everything() == before


def test_wards_parishes_and_lsoas_agree_with_the_open_data(harborough: Session, shared: Path) -> None:
    geo = shared / "data" / "geo"
    links = {(link.inner_code, link.outer_code) for link in harborough.scalars(select(AreaLink))}

    assert {(row["par19cd"], row["wd19cd"]) for row in table(geo / "parish_ward_2019.csv")} <= links
    assert {(row["lsoa11cd"], row["wd19cd"]) for row in table(geo / "lsoa11_ward19_bestfit.csv")} <= links
    assert {(row["lsoa21_code"], row["ward24_code"]) for row in table(geo / "lsoa21_ward24.csv")} <= links
    named = {area.code: area.name for area in harborough.scalars(select(Area))}
    for row in table(geo / "wards.csv"):
        if row["set"] == "2019 to date":
            assert named[row["ward_code"]] == row["ward_name"]


def test_populations_agree_with_the_open_data(harborough: Session, shared: Path) -> None:
    folder = shared / "data" / "population"
    targets = raking_targets(harborough, DISTRICT, TODAY)

    for row in table(folder / "harborough_lad_mid2020_sex_ageband.csv"):
        if row["age_band"] != CHILD_BAND:
            assert targets.age_sex[row["age_band"], row["sex"]] == int(row["persons"])
    for row in table(folder / "harborough_ward19_mid2020_ageband_bestfit.csv"):
        assert targets.areas[row["wd19cd"]] == int(row["16+"])
