"""Rankings follow the answers, one by one, and say what they rest on."""

import pytest
from findings_world import LSOAS, TODAY, World

from csp_consult.findings.errors import FindingError
from csp_consult.findings.gaps import gaps
from csp_consult.findings.ranking import ranking, rankings_by
from csp_consult.places.models import AreaStatistic
from csp_consult.places.rurality import MEASURE


def test_a_wave_nobody_has_answered_has_no_ranking_and_says_so(world: World) -> None:
    finding = ranking(world.session, world.residents)

    assert finding.ranking.topics == ()
    assert finding.ranking.reason is not None
    assert "nobody to weigh yet" in finding.ranking.reason


def test_topics_come_in_order_of_concern_with_their_base(crowd: World) -> None:
    finding = ranking(crowd.session, crowd.residents)

    assert finding.ranking.order() == ["speeding", "fly-tipping", "burglary", "drugs"]
    first = finding.ranking.topics[0]
    assert (first.rank, first.concern.base) == (1, 240)
    assert first.concern.estimate == pytest.approx(0.8, abs=0.03)
    assert finding.topic_titles["speeding"] == "Speeding"
    assert finding.weighting.startswith("Weighted to age by sex (made-up census, 30 June 2020) and ward")


def test_dont_know_is_outside_the_base_of_its_topic_only(crowd: World) -> None:
    topics = {topic.topic: topic for topic in ranking(crowd.session, crowd.residents).ranking.topics}

    assert 120 < topics["fly-tipping"].concern.base < 240
    assert topics["drugs"].concern.base == 240


def test_one_more_response_is_in_the_ranking_at_once(crowd: World) -> None:
    before = ranking(crowd.session, crowd.residents)

    crowd.answer(age="16-24", sex="male", ward="W1", problem={"speeding": "big"})
    after = ranking(crowd.session, crowd.residents)

    assert after.ranking.base == before.ranking.base + 1


def test_people_from_outside_the_district_are_in_no_resident_figure(crowd: World) -> None:
    before = ranking(crowd.session, crowd.residents)

    crowd.answer(connection="work", age="16-24", sex="male", problem={"drugs": "big"})
    after = ranking(crowd.session, crowd.residents)

    assert after.ranking.topics == before.ranking.topics


def test_an_area_rests_on_its_own_people(crowd: World) -> None:
    beats = rankings_by(crowd.session, crowd.residents, "beat")
    whole = ranking(crowd.session, crowd.residents)

    assert [finding.subset for finding in beats] == ["Beat B1 beat", "Beat B2 beat"]
    assert sum(finding.ranking.base for finding in beats) == whole.ranking.base


def test_rural_and_urban_wards_rest_on_their_own_people(crowd: World) -> None:
    with pytest.raises(FindingError, match="Which wards are rural is not known"):
        rankings_by(crowd.session, crowd.residents, "rural")
    for lsoa, classed in zip(LSOAS, ("Smaller rural", "Urban", "Urban", "Urban"), strict=True):
        crowd.add(
            AreaStatistic(
                area_code=lsoa, measure=MEASURE, category=classed, as_at=TODAY, value=1, base=None, source="made up"
            )
        )

    rural, urban = rankings_by(crowd.session, crowd.residents, "rural")

    assert (rural.subset, urban.subset) == ("Rural wards", "Urban wards")
    assert rural.ranking.base == ranking(crowd.session, crowd.residents, area="W1").ranking.base
    assert rural.ranking.base + urban.ranking.base == ranking(crowd.session, crowd.residents).ranking.base
    with pytest.raises(FindingError, match="not by 'rural'"):
        gaps(crowd.session, crowd.residents, "rural")


def test_a_group_too_small_to_show_says_so(world: World) -> None:
    for _ in range(10):
        world.answer(age="16-24", sex="male", ward="W1", problem={"speeding": "big"})
    for _ in range(40):
        world.answer(age="25-34", sex="female", ward="W3", problem={"speeding": "none", "drugs": "big"})

    found = {one.group: one for one in rankings_by(world.session, world.residents, "age")}

    assert found["16-24"].ranking.topics == ()
    assert found["16-24"].ranking.reason == "Not shown: the effective base is under 30."
    assert found["25-34"].ranking.order() == ["drugs", "speeding"]


