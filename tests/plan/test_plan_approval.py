"""An approval is of an activity as it stands: a change reopens it, and everything done is kept for good."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from made_findings import made_gap
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from csp_consult.places.models import Area
from csp_consult.plan import activities
from csp_consult.plan.activities import ActivityError
from csp_consult.plan.models import Activity, Priority
from csp_consult.topics.models import Topic

TODAY = date(2022, 12, 5)
CHAIR = "Chair of the Strategy Group"


@pytest.fixture
def activity(session: Session) -> Activity:
    """An activity just made; the partnership and the Commissioner have a priority each."""
    session.add(Topic(slug="asb", title="Anti-social behaviour", position=1))
    session.add(Area(code="E07000131", kind="district", name="Harborough", source="ONS"))
    session.flush()
    session.add(Priority(slug="asb", group="Places", title="ASB", position=0, topic_slug="asb"))
    session.add(Priority(slug="watch", group="Police and Crime Commissioner", title="Watches", position=1))
    session.flush()
    details = activities.suggested(made_gap(), TODAY, priorities=activities.priorities(session))
    return activities.create(session, made_gap(), None, replace(details, channel="Post", owner="Officer"), TODAY)


def done(activity: Activity) -> list[str]:
    return [event.what for event in activity.history]


def test_a_change_of_what_was_approved_reopens_the_approval(session: Session, activity: Activity) -> None:
    activities.approve(session, activity, CHAIR, TODAY)
    assert (activity.approved_by, activity.approved_on) == (CHAIR, TODAY)

    details = activities.details_of(activity)
    activities.change(session, activity, replace(details, cost=250, starts_on=TODAY), TODAY)

    assert (activity.approved_by, activity.approved_on) == ("", None)
    assert done(activity) == ["made", "approved", "changed", "approval reopened"]
    assert activity.history[2].changes == [{"field": "Cost", "before": "", "after": "£250"}]


def test_doing_what_was_approved_leaves_it_approved(session: Session, activity: Activity) -> None:
    activities.approve(session, activity, CHAIR, TODAY)

    activities.change(session, activity, replace(activities.details_of(activity), status="under way"), TODAY)

    assert activity.approved_on == TODAY


def test_saving_without_a_change_is_nothing_done(session: Session, activity: Activity) -> None:
    activities.approve(session, activity, CHAIR, TODAY)

    activities.change(session, activity, activities.details_of(activity), TODAY)

    assert done(activity) == ["made", "approved"]


@pytest.mark.parametrize("role", ["", "x" * 201])
def test_an_approval_names_a_role(session: Session, activity: Activity, role: str) -> None:
    with pytest.raises(ActivityError, match="Enter the role"):
        activities.approve(session, activity, role, TODAY)
    assert done(activity) == ["made"]


def test_history_tells_who_did_it_and_the_database_refuses_to_change_it(session: Session, activity: Activity) -> None:
    session.commit()
    assert activity.history[0].by == "system"

    for statement in ("UPDATE activity_event SET what = 'approved'", "DELETE FROM activity_event"):
        with pytest.raises(DBAPIError, match="only added to"):
            session.execute(text(statement))
        session.rollback()


def test_an_activity_starts_with_the_priorities_of_its_topic_and_may_serve_the_commissioners(
    session: Session, activity: Activity
) -> None:
    details = activities.details_of(activity)
    assert details.priorities == ("asb",)

    activities.change(session, activity, replace(details, priorities=("asb", "watch")), TODAY)

    assert [one.group for one in activity.priorities] == ["Places", "Police and Crime Commissioner"]
    assert activity.history[-1].changes[0]["after"] == "ASB; Watches"


def test_what_no_list_holds_is_refused_field_by_field(app: Flask, session: Session, activity: Activity) -> None:
    wrong = replace(
        activities.details_of(activity),
        audience_age="9-11",
        engagement_type="shouting",
        cost=-1,
        priorities=("asb", "none"),
        partner="x" * 201,
    )
    assert [fault.field_id for fault in activities.faults(session, wrong, TODAY)] == [
        "partner",
        "audience_age",
        "engagement_type",
        "cost",
        "priorities",
    ]
