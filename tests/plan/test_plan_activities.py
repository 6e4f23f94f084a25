"""An activity is made from a gap, keeps it as it stood, and refuses what makes no sense in plain words."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from flask import Flask
from made_findings import made_gap, made_published_gap
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.plan import plan
from csp_consult.places.models import Area
from csp_consult.plan import activities
from csp_consult.plan.activities import ActivityDetails, ActivityError
from csp_consult.plan.models import Activity
from csp_consult.topics.models import Topic

TODAY = date(2022, 12, 5)


@pytest.fixture
def places(session: Session) -> Session:
    """The district and the topic of the hand-made gap, stored."""
    session.add(Topic(slug="asb", title="Anti-social behaviour", position=1))
    session.add(Area(code="E07000131", kind="district", name="Harborough", source="ONS"))
    session.flush()
    return session


def details() -> ActivityDetails:
    return replace(
        activities.suggested(made_gap(), TODAY), channel="Parish newsletters", owner="Community Safety Officer"
    )


def faulty_fields(session: Session, given: ActivityDetails) -> list[str]:
    return [fault.field_id for fault in activities.faults(session, given, TODAY)]


def test_the_suggested_message_quotes_what_can_be_said_aloud_and_its_sources() -> None:
    message = activities.suggested(made_gap(), TODAY).message

    assert made_gap().verdict in message
    assert "VRN Community Safety Survey, autumn 2022" in message
    assert "Leicestershire Police" in message


def test_an_activity_keeps_the_gap_as_it_stood(places: Session) -> None:
    activities.create(places, made_gap(), None, details(), TODAY)
    places.expire_all()

    kept = places.scalars(select(Activity)).one()

    assert kept.gap["perceived_up"]["estimate"] == 0.38
    assert kept.gap["recorded"]["change_pct"] == -33.4
    assert kept.gap["verdict"] == made_gap().verdict


def test_a_published_perception_without_a_wave_can_be_aimed_at(places: Session) -> None:
    activity = activities.create(places, made_published_gap(), None, details(), TODAY)
    assert activity.wave_id is None
    assert activity.gap["wave_title"].startswith("Leicestershire Community Insight Survey")


def test_a_gap_that_cannot_be_compared_bears_no_activity(places: Session) -> None:
    gap = replace(made_gap(), grade="D", verdict="Cannot be compared, because the periods do not overlap.")
    with pytest.raises(ActivityError, match="because the periods do not overlap"):
        activities.create(places, gap, None, details(), TODAY)


def test_changing_an_activity_leaves_its_gap_alone(places: Session) -> None:
    activity = activities.create(places, made_gap(), None, details(), TODAY)
    before = dict(activity.gap)

    activities.change(places, activity, replace(details(), status="under way", owner="Beat team"), TODAY)

    assert (activity.status, activity.owner, activity.gap) == ("under way", "Beat team", before)


def test_details_come_back_as_they_were_given(places: Session) -> None:
    activity = activities.create(places, made_gap(), None, details(), TODAY)
    assert activities.details_of(activity) == details()


@pytest.mark.parametrize("field", ["title", "audience", "message", "channel", "owner"])
def test_an_empty_text_is_asked_for(places: Session, field: str) -> None:
    given = ActivityDetails(**{**asdict(details()), field: "  "})
    assert faulty_fields(places, given) == [field]


def test_a_text_that_is_too_long_is_refused_with_its_length(places: Session) -> None:
    found = activities.faults(places, replace(details(), message="x" * 1001), TODAY)
    assert [fault.message for fault in found] == ["Shorten the message to 1000 characters; it has 1001"]


def test_every_fault_is_told_at_once_and_nothing_is_changed(places: Session) -> None:
    activity = activities.create(places, made_gap(), None, details(), TODAY)
    wrong = replace(details(), title="", area_code="E99", starts_on=None, status="dreaming", engagement="x" * 501)

    with pytest.raises(ActivityError) as refusal:
        activities.change(places, activity, wrong, TODAY)

    assert [fault.field_id for fault in refusal.value.faults] == [
        "title",
        "engagement",
        "area_code",
        "status",
        "starts_on",
    ]
    assert activities.details_of(activity) == details()


def test_the_last_day_is_not_before_the_first(places: Session) -> None:
    assert faulty_fields(places, replace(details(), ends_on=TODAY - timedelta(days=1))) == ["ends_on"]
    assert faulty_fields(places, replace(details(), ends_on=TODAY)) == []


@pytest.mark.parametrize(
    ("status", "faulty"), [("planned", []), ("stopped", []), ("under way", ["status"]), ("done", ["status"])]
)
def test_what_has_not_started_is_neither_under_way_nor_done(places: Session, status: str, faulty: list[str]) -> None:
    given = replace(details(), starts_on=TODAY + timedelta(days=1), status=status)
    assert faulty_fields(places, given) == faulty


def test_activities_are_listed_by_the_day_they_start(places: Session) -> None:
    for days in (2, 0, 1):
        given = replace(details(), title=f"Day {days}", starts_on=TODAY + timedelta(days=days))
        activities.create(places, made_gap(), None, given, TODAY)

    assert [activity.title for activity in activities.listed(places)] == ["Day 0", "Day 1", "Day 2"]


def test_the_command_line_lists_activities_with_what_they_are_aimed_at(places: Session, app: Flask) -> None:
    activities.create(places, made_gap(), None, details(), TODAY)
    places.commit()

    result = app.test_cli_runner().invoke(plan, ["list", "--format", "json"])

    assert result.exit_code == 0
    assert '"topic": "asb"' in result.output
    assert made_gap().verdict in result.output
