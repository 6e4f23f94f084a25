"""Fieldwork progress holds answers against people, and says where ten more would help."""

import pytest
from findings_world import World

from csp_consult.findings.fieldwork_progress import progress
from csp_consult.parishes.models import ParishDraft
from csp_consult.people.models import User


def test_every_group_is_held_against_its_people(crowd: World) -> None:
    found = progress(crowd.session, crowd.residents)
    by_variable = {group.variable: [g for g in found.groups if g.variable == group.variable] for group in found.groups}

    assert list(by_variable) == ["age", "sex", "age x sex", "area"]
    assert [len(groups) for groups in by_variable.values()] == [7, 2, 14, 4]
    for groups in by_variable.values():
        assert sum(group.responses or 0 for group in groups) == 240
        assert sum(group.population for group in groups) == 70_000
        assert sum(group.population_share for group in groups) == pytest.approx(1)


def test_ten_more_of_the_group_heard_least_help_the_most(world: World) -> None:
    for i in range(160):
        ward = "W1" if i < 100 else ("W2", "W3", "W4")[i % 3]
        world.answer(age="25-34", sex=("male", "female")[i % 2], ward=ward)

    wards = {g.category: g for g in progress(world.session, world.residents).groups if g.variable == "area"}

    def gain(ward: str) -> float:
        return wards[ward].effective_base_with_ten_more or 0

    assert max(wards, key=gain) == "W4"
    assert min(wards, key=gain) == "W1"


def test_people_from_outside_and_people_who_did_not_say_are_told_apart(crowd: World) -> None:
    crowd.answer(connection="work", age="16-24", sex="male")
    crowd.answer(age="pns", sex="male", ward="W1")

    found = progress(crowd.session, crowd.residents)

    assert (found.responses, found.outside, found.unknown) == (242, 1, 1)


def test_a_handful_of_answers_is_not_counted_out(world: World) -> None:
    for _ in range(3):
        world.answer(age="75+", sex="male", ward="W4")
    for i in range(60):
        world.answer(age=("25-34", "45-54")[i % 2], sex=("male", "female")[i // 2 % 2], ward=("W1", "W2", "W3")[i % 3])

    groups = {group.category: group for group in progress(world.session, world.residents).groups}

    assert (groups["W4"].responses, groups["W4"].response_share) == (None, None)
    assert (groups["75+"].responses, groups["16-24"].responses, groups["W1"].responses) == (None, 0, 20)


def test_before_the_first_answer_the_groups_are_there_and_the_effective_base_is_not(world: World) -> None:
    found = progress(world.session, world.residents)

    assert (found.responses, found.effective_base) == (0, None)
    assert "nobody to weigh yet" in (found.reason or "")
    assert all(group.responses == 0 for group in found.groups)


def test_parishes_are_listed_by_how_far_they_have_come(world: World) -> None:
    clerk = User(email="clerk@example.org", name="A clerk", active=True, fs_uniquifier="clerk")
    world.add(clerk)
    world.council("P1", {"road-safety": "4"})
    draft = ParishDraft(
        wave_id=world.councils.id,
        parish_code="P2",
        answers={},
        edits={},
        saved_by=clerk.id,
        saved_on=world.councils.opens_on,
    )
    world.add(draft)

    found = progress(world.session, world.councils)

    assert [parish.state for parish in found.parishes] == ["answered", "drafting", "not started", "not started"]
    assert found.responses == 1
    assert (found.coverage or "").startswith("1 of 4 parish councils answered")
