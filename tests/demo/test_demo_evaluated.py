"""The demo shows two evaluated activities: one whose audience moved, and one without a detectable effect."""

import json

from flask import Flask
from sqlalchemy import select

from csp_consult.commands.plan import plan
from csp_consult.db import db
from csp_consult.plan.models import Activity


def test_one_made_up_activity_moved_its_audience_and_one_did_not_and_both_say_that_they_are_made_up(app: Flask) -> None:
    result = app.test_cli_runner().invoke(plan, ["evaluate", "--format", "json"])
    moved, unmoved = json.loads(result.stdout)["evaluations"]

    assert (moved["outcome"], unmoved["outcome"]) == ("moved as intended", "no detectable effect")
    assert moved["upper"] < 0 < unmoved["upper"]
    assert all(row["baseline_frozen_on"] < "2023-01-09" for row in (moved, unmoved)), "before the wave opened"
    assert all(row["synthetic"] for row in (moved, unmoved))
    with app.app_context():
        for activity in db.session.scalars(select(Activity)):
            assert activity.message.startswith("Made up for the demo: nobody did this")
