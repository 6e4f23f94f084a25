"""A gap follows its two sides, says how far they compare, and refuses in words where they do not."""

from datetime import date

import pytest
from findings_world import DISTRICT, LSOAS, WARDS, World, printed_change
from sqlalchemy import delete

from csp_consult.findings.errors import FindingError
from csp_consult.findings.gaps import gap, gaps, published_gaps
from csp_consult.recorded.models import RecordedCount, RecordingNote
from csp_consult.reports.gap_tables import gap_table, typology_table
from csp_consult.sources.models import PublishedResult, PublishedSurvey

YEAR = [f"2021-{month:02d}" for month in range(1, 13)]
NEXT_YEAR = [f"2022-{month:02d}" for month in range(1, 13)]


def test_residents_say_up_where_the_record_fell_so_they_can_be_reassured(crowd: World) -> None:
    crowd.add(printed_change(-33.4))

    found = gap(crowd.session, crowd.residents, "asb")

    assert (found.classification, found.grade) == ("reassure", "C")
    assert found.contrary_share == found.perceived_up
    assert found.contrary_share is not None
    assert found.contrary_share.estimate is not None
    assert found.contrary_adults == round(found.contrary_share.estimate * 70_000)
    assert found.recorded is not None
    assert (found.recorded.change_pct, found.recorded.direction_only) == (-33.4, True)
    assert "Recorded anti-social behaviour in District D1 fell by 33.4% (published without counts)" in found.verdict
    assert "the periods overlap but differ" in found.verdict


def test_the_record_turning_turns_the_verdict(crowd: World) -> None:
    crowd.add(printed_change(+20))

    found = gap(crowd.session, crowd.residents, "asb")

    assert found.classification == "act"
    assert found.contrary_share == found.perceived_down


def test_the_answers_turning_turn_the_verdict(world: World) -> None:
    for i in range(60):
        world.answer(age="16-24", sex="male", ward="W1", asb_change="less" if i % 3 else "same")
    world.add(printed_change(-33.4))

    found = gap(world.session, world.residents, "asb")

    assert found.classification == "maintain"
    assert found.perceived_up is not None
    assert found.perceived_up.estimate == 0


def test_one_answer_more_moves_the_perceived_side_and_not_the_recorded(crowd: World) -> None:
    crowd.add(printed_change())
    before = gap(crowd.session, crowd.residents, "asb")

    crowd.answer(age="16-24", sex="male", ward="W1", asb_change="more")
    after = gap(crowd.session, crowd.residents, "asb")

    assert after.perceived_up != before.perceived_up
    assert after.recorded == before.recorded


def test_one_incident_more_moves_the_recorded_side_and_not_the_perceived(crowd: World) -> None:
    crowd.record(dict.fromkeys([*YEAR, *NEXT_YEAR], 20))
    before = gap(crowd.session, crowd.residents, "asb")

    crowd.record({"2022-06": 1}, area="L2")
    after = gap(crowd.session, crowd.residents, "asb")

    assert before.recorded is not None
    assert after.recorded is not None
    assert after.recorded.count == (before.recorded.count or 0) + 1
    assert after.recorded.previous_count == before.recorded.previous_count
    assert (after.perceived_up, after.perceived_down) == (before.perceived_up, before.perceived_down)


def test_declining_to_answer_is_outside_the_base_and_not_knowing_is_inside(world: World) -> None:
    for answer in ["more"] * 20 + ["dk"] * 20 + ["pns"] * 10:
        world.answer(age="16-24", sex="male", ward="W1", asb_change=answer)
    world.add(printed_change())

    found = gap(world.session, world.residents, "asb")

    assert found.perceived_up is not None
    assert found.perceived_up.base == 40
    assert found.perceived_up.estimate == pytest.approx(0.5)


def test_counts_a_year_apart_that_meet_the_perceived_year_come_before_a_printed_change(crowd: World) -> None:
    crowd.add(printed_change())
    crowd.record(dict.fromkeys(["2020-12", *YEAR], 50) | dict.fromkeys(NEXT_YEAR, 30))

    found = gap(crowd.session, crowd.residents, "asb")

    assert found.recorded is not None
    assert (found.recorded.previous_count, found.recorded.count) == (600, 380)
    assert (found.recorded.period, found.recorded.previous_period) == (
        "December 2021 to November 2022",
        "December 2020 to November 2021",
    )
    assert (found.grade, found.other_pairs) == ("A", 1)
    assert found.gap_points is not None
    assert found.gap_points.se is not None


def test_an_import_of_other_years_leaves_the_pair_as_it_was(crowd: World) -> None:
    crowd.add(printed_change())
    before = gap(crowd.session, crowd.residents, "asb")

    crowd.record(dict.fromkeys(["2018-10", "2018-11", "2018-12", "2019-01", "2019-02"], 40))
    after = gap(crowd.session, crowd.residents, "asb")

    assert after == before


def test_periods_that_do_not_meet_cannot_be_compared(crowd: World) -> None:
    crowd.add(printed_change(period_from=date(2018, 4, 1), period_to=date(2018, 12, 31)))

    found = gap(crowd.session, crowd.residents, "asb")

    assert found.grade == "D"
    assert found.verdict == "Cannot be compared, because the two periods do not overlap."
    assert (found.classification, found.gap_points) == ("", None)
    assert found.perceived_up is not None
    assert found.perceived_up.estimate is not None


