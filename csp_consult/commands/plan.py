"""``csp-consult plan``: the communication plan, and whom it should reach."""

from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext

from csp_consult.commands.findings import base_rules, emit_shown
from csp_consult.commands.output import emit, format_option
from csp_consult.db import db, mark_reading
from csp_consult.fieldwork import waves
from csp_consult.findings import documents, targeting
from csp_consult.findings.errors import FindingError
from csp_consult.plan import activities
from csp_consult.plan.evaluation import STARTED, Outcome, outcome
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


@plan.command("targets")
@click.argument("key", metavar="WAVE")
@click.option("--topic", metavar="TOPIC", required=True, help="The topic that residents are asked to look back on.")
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.5,
    show_default=True,
    help="How many of those who believe the contrary to reach.",
)
@format_option
@with_appcontext
def targets(key: str, topic: str, share: float, output_format: str) -> None:
    """Choose the fewest audiences that hold most of the residents who believe that a topic rose while it fell."""
    mark_reading(True)
    session = db.session()
    try:
        wave = waves.find(session, key)
        found = targeting.targets(session, wave, topic, wanted_share=share, rules=base_rules())
    except (FindingError, waves.WaveError) as error:
        raise click.ClickException(str(error)) from error
    emit_shown(documents.targets(found, date.today().isoformat()), "targets", output_format)


@plan.command("evaluate")
@format_option
@with_appcontext
def evaluate(output_format: str) -> None:
    """Say of every activity that has started whether its audience moved, beyond everybody else, by the next wave."""
    mark_reading(True)
    session, today = db.session(), date.today()
    started = [activity for activity in activities.listed(session) if activity.status in STARTED]
    rows = [_evaluated(activity, outcome(session, activity, today, rules=base_rules())) for activity in started]
    emit({"evaluations": rows}, "evaluations", output_format)


def _evaluated(activity: Activity, found: Outcome) -> dict[str, Any]:
    frozen, result = found.frozen, found.result
    return {
        "id": activity.id,
        "title": activity.title,
        "outcome": result.outcome if result else "not evaluated",
        "effect": result.effect if result else None,
        "se": result.se if result else None,
        "lower": result.lower if result else None,
        "upper": result.upper if result else None,
        "detectable": frozen.detectable if frozen else None,
        "audience": frozen.audience if frozen else activity.audience,
        "baseline_wave": found.before.key if found.before else None,
        "baseline_frozen_on": found.frozen_on.isoformat() if found.frozen_on else None,
        "wave": found.after.key if found.after else None,
        "text": found.text,
        "synthetic": activity.gap["synthetic"],
    }


def _row(activity: Activity) -> dict[str, Any]:
    return {
        "id": activity.id,
        "title": activity.title,
        "status": activity.status,
        "topic": activity.topic_slug,
        "area": activity.area_code,
        "audience": activity.audience,
        "age": activity.audience_age or None,
        "channel": activity.channel,
        "engagement_type": activity.engagement_type,
        "owner": activity.owner,
        "partner": activity.partner or None,
        "cost_pounds": activity.cost,
        "priorities": [one.slug for one in activity.priorities],
        "approved_by": activity.approved_by or None,
        "approved_on": activity.approved_on.isoformat() if activity.approved_on else None,
        "starts_on": activity.starts_on.isoformat(),
        "ends_on": activity.ends_on.isoformat() if activity.ends_on else None,
        "message": activity.message,
        "wave": activity.gap["wave"],
        "verdict": activity.gap["verdict"],
        "synthetic": activity.gap["synthetic"],
    }
