"""Points and shapes by boundaries: a point lies in one ward of a set, and wards of old get the LSOAs they hold."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.place import place
from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places.inside import Shapes
from csp_consult.places.intake import import_files
from csp_consult.places.lookup import areas, lsoas_of
from csp_consult.places.models import AreaLink
from csp_consult.places.ward_links import METHOD, link_lsoas


def square(west: float, south: float, side: float) -> list[list[float]]:
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [[west + side * x, south + side * y] for x, y in corners]


def polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


FOUR = Shapes({f"{i}{j}": polygon(square(i, j, 1)) for i in (0, 1) for j in (0, 1)})


@given(st.floats(0, 2, exclude_max=True), st.floats(0, 2, exclude_max=True))
def test_of_shapes_that_share_out_a_plane_every_point_lies_in_exactly_one(x: float, y: float) -> None:
    assert FOUR.holding(x, y) == [f"{int(x)}{int(y)}"]


OFF_THE_LINES = st.integers(-30, 60).map(lambda tenths: tenths / 10 + 0.0123)


@given(OFF_THE_LINES, OFF_THE_LINES, st.permutations(range(4)))
def test_where_a_ring_begins_and_which_way_it_runs_makes_no_difference(x: float, y: float, order: list[int]) -> None:
    ring: list[list[float]] = [[0, 0], [4, 1], [3, 3], [1, 2], [0, 0]]
    turned = [*ring[order[0] : -1], *ring[: order[0]], ring[order[0]]]

    first, second, third = (Shapes({"a": polygon(one)}) for one in (ring, turned, turned[::-1]))

    assert first.holding(x, y) == second.holding(x, y) == third.holding(x, y)


def test_a_hole_is_outside_and_every_part_of_a_shape_in_parts_is_inside() -> None:
    parts = {
        "type": "MultiPolygon",
        "coordinates": [[square(0, 0, 3), square(1, 1, 1)], [square(5, 5, 1)]],
    }
    shapes = Shapes({"a": parts})

    assert [bool(shapes.holding(*point)) for point in ((0.5, 0.5), (1.5, 1.5), (5.5, 5.5), (4, 4))] == [
        True,
        False,
        True,
        False,
    ]


def test_a_shape_goes_to_the_one_that_holds_most_of_it_and_to_none_that_is_elsewhere() -> None:
    assert FOUR.nearest_fit(polygon(square(0.6, 0.1, 0.5))) == "00"
    assert FOUR.nearest_fit(polygon(square(0.8, 0.1, 0.5))) == "10"
    assert FOUR.nearest_fit(polygon(square(7, 7, 1))) is None


@pytest.fixture
def old_wards(harborough: Session, shared: Path) -> Session:
    """Harborough with the wards of 2003 to 2019 and the boundaries of wards and LSOAs."""
    names = ("wards.csv", "harborough_wards_2013.geojson", "harborough_wards_2025.geojson", "harborough_lsoa11.geojson")
    paths = [shared / "data" / "geo" / name for name in names]
    if not all(path.exists() for path in paths):
        pytest.skip("the open data are not here")
    _receipts, not_read = import_files(
        harborough, [(path.name, BytesIO(path.read_bytes())) for path in paths], district=DISTRICT
    )
    assert not_read == []
    return harborough


def test_wards_of_before_2019_get_every_lsoa_once_and_those_of_today_keep_their_list(old_wards: Session) -> None:
    today = {ward.code: lsoas_of(old_wards, ward.code) for ward in areas(old_wards, "ward", date(2022, 1, 1))}

    made = link_lsoas(old_wards, DISTRICT)

    old = {ward.code for ward in areas(old_wards, "ward", date(2018, 10, 1))}
    lsoas = {code for code in lsoas_of(old_wards, DISTRICT).codes if code.startswith("E010")}
    linked = [link for link in made if link.inner_code in lsoas]
    assert len(old) == 25
    assert {link.outer_code for link in made} <= old
    assert len({link.inner_code for link in linked}) == len(linked) >= 47
    assert {link.method for link in made} == {METHOD}
    ward = next(iter({link.outer_code for link in made}))
    assert lsoas_of(old_wards, ward).method == f"LSOA to ward by {METHOD}"
    assert {ward: lsoas_of(old_wards, ward) for ward in today} == today
    assert link_lsoas(old_wards, DISTRICT) == [], "a ward that has its LSOAs is left alone"


def test_the_command_says_how_many_it_put_where(app: Flask, old_wards: Session) -> None:
    old_wards.commit()

    result = app.test_cli_runner().invoke(place, ["link-wards"])

    links = old_wards.scalars(select(AreaLink).where(AreaLink.method == METHOD)).all()
    wards = {link.outer_code for link in links}
    assert result.output == f"{len(links)} LSOAs put in {len(wards)} wards (best fit by area, ours).\n"
