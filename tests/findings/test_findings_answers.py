"""Answers of a wave, two questions against each other, and a question over waves."""

from dataclasses import replace
from datetime import date

import pytest
from findings_world import RESIDENTS, TODAY, World

from csp_consult.fieldwork import waves
from csp_consult.findings.answers import toplines
from csp_consult.findings.crosstabs import crosstab
from csp_consult.findings.errors import FindingError
from csp_consult.findings.trends import trend
from csp_consult.findings.weighting import weighed
from csp_consult.questionnaire.store import store


def test_shares_of_a_question_with_one_answer_add_up(crowd: World) -> None:
    found = toplines(crowd.session, crowd.residents, weighed(crowd.session, crowd.residents))

    change = [one for one in found if one.question == "asb_change"]

    assert sum(one.share.estimate or 0 for one in change) == pytest.approx(1)
    assert {one.share.base for one in change} == {240}


def test_who_prefers_not_to_say_is_in_no_base_and_has_no_share_of_it(crowd: World) -> None:
    for number in range(400):
        age, sex = (("16-24", "male"), ("75+", "female"))[number % 2]
        crowd.answer(asb_change="pns", age=age, sex=sex, ward=f"W{number % 4 + 1}")
    found = toplines(crowd.session, crowd.residents, weighed(crowd.session, crowd.residents))
    followed = trend(crowd.session, crowd.residents.survey, "asb_change").points

    assert {one.option for one in found if one.question == "asb_change"} == {"more", "same", "less", "dk"}
    assert {one.option for one in followed} == {"more", "same", "less", "dk"}


def test_the_base_of_a_question_with_several_answers_is_everyone_who_answered_it(crowd: World) -> None:
    crowd.answer(age="16-24", sex="male", ward="W1")
    found = toplines(crowd.session, crowd.residents, weighed(crowd.session, crowd.residents))

    seen = {one.option: one for one in found if one.question == "seen"}

    assert set(seen) == {"litter", "damage", "nothing"}
    assert seen["litter"].share.base == 240
    assert (seen["litter"].share.estimate or 0) > (seen["damage"].share.estimate or 0)


def test_both_standard_errors_and_the_unweighted_share_stand_beside_each_share(crowd: World) -> None:
    found = toplines(crowd.session, crowd.residents, weighed(crowd.session, crowd.residents))

    more = next(one for one in found if (one.question, one.option) == ("asb_change", "more"))

    assert more.se_raked is not None
    assert more.share.se is not None
    assert more.se_raked != more.share.se
    assert more.unweighted == pytest.approx(more.share.estimate, abs=0.05)


def test_a_ward_is_an_answer_by_its_name(crowd: World) -> None:
    found = toplines(crowd.session, crowd.residents, weighed(crowd.session, crowd.residents))

    wards = {one.option_title: one.share.estimate for one in found if one.question == "ward"}

    assert wards["Ward W4"] == pytest.approx(24.5 / 70)


def test_columns_of_a_table_add_up_and_rest_on_those_who_answered_both(crowd: World) -> None:
    crowd.answer(age="16-24", sex="male", ward="W1", asb_change="more")

    found = crosstab(crowd.session, crowd.residents, "asb_change", "disabled")

    assert found.base == 240
    for column in ("yes", "no"):
        assert sum(c.share.estimate or 0 for c in found.cells if c.column == column) == pytest.approx(1)


def test_what_stands_out_is_marked(world: World) -> None:
    for i in range(200):
        sex = ("male", "female")[i % 2]
        usual = i % 10 < 8
        world.answer(age="25-34", sex=sex, ward="W1", asb_change="more" if (sex == "female") == usual else "same")

    marks = {(c.row, c.column): c.mark for c in crosstab(world.session, world.residents, "asb_change", "sex").cells}

    assert marks["more", "female"] == "higher"
    assert marks["more", "male"] == "lower"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("seen", "takes several answers"),
        ("problem", "there are problem.speeding, "),
        ("nothing", "no question 'nothing'"),
    ],
)
def test_what_cannot_be_tabulated_is_refused_in_words(crowd: World, row: str, message: str) -> None:
    with pytest.raises(FindingError, match=message):
        crosstab(crowd.session, crowd.residents, row, "sex")


def test_a_trend_tests_each_wave_against_the_one_before(crowd: World) -> None:
    _next_wave(crowd, RESIDENTS)

    found = trend(crowd.session, crowd.residents.survey, "asb_change")
    more = [point for point in found.points if point.option == "more"]

    assert [point.wave for point in more] == ["residents-test/2022", "residents-test/2023"]
    assert more[0].change is None
    assert more[1].change == pytest.approx((more[1].share.estimate or 0) - (more[0].share.estimate or 0))
    assert more[1].significant
    assert more[1].breaks == ("The base fell from 240 to 80.",)


def test_a_changed_question_breaks_the_trend_and_is_not_tested(crowd: World) -> None:
    _next_wave(crowd, RESIDENTS.replace("more or less of a problem?", "better or worse?").replace('"1"', '"2"'))

    found = trend(crowd.session, crowd.residents.survey, "asb_change")
    later = next(point for point in found.points if point.wave.endswith("2023"))

    assert later.change is None
    assert later.reason == "The question was changed. The two cannot be compared."


def test_councils_have_trends_too(world: World) -> None:
    for parish in ("P1", "P2", "P3"):
        world.council(parish, {"road-safety": "5", "asb": "1"})

    found = trend(world.session, world.councils.survey, "themes.road-safety")

    assert {point.option: point.share.estimate for point in found.points}["5"] == 1
    assert found.points[0].share.base == 3


def test_a_question_no_wave_asked_is_refused_in_words(crowd: World) -> None:
    with pytest.raises(FindingError, match="No wave of residents-test that has answers asked 'nothing'"):
        trend(crowd.session, crowd.residents.survey, "nothing")


def _next_wave(world: World, source: str) -> None:
    """A wave a year later, with 80 people who all say that it got worse."""
    wave = waves.create(
        world.session,
        world.residents.survey,
        "2023",
        title="residents-test, 2023",
        questionnaire=store(world.session, source, today=TODAY),
        opens_on=date(2023, 9, 1),
        cleared_on=date(2023, 9, 1),
        closes_on=date(2023, 11, 30),
    )
    world.session.refresh(world.residents.survey)
    later = replace(world, residents=wave)
    for i in range(80):
        later.answer(
            age="25-34", sex=("male", "female")[i % 2], ward="W1", asb_change="more", problem={"speeding": "big"}
        )
    world.session.flush()
