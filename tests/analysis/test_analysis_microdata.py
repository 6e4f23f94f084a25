"""A question of any survey file: weights given or made, designs, groups, refusals."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from analysis_samples import VARIABLES, drawn_sample, laws, one_way
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.estimates import share
from csp_consult.analysis.merging import Merging, WeightingError
from csp_consult.analysis.microdata import MicrodataError, Plan, analyse, is_measured
from csp_consult.analysis.target_file import read_targets
from csp_consult.analysis.totals import indicators, totals_of_respondents

seeds = st.integers(0, 10_000)


@laws
@given(seeds)
def test_raking_a_file_gives_the_weights_of_the_cells(seed: int) -> None:
    sample = drawn_sample(seed)
    weights = sample.weighed()[2]
    frame = sample.answers.assign(d=sample.base_weights)

    found = analyse(frame, "prob_asb", Plan(targets=sample.targets, base_weight="d"))

    totals = totals_of_respondents(indicators(frame, [("prob_asb", "3")]), weights)
    often = next(row for row in found.rows if row.option == "3")
    alone = share(totals, {("prob_asb", "3"): 1})
    assert (often.figure.estimate, often.figure.se) == pytest.approx((alone.estimate, alone.se), rel=1e-8)
    assert found.effective_base == pytest.approx(weights.sum() ** 2 / (weights**2).sum(), rel=1e-8)
    assert often.se_raked is not None
    assert often.unweighted == pytest.approx((frame["prob_asb"] == "3").mean())


def test_the_oracle_s_first_wave_through_a_file(oracle: dict[str, Any], oracle_folder: Path) -> None:
    frame = pd.read_csv(oracle_folder / "wave1.csv", dtype=str)
    margins = pd.read_json(oracle_folder / "margins.json", typ="series")
    targets = [one_way(variable, margins[variable]) for variable in VARIABLES]

    found = analyse(frame, "asb_change", Plan(targets=targets, base_weight="d"), options=["up", "down"])

    theirs = oracle["from_R"]["change"]["district"]
    assert [row.option for row in found.rows] == ["up", "down", "same"]
    assert [row.figure.estimate for row in found.rows[:2]] == pytest.approx(theirs["est"][:2], abs=1e-10)
    assert [row.figure.se for row in found.rows[:2]] == pytest.approx(theirs["se"][:2], abs=1e-10)


def test_a_measured_question_is_shown_as_its_mean() -> None:
    frame = pd.DataFrame({"age": [str(age) for age in range(20, 80)], "w": ["1"] * 60})

    found = analyse(frame, "age", Plan(weights="w"), measured=is_measured(frame["age"]))

    assert (found.statistic, [row.option for row in found.rows]) == ("mean", ["mean"])
    assert found.rows[0].figure.estimate == pytest.approx(49.5)
    # Of 60 consecutive numbers the variance is (60^2 - 1)/12 x 60/59.
    assert found.rows[0].figure.se == pytest.approx(((3599 / 12) * (60 / 59) / 60) ** 0.5)


@pytest.mark.parametrize(
    ("answers", "measured"),
    [(list("123") * 10, False), ([str(i) for i in range(30)], True), (["x", *"0123456789"] * 3, False)],
)
def test_numbers_of_many_sizes_are_measured(answers: list[str], measured: bool) -> None:
    assert is_measured(pd.Series(answers)) is measured


def test_groups_are_domains_and_thin_ones_are_refused_in_every_column() -> None:
    frame = pd.DataFrame({"q": ["yes", "no"] * 30, "area": ["large"] * 50 + ["small"] * 10})

    found = analyse(frame, "q", Plan(), by="area")

    large = [row for row in found.rows if row.group == "large"]
    small = [row for row in found.rows if row.group == "small"]
    assert [row.figure.estimate for row in large] == [0.5, 0.5]
    assert [row.figure.indicative for row in large] == [True, True]
    assert {(row.figure.estimate, row.design_effect, row.unweighted) for row in small} == {(None, None, None)}


def test_who_did_not_answer_is_outside_the_base() -> None:
    frame = pd.DataFrame({"q": ["yes", "no", None, "yes"] * 20})

    found = analyse(frame, "q", Plan())

    assert found.base == 80
    assert [(row.option, row.figure.base) for row in found.rows] == [("no", 60), ("yes", 60)]


def test_a_respondent_with_weight_nought_is_not_counted() -> None:
    frame = pd.DataFrame({"q": ["yes", "no"] * 40, "w": ["1", "0"] * 40})

    found = analyse(frame, "q", Plan(weights="w"))

    assert found.base == 40
    assert [row.option for row in found.rows] == ["yes"]


def test_merging_and_trimming_happen_only_when_asked() -> None:
    sample = drawn_sample(5, n=40)
    plain = analyse(sample.answers, "prob_asb", Plan(targets=sample.targets), hidden_below=0)
    merging = Merging(ordered={"age": ["1", "2", "3"], "ward": ["1", "2", "3", "4"]})
    asked = analyse(sample.answers, "prob_asb", Plan(targets=sample.targets, merging=merging, cap=1.1), hidden_below=0)

    assert plain.weighting is not None
    assert asked.weighting is not None
    assert (plain.weighting.merges, plain.weighting.trimmed) == ((), 0)
    assert asked.weighting.merges
    assert asked.weighting.weight_range[1] <= 1.1 + 1e-9


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(weights="nothing"), "no column 'nothing'. It has q, w, s"),
        (Plan(weights="s"), "Respondent 1 has 'north' in 's': it must be a number of 0 or more"),
        (Plan(weights="w", targets=[one_way("s", [1, 1])]), "not both"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_words(plan: Plan, message: str) -> None:
    frame = pd.DataFrame({"q": ["yes", "no"] * 20, "w": ["1"] * 40, "s": ["north", "south"] * 20})

    with pytest.raises(MicrodataError, match=message):
        analyse(frame, "q", plan)


def test_a_question_nobody_answered_is_refused() -> None:
    with pytest.raises(MicrodataError, match="Nobody answered 'q'"):
        analyse(pd.DataFrame({"q": [None, None]}), "q", Plan())


def test_a_mean_of_words_is_refused() -> None:
    with pytest.raises(MicrodataError, match="not numbers"):
        analyse(pd.DataFrame({"q": ["yes", "no"]}), "q", Plan(), measured=True)


def test_all_weights_nought_is_refused() -> None:
    with pytest.raises(MicrodataError, match="Fewer than two respondents have a weight"):
        analyse(pd.DataFrame({"q": ["yes", "no"], "w": ["0", "0"]}), "q", Plan(weights="w"))


def test_targets_are_read_one_way_and_joint() -> None:
    read = read_targets(
        "{source: census, as_at: 2020-06-30, sex: {1: 10, 2: 12}, 'age*sex': {'1,1': 5, '1,2': 6}}",
    )

    first, second = read.targets
    assert (read.source, read.as_at) == ("census", date(2020, 6, 30))
    assert (first.variables, dict(first.populations)) == (("sex",), {("1",): 10.0, ("2",): 12.0})
    assert (second.variables, dict(second.populations)) == (("age", "sex"), {("1", "1"): 5.0, ("1", "2"): 6.0})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sex]", "Targets are lines of"),
        ("source: census", "name no variable"),
        ("sex: [1, 2]", "'sex' must be"),
        ("'age*sex': {'1': 5}", "needs 2 values with commas between"),
        ("sex: {'1': many}", "needs a population, not 'many'"),
        ("sex: {'1': -1}", "needs a population, not -1"),
        ("sex: {'1': true}", "needs a population, not True"),
        ("sex: {'1': .nan}", "needs a population, not nan"),
        ("sex: {'1': 1", "cannot be read as YAML"),
        ("{as_at: 2020-99-99, sex: {'1': 1}}", "cannot be read as YAML"),
    ],
)
def test_targets_that_cannot_be_read_say_what_to_mend(text: str, message: str) -> None:
    with pytest.raises(WeightingError, match=message):
        read_targets(text)


def test_blank_weighting_answers_keep_their_share() -> None:
    frame = pd.DataFrame({"q": ["yes", "no"] * 50, "sex": ["1"] * 40 + ["2"] * 40 + [None] * 20})

    found = analyse(frame, "q", Plan(targets=[one_way("sex", [500, 500])]))

    assert found.weighting is not None
    assert found.weighting.kept_share == ("sex: not said has no target and keeps its 20.0% of the sample.",)
    assert np.isclose(found.weighting.design_effect, 1)
