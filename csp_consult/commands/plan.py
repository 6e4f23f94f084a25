"""``csp-consult plan``: the communication plan."""

from typing import Any

import click
from flask.cli import with_appcontext

from csp_consult.commands.output import emit, format_option
from csp_consult.db import db, mark_reading
from csp_consult.plan import activities
from csp_consult.plan.models import Activity


@click.group()
def plan() -> None:
    """The communication plan: activities aimed at gaps between perception and record."""


@plan.command("list")
@format_option
@with_appcontext
def list_(output_format: str) -> None:
    """List the activities, the one that starts first at the top."""
    mark_reading(True)
    rows = [_row(activity) for activity in activities.listed(db.session())]
    emit({"activities": rows}, "activities", output_format)


def _row(activity: Activity) -> dict[str, Any]:
    return {
        "id": activity.id,
        "title": activity.title,
        "status": activity.status,
        "topic": activity.topic_slug,
        "area": activity.area_code,
        "audience": activity.audience,
        "channel": activity.channel,
        "owner": activity.owner,
        "starts_on": activity.starts_on.isoformat(),
        "ends_on": activity.ends_on.isoformat() if activity.ends_on else None,
        "message": activity.message,
        "wave": activity.gap["wave"],
        "verdict": activity.gap["verdict"],
        "synthetic": activity.gap["synthetic"],
    }
