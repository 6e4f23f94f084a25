"""What it costs to count responses into the tally, and whom it keeps waiting."""

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import insert

from benchmarks.answering import SURVEY, application
from benchmarks.measure import milliseconds, once, row, timed
from benchmarks.ranking import DRAWN, drawn_answers
from csp_consult.db import db, writing
from csp_consult.fieldwork import tally
from csp_consult.fieldwork.cells import cell_of
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import load
from csp_consult.resources import resource_folder

TITLE = "Folding responses into the tally"
ABOUT = """
New responses to the VRN survey (24 questions, drawn at random, 456 weighting cells) claimed, counted and added to the
tally in one transaction on SQLite; the yardstick is reading the same answers from JSON, which no folding can do
without.
"""
FOLDED = 100_000


def measure() -> list[dict[str, Any]]:
    """CPU of one fold of many stored responses, and how long the writer is held for the most that a page folds."""
    questionnaire = load((resource_folder("surveys") / f"{SURVEY}.yaml").read_text())
    drawn = drawn_answers(questionnaire)
    texts = [json.dumps(drawn[number % DRAWN]) for number in range(FOLDED)]
    least = once(lambda: [json.loads(text) for text in texts])
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        with app.app_context():
            store_responses(app, questionnaire, drawn, 1_000)
            once(_fold)
            store_responses(app, questionnaire, drawn, FOLDED)
            whole = once(_fold)
            store_responses(app, questionnaire, drawn, 20_000)
            most = once(_fold)
            store_responses(app, questionnaire, drawn, 100)
            few = once(_fold)
            db.engine.dispose()
    return [
        timed(f"folding {FOLDED:,} new responses", whole, "reading the same answers from JSON", least, goal="measured"),
        row(
            "the same, responses a second of CPU",
            f"{FOLDED / whole.cpu:,.0f}",
            against="reading JSON",
            against_figure=f"{FOLDED / least.cpu:,.0f}",
        ),
        row(
            "folding 20,000, the most that a page folds while it holds SQLite's one writer",
            milliseconds(most.cpu),
            wall=milliseconds(most.wall),
            goal="who sends waits up to 10 s",
            met=most.wall < 10,
            why="the machine was shared; a smaller portion would hold the writer for less.",
        ),
        row("folding 100", milliseconds(few.cpu), wall=milliseconds(few.wall)),
    ]


def _fold() -> None:
    with writing() as session:
        tally.fold_all(session)


def store_responses(app: Flask, questionnaire: Questionnaire, drawn: list[dict[str, Any]], number: int) -> None:
    """Store so many responses that are not folded."""
    cells = [cell_of(questionnaire, one).key for one in drawn]
    with app.app_context():
        with writing() as session:
            wave_id = session.query(Wave.id).scalar()
        for start in range(0, number, 5_000):
            rows = []
            for place in range(start, min(start + 5_000, number)):
                key = uuid4()
                rows.append(
                    {
                        "id": key,
                        "wave_id": wave_id,
                        "reference": key.hex[:20],
                        "submission": key.hex,
                        "submitted_on": date.today(),
                        "mode": "online",
                        "language": "en",
                        "answers": drawn[place % len(drawn)],
                        "cell": cells[place % len(drawn)],
                        "synthetic": True,
                    }
                )
            with writing() as session:
                session.execute(insert(Response), rows)
