"""Each of the five classes and the four grades is reached from stored answers and a stored record."""

from datetime import date

import pytest
from findings_world import WARDS, World, printed_change

from csp_consult.findings.gaps import gap
from csp_consult.findings.typology import typology

UP, DOWN, EVEN = ("more", "more", "same"), ("less", "less", "same"), ("more", "less", "same")


@pytest.mark.parametrize(
    ("said", "change_pct", "classification"),
    [
        (UP, -33.4, "reassure"),
        (DOWN, +20.0, "alert"),
        (UP, +20.0, "act"),
        (DOWN, -33.4, "maintain"),
        (EVEN, -33.4, "unclear"),
    ],
)
def test_answers_and_record_together_make_the_class(
    world: World, said: tuple[str, ...], change_pct: float, classification: str
) -> None:
    _answered(world, said)
    world.add(printed_change(change_pct))

    found = gap(world.session, world.residents, "asb")

    assert found.classification == classification
    assert sum(found.class_probabilities.values()) == pytest.approx(1)


def test_a_record_that_hardly_moved_is_unclear_whatever_people_say(world: World) -> None:
    _answered(world, UP)
    _recorded(world, before=30, after=30)

    assert gap(world.session, world.residents, "asb").classification == "unclear"


def test_counts_of_the_same_year_and_place_make_grade_a(world: World) -> None:
    _answered(world, UP)
    _recorded(world, before=50, after=30)

    found = gap(world.session, world.residents, "asb")

    assert (found.grade, found.grade_reasons) == ("A", ())


def test_few_answers_beside_the_same_counts_make_grade_b(world: World) -> None:
    _answered(world, UP, people=60)
    _recorded(world, before=50, after=30)

    found = gap(world.session, world.residents, "asb")

    assert found.grade == "B"
    assert found.grade_reasons == ("the answers rest on few people, so they are indicative",)


def test_a_printed_change_of_other_months_makes_grade_c(world: World) -> None:
    _answered(world, UP)
    world.add(printed_change(-33.4))

    found = gap(world.session, world.residents, "asb")

    assert found.grade == "C"
    assert len(found.grade_reasons) > 1


def test_a_record_of_another_time_makes_grade_d(world: World) -> None:
    _answered(world, UP)
    world.add(printed_change(-33.4, period_from=date(2018, 4, 1), period_to=date(2018, 12, 31)))

    found = gap(world.session, world.residents, "asb")

    assert (found.grade, found.classification) == ("D", "")


def test_the_overview_has_every_topic_and_every_ward_under_its_beat(world: World) -> None:
    _answered(world, UP)
    world.add(printed_change(-33.4))

    found = typology(world.session, world.residents)

    assert [one.topic for one in found.topics] == ["asb"]
    assert [one.area for one in found.wards] == list(WARDS)
    assert all(len(beat.wards) == 2 for beat in found.beats)
    assert [beat.beat for beat in found.beats] == ["Beat B1", "Beat B2"]


def _answered(world: World, said: tuple[str, ...], people: int = 240) -> None:
    for i in range(people):
        world.answer(
            age=("25-34", "45-54", "65-74")[i // 3 % 3],
            sex=("male", "female")[i // 9 % 2],
            ward=WARDS[i // 18 % 4],
            asb_change=said[i % 3],
        )
    world.session.flush()


def _recorded(world: World, *, before: int, after: int) -> None:
    earlier = ["2020-12", *(f"2021-{month:02d}" for month in range(1, 12))]
    later = ["2021-12", *(f"2022-{month:02d}" for month in range(1, 12))]
    world.record(dict.fromkeys(earlier, before) | dict.fromkeys(later, after))
