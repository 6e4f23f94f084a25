"""Places by concern stand beside places by record, over the topics and months that have both."""

from datetime import date

import pytest
from findings_world import World

from csp_consult.findings.errors import FindingError
from csp_consult.findings.ranking_gaps import ranking_gaps
from csp_consult.recorded.models import RecordedCount, RecordedImport
from csp_consult.topics.models import TopicRecord

MONTHS = [f"2022-{month:02d}" for month in range(1, 12)]


def recorded(world: World, burglary: int, drugs: int, months: list[str] = MONTHS) -> None:
    """Monthly counts of two topics that the crowd was asked about: burglary worries it much, drugs little."""
    world.add(
        TopicRecord(topic_slug="burglary", source="police_uk", category="Burglary", valid_from=date(2013, 5, 1)),
        TopicRecord(topic_slug="drugs", source="police_uk", category="Drugs", valid_from=date(2013, 5, 1)),
    )
    counted(world, burglary, drugs, months)


def counted(world: World, burglary: int, drugs: int, months: list[str]) -> None:
    taken = RecordedImport(
        source="police_uk", file_name="f.csv", sha256="0", imported_on=date(2022, 12, 1), receipt={"unplaced": {}}
    )
    world.add(taken)
    world.add(
        *(
            RecordedCount(
                source="police_uk",
                period=month,
                area_code="L1",
                category=category,
                recorded_by="Test police",
                n=n,
                import_id=taken.id,
            )
            for month in months
            for category, n in (("Burglary", burglary), ("Drugs", drugs))
        )
    )


def test_a_topic_feared_more_than_recorded_stands_apart(crowd: World) -> None:
    recorded(crowd, burglary=2, drugs=60)

    first, second = ranking_gaps(crowd.session, crowd.residents).rows

    assert (first.topic, first.concern_rank, first.recorded_rank, first.apart) == ("burglary", 1, 2, True)
    assert (second.topic, second.gap) == ("drugs", 1)


def test_the_record_turning_turns_the_places(crowd: World) -> None:
    recorded(crowd, burglary=60, drugs=2)

    found = ranking_gaps(crowd.session, crowd.residents)

    assert [row.gap for row in found.rows] == [0, 0]
    assert not any(row.apart for row in found.rows)
    assert found.counts == {"burglary": 660, "drugs": 22}
    assert found.period == "January 2022 to November 2022"


def test_by_change_the_topic_that_rises_fastest_is_placed_first_however_few_it_has(crowd: World) -> None:
    recorded(crowd, burglary=40, drugs=12)
    counted(crowd, burglary=80, drugs=4, months=[f"2021{month[4:]}" for month in MONTHS])

    by_volume, by_change = (ranking_gaps(crowd.session, crowd.residents, by=by).rows for by in ("volume", "change"))

    assert [(row.topic, row.recorded_rank) for row in by_volume] == [("burglary", 1), ("drugs", 2)]
    assert [(row.topic, row.recorded_rank, row.apart) for row in by_change] == [
        ("burglary", 2, True),
        ("drugs", 1, True),
    ]


def test_by_change_each_topic_is_held_against_its_own_months_a_year_before(crowd: World) -> None:
    recorded(crowd, burglary=40, drugs=12)
    counted(crowd, burglary=80, drugs=4, months=["2021-05", "2021-06"])

    found = ranking_gaps(crowd.session, crowd.residents, by="change")

    assert found.months == ("2022-05", "2022-06")
    assert (found.changes["burglary"].before, found.changes["burglary"].after) == (160, 80)
    assert found.changes["burglary"].change_pct == -50


def test_by_change_a_topic_without_its_year_before_is_named_and_not_placed(crowd: World) -> None:
    recorded(crowd, burglary=40, drugs=12)

    found = ranking_gaps(crowd.session, crowd.residents, by="change")

    assert found.rows == ()
    assert "with the same months a year before" in (found.reason or "")
    assert "Burglary is not on record for the same months a year before." in found.left_out


def test_topics_without_a_record_are_named_and_not_placed(crowd: World) -> None:
    recorded(crowd, burglary=5, drugs=5)

    found = ranking_gaps(crowd.session, crowd.residents)

    assert {row.topic for row in found.rows} == {"burglary", "drugs"}
    assert any(reason.startswith("Speeding has no recorded counterpart") for reason in found.left_out)


def test_months_outside_the_year_of_the_survey_place_nothing(crowd: World) -> None:
    recorded(crowd, burglary=5, drugs=5, months=["2018-10", "2018-11"])

    found = ranking_gaps(crowd.session, crowd.residents)

    assert found.rows == ()
    assert "No month of the year to the end of fieldwork" in (found.reason or "")


def test_nothing_on_record_places_nothing(crowd: World) -> None:
    assert "Fewer than two" in (ranking_gaps(crowd.session, crowd.residents).reason or "")


def test_councils_are_not_set_against_the_record(crowd: World) -> None:
    with pytest.raises(FindingError, match="asks parish councils"):
        ranking_gaps(crowd.session, crowd.councils)
