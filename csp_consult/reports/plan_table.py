"""The communication plan as a file."""

from collections.abc import Mapping, Sequence

from csp_consult.plan.models import Activity
from csp_consult.reports.tables import Cell, Column, Table

_NAMES = (
    "title",
    "status",
    "topic",
    "area",
    "audience",
    "age",
    "message",
    "channel",
    "engagement_type",
    "engagement",
    "owner",
    "partner",
    "cost_pounds",
    "priorities",
    "approved_by",
    "approved_on",
    "starts_on",
    "ends_on",
    "aimed_at",
    "perception_from",
    "gap_is_synthetic",
)


def plan_table(activities: Sequence[Activity], area_names: Mapping[str, str]) -> Table:
    """Every activity with the gap it is aimed at. ``area_names`` by code."""
    return Table(
        id="communication-plan",
        caption="Communication plan",
        columns=[Column(None, name) for name in _NAMES],
        rows=[_row(activity, area_names.get(activity.area_code, activity.area_code)) for activity in activities],
        about={},
        synthetic=any(activity.gap["synthetic"] for activity in activities),
    )


def _row(activity: Activity, area_name: str) -> list[Cell]:
    values = (
        activity.title,
        activity.status,
        activity.topic_slug,
        area_name,
        activity.audience,
        activity.audience_age,
        activity.message,
        activity.channel,
        activity.engagement_type,
        activity.engagement,
        activity.owner,
        activity.partner,
        activity.cost,
        "; ".join(f"{one.group}: {one.title}" for one in activity.priorities),
        activity.approved_by,
        activity.approved_on.isoformat() if activity.approved_on else None,
        activity.starts_on.isoformat(),
        activity.ends_on.isoformat() if activity.ends_on else None,
        activity.gap["verdict"],
        activity.gap["wave_title"],
        "yes" if activity.gap["synthetic"] else "no",
    )
    return [Cell("", value) for value in values]
