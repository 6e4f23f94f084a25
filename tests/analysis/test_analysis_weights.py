"""Weights: the margins they reproduce, what they refuse, and what they say about themselves."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from analysis_samples import Sample, drawn_sample, laws, one_way
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.merging import Merging, WeightingError
from csp_consult.analysis.weights import Target, weigh

seeds = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def margins(oracle_folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((oracle_folder / "margins.json").read_text())
    return found


def cells(counts: dict[tuple[str, str], float]) -> pd.DataFrame:
    rows = [(row, column, n, n, n) for (row, column), n in counts.items()]
    return pd.DataFrame(rows, columns=["row", "column", "n", "d", "d2"])


TWO_BY_TWO = cells({("1", "1"): 40, ("1", "2"): 10, ("2", "1"): 20, ("2", "2"): 30})


def test_a_two_by_two_table_is_raked_as_by_hand() -> None:
    targets = [one_way("row", [60, 40]), one_way("column", [50, 50])]

    found = weigh(TWO_BY_TWO, targets)

    assert found.factors * TWO_BY_TWO["n"].to_numpy() == pytest.approx([40, 20, 10, 30], rel=1e-10)
    assert found.design_effect == pytest.approx(1.15, rel=1e-10)
    assert found.effective_base == pytest.approx(100 / 1.15, rel=1e-10)
    assert found.converged


@pytest.mark.parametrize("wave", ["wave1_age_sex_ward", "link_age_sex", "wave1_poststratify_agesex"])
def test_the_oracle_s_weights_are_reproduced(
    oracle: dict[str, Any], oracle_folder: Path, margins: dict[str, Any], wave: str
) -> None:
    theirs = oracle["from_R"]["rake"][wave]
    frame = pd.read_csv(oracle_folder / f"{wave.split('_', maxsplit=1)[0]}.csv", dtype=str)
    variables = ["age", "sex", "ward"] if "ward" in wave else ["age", "sex"]
    joint = Target(
        ("age", "sex"), {(str(i // 2 + 1), str(i % 2 + 1)): people for i, people in enumerate(margins["agesex"])}
    )
    targets = [joint] if "poststratify" in wave else [one_way(v, margins[v]) for v in variables]
    d = frame["d"].to_numpy(float) if "d" in frame else np.ones(len(frame))
    keyed = frame[variables].assign(n=1.0, d=d, d2=d**2)
    grouped = keyed.groupby(variables)

    found = weigh(grouped[["n", "d", "d2"]].sum().reset_index(), targets)

    weights = found.factors[grouped.ngroup().to_numpy()] * d
    assert weights == pytest.approx(theirs["weights"], rel=1e-9)
    assert (found.design_effect, found.effective_base, found.cv) == pytest.approx(
        (theirs["deff"], theirs["n_eff"], theirs["cv"]), rel=1e-9
    )


@laws
@given(seeds)
def test_raking_reproduces_every_margin_and_is_idempotent(seed: int) -> None:
    sample = drawn_sample(seed)

    found, _, weights = sample.weighed()
    again, _, _ = Sample(sample.answers, weights, sample.targets).weighed()

    for target in sample.targets:
        population = np.array(list(target.populations.values()))
        sums = pd.Series(weights).groupby(sample.answers[target.variables[0]].to_numpy()).sum()
        assert sums.to_numpy() / weights.sum() == pytest.approx(population / population.sum(), abs=1e-11)
    assert found.converged
    assert again.factors == pytest.approx(np.full(len(again.factors), again.factors[0]), rel=1e-9)


@laws
@given(seeds, st.floats(0.01, 100))
def test_scaling_base_weights_changes_no_weight(seed: int, scale: float) -> None:
    sample = drawn_sample(seed)
    scaled = Sample(sample.answers, sample.base_weights * scale, sample.targets)

    assert scaled.weighed()[2] == pytest.approx(sample.weighed()[2], rel=1e-8)


@laws
@given(seeds, st.floats(1.5, 4))
def test_a_cap_that_can_hold_holds_together_with_the_margins(seed: int, cap: float) -> None:
    sample = drawn_sample(seed)

    found, _, weights = sample.weighed(cap=cap)

    cell_means = pd.Series(weights).groupby(sample.cell).mean()
    assert cell_means.max() <= cap * sum(sample.targets[0].populations.values()) / len(weights) * (1 + 1e-9)
    if found.converged:
        assert found.weight_range[1] <= cap * (1 + 1e-9)
        assert found.largest_margin_error <= 1e-12


def test_a_cap_above_every_weight_changes_nothing() -> None:
    sample = drawn_sample(1)

    assert np.array_equal(sample.weighed(cap=1000)[2], sample.weighed()[2])
    assert sample.weighed(cap=1000)[0].trimmed == 0


def test_a_cap_that_cannot_hold_with_the_margins_says_how_far_they_moved() -> None:
    lopsided = cells({("1", "1"): 90, ("2", "1"): 10})

    found = weigh(lopsided, [one_way("row", [50, 50])], cap=2)

    assert not found.converged
    assert found.trimmed == 10
    assert found.weight_range[1] == pytest.approx(2)
    assert "still differs by 21.43 percentage points" in found.convergence()


def test_targets_that_contradict_each_other_do_not_converge_and_say_so() -> None:
    diagonal = cells({("1", "1"): 50, ("2", "2"): 50})

    found = weigh(diagonal, [one_way("row", [50, 50]), one_way("column", [30, 70])])

    assert not found.converged
    assert "do not reproduce every target" in found.convergence()


def test_people_who_did_not_say_keep_their_share_of_the_sample() -> None:
    sample = cells({("", "1"): 20, ("1", "1"): 60, ("2", "1"): 20})

    found = weigh(sample, [one_way("row", [500, 500])])

    assert found.factors * sample["n"].to_numpy() == pytest.approx([200, 400, 400])
    assert found.kept_share == ("row: not said has no target and keeps its 20.0% of the sample.",)


def test_a_category_that_the_target_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(WeightingError, match=r"row: respondents have the category 2, which .* It has 1, 3\."):
        weigh(TWO_BY_TWO, [Target(("row",), {("1",): 50.0, ("3",): 50.0})])


def test_a_target_category_without_respondents_is_refused_with_the_nearest_merge() -> None:
    ages = cells({("16-24", "x"): 30, ("25-34", "x"): 30, ("45-54", "x"): 9})
    target = Target(("row",), dict.fromkeys([("16-24",), ("25-34",), ("35-44",), ("45-54",)], 100.0))
    ordered = Merging(least=0, ordered={"row": ["16-24", "25-34", "35-44", "45-54"]})

    with pytest.raises(WeightingError, match=r"nobody in the sample is 35-44, .* Merge it with 45-54\."):
        weigh(ages, [target], merging=ordered)


def test_an_empty_table_and_no_target_are_refused() -> None:
    with pytest.raises(WeightingError, match="nobody to weigh yet"):
        weigh(TWO_BY_TWO.iloc[:0], [one_way("row", [1, 1])])
    with pytest.raises(WeightingError, match="no target"):
        weigh(TWO_BY_TWO, [])


def test_a_thin_age_band_is_joined_to_its_thinnest_neighbour_and_said() -> None:
    ages = cells({("a", "x"): 30, ("b", "x"): 5, ("c", "x"): 25, ("d", "x"): 40})
    target = Target(("row",), dict.fromkeys([("a",), ("b",), ("c",), ("d",)], 100.0))

    found = weigh(ages, [target], merging=Merging(ordered={"row": ["a", "b", "c", "d"]}))

    assert found.merges == ("row: b + c weighted together.",)
    assert found.factors * ages["n"].to_numpy() == pytest.approx([100, 200 / 6, 1000 / 6, 100])


def test_thin_wards_are_joined_within_their_beat_under_their_names() -> None:
    wards = cells({("W1", "x"): 3, ("W2", "x"): 50, ("W3", "x"): 40, ("W4", "x"): 30})
    target = Target(("row",), dict.fromkeys([("W1",), ("W2",), ("W3",), ("W4",)], 100.0))
    beats = {"W1": "North", "W2": "North", "W3": "South", "W4": "South"}

    found = weigh(wards, [target], merging=Merging(parents={"row": beats}), names={"row": {"W1": "Glen"}})

    assert found.merges == ("row: Glen + W2 weighted together.",)


@laws
@given(st.lists(st.integers(0, 60), min_size=2, max_size=8).filter(any), st.integers(1, 40))
def test_after_merging_no_category_is_thin_unless_all_are_one(sizes: list[int], least: int) -> None:
    names = [(str(i),) for i in range(len(sizes))]
    sample = cells({(name, "x"): n for (name,), n in zip(names, sizes, strict=True) if n})
    merging = Merging(least=least, ordered={"row": [name for (name,) in names]})

    margin = weigh(sample, [Target(("row",), dict.fromkeys(names, 10.0))], merging=merging).margins[0]

    held = np.bincount(margin.group_of_cell, sample["n"], len(margin.groups))
    assert len(margin.groups) == 1 or held.min() >= least


def test_a_joint_target_is_merged_over_age_within_each_sex() -> None:
    counts: dict[tuple[str, str], float] = {
        ("young", "f"): 25,
        ("old", "f"): 25,
        ("young", "m"): 5,
        ("old", "m"): 45,
    }
    target = Target(("row", "column"), dict.fromkeys(counts, 100.0))

    found = weigh(cells(counts), [target], merging=Merging(ordered={"row": ["young", "old"]}))

    assert found.merges == ("row x column: young m + old m weighted together.",)
