"""The R-indicator: 1 where all groups answer alike, lower the more they differ, with chance taken out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.representativeness import representativeness

PEOPLE = {"sex": [50_000.0, 50_000.0]}


def test_two_groups_of_known_rates_give_the_published_formula() -> None:
    found = representativeness(PEOPLE, {"sex": [10_000, 30_000]})

    # Rates of 0.2 and 0.6 in halves of the population: their standard deviation is 0.2, so R = 1 - 2 x 0.2.
    assert found.r == pytest.approx(0.6, abs=1e-4)
    assert found.cv == pytest.approx(0.5, abs=1e-4)
    assert found.lower < found.r < found.upper
    assert found.base == 40_000


def test_independent_variables_add_their_variances_up_and_the_partial_ones_say_which_differs() -> None:
    found = representativeness({**PEOPLE, "area": [70_000, 30_000]}, {"sex": [1_000, 3_000], "area": [2_800, 1_200]})

    assert found.partial["sex"] == pytest.approx(0.5, abs=0.01)
    assert found.partial["area"] == pytest.approx(0.0, abs=0.02)
    assert found.cv**2 == pytest.approx(sum(partial**2 for partial in found.partial.values()))


def test_what_chance_makes_of_an_even_response_is_not_taken_for_unevenness() -> None:
    people = [1_000.0] * 50
    random = np.random.default_rng(1)

    found = [
        representativeness({"area": people}, {"area": [int(n) for n in random.multinomial(200, [1 / 50] * 50)]}).cv
        for _ in range(20)
    ]

    # Unadjusted, the coefficient of variation would be about the square root of 50 / 200, one half.
    assert np.mean(found) < 0.2


@given(st.lists(st.integers(0, 500), min_size=2, max_size=6).filter(any))
def test_it_stays_between_its_bounds_and_holds_its_own_interval(answered: list[int]) -> None:
    found = representativeness({"area": [1_000.0] * len(answered)}, {"area": answered})

    assert 0 <= found.lower <= found.upper <= 1
    assert 0 <= found.r <= 1
    assert found.lower - 1e-9 <= found.r
    assert found.cv >= 0


def test_nobody_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="needs respondents"):
        representativeness(PEOPLE, {"sex": [0, 0]})
