"""Boundaries and figures of context: what is kept, what is refused and in which words."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.db import Base
from csp_consult.demo.facts_loading import DISTRICT
from csp_consult.places import boundaries
from csp_consult.places.boundaries import BoundaryFile, read_boundaries
from csp_consult.places.csv_lines import FileError, RowError
from csp_consult.places.intake import PlaceReceipt, import_files
from csp_consult.places.lookup import PlaceError, areas, lsoas_of
from csp_consult.places.models import Area, AreaStatistic, Boundary

TODAY = date(2026, 11, 1)
FLECKNEY = "E05011969"
SQUARE = [[-1.0, 52.5], [-0.9, 52.5], [-0.9, 52.6], [-1.0, 52.6], [-1.0, 52.5]]
TENURE = "lsoa21_code,total_households,tenure,n\n"


def feature(code: object = FLECKNEY, kind: str = "Polygon", coordinates: object = None, **more: object) -> object:
    corners = [SQUARE] if coordinates is None else coordinates
    return {
        "type": "Feature",
        "properties": {"code": code, **more},
        "geometry": {"type": kind, "coordinates": corners},
    }


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def take_in(session: Session, content: bytes | str, name: str = "wards_2025.geojson") -> PlaceReceipt:
    raw = content if isinstance(content, bytes) else content.encode()
    receipts, not_read = import_files(session, [(name, BytesIO(raw))], district=DISTRICT)
    assert not_read == []
    return receipts[0]


class TestBoundaries:
    def test_a_boundary_is_kept_with_its_year_and_file(self, harborough: Session) -> None:
        receipt = take_in(harborough, collection(feature()))

        assert (receipt.rows, receipt.kept, receipt.refused) == (1, 1, [])
        (kept,) = harborough.scalars(select(Boundary))
        assert (kept.area_code, kept.vintage) == (FLECKNEY, 2025)
        assert kept.geometry == {"type": "Polygon", "coordinates": [SQUARE]}
        assert "wards_2025.geojson" in kept.source

    def test_a_later_set_of_boundaries_stands_beside_the_earlier(self, harborough: Session) -> None:
        take_in(harborough, collection(feature()), "wards_2019.geojson")
        take_in(harborough, collection(feature()), "wards_2025.geojson")

        assert set(harborough.scalars(select(Boundary.vintage))) == {2019, 2025}

    def test_the_same_year_again_replaces_the_shape(self, harborough: Session) -> None:
        wider = [[[-1.1, 52.5], *SQUARE[1:-1], [-1.1, 52.5]]]
        take_in(harborough, collection(feature()))
        take_in(harborough, collection(feature(coordinates=wider)))

        (kept,) = harborough.scalars(select(Boundary))
        assert kept.geometry["coordinates"] == wider

    def test_a_shape_of_several_parts_is_kept_and_heights_are_left_out(self, harborough: Session) -> None:
        high = [[*corner, 120.5] for corner in SQUARE]
        take_in(harborough, collection(feature(kind="MultiPolygon", coordinates=[[high], [SQUARE]])))

        (kept,) = harborough.scalars(select(Boundary))
        assert kept.geometry == {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}

    def test_an_unknown_ward_is_refused_and_the_others_are_kept(self, harborough: Session) -> None:
        receipt = take_in(harborough, collection(feature("E05009999"), feature()))

        assert receipt.kept == 1
        assert [(refusal.line, refusal.found) for refusal in receipt.refused] == [(1, "E05009999")]
        assert len(areas(harborough, "ward", TODAY)) == 19

    def test_census_areas_no_other_file_lists_are_added_with_their_kind(self, harborough: Session) -> None:
        take_in(harborough, collection(feature("E02005368", name="Harborough 002")), "msoa21.geojson")
        take_in(harborough, collection(feature("E00130743")), "oa11.geojson")

        added = {
            area.code: (area.kind, area.name) for kind in ("msoa21", "oa11") for area in areas(harborough, kind, TODAY)
        }
        assert added == {"E02005368": ("msoa21", "Harborough 002"), "E00130743": ("oa11", "E00130743")}

    def test_figures_by_lsoa_cannot_be_had_for_an_output_area(self, harborough: Session) -> None:
        take_in(harborough, collection(feature("E00130743")), "oa11.geojson")

        with pytest.raises(PlaceError, match="No LSOA is known to lie in E00130743"):
            lsoas_of(harborough, "E00130743")

    def test_the_same_area_twice_in_one_file_is_refused(self, harborough: Session) -> None:
        receipt = take_in(harborough, collection(feature(), feature()))

        assert [(refusal.line, refusal.found) for refusal in receipt.refused] == [(2, f"{FLECKNEY} 2025")]

    @pytest.mark.parametrize(
        ("odd", "says"),
        [
            ("no feature", "no properties"),
            ({"properties": {"code": FLECKNEY}, "geometry": None}, "no geometry"),
            (feature(None), "no plain text"),
            (feature("E05\x00"), "no plain text"),
            (feature("E02005368", name="\ud800"), "the name among the properties is no plain text"),
            (feature(kind="Point", coordinates=[-1.0, 52.5]), "neither a Polygon nor"),
            (feature(coordinates=[]), "no corners"),
            (feature(coordinates=[[]]), "no corners"),
            (feature(coordinates=[SQUARE[:-1]]), "not closed"),
            (feature(coordinates=[[SQUARE[0], SQUARE[1], SQUARE[0]]]), "fewer than four"),
            (feature(coordinates=[[["-1", "52"], *SQUARE[1:]]]), "not made of two numbers"),
            (feature(coordinates=[[[True, 52.5], *SQUARE[1:]]]), "not made of two numbers"),
            (feature(coordinates=[[[-1.0], *SQUARE[1:]]]), "not made of two numbers"),
            (feature(coordinates=[[corner[::-1] for corner in SQUARE]]), "the two swapped"),
            (feature(coordinates=[[[465000, 293000], *SQUARE[1:]]]), "metres"),
            (feature(coordinates=[SQUARE[:1] * 20_001]), "more than 20000 corners"),
        ],
    )
    def test_a_feature_that_is_no_boundary_is_refused_with_its_reason(
        self, harborough: Session, odd: object, says: str
    ) -> None:
        (refusal,) = take_in(harborough, collection(odd), "msoa2021.geojson").refused

        assert says in refusal.reason

    @pytest.mark.parametrize(
        ("content", "name", "says"),
        [
            (b"", "wards_2025.geojson", "no well-formed JSON"),
            (b"\xff", "wards_2025.geojson", "no well-formed JSON"),
            (b"[" * 100_000, "wards_2025.geojson", "no well-formed JSON"),
            (b'{"features": [NaN]}', "wards_2025.geojson", "no well-formed JSON"),
            (b'{"features": ' + b"9" * 5_000 + b"}", "wards_2025.geojson", "no well-formed JSON"),
            (b"[]", "wards_2025.geojson", "no list of features"),
            (collection(*[1] * 5_001), "wards_2025.geojson", "more than 5000 boundaries"),
            (collection(), "wards.geojson", "does not say of which year"),
            (collection(crs={"properties": {"name": "EPSG:27700"}}), "wards_2025.geojson", "save it as WGS84"),
        ],
    )
    def test_a_file_that_cannot_be_used_is_told_why(
        self, session: Session, content: bytes, name: str, says: str
    ) -> None:
        receipts, not_read = import_files(session, [(name, BytesIO(content))], district=DISTRICT)

        assert receipts == []
        assert len(not_read) == 1
        assert says in not_read[0]

    def test_a_file_above_the_limit_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(boundaries, "BYTE_LIMIT", 2**20)

        with pytest.raises(FileError, match="larger than 1 MB"):
            read_boundaries(BytesIO(b" " * (2**20 + 1)), "wards_2025.geojson")

    @pytest.mark.parametrize("stated", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
    def test_a_file_that_states_longitude_and_latitude_is_read(self, stated: str) -> None:
        content = collection(feature(), crs={"type": "name", "properties": {"name": stated}})

        assert len(read_boundaries(BytesIO(content), "wards_2025.geojson").features) == 1

    @pytest.mark.parametrize(("name", "year"), [("lsoa21.geojson", 2021), ("oa11.json", 2011), ("WD25.geojson", 2025)])
    def test_the_year_is_read_from_the_name(self, name: str, year: int) -> None:
        assert read_boundaries(BytesIO(collection()), name).vintage == year


class TestContext:
    def test_a_parish_of_2018_that_is_on_no_later_list_is_past(self, harborough: Session) -> None:
        head = "par18cd,par18nm,wd18cd,wd18nm,lad18cd,lad18nm\n"
        take_in(harborough, head + f"E04009999,Old parish,{FLECKNEY},Fleckney,{DISTRICT},Harborough\n", "parishes.csv")

        assert "E04009999" not in {area.code for area in areas(harborough, "parish", TODAY)}
        assert "E04009999" in {area.code for area in areas(harborough, "parish", date(2018, 12, 1))}

    def test_a_count_is_kept_with_the_whole_it_is_part_of(self, harborough: Session) -> None:
        receipt = take_in(harborough, TENURE + "E01025778,700.0,Lives rent free,3.0\n", "tenure.csv")

        assert (receipt.rows, receipt.kept) == (1, 1)
        (kept,) = harborough.scalars(select(AreaStatistic).where(AreaStatistic.measure == "tenure"))
        assert (kept.measure, kept.category, kept.value, kept.base) == ("tenure", "Lives rent free", 3, 700)

    def test_rows_that_cannot_be_used_are_refused_by_line(self, harborough: Session) -> None:
        receipt = take_in(
            harborough,
            TENURE
            + "E01025778,700,Lives rent free,3\n"
            + "E01025778,700,Lives rent free,4\n"
            + "E01025778,700,Owned,701\n"
            + "E01025778,700,Owned,many\n"
            + "E01099999,700,Owned,1\n"
            + "E01025778,700,,1\n",
            "tenure.csv",
        )

        assert (receipt.rows, receipt.kept) == (6, 1)
        assert [(refusal.line, refusal.found) for refusal in receipt.refused] == [
            (3, "E01025778 tenure Lives rent free 2021-0…"),
            (4, "701 of 700"),
            (5, "many"),
            (6, "E01099999"),
            (7, ""),
        ]

    def test_the_partnership_and_the_force_of_the_district_become_areas(self, harborough: Session) -> None:
        receipt = take_in(
            harborough,
            "ltla24_code,ltla24_name,csp24_code,csp24_name,pfa24_code,pfa24_name\n"
            "E07000129,Blaby,E22000164,Blaby,E23000021,Leicestershire\n"
            f"{DISTRICT},Harborough,E22000166,Harborough,E23000021,Leicestershire\n",
            "csp.csv",
        )

        assert (receipt.kept, receipt.outside) == (1, 1)
        assert [area.code for kind in ("csp", "pfa") for area in areas(harborough, kind, TODAY)] == [
            "E22000166",
            "E23000021",
        ]

    def test_a_list_of_the_whole_force_adds_no_beat(self, harborough: Session) -> None:
        receipt = take_in(harborough, "id,name\nNC04,City Centre\nNR39,Another name\n", "police.csv")

        assert (receipt.kept, receipt.outside) == (1, 1)
        assert {area.code for area in areas(harborough, "beat", TODAY)} == {"NR39", "NR40", "NR41", "NR42"}
        known = harborough.get(Area, "NR39")
        assert known is not None
        assert known.name != "Another name"

    def test_a_list_of_beats_is_refused_while_no_ward_is_put_in_one(self, session: Session) -> None:
        (refusal,) = take_in(session, "id,name\nNC04,City Centre\n", "police.csv").refused

        assert "import areas and links first" in refusal.reason


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(FLECKNEY),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["properties", "geometry", "code", "name", "type", "coordinates"]) | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@st.composite
def mangled_features(draw: st.DrawFn) -> object:
    """A sound feature with one part, at any depth, put in disorder."""
    whole: Any = json.loads(json.dumps(feature()))
    part: Any = whole
    while True:
        keys = list(part) if isinstance(part, dict) else range(len(part))
        key = draw(st.sampled_from(keys))
        if not isinstance(part[key], (dict, list)) or draw(st.booleans()):
            part[key] = draw(json_values)
            return whole
        part = part[key]


def reading(read: Callable[[], Iterable[Base]]) -> list[Base] | str:
    """What a reading gives, or the words of its plain fault."""
    try:
        return list(read())
    except (FileError, RowError) as fault:
        return str(fault)


def is_sound(found: list[Base] | str) -> bool:
    """Whether a fault has words, or every boundary found can be stored as JSON."""
    if isinstance(found, str):
        return bool(found) and found.isprintable()
    shapes = [record.geometry for record in found if isinstance(record, Boundary)]
    return all(json.dumps(shape, allow_nan=False) for shape in shapes)


@given(mangled_features() | json_values)
def test_a_mangled_feature_gives_a_sound_boundary_or_a_plain_fault(mangled: object) -> None:
    file = BoundaryFile("wards_2025.geojson", 2025, (mangled,))

    assert is_sound(reading(partial(file.records, mangled)))


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 60))
def test_a_mangled_file_gives_boundaries_or_a_plain_fault(noise: bytes, at: int, dropped: int) -> None:
    whole = collection(feature(), feature("E00130743"))
    content = whole[:at] + noise + whole[at + dropped :]

    def read() -> Iterator[Base]:
        file = read_boundaries(BytesIO(content), "oa11.geojson")
        for each in file.features:
            found = reading(partial(file.records, each))
            assert is_sound(found)
            yield from found if isinstance(found, list) else ()

    assert is_sound(reading(read))
