"""Shrinkage, against the oracle and against what it must do at its ends."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from csp_consult.analysis.small_areas import shrink


def test_ward_rates_are_the_oracle_s(oracle: dict[str, Any]) -> None:
    direct, theirs = oracle["from_R"]["targeting"]["ward"], oracle["targeting"]["ward"]
    bases = oracle["from_R"]["change"]["ward"]["n_eff"]

    areas = shrink(direct["up"], direct["se"], bases)

    assert areas.tau2 == pytest.approx(theirs["tau2"], abs=1e-6)
    assert areas.mean == pytest.approx(theirs["mu"], abs=1e-6)
    assert areas.gamma == pytest.approx(theirs["gamma"], abs=1e-6)
    assert areas.shrunk == pytest.approx(theirs["rate"], abs=1e-6)


def test_ages_that_differ_by_chance_alone_all_take_the_mean(oracle: dict[str, Any]) -> None:
    direct, theirs = oracle["from_R"]["targeting"]["age"], oracle["targeting"]["age"]

    ages = shrink(direct["up"], direct["se"], direct["n"])

    assert ages.tau2 == 0
    assert ages.shrunk == pytest.approx(theirs["rate"], abs=1e-12)


def test_two_areas_worked_by_hand() -> None:
    # The squared difference is 0.36 and each variance 0.04, so tau2 = 0.36 / 2 - 0.04 and gamma = 0.14 / 0.18.
    areas = shrink([0.2, 0.8], [0.2, 0.2], [20, 20])

    assert areas.tau2 == pytest.approx(0.14)
    assert areas.gamma == pytest.approx([7 / 9, 7 / 9])
    assert areas.shrunk == pytest.approx([0.5 - 0.3 * 7 / 9, 0.5 + 0.3 * 7 / 9])
    assert areas.se[0] == pytest.approx((0.04 * 7 / 9 + (2 / 9) ** 2 * 0.09) ** 0.5)


@given(arrays(float, 6, elements=st.floats(-1, 1)), arrays(float, 6, elements=st.floats(0.02, 0.5)))
def test_the_weighted_spread_is_what_chance_and_tau2_together_expect(direct: Any, se: Any) -> None:
    areas = shrink(direct, se, np.full(6, 30.0))

    spread = ((direct - areas.mean) ** 2 / (se**2 + areas.tau2)).sum()

    # Five degrees of freedom; less than that is chance alone, and then no spread is added.
    assert spread == pytest.approx(5, rel=1e-6) if areas.tau2 > 0 else spread <= 5 + 1e-9


def test_an_area_nobody_answered_from_takes_the_mean_with_all_of_its_doubt() -> None:
    areas = shrink([0.2, 0.8, np.nan], [0.1, 0.1, np.nan], [20, 20, 0])

    assert np.isnan(areas.direct[2])
    assert areas.shrunk[2] == areas.mean
    assert areas.se[2] == pytest.approx((areas.tau2 + (0.01 + areas.tau2) / 2) ** 0.5)


def test_an_area_of_one_mind_is_not_taken_as_certain() -> None:
    areas = shrink([1.0, 0.4, 0.5], [0.0, 0.1, 0.1], [5, 20, 20])

    assert 0 < areas.gamma[0] < areas.gamma[1]
    assert areas.shrunk[0] < 1


def test_areas_whose_answers_never_vary_cannot_be_shrunk() -> None:
    with pytest.raises(ValueError, match="No area's answers vary"):
        shrink([1.0, 0.0], [0.0, 0.0], [3, 2])


@given(arrays(float, 5, elements=st.floats(-1, 1)), arrays(float, 5, elements=st.floats(0.02, 0.5)))
def test_a_shrunk_figure_lies_between_its_own_and_the_mean(direct: Any, se: Any) -> None:
    areas = shrink(direct, se, np.full(5, 25.0))

    assert (areas.shrunk >= np.minimum(direct, areas.mean) - 1e-9).all()
    assert (areas.shrunk <= np.maximum(direct, areas.mean) + 1e-9).all()
    assert (areas.gamma >= 0).all()
    assert (areas.gamma <= 1).all()
