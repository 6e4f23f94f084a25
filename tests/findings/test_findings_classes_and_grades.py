"""Every class and every grade can be reached, and turning the record or the answers turns the verdict."""

import pytest
from findings_world import DISTRICT, WARDS, World, printed_change
from sqlalchemy import update

from csp_consult.findings.gap_contract import GapFinding
from csp_consult.findings.gaps import gap
from csp_consult.places.bands import ADULT_BANDS, SEXES
from csp_consult.recorded.models import RecordedCount
from csp_consult.topics.models import TopicRecord

MONTHS = [f"{year}-{month:02d}" for year in (2020, 2021, 2022) for month in range(1, 13)][11:35]
"""December 2020 to November 2022: the year that residents look back on, and the year before."""
UP, DOWN, EVEN = ("more", "more", "more", "same"), ("less", "less", "less", "same"), ("more", "less", "same", "dk")


def answered(world: World, said: tuple[str, ...]) -> None:
    """112 residents, two of every age, sex and ward, who give the answers in turn."""
    for i in range(2 * len(ADULT_BANDS) * len(SEXES) * len(WARDS)):
        world.answer(
            age=ADULT_BANDS[i % 7], sex=SEXES[i // 7 % 2], ward=WARDS[i // 14 % 4], asb_change=said[(i + i // 28) % 4]
        )


def recorded(world: World, before: int, after: int, months: int = 12) -> None:
    """As many incidents in every month of the year before, and of the year looked back on, to its last month."""
    world.record(dict.fromkeys(MONTHS[:12][-months:], before) | dict.fromkeys(MONTHS[12:][-months:], after))


def found(world: World) -> GapFinding:
    return gap(world.session, world.residents, "asb", DISTRICT)


def turned_over(world: World) -> None:
    """The record runs the other way: what was the year before is now the year looked back on."""
    world.session.execute(update(RecordedCount).values(n=100 - RecordedCount.n))


@pytest.mark.parametrize(
    ("said", "of_a_fall", "of_a_rise"),
    [(UP, "reassure", "act"), (DOWN, "maintain", "alert"), (EVEN, "unclear", "unclear")],
)
def test_the_class_follows_both_directions(world: World, said: tuple[str, ...], of_a_fall: str, of_a_rise: str) -> None:
    answered(world, said)
    recorded(world, 60, 40)
    assert found(world).classification == of_a_fall

    turned_over(world)

    assert found(world).classification == of_a_rise


def test_the_same_area_and_year_is_grade_a_if_counted_and_covered_and_b_if_covered_in_part(world: World) -> None:
    answered(world, UP)
    recorded(world, 60, 40)
    assert (found(world).grade, found(world).grade_reasons) == ("A", ())

    world.session.execute(update(TopicRecord).values(partly=True))

    assert found(world).grade == "B"
    assert "the recorded category covers the topic only in part, or covers more than it" in found(world).verdict


def test_a_printed_figure_on_the_topic_itself_covers_it_whatever_categories_do(world: World) -> None:
    answered(world, UP)
    world.add(printed_change(-33.4))
    world.session.execute(update(TopicRecord).values(partly=True))

    assert not any("category" in reason for reason in found(world).grade_reasons)


def test_two_lesser_shortfalls_are_grade_c(world: World) -> None:
    answered(world, UP)
    recorded(world, 60, 40, months=8)
    world.session.execute(update(TopicRecord).values(partly=True))

    assert (found(world).grade, len(found(world).grade_reasons)) == ("C", 2)


def test_nothing_on_record_is_grade_d_and_has_no_class(world: World) -> None:
    answered(world, UP)

    assert (found(world).grade, found(world).classification) == ("D", "")
    assert found(world).verdict.startswith("Cannot be compared, because")
