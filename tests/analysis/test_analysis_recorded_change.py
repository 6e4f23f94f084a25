"""How the record moved, against R and against laws that hold for any counts."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.figures import FloatArray
from csp_consult.analysis.recorded_change import (
    Change,
    exact_prob_up,
    exact_ratio_interval,
    overdispersion,
    published_change,
    recorded_change,
)

BEFORE = [40, 52, 61, 47]
AFTER = [31, 30, 44, 35]

months_of_counts = st.integers(1, 12).flatmap(
    lambda months: st.tuples(*[st.lists(st.integers(0, 300), min_size=months, max_size=months)] * 2)
)


@pytest.fixture(scope="module")
def wards(oracle_folder: Path) -> tuple[FloatArray, FloatArray]:
    table = pd.read_csv(oracle_folder / "recorded_asb.csv").pivot_table(
        index=["ward", "year"], columns="month", values="count"
    )
    return table.xs(0, level="year").to_numpy(float), table.xs(1, level="year").to_numpy(float)


def interval(change: Change) -> tuple[float, float]:
    assert change.lower_pct is not None
    assert change.upper_pct is not None
    return change.lower_pct, change.upper_pct


def test_the_district_change_is_that_of_a_quasi_poisson_fit_in_r(
    oracle: dict[str, Any], wards: tuple[FloatArray, FloatArray]
) -> None:
    before, after = wards
    change = recorded_change(before.sum(axis=0), after.sum(axis=0))
    theirs, recorded = oracle["from_R"]["recorded"]["district"], oracle["gap_district"]["recorded"]

    assert (change.before, change.after, change.df) == (theirs["n0"], theirs["n1"], theirs["df"])
    # R stops its fit at a relative change of 1e-8; ours is the closed form it converges to.
    assert change.overdispersion == pytest.approx(theirs["phi"], abs=1e-7)
    assert change.log_ratio == pytest.approx(theirs["log_ratio"], abs=1e-12)
    assert change.se == pytest.approx(theirs["se"], abs=1e-9)
    assert change.change_pct == pytest.approx(recorded["pct_change"], abs=1e-9)
    assert interval(change) == pytest.approx(recorded["pct_change_ci95"], rel=1e-8)
    assert change.balance == pytest.approx(recorded["R_balance"], abs=1e-12)
    assert change.se_balance == pytest.approx(recorded["se_R_balance"], abs=1e-9)
    assert change.prob_up == pytest.approx(recorded["prob_up"], abs=1e-12)


def test_ward_changes_are_those_of_r_save_that_overdispersion_is_at_least_one(
    oracle: dict[str, Any], wards: tuple[FloatArray, FloatArray]
) -> None:
    for before, after, theirs in zip(*wards, oracle["from_R"]["recorded"]["ward"], strict=True):
        change = recorded_change(before, after)
        phi = max(theirs["phi"], 1.0)

        assert change.overdispersion == pytest.approx(phi, abs=1e-7)
        assert change.log_ratio == pytest.approx(theirs["log_ratio"], abs=1e-12)
        assert change.se == pytest.approx(theirs["se"] * math.sqrt(phi / theirs["phi"]), abs=1e-9)


def test_the_exact_interval_is_the_one_the_oracle_has(oracle: dict[str, Any]) -> None:
    ours = [100 * (end - 1) for end in exact_ratio_interval(1500, 999)]

    assert ours == pytest.approx(oracle["gap_district"]["recorded"]["pct_change_ci95_poisson_exact"], rel=1e-9)


def test_a_small_case_worked_by_hand() -> None:
    change = recorded_change([30, 50], [20, 20])

    # Expected under rows 80, 40 and columns 50, 70: 33.3, 46.7 and 16.7, 23.3; chi-squared on one degree.
    chi_square = (10 / 3) ** 2 * (3 / 100 + 3 / 140 + 3 / 50 + 3 / 70)
    assert change.overdispersion == pytest.approx(chi_square)
    assert change.df == 1
    assert change.change_pct == -50
    assert change.balance == pytest.approx(-1 / 3)
    assert change.se == pytest.approx(math.sqrt(chi_square * (1 / 80 + 1 / 40)))


def test_few_months_take_their_overdispersion_from_all_areas_together() -> None:
    areas = np.array([[30, 50, 20], [25, 10, 40]]), np.array([[20, 20, 30], [15, 22, 16]])
    pooled = overdispersion(*areas)

    assert recorded_change(areas[0][0], areas[1][0], pooled_with=areas).overdispersion == pooled.phi
    assert pooled.df == 4


def test_twelve_months_keep_their_own_overdispersion() -> None:
    before, after = [20 + i for i in range(12)], [30 - i for i in range(12)]
    elsewhere = np.array([[5] * 12]), np.array([[50, 1] * 6])

    assert recorded_change(before, after, pooled_with=elsewhere) == recorded_change(before, after)


def test_a_single_total_a_period_is_said_to_allow_for_chance_alone() -> None:
    change = recorded_change([64], [77])

    assert (change.overdispersion, change.df) == (1.0, 0)
    assert change.note is not None
    assert "may be too narrow" in change.note


def test_a_count_under_ten_uses_the_exact_binomial() -> None:
    # 9 and 4: of 13, the later period's share is 4 or fewer with chance 1093/8192, exactly 4 with 715/8192.
    change = recorded_change([9], [4])

    assert change.prob_up == pytest.approx((1093 - 715 / 2) / 8192)
    assert change.note is not None
    assert "under 10" in change.note


@pytest.mark.parametrize(
    ("before", "after", "change_pct", "words"),
    [
        (0, 3, None, "no percentage change can be stated"),
        (3, 0, -100, "Nothing was recorded in the later period"),
        (0, 0, None, "Nothing was recorded in either period"),
    ],
)
def test_nothing_recorded_is_said_in_words(before: int, after: int, change_pct: float | None, words: str) -> None:
    change = recorded_change([before], [after])

    assert change.change_pct == change_pct
    assert change.log_ratio is None
    assert change.note is not None
    assert words in change.note


def test_a_count_of_nothing_is_not_taken_as_certain() -> None:
    change = recorded_change([3], [0])

    assert change.prob_up is not None
    assert 0 < change.prob_up < 0.5
    assert change.se_balance is not None
    assert change.se_balance > 0
    assert interval(change)[1] > 0


@pytest.mark.parametrize(("change_pct", "prob_up"), [(-33.4, 0.0), (6.6, 1.0), (0.0, 0.5)])
def test_a_published_change_has_its_direction_only(change_pct: float, prob_up: float) -> None:
    change = published_change(change_pct)

    assert change.direction_only
    assert change.prob_up == prob_up
    assert change.balance == pytest.approx(change_pct / (200 + change_pct))
    assert (change.before, change.after, change.se, change.se_balance, change.lower_pct) == (None,) * 5


def test_a_published_fall_of_more_than_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing can fall by more than 100%"):
        published_change(-133.4)


def test_part_of_a_year_is_never_set_against_a_full_year() -> None:
    with pytest.raises(ValueError, match="9 months before against 12 after"):
        recorded_change([10] * 9, [10] * 12)


@pytest.mark.parametrize("counts", [[-1], [1.5], [math.nan], []])
def test_broken_counts_are_refused(counts: list[float]) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        recorded_change(counts, counts)


@given(months_of_counts)
def test_swapping_the_periods_turns_the_change_round(counts: tuple[list[int], list[int]]) -> None:
    there, back = recorded_change(*counts), recorded_change(*reversed(counts))

    if there.balance is None or there.prob_up is None:
        assert back.balance is None
        return
    assert back.balance == -there.balance
    assert back.prob_up == pytest.approx(1 - there.prob_up)
    assert back.overdispersion == pytest.approx(there.overdispersion)


@given(months_of_counts)
def test_the_interval_holds_the_change_and_never_passes_minus_a_hundred(counts: tuple[list[int], list[int]]) -> None:
    change = recorded_change(*counts)

    if change.change_pct is None:
        return
    lower, upper = interval(change)
    assert -100 <= lower <= change.change_pct + 1e-9
    assert change.change_pct <= upper + 1e-9


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_exact_probability_grows_with_the_later_count(before: int, after: int) -> None:
    if before + after:
        assert exact_prob_up(before, after + 1) > exact_prob_up(before, after)
