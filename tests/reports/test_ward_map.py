"""The map is drawn from boundaries that were taken in, in true proportion, and only where every ward has one."""

import re
from dataclasses import replace

import pytest
from made_findings import made_estimate, made_gap

from csp_consult.reports.chart_parts import SYNTHETIC
from csp_consult.reports.drawing import draw
from csp_consult.reports.map_data import ward_map


def square(west: float, south: float, side: float) -> dict[str, object]:
    """A GeoJSON square, counter-clockwise as the standard asks."""
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


SHAPES = {"W1": square(-1.0, 52.4, 0.1), "W2": square(-0.9, 52.4, 0.1)}
WARDS = [
    replace(made_gap(), area="W1", area_name="Glen", balance=made_estimate(0.26)),
    replace(made_gap(), area="W2", area_name="Nevill", balance=made_estimate(None, reason="Not shown.")),
]


def test_the_map_says_in_writing_what_its_shades_show_and_that_it_is_synthetic() -> None:
    chart = ward_map(WARDS, SHAPES)
    assert chart is not None

    pictures = draw(chart.kind, chart.data)

    assert ">+26<" in pictures["wide"]
    assert ">–<" in pictures["wide"]
    for drawing in pictures.values():
        assert SYNTHETIC in drawing
        # Two wards, of which the one without a figure has the colour of the paper.
        assert len(re.findall(r'<path [^>]*fill="white"', drawing)) == 1
        assert "<script" not in drawing


def test_a_degree_of_longitude_is_drawn_shorter_and_the_figure_stands_in_the_middle() -> None:
    chart = ward_map(WARDS, SHAPES)
    assert chart is not None
    row = chart.data["rows"][0]

    ring = row["geometry"]["coordinates"][0][0]

    assert ring[1][0] - ring[0][0] == pytest.approx(0.061, abs=0.0005)
    assert ring[2][1] - ring[1][1] == pytest.approx(0.1)
    assert (row["x"], row["y"]) == (pytest.approx(-0.579, abs=0.001), pytest.approx(52.45, abs=0.001))


def test_a_ward_without_a_boundary_leaves_the_tiles_alone() -> None:
    assert ward_map(WARDS, {"W1": SHAPES["W1"]}) is None
    assert ward_map([], SHAPES) is None
