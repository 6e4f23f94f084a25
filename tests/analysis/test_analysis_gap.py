"""The gap: its numbers, its classes, and that it moves when the record or the answers do."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.gap import (
    CLASSES,
    Gap,
    carlson_parkin,
    class_probabilities,
    classify,
    perception_gap,
    probability_positive,
)
from csp_consult.analysis.recorded_change import published_change, recorded_change

FELL = recorded_change([1500], [999])
ROSE = recorded_change([999], [1500])
LEVEL = recorded_change([400], [400])

shares = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda pair: (pair[0], pair[1] * (1 - pair[0])))
counts = st.tuples(st.integers(0, 2000), st.integers(0, 2000)).filter(lambda pair: sum(pair) > 0)


def test_the_district_gap_is_the_oracle_s(oracle: dict[str, Any]) -> None:
    theirs = oracle["gap_district"]
    recorded = recorded_change([theirs["recorded"]["n0"]], [theirs["recorded"]["n1"]])
    phi = theirs["recorded"]["phi"]

    gap = perception_gap(theirs["p_up"], theirs["p_down"], theirs["se_B"], recorded)

    assert gap.balance == pytest.approx(theirs["B"], abs=1e-12)
    assert gap.points == pytest.approx(theirs["gap_points"], rel=1e-12)
    assert gap.prob_perceived_up == pytest.approx(theirs["p_perception_up"], abs=1e-12)
    assert gap.contrary_share == pytest.approx(theirs["contrary_share_strict"], abs=1e-12)
    assert gap.classification == theirs["class"]
    # Here the record's overdispersion is 1; the oracle's is phi, which widens its variance by as much.
    assert recorded.se_balance is not None
    assert gap.se_points == pytest.approx(100 * (theirs["se_B"] ** 2 + recorded.se_balance**2) ** 0.5)
    assert recorded.se_balance * phi**0.5 == pytest.approx(theirs["recorded"]["se_R_balance"], abs=1e-12)


def test_carlson_parkin_is_the_oracle_s(oracle: dict[str, Any]) -> None:
    theirs = oracle["gap_district"]

    for threshold, perceived in theirs["carlson_parkin_perceived_pct"].items():
        assert carlson_parkin(theirs["p_up"], theirs["p_down"], float(threshold)) == pytest.approx(perceived, rel=1e-9)


def test_a_small_case_worked_by_hand() -> None:
    gap = perception_gap(0.5, 0.2, 0.05, recorded_change([300], [200]))

    assert gap.balance == pytest.approx(0.3)
    assert gap.points == pytest.approx(100 * (0.3 + 0.2))
    assert gap.se_points == pytest.approx(100 * (0.05**2 + 4 * 300 * 200 / 500**3) ** 0.5)


@pytest.mark.parametrize(
    ("p_up", "p_down", "recorded", "expected"),
    [
        (0.50, 0.17, FELL, "reassure"),
        (0.17, 0.50, ROSE, "alert"),
        (0.50, 0.17, ROSE, "act"),
        (0.17, 0.50, FELL, "maintain"),
        (0.50, 0.17, LEVEL, "unclear"),
        (0.33, 0.32, FELL, "unclear"),
    ],
)
def test_each_class_is_reached_and_flipping_either_side_moves_it(
    p_up: float, p_down: float, recorded: Any, expected: str
) -> None:
    assert perception_gap(p_up, p_down, 0.08, recorded).classification == expected


def test_the_contrary_share_follows_the_record() -> None:
    said = {"p_up": 0.5, "p_down": 0.2, "se_balance": 0.08}

    assert (perception_gap(**said, recorded=FELL).contrary, perception_gap(**said, recorded=FELL).contrary_share) == (
        "up",
        0.5,
    )
    assert (perception_gap(**said, recorded=ROSE).contrary, perception_gap(**said, recorded=ROSE).contrary_share) == (
        "down",
        0.2,
    )
    assert perception_gap(**said, recorded=LEVEL).contrary is None


def test_a_published_change_gives_the_gap_no_standard_error() -> None:
    gap = perception_gap(0.5, 0.2, 0.08, published_change(-33.4))

    assert gap.se_points is None
    assert gap.lower_points is None
    assert gap.classification == "reassure"


def test_a_published_perception_counts_by_its_sign() -> None:
    assert perception_gap(0.5, 0.2, None, FELL).prob_perceived_up == 1
    assert perception_gap(0.2, 0.5, None, FELL).prob_perceived_up == 0
    assert perception_gap(0.2, 0.2, None, FELL).prob_perceived_up == 0.5


def test_a_small_area_may_bring_its_shrunk_balance() -> None:
    gap = perception_gap(0.5, 0.2, 0.05, FELL, balance=0.1)

    assert gap.balance == 0.1
    assert gap.contrary_share == 0.5
    assert gap.prob_perceived_up == probability_positive(0.1, 0.05)


def test_a_record_of_nothing_gives_no_gap() -> None:
    with pytest.raises(ValueError, match="Nothing was recorded in either period"):
        perception_gap(0.5, 0.2, 0.08, recorded_change([0], [0]))


def test_impossible_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="together at most 1"):
        perception_gap(0.7, 0.4, 0.08, FELL)


def test_a_class_needs_four_in_five() -> None:
    assert classify({"reassure": 0.8, "alert": 0.1, "act": 0.1, "maintain": 0.0}) == "reassure"
    assert classify({"reassure": 0.79, "alert": 0.1, "act": 0.11, "maintain": 0.0}) == "unclear"


@pytest.mark.parametrize(("p_up", "p_down"), [(0.0, 0.4), (0.4, 0.0), (0.6, 0.4)])
def test_carlson_parkin_has_no_answer_at_its_edges(p_up: float, p_down: float) -> None:
    assert carlson_parkin(p_up, p_down, 10) is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_class_probabilities_sum_to_one(p: float, q: float) -> None:
    assert sum(class_probabilities(p, q).values()) == pytest.approx(1)


OPPOSITE = {"reassure": "alert", "alert": "reassure", "act": "maintain", "maintain": "act", "unclear": "unclear"}


@given(shares, counts, st.floats(0.01, 0.3))
def test_turning_answers_and_record_round_turns_the_gap_round(
    said: tuple[float, float], held: tuple[int, int], se: float
) -> None:
    there: Gap = perception_gap(said[0], said[1], se, recorded_change([held[0]], [held[1]]))
    back: Gap = perception_gap(said[1], said[0], se, recorded_change([held[1]], [held[0]]))

    assert back.points == pytest.approx(-there.points)
    assert back.se_points == pytest.approx(there.se_points)
    for name in CLASSES:
        assert back.probabilities[OPPOSITE[name]] == pytest.approx(there.probabilities[name], abs=1e-9)
    assert back.contrary_share == there.contrary_share


@given(counts, st.floats(0.01, 0.3), st.floats(0, 0.4))
def test_more_who_say_up_never_lowers_the_gap(held: tuple[int, int], se: float, p_up: float) -> None:
    recorded = recorded_change([held[0]], [held[1]])

    assert perception_gap(p_up + 0.1, 0.3, se, recorded).points > perception_gap(p_up, 0.3, se, recorded).points
