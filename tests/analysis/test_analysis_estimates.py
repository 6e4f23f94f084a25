"""Shares, means and totals: numbers of R, the same from respondents and from a tally, and intervals that behave."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from analysis_samples import TOPICS, Sample, drawn_sample, laws, oracle_sample, ratings
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.concern import concern_from_respondents, concern_from_tally, concern_from_totals
from csp_consult.analysis.estimates import (
    design_effect,
    difference_within,
    korn_graubard_interval,
    laid_out,
    logit_interval,
    mean,
    published_share,
    ratios,
    share,
    share_interval,
    total,
)
from csp_consult.analysis.totals import EVERYONE, Design, DesignError, Tally, indicators, totals_of_respondents

seeds = st.integers(0, 10_000)
UP, DOWN = ("asb_change", "up"), ("asb_change", "down")


@pytest.fixture(scope="module")
def wave(oracle_folder: Path) -> Sample:
    return oracle_sample(oracle_folder, "wave1", json.loads((oracle_folder / "margins.json").read_text()))


def test_a_share_by_hand() -> None:
    # Weights 1, 1, 2 and answers yes, no, yes: p = 3/4; residuals over W = 4 are 1/16, -3/16, 2/16.
    answers = pd.DataFrame({"q": ["yes", "no", "yes"]})
    totals = totals_of_respondents(indicators(answers, [("q", "yes")]), np.array([1.0, 1.0, 2.0]))

    found = share(totals, {("q", "yes"): 1})

    assert found.estimate == 0.75
    assert found.se == pytest.approx((3 / 2 * (1 + 9 + 4) / 256) ** 0.5, rel=1e-14)
    assert found.effective_base == pytest.approx(16 / 6)
    assert (found.base, found.degrees) == (3, 2)


def test_the_oracle_s_district_balance_and_shares(oracle: dict[str, Any], wave: Sample) -> None:
    theirs = oracle["from_R"]["change"]["district"]
    _, factors, _ = wave.weighed()
    totals = wave.tally([UP, DOWN]).totals(factors)

    up, down, balance = share(totals, {UP: 1}), share(totals, {DOWN: 1}), mean(totals, {UP: 1, DOWN: -1})

    assert [up.estimate, down.estimate, balance.estimate] == pytest.approx(theirs["est"], abs=1e-10)
    assert [up.se, down.se, balance.se] == pytest.approx(theirs["se"], abs=1e-10)


def test_the_oracle_s_wards_as_domains_of_the_sample(oracle: dict[str, Any], wave: Sample) -> None:
    theirs = oracle["from_R"]["change"]["ward"]
    _, factors, _ = wave.weighed()
    tally = wave.tally([UP, DOWN])

    for i, ward in enumerate("1234"):
        totals = tally.totals(factors, domain=[cell for cell in tally.cells if cell.endswith(f"|{ward}")])
        up, balance = share(totals, {UP: 1}), mean(totals, {UP: 1, DOWN: -1})
        assert (up.estimate, up.se) == pytest.approx((theirs["up"][i], theirs["se_up"][i]), abs=1e-10)
        assert (balance.estimate, balance.se) == pytest.approx(
            (theirs["balance"][i], theirs["se_balance"][i]), abs=1e-10
        )
        assert up.base == theirs["n"][i]
        assert up.effective_base == pytest.approx(theirs["n_eff"][i], rel=1e-9)
        assert up.degrees == up.base - 1


def test_the_oracle_s_standard_errors_that_know_of_the_raking(oracle: dict[str, Any], wave: Sample) -> None:
    theirs = oracle["from_R"]["concern"]["wave1_problem_se_raked"]
    measure = ratings()
    weighting, factors, weights = wave.weighed()
    tally = wave.tally([key for scores in measure.scores for key in scores], measure)

    from_tally = concern_from_tally(tally, measure, factors, calibration=weighting.calibration())
    from_people = concern_from_totals(
        totals_of_respondents(
            indicators(wave.answers, [key for scores in measure.scores for key in scores]),
            weights,
            base_weights=wave.base_weights,
            calibration=wave.dummies(),
        ),
        measure,
    )

    for found in (from_tally, from_people):
        assert found.covariance is not None
        assert np.sqrt(np.diag(found.covariance)) == pytest.approx(theirs, abs=1e-10)
        assert found.se_method == "linearised, calibrated to the weighting targets"


def test_the_oracle_s_design_effects_and_intervals(oracle: dict[str, Any], wave: Sample) -> None:
    theirs = oracle["from_R"]["concern"]
    _, factors, _ = wave.weighed()
    tally = wave.tally([(f"prob_{t}", option) for t in TOPICS for option in "23"])
    totals = tally.totals(factors)

    for t, topic in enumerate(TOPICS):
        found = share(totals, {(f"prob_{topic}", "2"): 1, (f"prob_{topic}", "3"): 1})
        assert design_effect(found) == pytest.approx(theirs["wave1_problem_deff_wr"][t], rel=1e-9)
        assert (found.lower, found.upper) == pytest.approx(theirs["wave1_problem_ci_logit"][t], abs=1e-6)
        assert found.estimate is not None
        assert found.se is not None
        exact = korn_graubard_interval(found.estimate, found.se, found.effective_base, found.base, 119)
        assert exact == pytest.approx(theirs["wave1_problem_ci_beta"][t], abs=1e-9)


def test_a_stratified_sample_of_schools_has_the_published_mean_and_error(shared: Path) -> None:
    schools = pd.read_csv(shared / "data" / "survey" / "apistrat.csv")
    design = Design(strata=schools["stype"].to_numpy(object), population=schools["fpc"].to_numpy(float))
    totals = totals_of_respondents(
        {("api00", "value"): schools["api00"].to_numpy(float)}, schools["pw"].to_numpy(float), design=design
    )

    found = mean(totals, {("api00", "value"): 1})

    assert found.estimate == pytest.approx(662.29, abs=0.005)
    assert found.se == pytest.approx(9.4089, abs=5e-5)
    assert found.degrees == 197
    assert found.se_method.endswith("strata, finite population taken into account")


@laws
@given(seeds)
def test_cells_and_respondents_agree(seed: int) -> None:
    sample, measure = drawn_sample(seed), ratings()
    weighting, factors, weights = sample.weighed()
    tally = sample.tally([key for scores in measure.scores for key in scores], measure)
    calibrations = {False: (None, None), True: (weighting.calibration(), sample.dummies())}
    ward = [cell for cell in tally.cells if cell.endswith("|2")]

    for by_cell, by_person in calibrations.values():
        cells = concern_from_tally(tally, measure, factors, domain=ward, calibration=by_cell)
        people = concern_from_totals(
            totals_of_respondents(
                indicators(sample.answers, [key for scores in measure.scores for key in scores]),
                weights,
                domain=(sample.answers["ward"] == "2").to_numpy(),
                base_weights=sample.base_weights,
                calibration=by_person,
            ),
            measure,
        )
        assert cells.values == pytest.approx(people.values, abs=1e-9)
        assert cells.covariance == pytest.approx(people.covariance, abs=1e-9)
        assert cells.effective_bases == pytest.approx(people.effective_bases, rel=1e-9)
        assert cells.bases == pytest.approx(people.bases)


@laws
@given(seeds, st.floats(0.001, 1000))
def test_scaling_the_weights_changes_no_estimate(seed: int, scale: float) -> None:
    sample, measure = drawn_sample(seed), ratings()
    _, _, weights = sample.weighed()

    one, other = (concern_from_respondents(sample.answers, measure, w) for w in (weights, weights * scale))

    assert one.values == pytest.approx(other.values, rel=1e-9)
    assert one.covariance == pytest.approx(other.covariance, rel=1e-7, abs=1e-12)
    assert one.effective_bases == pytest.approx(other.effective_bases, rel=1e-9)


@laws
@given(seeds)
def test_the_order_of_respondents_does_not_matter(seed: int) -> None:
    sample, measure = drawn_sample(seed), ratings()
    _, _, weights = sample.weighed()
    order = np.random.default_rng(seed).permutation(len(weights))

    straight = concern_from_respondents(sample.answers, measure, weights)
    shuffled = concern_from_respondents(sample.answers.iloc[order], measure, weights[order])

    assert straight.values == pytest.approx(shuffled.values, rel=1e-12)
    assert straight.covariance == pytest.approx(shuffled.covariance, rel=1e-9, abs=1e-15)


def test_clusters_of_identical_answers_count_as_one_answer_each() -> None:
    answers = pd.DataFrame({"q": ["yes", "no", "yes", "yes"]})
    fourfold = answers.loc[answers.index.repeat(5)].reset_index(drop=True)
    units = np.repeat(np.arange(4), 5).astype(object)

    single = share(totals_of_respondents(indicators(answers, [("q", "yes")]), np.ones(4)), {("q", "yes"): 1})
    clustered = share(
        totals_of_respondents(indicators(fourfold, [("q", "yes")]), np.ones(20), design=Design(units=units)),
        {("q", "yes"): 1},
    )

    assert clustered.se == pytest.approx(single.se)
    assert (clustered.base, clustered.degrees) == (20, 3)


def test_a_whole_population_has_no_sampling_error() -> None:
    answers = pd.DataFrame({"q": ["yes", "no", "yes"]})
    totals = totals_of_respondents(indicators(answers, [("q", "yes")]), np.ones(3), design=Design(population=3.0))

    found = share(totals, {("q", "yes"): 1})

    assert (found.lower, found.se, found.upper) == (found.estimate, 0.0, found.estimate)


def test_a_stratum_with_one_primary_unit_is_refused_by_name() -> None:
    design = Design(strata=np.array(["north", "north", "south"], object))

    with pytest.raises(DesignError, match="Stratum south has a single primary unit"):
        totals_of_respondents({}, np.ones(3), design=design)


def test_a_sample_larger_than_its_population_is_refused() -> None:
    with pytest.raises(DesignError, match="more primary units in the sample"):
        totals_of_respondents({}, np.ones(3), design=Design(population=2.0))


def test_a_total_of_a_simple_sample_by_hand() -> None:
    # Five of ten say yes, each standing for 100: 500 people, se = 100 sqrt(10/9 x 10/4).
    totals = totals_of_respondents({("q", "yes"): np.array([1.0, 0.0] * 5)}, np.full(10, 100.0))

    found = total(totals, {("q", "yes"): 1})

    assert found.estimate == 500
    assert found.se == pytest.approx(100 * (10 / 9 * 2.5) ** 0.5)


def test_groups_of_one_sample_differ_with_their_covariance() -> None:
    yes, no = ("q", "yes"), ("q", "no")
    answers = pd.DataFrame({"q": ["yes", "no", "no", "yes", "yes"]})
    totals = totals_of_respondents(indicators(answers, [yes, no]), np.array([1.0, 2.0, 1.0, 1.0, 3.0]))
    pair = ratios(totals, laid_out(totals, [{yes: 1}, {no: 1}]), laid_out(totals, [{EVERYONE: 1}] * 2))

    apart, together = difference_within(pair, 0, 1), mean(totals, {yes: 1, no: -1})

    assert (apart.estimate, apart.se) == pytest.approx((together.estimate, together.se))


def test_nobody_in_the_base_gives_a_reason_and_no_figure() -> None:
    totals = totals_of_respondents({("q", "yes"): np.zeros(3)}, np.ones(3))

    found = share(totals, {("q", "yes"): 1}, among={("q", "yes"): 1})

    assert found.estimate is None
    assert found.reason == "Nobody answered."


def test_a_tally_that_counts_options_in_an_unknown_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="'b'"):
        Tally.from_counts({"a": [1, 1, 1]}, {"b": {("q", "yes"): [1, 1, 1]}})


def test_factors_that_lack_a_cell_are_refused() -> None:
    tally = Tally.from_counts({"a": [1, 1, 1]}, {"a": {("q", "yes"): [1, 1, 1]}})

    with pytest.raises(ValueError, match="No weight for the cell 'a'"):
        tally.totals({})


def test_a_tally_without_answers_estimates_nothing_and_does_not_fail() -> None:
    assert share(Tally.from_counts({}, {}).totals({}), {("q", "yes"): 1}).reason == "Nobody answered."


@laws
@given(st.floats(0.001, 0.999), st.floats(0.001, 0.2), st.floats(5, 500), st.floats(0.5, 0.99))
def test_intervals_hold_the_share_stay_in_range_and_mirror(p: float, se: float, n: float, level: float) -> None:
    low, high = share_interval(p, se, n, n, n - 1, level=level)
    mirrored = share_interval(1 - p, se, n, n, n - 1, level=level)

    assert 0 <= low <= p <= high <= 1
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-9)


def test_nobody_and_everybody_have_exact_intervals() -> None:
    # Clopper-Pearson with 0 of 40: the upper end is 1 - 0.025 ** (1 / 40).
    assert share_interval(0, 0, 40, 40, 39) == pytest.approx((0, 1 - 0.025 ** (1 / 40)))
    assert share_interval(1, 0, 40, 40, 39) == pytest.approx((0.025 ** (1 / 40), 1))


def test_the_exact_interval_takes_over_where_fewer_than_five_are_expected() -> None:
    assert share_interval(0.09, 0.03, 50, 50, 49) == korn_graubard_interval(0.09, 0.03, 50, 50, 49)
    assert share_interval(0.11, 0.03, 50, 50, 49) == logit_interval(0.11, 0.03, 49)


def test_clusters_widen_the_exact_interval_for_lost_degrees_of_freedom() -> None:
    few, many = korn_graubard_interval(0.5, 0.05, 100, 100, 9), korn_graubard_interval(0.5, 0.05, 100, 100, 99)

    assert few[0] < many[0]
    assert few[1] > many[1]


def test_a_published_share_without_a_base_has_no_interval_and_says_why() -> None:
    found = published_share(0.77, None)

    assert (found.estimate, found.se, found.lower) == (0.77, None, None)
    assert found.reason == "No base was published, so this cannot be tested."


def test_a_published_share_with_a_base_has_that_of_a_simple_sample() -> None:
    found = published_share(0.646, 214)

    assert found.se == pytest.approx((0.646 * 0.354 / 213) ** 0.5)
    assert found.base == 214
