"""What was done to an activity, by whom and when. Entries are added and never changed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from csp_consult.people.audit import whoever_is_signed_in
from csp_consult.plan.models import Activity, ActivityEvent

CALLED: Final = {
    "title": "Title",
    "audience": "Whom it is for",
    "audience_age": "Age group",
    "area_code": "Area",
    "message": "Message",
    "channel": "How people are reached",
    "engagement_type": "Kind of engagement",
    "engagement": "How people can answer back",
    "owner": "Owner",
    "partner": "Partner",
    "cost": "Cost",
    "priorities": "Priorities",
    "starts_on": "First day",
    "ends_on": "Last day",
    "status": "Status",
}
"""What each field is called where its changes are shown."""


def note(session: Session, activity: Activity, what: str, changes: Sequence[dict[str, str]] = ()) -> None:
    """Add to an activity's history that the account signed in did something now; the caller commits."""
    activity.history.append(
        ActivityEvent(
            at=datetime.now(UTC).replace(tzinfo=None), by=whoever_is_signed_in(), what=what, changes=list(changes)
        )
    )
    session.flush()


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, str]]:
    """Every field whose words differ, with what it said before and says after."""
    return [
        {"field": called, "before": before[name], "after": after[name]}
        for name, called in CALLED.items()
        if before[name] != after[name]
    ]
