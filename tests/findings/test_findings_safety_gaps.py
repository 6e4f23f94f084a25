"""Feeling safe stands beside the rate, area by area; flipping either side moves the class, and reasons are told."""

from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from findings_world import LSOAS, RESIDENTS, WARDS, World
from sqlalchemy import update

from csp_consult.fieldwork import waves
from csp_consult.findings.errors import FindingError
from csp_consult.findings.ranking_gaps import ranking_gaps
from csp_consult.findings.safety_gaps import safety_gaps
from csp_consult.places.bands import ADULT_BANDS, BOTH_SEXES, EVERYONE, SEXES
from csp_consult.places.models import Population
from csp_consult.questionnaire.store import store
from csp_consult.topics.models import TopicRecord

TODAY = date(2022, 10, 1)
MONTHS = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13)][11:23]
QUESTION = """      - id: night
        kind: single
        text: How safe do you feel after dark?
        options: {safe: Safe, unsafe: Unsafe, dk: {text: I do not know, role: dont_know}}
        safety: {topic: asb, unsafe: [unsafe]}
      - id: seen
"""


@pytest.fixture
def asked(world: World) -> World:
    """A wave that asks how safe people feel: in W1 three in four do not, elsewhere one in four."""
    version = store(
        world.session,
        RESIDENTS.replace('version: "1"', 'version: "2"').replace("      - id: seen\n", QUESTION),
        today=TODAY,
    )
    wave = waves.create(
        world.session,
        world.residents.survey,
        "2022-safety",
        title="Safety, 2022",
        questionnaire=version,
        opens_on=date(2022, 9, 1),
        cleared_on=date(2022, 9, 1),
        closes_on=date(2022, 11, 30),
    )
    asking = replace(world, residents=wave)
    number = count()
    for ward in WARDS:
        world.add(
            Population(
                area_code=ward, sex=BOTH_SEXES, age_band=EVERYONE, as_at=date(2020, 6, 30), persons=10_000, source="x"
            )
        )
        for i in range(40):
            unsafe = i % 4 != 0 if ward == "W1" else i % 4 == 0
            asking.answer(
                age=ADULT_BANDS[next(number) % 7], sex=SEXES[i % 2], ward=ward, night="unsafe" if unsafe else "safe"
            )
    return asking


def recorded(world: World, in_w1: int, elsewhere: int) -> None:
    for lsoa in LSOAS:
        world.record(dict.fromkeys(MONTHS, in_w1 if lsoa == "L1" else elsewhere), lsoa)


def class_of_w1(world: World) -> str:
    first = safety_gaps(world.session, world.residents).areas[0]
    assert first.gap is not None
    return first.gap.classification


def test_people_who_feel_less_safe_where_less_is_recorded_can_be_reassured(asked: World) -> None:
    recorded(asked, 2, 20)

    found = safety_gaps(asked.session, asked.residents)

    assert class_of_w1(asked) == "reassure"
    assert found.areas[0].grade.letter == "B"
    assert found.areas[0].grade.reasons == ("the answers rest on few people, so they are indicative",)
    assert found.areas[0].count == 24
    assert found.areas[0].gap is not None
    assert found.areas[0].gap.rate == pytest.approx(2.4)
    assert found.period == "1 December 2021 to 30 November 2022"


def test_the_record_turning_turns_the_class(asked: World) -> None:
    recorded(asked, 40, 4)

    assert class_of_w1(asked) == "act"
    assert {one.gap.classification for one in safety_gaps(asked.session, asked.residents).areas[1:] if one.gap} <= {
        "maintain",
        "unclear",
    }


def test_a_category_that_covers_in_part_lowers_the_grade(asked: World) -> None:
    recorded(asked, 2, 20)
    asked.session.execute(update(TopicRecord).values(partly=True))

    assert safety_gaps(asked.session, asked.residents).areas[0].grade.letter == "C"


def test_the_rate_of_any_topic_on_record_can_stand_beside_at_a_lower_grade(asked: World) -> None:
    recorded(asked, 2, 20)
    asked.add(TopicRecord(topic_slug="drugs", source="police_uk", category="Drugs", valid_from=date(2013, 5, 1)))
    for lsoa in LSOAS:
        asked.record(dict.fromkeys(MONTHS, 30 if lsoa == "L1" else 3), lsoa, category="Drugs")

    asb, drugs = (safety_gaps(asked.session, asked.residents, topic=topic) for topic in (None, "drugs"))

    assert [found.areas[0].count for found in (asb, drugs)] == [24, 360]
    assert [found.areas[0].gap.classification for found in (asb, drugs) if found.areas[0].gap] == ["reassure", "act"]
    assert [found.areas[0].grade.letter for found in (asb, drugs)] == ["B", "C"], "nobody was asked about drugs"
    assert [slug for slug, _ in asb.topics] == [slug for slug, _ in drugs.topics] == ["asb", "drugs"]
    assert drugs.placed_by.startswith("LSOA to ward by ")


def test_a_topic_that_is_not_known_is_refused_in_words(asked: World) -> None:
    with pytest.raises(FindingError, match="No topic is called 'dragons'"):
        safety_gaps(asked.session, asked.residents, topic="dragons")


def test_without_a_record_of_the_year_nothing_is_compared(asked: World) -> None:
    found = safety_gaps(asked.session, asked.residents, by="beat")

    assert found.reason
    assert {(one.grade.letter, one.gap) for one in found.areas} == {("D", None)}


def test_a_wave_that_did_not_ask_says_so(crowd: World) -> None:
    with pytest.raises(FindingError, match="did not ask how safe people feel"):
        safety_gaps(crowd.session, crowd.residents)


def test_places_by_concern_and_by_record_can_be_had_of_a_ward(crowd: World) -> None:
    found = ranking_gaps(crowd.session, crowd.residents, "W1")

    assert (found.area, found.area_name) == ("W1", "Ward W1")