def test_nothing_on_record_cannot_be_compared(crowd: World) -> None:
    found = gap(crowd.session, crowd.residents, "asb")

    assert found.verdict.startswith("Cannot be compared, because no recorded figure is held")


def test_a_wave_that_nobody_has_answered_says_there_is_nothing_yet(world: World) -> None:
    world.add(printed_change())

    (found,) = gaps(world.session, world.residents)

    assert found.grade == "D"
    assert found.verdict.startswith("Cannot be compared, because there is nothing to compare yet.")


def test_too_few_answers_cannot_be_compared(world: World) -> None:
    for _ in range(20):
        world.answer(age="16-24", sex="male", ward="W1", asb_change="more")
    world.add(printed_change())

    found = gap(world.session, world.residents, "asb")

    assert found.verdict == "Cannot be compared, because too few people answered to show a figure."
    assert found.perceived_up is not None
    assert found.perceived_up.estimate is None


def test_wards_take_the_districts_record_at_grade_c_and_say_so(crowd: World) -> None:
    crowd.add(printed_change())

    found = gaps(crowd.session, crowd.residents, by="ward")

    assert [one.area for one in found] == list(WARDS)
    for one in found:
        assert one.grade == "C"
        assert "the record is known for the district only" in one.grade_reasons
        assert one.verdict.startswith(f"{one.area_name} ward: Recorded anti-social behaviour in District D1 fell")


def test_a_ward_with_a_record_of_its_own_takes_that(crowd: World) -> None:
    for lsoa in LSOAS:
        crowd.record(dict.fromkeys(["2020-12", *YEAR], 50) | dict.fromkeys(NEXT_YEAR, 30), area=lsoa)

    found = gap(crowd.session, crowd.residents, "asb", "W2")

    assert found.recorded is not None
    assert (found.recorded.previous_count, found.recorded.count) == (600, 380)
    assert found.recorded.text.startswith("Recorded anti-social behaviour in Ward W2 fell")


def test_every_table_that_shows_a_ward_names_how_the_record_was_placed_in_it(crowd: World) -> None:
    for lsoa in LSOAS:
        crowd.record(dict.fromkeys([*YEAR, *NEXT_YEAR], 20), lsoa)

    found = gaps(crowd.session, crowd.residents, "ward")

    for made in (gap_table(found), typology_table(found)):
        assert str(made.about["placed_by"]).startswith("LSOA to ward by ")
    crowd.session.execute(delete(RecordedCount))
    crowd.add(printed_change(-33.4))
    assert "placed_by" not in gap_table(gaps(crowd.session, crowd.residents, "ward")).about


def test_small_areas_lie_nearer_to_each_other_than_their_own_answers(crowd: World) -> None:
    crowd.add(printed_change())

    found = gaps(crowd.session, crowd.residents, by="ward")

    def spread(figures: list[float | None]) -> float:
        known = [figure for figure in figures if figure is not None]
        return max(known) - min(known)

    drawn = spread([one.perceived_up.estimate if one.perceived_up else None for one in found])
    direct = spread([one.direct_up.estimate if one.direct_up else None for one in found])
    assert drawn <= direct


def test_an_age_group_is_held_against_the_districts_record(crowd: World) -> None:
    crowd.add(printed_change())

    found = gaps(crowd.session, crowd.residents, by="age")

    assert len(found) == 7
    assert found[0].subset == "Aged 16 to 24"
    assert found[0].area == DISTRICT


def test_a_topic_that_was_not_asked_about_is_refused_in_words(crowd: World) -> None:
    with pytest.raises(FindingError, match="did not ask whether burglary has risen or fallen; it asked about asb"):
        gap(crowd.session, crowd.residents, "burglary")


def test_the_note_on_recording_goes_with_every_gap(crowd: World) -> None:
    crowd.add(printed_change(), RecordingNote(topic_slug="asb", text="Fewer calls may be answered."))

    found = gap(crowd.session, crowd.residents, "asb")

    assert found.recorded is not None
    assert (found.recorded.recording_note or "").startswith("Fewer calls may be answered.")


def test_a_printed_share_says_what_follows_from_it_and_what_does_not(world: World) -> None:
    _insight(world)
    world.add(printed_change())

    (found,) = published_gaps(world.session)

    assert (found.wave, found.grade, found.classification) == (None, "C", "")
    assert "the survey's base was not published" in found.grade_reasons
    assert "77% agreed that “ASB has decreased or stayed the same”, down from 94% before" in found.verdict
    assert "At most 23% said it rose" in found.verdict
    assert "it cannot be said which way people lean" in found.verdict


def test_a_printed_share_without_a_date_cannot_be_compared(world: World) -> None:
    _insight(world, period="recently")
    world.add(printed_change())

    (found,) = published_gaps(world.session)

    assert found.verdict == "Cannot be compared, because when it was asked was not printed (recently)."


def _insight(world: World, period: str = "Sept 2022") -> None:
    world.add(
        PublishedSurvey(
            slug="insight",
            title="Insight",
            organisation="County",
            audience="residents",
            period=period,
            citation="Test plan",
        ),
        PublishedResult(
            id="insight-asb",
            survey_slug="insight",
            position=1,
            kind="share",
            text="ASB has decreased or stayed the same",
            topic_slug="asb",
            area_code=DISTRICT,
            period=period,
            value=77,
            previous_value=94,
            previous_period="Sept 2021",
            unit="% agree",
        ),
    )
