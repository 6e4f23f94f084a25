"""The blend: its weights, its numbers, where its order turns, and the plan's own case."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from analysis_samples import TOPICS, drawn_sample, laws, mentions, oracle_councils, oracle_sample, ratings
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.analysis.blend import (
    INSTITUTIONS,
    RESIDENTS,
    Blend,
    BlendError,
    BlendSource,
    Side,
    blend,
    robustness,
    source_weights,
)
from csp_consult.analysis.concern import (
    MENTION_SHARE,
    PROBLEM_SHARE,
    concern_from_order,
    concern_from_respondents,
    concern_from_shares,
)
from csp_consult.analysis.ranks import index_figures, rank_concern

seeds = st.integers(0, 10_000)
weights = st.floats(0, 1)

# The plan as printed: the police survey puts ASB first, the parishes put it third.
LINK = BlendSource(
    "Neighbourhood Link",
    RESIDENTS,
    concern_from_order(["asb", "road-safety", "drugs"], ["burglary", "vehicle-crime"]),
    0.5,
)
PARISHES = BlendSource(
    "Parish councils", INSTITUTIONS, concern_from_order(["road-safety", "acquisitive-crime", "asb"], [])
)
THEMES = {"drugs": "asb", "burglary": "acquisitive-crime", "vehicle-crime": "acquisitive-crime"}
TITLES = {"asb": "anti-social behaviour", "road-safety": "road safety", "acquisitive-crime": "acquisitive crime"}


@pytest.fixture(scope="module")
def oracle_sources(oracle: dict[str, Any], oracle_folder: Path) -> list[BlendSource]:
    margins = json.loads((oracle_folder / "margins.json").read_text())
    wave = oracle_sample(oracle_folder, "wave1", margins)
    link = pd.read_csv(oracle_folder / "link.csv", dtype=str)
    link_weights = np.array(oracle["from_R"]["rake"]["link_age_sex"]["weights"])
    return [
        BlendSource("residents", RESIDENTS, concern_from_respondents(wave.answers, ratings(), wave.weighed()[2])),
        BlendSource("link", RESIDENTS, concern_from_respondents(link, mentions(), link_weights), 0.5),
        BlendSource("parish", INSTITUTIONS, oracle_councils(oracle_folder)),
    ]


@pytest.fixture(scope="module")
def combined(oracle_sources: list[BlendSource]) -> Blend:
    return blend(oracle_sources)


def test_the_oracle_s_source_weights_and_indices(oracle: dict[str, Any], combined: Blend) -> None:
    theirs = oracle["combined"]

    for share in combined.shares:
        assert share.weight == pytest.approx(theirs["source_weights"][share.name], abs=1e-9)
        assert share.index == pytest.approx(theirs["index"][share.name], abs=1e-8)
        assert share.effective_base == pytest.approx(theirs["n_eff"][share.name], rel=1e-9)


def test_the_oracle_s_blended_index_and_its_covariance(oracle: dict[str, Any], combined: Blend) -> None:
    theirs = oracle["combined"]
    figures = {topic.topic: topic.index for topic in combined.ranking.topics}
    back = [combined.ranking.order().index(topic) for topic in TOPICS]

    assert [figures[t].estimate for t in TOPICS] == pytest.approx(theirs["combined_index"], abs=1e-8)
    assert [figures[t].se for t in TOPICS] == pytest.approx(theirs["combined_se"], abs=1e-9)
    assert combined.ranking.covariance[np.ix_(back, back)] * (100 * len(TOPICS)) ** 2 == pytest.approx(
        np.array(theirs["combined_vcov"]), abs=1e-8
    )


def test_the_oracle_s_blended_ranks(oracle: dict[str, Any], combined: Blend) -> None:
    found = {topic.topic: topic for topic in combined.ranking.topics}

    assert [found[t].rank for t in TOPICS] == oracle["combined"]["rank"]
    assert [[found[t].rank_lower, found[t].rank_upper] for t in TOPICS] == oracle["rank_intervals"]["combined_index"][
        "simultaneous_95_holm"
    ]


def test_the_oracle_s_crossings_and_orders_over_every_institution_weight(
    oracle: dict[str, Any], combined: Blend
) -> None:
    theirs = oracle["combined"]

    assert [{c.above_before, c.above_after} for c in combined.crossings] == [
        set(change["pair"]) for change in theirs["order_changes"]
    ]
    assert [c.institution_weight for c in combined.crossings] == pytest.approx(
        [change["lambda_institutions_at_tie"] for change in theirs["order_changes"]], abs=1e-9
    )
    for weight, ranks in theirs["rank_by_institution_weight"].items():
        held = next(one for one in combined.orders if one.lowest <= float(weight) <= one.highest)
        assert [held.order.index(topic) + 1 for topic in TOPICS] == ranks


def test_the_oracle_s_leave_one_out_and_mean_ranks(oracle: dict[str, Any], combined: Blend) -> None:
    theirs = oracle["combined"]

    for left in combined.left_out:
        assert [left.order.index(topic) + 1 for topic in TOPICS] == theirs["leave_one_out_rank"][left.name]
    assert [combined.mean_rank[topic] for topic in TOPICS] == pytest.approx(theirs["borda_mean_rank"], abs=1e-9)


@laws
@given(seeds, st.sampled_from([RESIDENTS, INSTITUTIONS]), weights)
def test_a_blend_of_one_source_is_that_source(seed: int, side: Side, institution_weight: float) -> None:
    sample = drawn_sample(seed)
    concern = concern_from_respondents(sample.answers, ratings(), sample.base_weights)
    alone = rank_concern(concern, hidden_below=0, indicative_below=0)

    found = blend([BlendSource("one", side, concern)], institution_weight=institution_weight)

    assert found.ranking.topics == alone.topics
    assert found.ranking.covariance == pytest.approx(alone.covariance)


@laws
@given(weights, st.lists(st.floats(1, 1000), min_size=1, max_size=4), st.lists(st.floats(1, 1000), max_size=3))
def test_source_weights_add_to_one_and_each_side_has_its_own(
    institution_weight: float, residents: list[float], councils: list[float]
) -> None:
    def on_side(side: Side, bases: list[float]) -> list[BlendSource]:
        concerns = [concern_from_shares(PROBLEM_SHARE, {"asb": 0.5}, round(base)) for base in bases]
        return [BlendSource(f"{side} {i}", side, concern) for i, concern in enumerate(concerns)]

    sources = on_side(RESIDENTS, residents) + on_side(INSTITUTIONS, councils)

    omegas = source_weights(sources, institution_weight)

    assert omegas.sum() == pytest.approx(1)
    if councils:
        assert omegas[len(residents) :].sum() == pytest.approx(institution_weight)


def test_a_source_without_a_base_counts_as_the_smallest_of_its_side() -> None:
    sources = [
        BlendSource("large", RESIDENTS, concern_from_shares(PROBLEM_SHARE, {"asb": 0.5}, 300)),
        BlendSource("small", RESIDENTS, concern_from_shares(PROBLEM_SHARE, {"asb": 0.5}, 100)),
        BlendSource("unknown", RESIDENTS, concern_from_order(["asb"], [])),
    ]

    assert source_weights(sources, 0.25) == pytest.approx([0.6, 0.2, 0.2])


def test_the_plan_s_own_case_comes_out_readable() -> None:
    found = blend([LINK, PARISHES], themes=THEMES)

    assert found.level == "theme"
    assert found.ranking.order() == ["asb", "road-safety", "acquisitive-crime"]
    assert robustness(found, TITLES) == (
        "Neighbourhood Link puts anti-social behaviour 1st, Parish councils 3rd. "
        "The order anti-social behaviour, road safety, acquisitive crime holds while institutions weigh between "
        "0% and 50%. Leaving out Neighbourhood Link changes it."
    )
    assert found.notes[0] == "No source has a sampling error, so the blend has no interval."
    assert {topic.index.se for topic in found.ranking.topics} == {None}


def test_a_topic_that_a_source_did_not_ask_about_is_not_asked_and_never_zero() -> None:
    asked = {"asb": 0.5, "drugs": 0.3, "speeding": 0.7}
    sources = [
        BlendSource("first", RESIDENTS, concern_from_shares(PROBLEM_SHARE, {**asked, "parking": 0.9}, 200)),
        BlendSource("second", RESIDENTS, concern_from_shares(PROBLEM_SHARE, asked, 200)),
    ]

    found = blend(sources)

    assert found.level == "topic"
    assert found.not_asked == {"parking": ("second",)}
    assert set(found.ranking.order()) == set(asked)


def test_the_interval_covers_only_sources_that_have_one_and_says_so() -> None:
    measured = BlendSource(
        "Safety survey",
        RESIDENTS,
        concern_from_shares(MENTION_SHARE, {"asb": 0.6, "road-safety": 0.5, "acquisitive-crime": 0.2}, 200),
    )

    found = blend([measured, PARISHES])

    assert found.ranking.topics[0].index.se is not None
    assert [share.order_only for share in found.shares] == [False, True]
    assert found.notes[0] == "The interval covers only the sources that have one, so not Parish councils."


@laws
@given(seeds, weights)
def test_the_order_at_any_weight_is_the_one_listed_for_it(seed: int, weight: float) -> None:
    one, other = (drawn_sample(s) for s in (seed, seed + 1))
    sources = [
        BlendSource("r", RESIDENTS, concern_from_respondents(one.answers, ratings(), one.base_weights)),
        BlendSource("i", INSTITUTIONS, concern_from_respondents(other.answers, mentions(), other.base_weights)),
    ]

    found = blend(sources, institution_weight=weight)

    if all(abs(weight - crossing.institution_weight) > 1e-9 for crossing in found.crossings):
        held = next(one for one in found.orders if one.lowest <= weight <= one.highest)
        assert list(held.order) == found.ranking.order()
    assert (found.orders[0].lowest, found.orders[-1].highest) == (0.0, 1.0)


def test_an_order_that_nothing_upsets_is_called_so() -> None:
    same = {"asb": 0.6, "drugs": 0.4, "speeding": 0.2}
    sources = [
        BlendSource("r", RESIDENTS, concern_from_shares(PROBLEM_SHARE, same, 200)),
        BlendSource("i", INSTITUTIONS, concern_from_shares(PROBLEM_SHARE, same, 90)),
    ]

    assert robustness(blend(sources)) == (
        "Every source puts asb 1st. The order asb, drugs, speeding holds whatever weight institutions are given. "
        "Leaving out any one source does not change it."
    )
    assert robustness(blend(sources[:1])) == "There is one source, so there is nothing to compare it with."


def test_sources_without_common_ground_are_refused() -> None:
    apart = [
        BlendSource("r", RESIDENTS, concern_from_order(["asb", "drugs"], [])),
        BlendSource("i", INSTITUTIONS, concern_from_order(["parking", "speeding"], [])),
    ]

    with pytest.raises(BlendError, match="fewer than two topics or themes in common"):
        blend(apart)
    with pytest.raises(BlendError, match="no source"):
        blend([])


def test_a_source_that_names_nothing_common_is_refused_by_name() -> None:
    silent = BlendSource("Silent", RESIDENTS, concern_from_order([], ["asb", "drugs", "speeding"]))
    spoken = BlendSource("Spoken", RESIDENTS, concern_from_order(["asb", "drugs", "speeding"], []))

    with pytest.raises(BlendError, match="Silent names none"):
        blend([silent, spoken])


def test_the_index_of_every_source_averages_100_over_the_topics_compared(combined: Blend) -> None:
    assert [np.mean(share.index) for share in combined.shares] == pytest.approx([100] * 3)


def test_index_figures_of_a_blend_and_of_its_only_source_agree_by_hand() -> None:
    concern = concern_from_shares(PROBLEM_SHARE, {"asb": 0.6, "drugs": 0.3, "speeding": 0.3}, 101)

    assert [figure.estimate for figure in index_figures(concern)] == pytest.approx([150, 75, 75])
