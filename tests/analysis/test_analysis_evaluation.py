"""Evaluation: the arithmetic, the words, and over many simulated waves its errors of both kinds."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.evaluation import NO_PROOF, Evaluation, evaluate, minimum_detectable_effect, responses_needed
from csp_consult.analysis.figures import Estimate


def share(value: float, base: int) -> Estimate:
    se = (value * (1 - value) / base) ** 0.5
    return Estimate(value, se, None, None, base, base, "simple random sample")


REST = share(0.4, 400), share(0.4, 400)


def moved(
    before: float, after: float, *, intended: Literal["down", "up"] = "down", base: int = 400, rest: float = 0.4
) -> Evaluation:
    return evaluate(
        target_before=share(before, base),
        target_after=share(after, base),
        rest_before=share(0.4, base),
        rest_after=share(rest, base),
        intended=intended,
    )


def test_a_small_case_worked_by_hand() -> None:
    result = moved(0.5, 0.3, rest=0.35)

    assert result.effect == pytest.approx(-0.15)
    assert result.se == pytest.approx(((0.25 + 0.21 + 0.24 + 0.2275) / 400) ** 0.5)
    assert result.outcome == "moved as intended"
    assert result.text == (
        "The audience moved as intended: 15.0 points down beyond the change in the rest "
        f"(95% interval −24.4 to −5.6). {NO_PROOF}"
    )


@pytest.mark.parametrize(
    ("before", "after", "intended", "outcome"),
    [
        (0.5, 0.3, "down", "moved as intended"),
        (0.5, 0.3, "up", "moved the other way"),
        (0.3, 0.5, "down", "moved the other way"),
        (0.3, 0.5, "up", "moved as intended"),
        (0.5, 0.48, "down", "no detectable effect"),
    ],
)
def test_each_outcome_is_reached(before: float, after: float, intended: Literal["down", "up"], outcome: str) -> None:
    assert moved(before, after, intended=intended).outcome == outcome


def test_no_effect_is_reported_as_plainly_as_success() -> None:
    result = moved(0.5, 0.5)

    assert result.text.startswith("There is no detectable effect: not at all beyond the change in the rest (95%")
    assert result.text.endswith(NO_PROOF)


def test_a_refused_estimate_refuses_the_evaluation_and_says_why() -> None:
    refused = Estimate(
        None, None, None, None, 12, 9.0, "linearised", reason="Not shown: the effective base is under 30."
    )

    result = evaluate(
        target_before=refused, target_after=share(0.4, 100), rest_before=REST[0], rest_after=REST[1], intended="down"
    )

    assert result.effect is None
    assert result.text == "Cannot be evaluated: Not shown: the effective base is under 30."


def test_the_detectable_effect_worked_by_hand() -> None:
    # Four shares of one half on 100 each: the standard error of the effect is 0.1, and 1.960 + 0.842 is 2.802.
    half = share(0.5, 100)

    found = minimum_detectable_effect(half, half, effective_target_after=100, effective_rest_after=100)

    assert found == pytest.approx(0.28016, abs=1e-5)


def test_the_responses_needed_are_those_at_which_the_effect_is_just_detectable() -> None:
    target, rest = share(0.5, 120), share(0.4, 300)

    needed = responses_needed(target, rest, effect=0.25)

    assert needed is not None
    grown = needed / (120 + 300)
    found = minimum_detectable_effect(
        target, rest, effective_target_after=120 * grown, effective_rest_after=300 * grown
    )
    assert found == pytest.approx(0.25, rel=0.01)
    assert found is not None
    assert found <= 0.25


def test_no_next_wave_makes_up_for_too_thin_a_baseline() -> None:
    assert responses_needed(share(0.5, 30), share(0.5, 30), effect=0.05) is None


def test_an_effect_of_nothing_cannot_be_planned_for() -> None:
    with pytest.raises(ValueError, match="above 0"):
        responses_needed(*REST, effect=0)


def test_a_wave_that_reaches_nobody_cannot_be_planned_for() -> None:
    with pytest.raises(ValueError, match="reach both"):
        minimum_detectable_effect(*REST, effective_target_after=0, effective_rest_after=10)


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.integers(30, 500))
def test_swapping_the_waves_turns_the_effect_round(before: float, after: float, base: int) -> None:
    there, back = moved(before, after, base=base), moved(after, before, base=base)

    assert there.effect is not None
    assert back.effect == pytest.approx(-there.effect)
    assert back.se == pytest.approx(there.se)


@given(st.floats(0.2, 0.8), st.integers(40, 400))
def test_more_responses_detect_smaller_effects(value: float, base: int) -> None:
    fewer = minimum_detectable_effect(
        share(value, base), REST[0], effective_target_after=base, effective_rest_after=400
    )
    more = minimum_detectable_effect(
        share(value, base), REST[0], effective_target_after=2 * base, effective_rest_after=400
    )

    assert fewer is not None
    assert more is not None
    assert more < fewer


def simulated_outcomes(effect: float, bases: tuple[int, int], runs: int) -> list[str]:
    """Outcomes of evaluations of waves drawn anew, with unequal weights, in which the target falls by ``effect``."""
    random = np.random.default_rng(20221101)
    truths = (0.55, 0.55 - effect, 0.45, 0.45)

    def wave(truth: float, n: int) -> Estimate:
        weights = random.gamma(4.0, size=n)
        said = random.random(n) < truth
        value = float((weights * said).sum() / weights.sum())
        variance = n / (n - 1) * float(((weights * (said - value) / weights.sum()) ** 2).sum())
        effective = float(weights.sum() ** 2 / (weights**2).sum())
        return Estimate(value, variance**0.5, None, None, n, effective, "linearised")

    def one() -> str:
        waves = [wave(truth, n) for truth, n in zip(truths, (bases[0], bases[0], bases[1], bases[1]), strict=True)]
        return evaluate(
            target_before=waves[0], target_after=waves[1], rest_before=waves[2], rest_after=waves[3], intended="down"
        ).outcome

    return [one() for _ in range(runs)]


@pytest.mark.long
@pytest.mark.parametrize("bases", [(40, 120), (80, 336), (200, 800)])
def test_an_effect_is_found_where_there_is_none_in_one_case_of_twenty(bases: tuple[int, int]) -> None:
    outcomes = simulated_outcomes(0.0, bases, runs=8000)
    found = sum(outcome != "no detectable effect" for outcome in outcomes) / len(outcomes)

    # Four standard errors of the simulation are 0.97 points.
    assert 0.04 <= found <= 0.06


@pytest.mark.long
@pytest.mark.parametrize("bases", [(80, 336), (200, 800)])
def test_the_detectable_effect_is_found_four_times_in_five(bases: tuple[int, int]) -> None:
    kish = 0.8  # effective over actual base for gamma weights of shape 4
    target, rest = (
        Estimate(p, (p * (1 - p) / (n * kish)) ** 0.5, None, None, n, n * kish, "linearised")
        for p, n in ((0.55, bases[0]), (0.45, bases[1]))
    )
    effect = minimum_detectable_effect(
        target, rest, effective_target_after=bases[0] * kish, effective_rest_after=bases[1] * kish
    )
    assert effect is not None

    outcomes = simulated_outcomes(effect, bases, runs=4000)

    assert 0.76 <= outcomes.count("moved as intended") / len(outcomes) <= 0.85
    assert outcomes.count("moved the other way") <= 4
