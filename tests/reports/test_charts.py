"""Charts hold what they are given, stand in a page under its Content-Security-Policy, and can be read."""

import re
from dataclasses import replace
from typing import Any, get_args

import pytest
from made_findings import made_gap, made_published_gap, made_ranking_finding

from csp_consult.reports.chart_data import Chart, gap_chart, perception_chart, ranking_chart
from csp_consult.reports.chart_parts import SYNTHETIC, TOTAL, Size
from csp_consult.reports.drawing import CHARTS, draw


def some_data(kind: str) -> dict[str, Any]:
    """Data for a chart of every kind, with a name that must be escaped."""
    common: dict[str, Any] = {"title": "Who & what <script>", "subtitle": "214 responses", "synthetic": True}
    point: dict[str, Any] = {"label": "Speeding <b> & more", "value": 0.4, "lower": 0.3, "upper": 0.5, "reason": None}
    place = {"place": "1st", "rank": 1, "rank_lower": 1, "rank_upper": 2}
    axes = {"axis": {"title": "Share", "format": "%"}, "recorded_axis": {"title": "Change", "format": "+d"}}
    order = ("Road safety <b>", "Anti-social behaviour")
    kinds: dict[str, dict[str, Any]] = {
        "ranking": axes | {"rows": [point | place, point | place | {"label": "Burglary"}]},
        "gap": axes | {"perceived": [point], "recorded": [point | {"value": -33.4, "lower": None, "upper": None}]},
        "perception_against_record": axes | {"perceived": [point], "recorded": [point]},
        "fieldwork": {"rows": [{"label": "Women, 16 to 24", "responses": 0.03, "population": 0.06}]},
        "blend": {
            "rows": [
                {"label": label, "weight": weight, "rank": rank}
                for weight in (0.0, 0.25, 1.0)
                for rank, label in enumerate(order, start=1)
            ],
            "weight": 0.25,
        },
        "typology": axes
        | {
            "rows": [
                {"label": label, "kind": kind, "sure": sure, "x": x, "x_lower": None, "x_upper": None}
                | {"y": 18.6, "y_lower": 10, "y_upper": 27}
                for label, kind, sure, x in (
                    ("Anti-social behaviour <b>", "topic", True, -33.4),
                    ("Crime", "topic", False, 6.6),
                    ("Glen", "ward", True, -33.4),
                )
            ]
        },
        "small_multiples": axes
        | {"panels": [{"label": "Speeding <b>", "everybody": 0.4, "rows": [point, point | {"label": "Glen"}]}]},
        "trend": {
            "answers": [
                {
                    "label": "Very <b> safe",
                    "points": [
                        point | {"wave": wave, "segment": segment, "broken": segment == 1, "value": value}
                        for wave, segment, value in (("2019", 0, 0.4), ("2020", 0, 0.5), ("2022", 1, None))
                    ],
                }
            ],
            "waves": ["2019", "2020", "2022"],
        },
        "series": {"rows": [{"period": f"2018-{month}", "count": count} for month, count in ((10, 47), (11, None))]},
    }
    return common | kinds[kind]


@pytest.fixture(scope="module", params=sorted(set(CHARTS) - {"ward_map"}))
def drawing(request: pytest.FixtureRequest) -> dict[str, str]:
    return draw(request.param, some_data(request.param))


def test_nothing_in_a_drawing_is_refused_by_the_content_security_policy(drawing: dict[str, str]) -> None:
    for svg in drawing.values():
        assert not re.search(r"<(?:script|style|image|foreignObject|a)\b| style=| on\w+=|href=", svg)


def test_a_drawing_has_no_identifiers_that_could_clash_in_a_page(drawing: dict[str, str]) -> None:
    for svg in drawing.values():
        assert not re.search(r' (?:id|clip-path)="', svg)


def test_a_drawing_fits_a_phone_and_a_desk_unscaled(drawing: dict[str, str]) -> None:
    for size in get_args(Size):
        width = re.search(r'<svg [^>]*width="(\d+)"', drawing[size])
        assert width is not None
        assert int(width[1]) <= TOTAL[size]


def test_all_text_is_at_least_twelve_pixels(drawing: dict[str, str]) -> None:
    for svg in drawing.values():
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)]
        assert sizes
        assert min(sizes) >= 12


def test_text_is_escaped_and_synthetic_responses_are_called_so(drawing: dict[str, str]) -> None:
    for svg in drawing.values():
        assert "<b>" not in svg
        assert "&lt;script&gt;" in svg
        assert SYNTHETIC in svg


def test_a_chart_of_real_responses_is_not_called_synthetic() -> None:
    svg = draw("ranking", some_data("ranking") | {"synthetic": False})["wide"]
    assert "SYNTHETIC" not in svg


def points(chart: Chart) -> list[tuple[str, float | None, int]]:
    return [(row["label"], row["value"], row["rank"]) for row in chart.data["rows"]]


def test_a_ranking_chart_shows_every_topic_in_its_order_and_a_refused_one_with_its_reason() -> None:
    chart = ranking_chart(made_ranking_finding())

    assert points(chart) == [
        ("Speeding", 0.6, 1),
        ("Awareness of cyclists and horse riders", 0.55, 2),
        ("House burglary", 0.3, 3),
        ("Hate crime", None, 4),
    ]
    assert chart.data["rows"][3]["reason"] == "Not shown: the effective base is under 30."
    assert "Not shown: the effective base is under 30." in draw(chart.kind, chart.data)["narrow"]


def test_a_rating_is_drawn_out_of_a_hundred_and_not_as_a_percentage() -> None:
    chart = ranking_chart(made_ranking_finding(measure="mean rating"))
    assert chart.data["rows"][0]["value"] == 60
    assert "60%" not in draw(chart.kind, chart.data)["wide"]


def test_a_gap_chart_shows_both_sides_and_gives_a_published_change_no_interval() -> None:
    chart = gap_chart(made_gap())

    assert chart is not None
    assert [row["value"] for row in chart.data["perceived"]] == [0.38, 0.12]
    recorded = chart.data["recorded"][0]
    assert (recorded["value"], recorded["lower"], recorded["upper"]) == (-33.4, None, None)
    assert "fell by 33.4%" in recorded["tip"]


def test_a_comparison_that_was_refused_is_not_drawn() -> None:
    assert gap_chart(replace(made_gap(), grade="D")) is None
    assert perception_chart([replace(made_gap(), grade="D")]) is None


def test_a_gap_with_one_side_only_has_no_chart() -> None:
    assert gap_chart(made_published_gap()) is None
    assert perception_chart([made_published_gap()]) is None
