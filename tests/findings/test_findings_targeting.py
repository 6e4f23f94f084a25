"""Audiences are where the residents are who believe the contrary, and no audience is chosen without a reason."""

import pytest
from findings_world import WARDS, World, printed_change

from csp_consult.findings.errors import NotYetError
from csp_consult.findings.gap_contract import TargetSegment
from csp_consult.findings.targeting import ALIKE, targets
from csp_consult.places.bands import ADULT_BANDS, SEXES


def test_the_ward_that_believes_it_most_is_told_first(world: World) -> None:
    _believers(world, {"W1": 9, "W2": 3, "W3": 3, "W4": 3})
    world.add(printed_change(-33.4))

    found = targets(world.session, world.residents, "asb")

    chosen = [segment for segment in found.segments if segment.chosen]
    assert {segment.area for segment in chosen} == {"W1"}
    assert all(segment.lift >= 1 for segment in chosen)
    assert found.segments[0].title.startswith("Ward W1 ward, aged ")


def test_segments_are_every_ward_and_age_and_add_up(world: World) -> None:
    _believers(world, {"W1": 9, "W2": 3, "W3": 3, "W4": 3})
    world.add(printed_change(-33.4))

    found = targets(world.session, world.residents, "asb", wanted_share=0.3)

    assert len(found.segments) == 4 * 7
    assert found.total_residents == pytest.approx(sum(segment.residents for segment in found.segments))
    assert found.covered_share == pytest.approx(sum(s.share_of_all for s in found.segments if s.chosen))
    for segment in found.segments:
        assert segment.lower <= segment.residents <= segment.upper <= segment.adults


def test_nobody_is_to_be_reassured_where_the_record_rose(world: World) -> None:
    _believers(world, {"W1": 9, "W2": 3, "W3": 3, "W4": 3})
    world.add(printed_change(+20))

    found = targets(world.session, world.residents, "asb")

    assert not any(segment.chosen for segment in found.segments)
    assert found.note == "No area is of class reassure, so there is nobody to reassure."


def test_where_nothing_sets_groups_apart_that_is_said(world: World) -> None:
    _believers(world, dict.fromkeys(WARDS, 6))
    world.add(printed_change(-33.4))

    found = targets(world.session, world.residents, "asb")

    assert (found.note or "").endswith(ALIKE)


def test_an_audience_has_the_channel_its_age_group_uses(world: World) -> None:
    _believers(world, {"W1": 9, "W2": 3, "W3": 3, "W4": 3})
    world.add(printed_change(-33.4))

    found = targets(world.session, world.residents, "asb")

    def channels(age: str) -> set[str | None]:
        return {segment.channel for segment in found.segments if segment.age == age}

    assert channels("25-34") == {"Radio"}
    assert channels("75+") == {None}


def test_where_nobody_believes_it_there_is_no_audience(world: World) -> None:
    _believers(world, dict.fromkeys(WARDS, 0))
    world.add(printed_change(-33.4))

    with pytest.raises(NotYetError, match="said that it rose, so there is no audience"):
        targets(world.session, world.residents, "asb")


def test_more_residents_are_counted_when_more_believe_it(world: World) -> None:
    _believers(world, {"W1": 9, "W2": 3, "W3": 3, "W4": 3})
    world.add(printed_change(-33.4))
    before = _residents(targets(world.session, world.residents, "asb").segments, "W3")

    for _ in range(40):
        world.answer(age="25-34", sex="male", ward="W3", asb_change="more")

    assert _residents(targets(world.session, world.residents, "asb").segments, "W3") > before


def _believers(world: World, tenths: dict[str, int]) -> None:
    """Forty people a ward, of three ages, of whom so many tenths say that it rose."""
    for ward, share in tenths.items():
        for i in range(40):
            world.answer(
                age=("25-34", "45-54", "65-74")[i % 3],
                sex=("male", "female")[i % 2],
                ward=ward,
                asb_change="more" if i % 10 < share else "same",
                news="radio" if i % 3 == 0 else "letters",
            )
    world.session.flush()


def _residents(segments: tuple[TargetSegment, ...], ward: str) -> float:
    return sum(segment.residents for segment in segments if segment.area == ward)


def test_where_everybody_answered_alike_there_is_nothing_to_choose_by_and_that_is_said(world: World) -> None:
    for i in range(56):
        said = {"age": ADULT_BANDS[i % 7], "sex": SEXES[i % 2], "ward": WARDS[i // 2 % 4], "asb_change": "more"}
        world.answer(dict(said))
    world.session.flush()
    world.add(printed_change(-33.4))

    with pytest.raises(NotYetError, match="answered alike"):
        targets(world.session, world.residents, "asb")
