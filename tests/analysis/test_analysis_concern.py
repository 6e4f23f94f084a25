"""Concern: R's measures and covariances, the index, councils, printed orders, themes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from analysis_samples import TOPICS, Sample, drawn_sample, laws, mentions, oracle_councils, oracle_sample, ratings
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.concern import (
    MEAN_RATING,
    MENTION_SHARE,
    PROBLEM_SHARE,
    RANK_POINTS,
    Concern,
    Measure,
    concern_from_order,
    concern_from_respondents,
    concern_from_shares,
    concern_from_tally,
    concern_index,
    concern_measure,
    concern_of_councils,
    to_themes,
)
from csp_consult.analysis.totals import ANSWERED, Tally

RATED = {str(r): r / 3 for r in range(4)}
seeds = st.integers(0, 10_000)


def keys(measure: Measure) -> list[tuple[str, str]]:
    scored = [key for scores in measure.scores for key in scores]
    return list(dict.fromkeys([*scored, *measure.answered]))


def from_tally(sample: Sample, measure: Measure) -> Concern:
    return concern_from_tally(sample.tally(keys(measure), measure), measure, sample.weighed()[1])


@pytest.fixture(scope="module")
def margins(oracle_folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((oracle_folder / "margins.json").read_text())
    return found


@pytest.mark.parametrize(
    ("wave", "name", "measure"),
    [
        ("wave1", "wave1_problem", ratings()),
        ("wave1", "wave1_mean_rating", ratings(kind=MEAN_RATING, scores=RATED)),
        ("wave1", "wave1_mention", mentions()),
        ("wave1", "wave1_ranked_points", mentions(kind=RANK_POINTS)),
        ("wave2", "wave2_problem", ratings()),
    ],
)
def test_the_oracle_s_concern_from_a_tally_and_from_respondents(
    oracle: dict[str, Any], oracle_folder: Path, margins: dict[str, Any], wave: str, name: str, measure: Measure
) -> None:
    theirs = oracle["from_R"]["concern"][name]
    sample = oracle_sample(oracle_folder, wave, margins)

    for found in (
        from_tally(sample, measure),
        concern_from_respondents(sample.answers, measure, sample.weighed()[2]),
    ):
        assert found.topics == TOPICS
        assert found.values == pytest.approx(theirs["est"], abs=1e-10)
        assert found.covariance == pytest.approx(np.array(theirs["vcov"]), abs=1e-10)


def test_with_r_s_own_weights_the_numbers_agree_to_1e_12(oracle: dict[str, Any], oracle_folder: Path) -> None:
    weights = np.array(oracle["from_R"]["rake"]["link_age_sex"]["weights"])
    theirs = oracle["from_R"]["concern"]["link_mention"]

    found = concern_from_respondents(pd.read_csv(oracle_folder / "link.csv", dtype=str), mentions(), weights)

    assert found.values == pytest.approx(theirs["est"], abs=1e-12)
    assert found.covariance == pytest.approx(np.array(theirs["vcov"]), abs=1e-12)


def test_the_oracle_s_councils_are_a_finite_population(oracle: dict[str, Any], oracle_folder: Path) -> None:
    theirs = oracle["from_R"]["concern"]["parish"]

    found = oracle_councils(oracle_folder)

    assert found.values == pytest.approx(theirs["est"], abs=1e-12)
    assert found.covariance == pytest.approx(np.array(theirs["vcov"]), abs=1e-12)
    assert [found.base, found.effective_base] == pytest.approx([theirs["n"], theirs["n_eff"]])


def test_the_oracle_s_index(oracle: dict[str, Any], oracle_folder: Path, margins: dict[str, Any]) -> None:
    theirs = oracle["from_R"]["concern"]["wave1_index"]

    index, covariance = concern_index(from_tally(oracle_sample(oracle_folder, "wave1", margins), ratings()))

    assert index == pytest.approx(theirs["est"], abs=1e-8)
    assert covariance is not None
    assert np.sqrt(np.diag(covariance)) == pytest.approx(theirs["se"], abs=1e-9)


def test_dont_know_is_outside_a_topic_s_base_and_inside_the_source_s() -> None:
    answers = pd.DataFrame({"prob_asb": ["3", "0", "dont_know", "2"], "prob_drugs": ["1", "2", "3", "3"]})

    found = concern_from_respondents(answers, ratings(["asb", "drugs"]), np.ones(4))

    assert found.values == pytest.approx([2 / 3, 3 / 4])
    assert list(found.bases) == [3, 4]
    assert found.base == 4


def test_all_councils_answering_leaves_no_sampling_error() -> None:
    answers = pd.DataFrame({"prob_asb": ["3", "0"], "prob_drugs": ["1", "2"]})

    found = concern_of_councils(answers, ratings(["asb", "drugs"]), councils=2)

    assert found.exhausted
    assert found.covariance == pytest.approx(np.zeros((2, 2)))


@laws
@given(seeds)
def test_the_index_averages_100_and_its_errors_cancel(seed: int) -> None:
    sample = drawn_sample(seed)

    index, covariance = concern_index(concern_from_respondents(sample.answers, ratings(), sample.base_weights))

    assert index.mean() == pytest.approx(100)
    assert covariance is not None
    assert covariance.sum(axis=0) == pytest.approx(np.zeros(len(TOPICS)), abs=1e-9)


@laws
@given(seeds, st.permutations(TOPICS))
def test_concern_does_not_depend_on_the_order_of_topics(seed: int, topics: list[str]) -> None:
    sample = drawn_sample(seed)

    straight = concern_from_respondents(sample.answers, ratings(), sample.base_weights)
    permuted = concern_from_respondents(sample.answers, ratings(topics), sample.base_weights)
    back = [permuted.topics.index(topic) for topic in TOPICS]

    assert permuted.values[back] == pytest.approx(straight.values)
    assert permuted.covariance is not None
    assert permuted.covariance[np.ix_(back, back)] == pytest.approx(straight.covariance, abs=1e-12)


@laws
@given(seeds, st.sampled_from([MENTION_SHARE, RANK_POINTS]))
def test_mentions_agree_where_some_options_are_no_topic(seed: int, kind: str) -> None:
    # Options 5 and 6 stand for *something else*: they show an answer but are no topic.
    sample = drawn_sample(seed)
    answered = [("top1", str(i)) for i in range(1, 7)]
    measure = mentions(TOPICS[:4], kind=kind, answered=answered)
    _, factors, weights = sample.weighed()

    cells = concern_from_tally(sample.tally(keys(measure), measure), measure, factors)
    people = concern_from_respondents(sample.answers, measure, weights)

    assert cells.values == pytest.approx(people.values, abs=1e-9)
    assert cells.covariance == pytest.approx(people.covariance, abs=1e-9)


def test_ticking_any_number_has_everybody_who_answered_as_its_base() -> None:
    # Of four people, three answered; two ticked asb, one of them drugs as well, one nothing on the list.
    counts = {("q", ANSWERED): [3, 3, 3], ("q", "asb"): [2, 2, 2], ("q", "drugs"): [1, 1, 1]}
    # The squares and products of (asb, drugs, answered), added up over the four.
    products = np.array([[2.0, 1.0, 2.0, 1.0, 1.0, 3.0]])
    values = {("q", "asb"): ("asb", 1.0), ("q", "drugs"): ("drugs", 1.0)}
    measure = concern_measure(MENTION_SHARE, values, answered=[("q", ANSWERED)], question="q")

    found = concern_from_tally(Tally.from_counts({"a": [4, 4, 4]}, {"a": counts}, {"q": products}), measure, {"a": 1.0})

    # By hand, with residuals of the three who answered: (1/3, 2/3), (1/3, -1/3), (-2/3, -1/3), over 3.
    assert found.values == pytest.approx([2 / 3, 1 / 3])
    assert found.covariance == pytest.approx(4 / 3 * np.array([[6, 3], [3, 6]]) / 81)
    assert list(found.bases) == [3, 3]


def test_a_printed_order_is_rank_points_without_error_and_the_rest_it_asked_is_nought() -> None:
    found = concern_from_order(["asb", "speeding", "drugs"], ["burglary"])

    assert found.topics == ("asb", "speeding", "drugs", "burglary")
    assert found.values == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert found.covariance is None


def test_a_printed_table_has_the_error_of_a_simple_sample_when_its_base_is_known() -> None:
    with_base = concern_from_shares(PROBLEM_SHARE, {"asb": 0.5, "drugs": 0.2}, 101)
    without = concern_from_shares(PROBLEM_SHARE, {"asb": 0.5, "drugs": 0.2}, None)

    assert with_base.covariance == pytest.approx(np.diag([0.0025, 0.0016]))
    assert without.covariance is None
    assert without.base == 0


def test_themes_average_ratings_and_add_mentions() -> None:
    themes = {"speeding": "road-safety", "parking": "road-safety"}
    rated = concern_from_shares(PROBLEM_SHARE, {"speeding": 0.6, "parking": 0.2, "asb": 0.5}, 101)
    named = concern_from_shares(MENTION_SHARE, {"speeding": 0.6, "parking": 0.2, "asb": 0.5}, 101)

    assert to_themes(rated, themes).topics == ("road-safety", "asb")
    assert to_themes(rated, themes).values == pytest.approx([0.4, 0.5])
    assert to_themes(named, themes).values == pytest.approx([0.8, 0.5])
    assert to_themes(rated, themes).covariance == pytest.approx(np.diag([(0.0024 + 0.0016) / 4, 0.0025]))


def test_no_mention_at_all_gives_no_index() -> None:
    index, covariance = concern_index(concern_from_shares(MENTION_SHARE, {"asb": 0.0, "drugs": 0.0}, 50))

    assert np.isnan(index).all()
    assert covariance is None
