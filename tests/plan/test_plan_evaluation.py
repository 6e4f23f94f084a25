"""An activity is held against how its audience stood when it started, and the next wave says whether it moved."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count, cycle

import pytest
from findings_world import RESIDENTS, WARDS, World, make_world, printed_change
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from csp_consult.commands.plan import plan
from csp_consult.fieldwork import responses, waves
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.gaps import gap
from csp_consult.places.bands import ADULT_BANDS, SEXES
from csp_consult.plan import activities
from csp_consult.plan.evaluation import outcome, thawed
from csp_consult.plan.models import Activity
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import store
from csp_consult.reports.strategy import Quarter, latest_quarter

START, LATER = date(2023, 1, 9), date(2024, 1, 1)
WORRIED, CALM = ("more", "more", "same", "less"), ("less", "less", "same", "more")
_numbers = count()


def answered(session: Session, wave: Wave, said: Callable[[str], tuple[str, ...]]) -> None:
    """32 residents of each ward, who give the answers in turn."""
    for ward in WARDS:
        for i, answer in zip(range(32), cycle(said(ward)), strict=False):
            responses.submit(
                session,
                wave,
                {
                    "connection": "live",
                    "ward": ward,
                    "age": ADULT_BANDS[i % 7],
                    "sex": SEXES[i // 7 % 2],
                    "asb_change": answer,
                },
                submission=f"evaluated-{next(_numbers)}",
                mode="online",
                language="en",
                today=wave.opens_on,
            )


def next_wave(world: World, questionnaire: QuestionnaireVersion | None = None) -> Wave:
    return waves.create(
        world.session,
        world.residents.survey,
        "2023",
        title="Residents, 2023",
        questionnaire=questionnaire or world.session.get_one(QuestionnaireVersion, world.residents.questionnaire_id),
        opens_on=date(2023, 9, 1),
        cleared_on=date(2023, 9, 1),
        closes_on=date(2023, 11, 30),
    )


@pytest.fixture
def world(session: Session) -> World:
    """Everybody says that it rose, and the record fell."""
    world = make_world(session)
    answered(session, world.residents, lambda ward: WORRIED)
    world.add(printed_change())
    return world


def started(world: World, area: str = "B1", age: str = "") -> Activity:
    """An activity for an area's residents, under way since January 2023."""
    found = gap(world.session, world.residents, "asb", area)
    details = replace(activities.suggested(found, START, age=age), channel="Post", owner="Officer", status="under way")
    return activities.create(world.session, found, world.residents.id, details, START)


def test_the_baseline_is_frozen_with_what_could_be_detected_when_the_activity_starts(world: World) -> None:
    activity = started(world)

    assert activity.baseline is not None
    frozen = thawed(activity.baseline.content)
    assert frozen.target is not None
    assert frozen.rest is not None
    assert (frozen.target.base, frozen.rest.base) == (64, 64)
    assert frozen.target.effective_base > 30
    assert frozen.question["version"] == "1"
    assert frozen.detectable is not None
    assert 0.2 < frozen.detectable < 0.8
    assert [event.what for event in activity.history] == ["made", "baseline frozen"]


def test_answers_after_the_start_leave_the_baseline_alone_and_so_does_the_database(world: World) -> None:
    activity = started(world)
    assert activity.baseline is not None
    before = dict(activity.baseline.content)
    answered(world.session, world.residents, lambda ward: CALM)
    activities.change(world.session, activity, replace(activities.details_of(activity), area_code="W3"), LATER)

    assert activity.baseline.content == before
    world.session.commit()
    with pytest.raises(DBAPIError, match="only added to"):
        world.session.execute(text("UPDATE baseline SET frozen_on = '2020-01-01'"))


def test_an_audience_that_moved_is_told_from_one_that_did_not(world: World) -> None:
    activity = started(world)
    assert "no wave of residents-test has opened" in outcome(world.session, activity, LATER).text
    wave = next_wave(world)
    answered(world.session, wave, lambda ward: CALM if ward in {"W1", "W2"} else WORRIED)
    assert "Not yet: Residents, 2023 closes on" in outcome(world.session, activity, wave.closes_on).text

    found = outcome(world.session, activity, LATER)

    assert found.result is not None
    assert found.result.outcome == "moved as intended"
    assert found.result.effect == pytest.approx(-0.5, abs=0.1)
    assert "Two waves never prove a cause" in found.text


def test_a_wave_whose_days_went_by_without_being_cleared_to_open_is_no_wave_before_or_after(world: World) -> None:
    for slug, first, last in (
        ("before", date(2022, 12, 21), date(2023, 1, 6)),
        ("after", date(2023, 3, 1), date(2023, 4, 30)),
    ):
        waves.copy(world.session, world.residents, slug, title=slug, opens_on=first, closes_on=last)
    world.session.expire_all()
    activity = started(world)
    assert activity.baseline is not None
    assert activity.baseline.wave_id == world.residents.id
    waiting = outcome(world.session, activity, date(2023, 4, 1))
    assert "Not yet: after closes on" in waiting.text, "it can still be cleared"

    answered(world.session, next_wave(world), lambda ward: CALM if ward in {"W1", "W2"} else WORRIED)
    found = outcome(world.session, activity, LATER)

    assert found.result is not None
    assert found.result.outcome == "moved as intended"
    assert latest_quarter(world.session, date(2023, 8, 1)) == Quarter.of(world.residents.closes_on)


def test_everybody_moving_alike_is_no_detectable_effect_said_as_plainly(world: World) -> None:
    activity = started(world)
    answered(world.session, next_wave(world), lambda ward: CALM)

    found = outcome(world.session, activity, LATER)

    assert found.result is not None
    assert found.result.outcome == "no detectable effect"
    assert found.text.startswith("There is no detectable effect")


def test_an_activity_for_everybody_keeps_its_baseline_and_cannot_be_evaluated(world: World) -> None:
    activity = started(world, area="D1")

    assert activity.baseline is not None
    assert thawed(activity.baseline.content).rest is None
    assert "leaves nobody to compare with" in outcome(world.session, activity, LATER).text


def test_an_age_group_of_everywhere_is_held_against_the_other_ages(world: World) -> None:
    activity = started(world, area="D1", age="16-24")

    assert activity.baseline is not None
    frozen = thawed(activity.baseline.content)
    assert (frozen.audience, frozen.rest and frozen.rest.base) == ("All residents, aged 16 to 24", 108)


def test_another_question_is_another_measure(world: World) -> None:
    activity = started(world)
    changed = RESIDENTS.replace('version: "1"', 'version: "2"').replace(
        "more or less of a problem?", "worse or better?"
    )
    next_wave(world, store(world.session, changed, today=START))

    assert "asked another question" in outcome(world.session, activity, LATER).text


def test_the_command_line_tells_every_evaluation(world: World, app: Flask) -> None:
    started(world)
    answered(world.session, next_wave(world), lambda ward: CALM)
    world.session.commit()

    result = app.test_cli_runner().invoke(plan, ["evaluate", "--format", "json"])

    (row,) = json.loads(result.output)["evaluations"]
    assert row["outcome"] == "no detectable effect"
    assert row["lower"] < row["effect"] < row["upper"]
    assert row["detectable"] > 0
