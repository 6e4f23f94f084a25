"""Weights reproduce the population, say what they did, and can be made again."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from findings_world import TODAY, World
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.targets import default_targets, targets_of_file
from csp_consult.findings.weighting import WeightingOptions, rerun, store_run, weigh, weighed
from csp_consult.places.models import Population


def test_weighted_shares_are_those_of_the_population(crowd: World) -> None:
    found = weigh(crowd.session, crowd.residents)

    assert found.summary.converged
    assert sum(margin.population or 0 for margin in found.margins if margin.variable == "area") == 70_000
    for margin in found.margins:
        assert margin.weighted_share == pytest.approx(margin.target_share, abs=1e-11)


def test_a_ward_counts_by_its_people_not_by_its_answers(crowd: World) -> None:
    wards = [margin for margin in weigh(crowd.session, crowd.residents).margins if margin.variable == "area"]

    assert [ward.title for ward in wards] == ["Ward W1", "Ward W2", "Ward W3", "Ward W4"]
    assert wards[3].target_share == pytest.approx(24.5 / 70)


def test_thin_wards_are_weighted_with_their_beat_and_it_is_said(world: World) -> None:
    for i in range(90):
        world.answer(age="25-34", sex=("male", "female")[i % 2], ward="W1" if i % 3 == 0 else "W3")
    world.answer(age="25-34", sex="male", ward="W2")
    world.answer(age="25-34", sex="male", ward="W4")

    merges = weigh(world.session, world.residents).summary.merges

    assert "area: Ward W1 + Ward W2 weighted together." in merges
    assert "area: Ward W3 + Ward W4 weighted together." in merges


def test_people_who_did_not_say_keep_their_share_and_it_is_said(crowd: World) -> None:
    for _ in range(60):
        crowd.answer(age="16-24", sex="pns", ward="pns")

    found = weigh(crowd.session, crowd.residents)
    withheld = next(margin for margin in found.margins if margin.title == "not said" and margin.variable == "area")

    assert withheld.population is None
    assert withheld.weighted_share == pytest.approx(60 / 300)
    assert any("has no target and keeps its 20.0% of the sample" in sentence for sentence in found.kept_share)


def test_people_from_outside_are_counted_apart(crowd: World) -> None:
    crowd.answer(connection="work", age="16-24", sex="male")

    found = weigh(crowd.session, crowd.residents)

    assert (found.outside, found.summary.base) == (1, 240)


def test_a_stored_run_can_be_made_again_to_the_same_numbers(crowd: World) -> None:
    made = weighed(crowd.session, crowd.residents, options=WeightingOptions(cap=2, least=30))
    run = store_run(crowd.session, crowd.residents, made, TODAY)
    crowd.session.flush()
    crowd.session.expire(run)

    again = rerun(crowd.session, run)

    assert again.factors == run.result["factors"]
    assert again.summary.effective_base == run.result["effective_base"]


def test_a_stored_run_does_not_follow_a_later_census(crowd: World) -> None:
    made = weighed(crowd.session, crowd.residents)
    run = store_run(crowd.session, crowd.residents, made, TODAY)
    for row in crowd.session.query(Population).where(Population.area_code == "W1"):
        row.persons += 1_000
    crowd.session.flush()

    assert rerun(crowd.session, run).factors == made.finding.factors
    assert weigh(crowd.session, crowd.residents).factors != made.finding.factors


def test_a_stored_run_is_not_passed_off_once_answers_changed(crowd: World) -> None:
    run = store_run(crowd.session, crowd.residents, weighed(crowd.session, crowd.residents), TODAY)
    crowd.answer(age="16-24", sex="male", ward="W1")

    with pytest.raises(FindingError, match="has changed since it was weighted on 1 October 2022"):
        rerun(crowd.session, run)


def test_councils_are_not_weighted_like_residents(world: World) -> None:
    with pytest.raises(FindingError, match="only residents' waves are weighted"):
        weigh(world.session, world.councils)


def test_targets_of_a_file_take_the_place_of_the_districts_own(crowd: World) -> None:
    targets = targets_of_file("source: my count\nas_at: 2021-03-21\nsex: {female: 300, male: 100}\n", "targets.yaml")

    found = weigh(crowd.session, crowd.residents, targets=targets)

    assert [margin.weighted_share for margin in found.margins] == pytest.approx([0.75, 0.25])
    assert found.summary.description.startswith("Weighted to sex (my count, 21 March 2021)")


def test_a_target_that_nobody_meets_names_it_and_says_what_to_do(crowd: World) -> None:
    targets = targets_of_file("sex: {female: 300, male: 100, both: 5}", "targets.yaml")

    with pytest.raises(NotYetError, match=r"sex: nobody in the sample is both.*Merge it with"):
        weigh(crowd.session, crowd.residents, options=WeightingOptions(least=0), targets=targets)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sex: [1, 2]", "must be {category: population}"),
        ("colour: {red: 1}", "weights by 'colour'; a wave is weighted by age, sex, area"),
        ("sex: {male: many}", "needs a population, not 'many'"),
        ("as_at: soon\nsex: {male: 1}", "must be a date such as 2020-06-30"),
        ("sex: {male: 1", "cannot be read as YAML"),
        ("- sex", "Targets are lines of"),
    ],
)
def test_a_faulty_targets_file_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(FindingError, match=message):
        targets_of_file(text, "targets.yaml")


@given(st.text(max_size=60))
def test_no_targets_file_brings_anything_but_targets_or_words(text: str) -> None:
    with suppress(FindingError):
        assert targets_of_file(text, "targets.yaml")


def test_targets_survive_being_stored(world: World) -> None:
    for target in default_targets(world.session, date(2022, 1, 1)):
        assert type(target).from_document(target.document()) == target
        assert type(target).from_document(replace(target, as_at=None).document()).as_at is None
