"""Waves: differences with Holm, what could have been seen, and trends that say why they are not tested."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from analysis_samples import TOPICS, laws, oracle_sample, ratings
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.concern import concern_from_respondents
from csp_consult.analysis.estimates import published_share
from csp_consult.analysis.figures import Estimate
from csp_consult.analysis.ranks import concern_figures
from csp_consult.analysis.waves import (
    TrendPoint,
    compare,
    detectable_difference,
    smallest_significant_difference,
    trend,
)

shares = st.floats(0.05, 0.95)
bases = st.integers(50, 2000)


def point(label: str, estimate: Estimate, *, wording: str = "same", mode: str = "online") -> TrendPoint:
    return TrendPoint(label, estimate, wording, mode)


def test_the_oracle_s_differences_between_waves(oracle: dict[str, Any], oracle_folder: Path) -> None:
    margins = json.loads((oracle_folder / "margins.json").read_text())
    figures = []
    for name in ("wave1", "wave2"):
        sample = oracle_sample(oracle_folder, name, margins)
        concern = concern_from_respondents(sample.answers, ratings(), sample.weighed()[2])
        figures.append(dict(zip(concern.topics, concern_figures(concern), strict=True)))

    found = compare(*figures)

    differences = [found[topic].difference for topic in TOPICS]
    rows = [(d.estimate, d.se, d.t, d.degrees, d.p) for d in differences if d is not None]
    assert np.array(rows) == pytest.approx(np.array(oracle["waves"]["rows"]), abs=1e-9)
    assert [d.p_holm for d in differences if d is not None] == pytest.approx(oracle["waves"]["holm_R"], abs=1e-9)
    assert [topic for topic, d in zip(TOPICS, differences, strict=True) if d is not None and d.significant] == ["asb"]


def test_what_416_against_214_respondents_could_show() -> None:
    assert smallest_significant_difference(416, 214, deff=1.5) == pytest.approx(0.10096723, abs=1e-8)
    assert detectable_difference(416, 214, deff=1.5) == pytest.approx(0.14432321, abs=1e-8)
    assert detectable_difference(416, 214) == pytest.approx(0.11783941, abs=1e-8)


def test_one_difference_by_hand() -> None:
    # Simple samples of 101: se of each 0.05, of the difference 0.0707; t = 2.83 on 200 degrees.
    found = compare({"asb": published_share(0.5, 101)}, {"asb": published_share(0.7, 101)})["asb"].difference

    assert found is not None
    assert found.estimate == pytest.approx(0.2)
    assert found.se == pytest.approx((0.0025 + 0.0021) ** 0.5)
    assert found.degrees == 200
    assert found.smallest_significant == pytest.approx(1.97190 * found.se, rel=1e-5)
    assert found.lower == pytest.approx(found.estimate - found.smallest_significant)


@laws
@given(shares, bases, shares, bases)
def test_a_difference_turned_round_changes_only_its_sign(p: float, n: int, q: float, m: int) -> None:
    one, other = published_share(p, n), published_share(q, m)

    there = compare({"x": one}, {"x": other})["x"].difference
    back = compare({"x": other}, {"x": one})["x"].difference

    assert there is not None
    assert back is not None
    assert (there.estimate, there.lower, there.p) == pytest.approx((-back.estimate, -back.upper, back.p))


@laws
@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=8))
def test_showing_more_differences_never_makes_one_more_significant(pairs: list[tuple[float, float]]) -> None:
    earlier = {str(i): published_share(p, 300) for i, (p, _) in enumerate(pairs)}
    later = {str(i): published_share(q, 300) for i, (_, q) in enumerate(pairs)}

    found = compare(earlier, later)

    for key, one in found.items():
        alone = compare({key: earlier[key]}, later)[key].difference
        assert one.difference is not None
        assert alone is not None
        assert one.difference.p_holm >= alone.p_holm == alone.p


def test_without_a_published_base_there_is_no_test_and_the_answer_says_so() -> None:
    found = compare({"asb": published_share(0.94, None)}, {"asb": published_share(0.77, 800)})["asb"]

    assert found.difference is None
    assert found.reason == "No base was published, so this cannot be tested."


def test_a_hidden_figure_is_not_compared_and_keeps_its_reason() -> None:
    hidden = published_share(0.5, 20).held_to(hidden_below=30, indicative_below=100)

    found = compare({"asb": published_share(0.4, 200)}, {"asb": hidden})["asb"]

    assert (found.difference, found.reason) == (None, "Not shown: the effective base is under 30.")


def test_only_figures_of_both_waves_are_compared() -> None:
    assert list(
        compare({"a": published_share(0.5, 99), "b": published_share(0.5, 99)}, {"b": published_share(0.4, 99)})
    ) == ["b"]


def test_a_trend_marks_a_fallen_base_and_still_tests() -> None:
    (step,) = trend([point("2020", published_share(0.61, 416)), point("2022", published_share(0.646, 214))])

    assert step.breaks == ("The base fell from 416 to 214.",)
    assert step.comparison.difference is not None
    assert not step.comparison.difference.significant


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (("new", "online"), "The question was changed. The two cannot be compared."),
        (("same", "paper"), "People answered in another way (paper, before online). The two cannot be compared."),
    ],
)
def test_a_changed_question_or_mode_breaks_the_trend(changed: tuple[str, str], reason: str) -> None:
    wording, mode = changed
    before = point("2020", published_share(0.2, 400))

    (step,) = trend([before, point("2022", published_share(0.6, 400), wording=wording, mode=mode)])

    assert step.comparison.difference is None
    assert step.comparison.reason == reason
    assert step.breaks == (reason.removesuffix(" The two cannot be compared."),)


def test_holm_is_taken_over_the_steps_of_a_trend() -> None:
    points = [point(str(year), published_share(p, 300)) for year, p in ((2019, 0.5), (2020, 0.59), (2021, 0.5))]

    steps = trend(points)

    differences = [step.comparison.difference for step in steps]
    assert [d is not None and d.p < 0.05 and d.p_holm == pytest.approx(2 * d.p) for d in differences] == [True, True]


def test_a_single_wave_is_no_trend() -> None:
    assert trend([point("2022", published_share(0.5, 100))]) == []
