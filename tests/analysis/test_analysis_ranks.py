"""Rank intervals, ties, and what is not ranked."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from analysis_samples import TOPICS, drawn_sample, laws, ratings
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.concern import (
    PROBLEM_SHARE,
    concern_from_order,
    concern_from_respondents,
    concern_from_shares,
)
from csp_consult.analysis.ranks import holm, ordinal, rank_concern, rank_in_words, rank_intervals, tie_groups

seeds = st.integers(0, 10_000)


def test_three_topics_by_hand() -> None:
    # z of the pairs: 0.5/0.1414 = 3.54, 0.6/0.1414 = 4.24, 0.1/0.1414 = 0.71.
    lower, upper = rank_intervals(np.array([0.9, 0.4, 0.3]), np.eye(3) * 0.01)

    assert list(zip(lower, upper, strict=True)) == [(1, 1), (2, 3), (2, 3)]


def test_topics_that_move_together_are_told_apart_where_independent_ones_are_not() -> None:
    values, apart = np.array([0.6, 0.5]), np.eye(2) * 0.0025
    together = np.full((2, 2), 0.0024) + np.eye(2) * 0.0001

    assert list(rank_intervals(values, apart)[1]) == [2, 2]
    assert list(rank_intervals(values, together)[1]) == [1, 2]


@pytest.mark.parametrize("source", ["residents_problem", "combined_index"])
def test_the_oracle_s_rank_sets(oracle: dict[str, Any], source: str) -> None:
    theirs = oracle["rank_intervals"][source]
    residents = oracle["from_R"]["concern"]["wave1_problem"]
    combined = oracle["combined"]
    values, covariance = (
        (residents["est"], residents["vcov"])
        if source == "residents_problem"
        else (combined["combined_index"], combined["combined_vcov"])
    )

    lower, upper = rank_intervals(np.array(values), np.array(covariance))

    assert [list(pair) for pair in zip(lower, upper, strict=True)] == theirs["simultaneous_95_holm"]
    assert theirs["simultaneous_95_holm"] == oracle["rank_intervals"]["csranks_R"][source]["simultaneous"]


def test_the_oracle_s_holm(oracle: dict[str, Any]) -> None:
    p_values = np.array([row[4] for row in oracle["waves"]["rows"]])

    assert holm(p_values) == pytest.approx(oracle["waves"]["holm_R"], abs=1e-12)


def test_holm_by_hand_and_on_nothing() -> None:
    assert holm(np.array([0.04, 0.01, 0.03])) == pytest.approx([0.06, 0.03, 0.06])
    assert len(holm(np.array([]))) == 0


@laws
@given(seeds)
def test_every_rank_lies_in_its_interval_and_ties_are_mutual(seed: int) -> None:
    sample = drawn_sample(seed)

    found = rank_concern(concern_from_respondents(sample.answers, ratings(), sample.base_weights))

    ties = {topic.topic: topic.ties_with for topic in found.topics}
    for topic in found.topics:
        assert topic.rank_lower <= topic.rank <= topic.rank_upper
        assert all(topic.topic in ties[other] for other in topic.ties_with)
    for group in tie_groups(found):
        assert all(other in ties[topic] for topic in group for other in group if other != topic)


@laws
@given(seeds, st.permutations(TOPICS))
def test_the_ranking_does_not_depend_on_the_order_of_options(seed: int, topics: list[str]) -> None:
    sample = drawn_sample(seed)

    straight, permuted = (
        rank_concern(concern_from_respondents(sample.answers, ratings(order), sample.base_weights))
        for order in (TOPICS, topics)
    )

    assert straight.order() == permuted.order()
    assert [(t.rank_lower, t.rank_upper) for t in straight.topics] == [
        (t.rank_lower, t.rank_upper) for t in permuted.topics
    ]
    assert straight.covariance == pytest.approx(permuted.covariance, abs=1e-12)


def test_equal_topics_share_a_rank_in_the_order_of_their_names() -> None:
    found = rank_concern(concern_from_shares(PROBLEM_SHARE, {"speeding": 0.5, "asb": 0.5, "drugs": 0.1}, 200))

    assert [(topic.topic, topic.rank) for topic in found.topics] == [("asb", 1), ("speeding", 1), ("drugs", 3)]


def test_a_source_below_the_least_effective_base_is_refused_with_the_reason() -> None:
    found = rank_concern(concern_from_shares(PROBLEM_SHARE, {"asb": 0.5, "drugs": 0.1}, 29))

    assert found.topics == ()
    assert found.reason == "Not shown: the effective base is under 30."


def test_a_topic_on_which_too_few_answered_is_left_out_and_named() -> None:
    concern = concern_from_shares(PROBLEM_SHARE, {"asb": 0.5, "drugs": 0.1, "parking": 0.9}, 200)
    thin = replace(concern, effective_bases=np.array([200.0, 200.0, 12.0]))

    found = rank_concern(thin)

    assert found.order() == ["asb", "drugs"]
    assert found.left_out == ("parking",)


def test_bases_from_30_to_100_are_marked_indicative() -> None:
    small = rank_concern(concern_from_shares(PROBLEM_SHARE, {"asb": 0.5, "drugs": 0.1}, 99))
    large = rank_concern(concern_from_shares(PROBLEM_SHARE, {"asb": 0.5, "drugs": 0.1}, 100))

    assert all(topic.concern.indicative and topic.index.indicative for topic in small.topics)
    assert not any(topic.concern.indicative or topic.index.indicative for topic in large.topics)


def test_a_printed_order_ranks_but_tells_nothing_apart() -> None:
    found = rank_concern(concern_from_order(["asb", "speeding", "drugs"], []))

    assert found.order() == ["asb", "speeding", "drugs"]
    assert {(topic.rank_lower, topic.rank_upper) for topic in found.topics} == {(1, 3)}
    assert found.topics[0].concern.se is None
    assert found.topics[0].concern.reason == "No base was published, so this cannot be tested."


def test_nobody_naming_anything_is_no_ranking() -> None:
    found = rank_concern(concern_from_shares(PROBLEM_SHARE, {"asb": 0.0, "drugs": 0.0}, 200))

    assert (found.topics, found.reason) == ((), "Not shown: nobody named a concern.")


def test_thin_bases_on_every_topic_are_not_said_to_be_nobody() -> None:
    whole = concern_from_shares(PROBLEM_SHARE, {"asb": 0.4, "drugs": 0.2}, 200)
    thin = replace(whole, effective_bases=np.array([12.0, 20.0]))

    found = rank_concern(thin)

    assert (found.topics, found.reason) == ((), "Not shown: the effective base of every topic is under 30.")


def test_ranks_in_words() -> None:
    ranking = rank_concern(concern_from_shares(PROBLEM_SHARE, {"a": 0.9, "b": 0.5, "c": 0.48, "d": 0.47}, 200))

    assert [rank_in_words(topic) for topic in ranking.topics] == ["1st", "2nd to 4th", "2nd to 4th", "2nd to 4th"]
    assert tie_groups(ranking) == [("b", "c", "d")]
    assert [ordinal(n) for n in (3, 11, 12, 13, 21, 22, 101, 111)] == [
        *("3rd", "11th", "12th", "13th", "21st", "22nd", "101st", "111th")
    ]