def test_a_group_in_which_every_topic_is_too_thin_says_that(world: World) -> None:
    for i in range(40):
        world.answer(age="25-34", sex="male", ward="W1", problem={("speeding", "drugs")[i % 2]: "big"})

    found = ranking(world.session, world.residents).ranking

    assert found.reason == "Not shown: the effective base of every topic is under 30."


def test_a_breakdown_by_an_answer_reads_single_responses_and_agrees_with_the_tally(crowd: World) -> None:
    by_cell = {one.group: one.ranking for one in rankings_by(crowd.session, crowd.residents, "sex")}
    by_answer = rankings_by(crowd.session, crowd.residents, "disabled")
    parts = [one.ranking for one in by_answer]

    assert [one.subset for one in by_answer] == [
        "Do you have a long-term condition? Yes",
        "Do you have a long-term condition? No",
    ]
    assert sum(part.base for part in parts) == sum(part.base for part in by_cell.values()) == 240


def test_a_theme_keeps_to_its_topics(crowd: World) -> None:
    finding = ranking(crowd.session, crowd.residents, theme="asb")

    assert finding.ranking.order() == ["fly-tipping", "drugs"]


def test_a_theme_nobody_asked_about_is_refused_in_words(crowd: World) -> None:
    with pytest.raises(FindingError, match="ranks no topic of a theme 'violence'; it has topics of"):
        ranking(crowd.session, crowd.residents, theme="violence")


def test_councils_weigh_by_electorate_and_say_whom_they_stand_for(world: World) -> None:
    world.council("P1", {"road-safety": "5", "acquisitive-crime": "1", "asb": "1"})
    world.council("P4", {"road-safety": "1", "acquisitive-crime": "5", "asb": "1"})

    finding = ranking(world.session, world.councils)

    assert finding.ranking.order()[0] == "acquisitive-crime"
    assert finding.ranking.topics[0].concern.estimate == pytest.approx(0.8)
    assert finding.coverage == ("2 of 4 parish councils answered; they stand for 5,000 of 10,000 electors (50%).")
    assert finding.weighting == "Each council counts by its electorate (made-up register, 30 June 2020)."


def test_councils_can_be_counted_equally(world: World) -> None:
    world.council("P1", {"road-safety": "5", "acquisitive-crime": "1", "asb": "1"})
    world.council("P4", {"road-safety": "1", "acquisitive-crime": "5", "asb": "1"})

    finding = ranking(world.session, world.councils, weights="equal")

    assert finding.ranking.topics[0].concern.estimate == pytest.approx(0.5)
    assert finding.weighting == "Each council counts equally."


def test_when_every_council_answered_no_sampling_error_is_left(world: World) -> None:
    for parish in ("P1", "P2", "P3", "P4"):
        world.council(parish, {"road-safety": "5", "acquisitive-crime": "3", "asb": "2"})

    top = ranking(world.session, world.councils).ranking.topics[0]

    assert (top.topic, top.concern.se, top.rank_lower, top.rank_upper) == ("road-safety", 0, 1, 1)


def test_topics_within_a_theme_are_ranked_by_the_question_that_asks_for_them(world: World) -> None:
    ratings = {"road-safety": "5", "acquisitive-crime": "3", "asb": "2"}
    world.council("P1", ratings, top_asb=["drugs", "fly-tipping"])
    world.council("P2", ratings, top_asb=["other", "drugs"])
    world.council("P3", ratings, top_asb=["drugs"])

    finding = ranking(world.session, world.councils, theme="asb", weights="equal")

    shares = {topic.topic: topic.concern.estimate for topic in finding.ranking.topics}
    assert shares == pytest.approx({"drugs": (1 + 0.5 + 1) / 3, "fly-tipping": 0.5 / 3})
