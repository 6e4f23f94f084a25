"""Incidents placed in wards by their map points, beside the best fit of their LSOAs: both named, both shown."""

from io import BytesIO
from pathlib import Path

import pytest
from recorded.street_files import FORCE, TODAY, TakeIn, street_file, street_row
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.intake import import_files
from csp_consult.places.models import Boundary
from csp_consult.recorded.imports import district_of, read_file, store
from csp_consult.recorded.models import RecordedPoint
from csp_consult.recorded.placements import placements
from csp_consult.recorded.series import NoSeriesError, series

BILLESDON, BOSWORTH = "E05011964", "E05011965"


def at(longitude: float, month: str = "2018-10", category: str = "Anti-social behaviour") -> str:
    """A row of the LSOA that best fit puts in Bosworth, at a point of its own."""
    return f",{month},{FORCE},{FORCE},{longitude},52.60,On or near,E01025770,Harborough 002A,{category},,"


@pytest.fixture
def drawn(harborough: Session) -> Session:
    """Two wards side by side: one to the west of the first meridian degree used here, one to the east."""
    for code, west in ((BILLESDON, -1.0), (BOSWORTH, -0.9)):
        corners = [[west, 52.5], [west + 0.1, 52.5], [west + 0.1, 52.7], [west, 52.7], [west, 52.5]]
        geometry = {"type": "Polygon", "coordinates": [corners]}
        harborough.add(Boundary(area_code=code, vintage=2025, geometry=geometry, source="made up"))
    harborough.flush()
    return harborough


def totals(session: Session, ward: str) -> tuple[int, int]:
    return series(session, "asb", ward).total, series(session, "asb", ward, by_point=True).total


def test_a_point_counts_in_the_ward_it_lies_in_and_its_lsoa_in_the_ward_of_best_fit(
    drawn: Session, take_in: TakeIn
) -> None:
    take_in(street_file([at(-0.95), at(-0.95), at(-0.85), at(-0.2)]))

    fitted = next(ward for ward in (BILLESDON, BOSWORTH) if series(drawn, "asb", ward).total)
    assert series(drawn, "asb", fitted).total == 4
    assert [series(drawn, "asb", ward, by_point=True).total for ward in (BILLESDON, BOSWORTH)] == [2, 1]
    assert series(drawn, "asb", BILLESDON, by_point=True).method == "point in polygon, boundaries of 2025"
    assert series(drawn, "asb", DISTRICT).total == 4, "the district counts each incident once"


def test_importing_again_changes_nothing_and_a_revision_replaces_points_with_the_rest(
    drawn: Session, take_in: TakeIn
) -> None:
    take_in(street_file([at(-0.95), at(-0.95)]))
    assert take_in(street_file([at(-0.95), at(-0.95)])).already_on_record

    take_in(street_file([at(-0.85), at(-0.95, month="2018-11")]), "revised.csv")

    assert [point.count for point in series(drawn, "asb", BILLESDON, by_point=True).points] == [0, 1]
    assert drawn.scalar(select(func.sum(RecordedPoint.n))) == 2


def test_boundaries_taken_in_later_are_used_when_the_file_is_taken_in_again(
    harborough: Session, request: pytest.FixtureRequest, take_in: TakeIn
) -> None:
    content = street_file([at(-0.95)])
    take_in(content)
    with pytest.raises(NoSeriesError, match="take them in again"):
        series(harborough, "asb", BILLESDON, by_point=True)
    request.getfixturevalue("drawn")

    assert not take_in(content).already_on_record
    assert series(harborough, "asb", BILLESDON, by_point=True).total == 1


def test_of_wards_drawn_after_a_file_was_taken_in_it_tells_nothing_rather_than_nought(
    drawn: Session, take_in: TakeIn
) -> None:
    content = street_file([at(-0.95)])
    take_in(content)
    later = {"type": "Polygon", "coordinates": [[[-1.0, 52.5], [-0.9, 52.5], [-0.9, 52.7], [-1.0, 52.7], [-1.0, 52.5]]]}
    drawn.add(Boundary(area_code="E05011966", vintage=2027, geometry=later, source="made up"))
    drawn.flush()

    with pytest.raises(NoSeriesError, match="take them in again"):
        series(drawn, "asb", "E05011966", by_point=True)

    take_in(content)
    assert series(drawn, "asb", "E05011966", by_point=True).total == 1
    assert series(drawn, "asb", BILLESDON, by_point=True).total == 1


def test_a_row_whose_point_cannot_be_read_still_counts_by_its_lsoa(drawn: Session, take_in: TakeIn) -> None:
    receipt = take_in(
        street_file([at(-0.95), street_row().replace("-0.97,52.60", ","), street_row().replace("52.60", "x")])
    )

    assert (receipt.kept, receipt.rows_refused) == (3, 0)
    assert drawn.scalar(select(func.sum(RecordedPoint.n))) == 1


@pytest.mark.parametrize("area", [DISTRICT, "E05011966"])
def test_where_points_cannot_be_placed_the_reason_is_told(drawn: Session, take_in: TakeIn, area: str) -> None:
    take_in(street_file([at(-0.95)]))

    with pytest.raises(NoSeriesError, match=r"placed in wards and beats|are not held"):
        series(drawn, "asb", area, by_point=True)


def test_on_the_open_data_the_two_ways_differ_twofold_in_billesdon_and_tilton(
    harborough: Session, shared: Path
) -> None:
    boundaries = shared / "data" / "geo" / "harborough_wards_2025.geojson"
    files = sorted((shared / "data" / "crime").glob("*-harborough-street.csv"))
    if not (boundaries.exists() and files):
        pytest.skip("the open data are not here")
    import_files(harborough, [(boundaries.name, BytesIO(boundaries.read_bytes()))], district=DISTRICT)
    place = district_of(harborough, DISTRICT, TODAY)
    for path in files:
        store(harborough, read_file(BytesIO(path.read_bytes()), path.name, place), TODAY)

    both = {topic: placements(harborough, topic, DISTRICT, TODAY) for topic in ("crime", "asb")}

    found = {row.ward: row for row in both["crime"].rows}[BILLESDON]
    assert len(both["crime"].rows) == 19
    assert found.ratio is not None
    assert found.ratio > 1.8 or found.ratio < 0.55
    for one in both.values():
        whole = series(harborough, one.topic, DISTRICT).total
        assert sum(row.best_fit for row in one.rows) == whole
        assert sum(row.by_point for row in one.rows) + one.elsewhere == whole
        assert one.methods == ("LSOA to ward by best fit", "point in polygon, boundaries of 2025")
