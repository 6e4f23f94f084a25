"""What a next wave could find of an activity, from the answers of this one."""

import pytest
from findings_world import DISTRICT, World

from csp_consult.findings.errors import FindingError
from csp_consult.findings.planning import planning


def test_a_wave_as_large_finds_what_it_would_need_about_as_many_responses_for(crowd: World) -> None:
    found = planning(crowd.session, crowd.residents, "asb", "B1")

    assert found.detectable is not None
    sizes = [one.responses for one in found.needed if one.responses is not None]
    assert sizes == sorted(sizes, reverse=True)
    for one in found.needed:
        if one.responses is not None:
            assert (one.responses <= found.target.base + found.rest.base) == (one.effect >= found.detectable)


def test_an_effect_smaller_than_the_baseline_can_tell_is_out_of_reach_of_any_number(crowd: World) -> None:
    found = planning(crowd.session, crowd.residents, "asb", "B1")

    assert found.needed[0].responses is None


def test_the_audience_and_the_rest_are_everybody_who_said_where_they_live(crowd: World) -> None:
    found = planning(crowd.session, crowd.residents, "asb", "B2")

    assert found.target.base + found.rest.base == 240
    assert found.audience == "Beat B2 beat"


def test_a_baseline_too_small_to_show_plans_nothing(world: World) -> None:
    for ward, people in (("W1", 5), ("W2", 80), ("W3", 80)):
        for i in range(people):
            world.answer(age="25-34", sex="male", ward=ward, asb_change="more" if i % 2 else "same")

    found = planning(world.session, world.residents, "asb", "W1")

    assert (found.detectable, found.needed) == (None, ())
    assert "effective base" in (found.reason or "")


def test_the_whole_district_leaves_nobody_to_compare_with(crowd: World) -> None:
    with pytest.raises(FindingError, match="leaves nobody to compare with"):
        planning(crowd.session, crowd.residents, "asb", DISTRICT)
