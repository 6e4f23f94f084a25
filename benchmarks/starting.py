"""How soon a fresh process answers, and how much memory a worker holds that answers residents."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.answering import surveyed
from benchmarks.journey import gunicorn, one_survey, questionnaire
from benchmarks.measure import Timing, children_of, peak_mb, row, timed
from csp_consult.db import db

TITLE = "Starting, and memory"
ABOUT = """
A fresh process imports the application, makes it and answers a survey's start page; the yardstick is a process that
does the same with a bare Flask view. Memory is the most that a gunicorn worker held while it answered 60 whole surveys
(its own pages and those it shares with its siblings).
"""
STARTS = 5
OURS = """
import wsgi
assert wsgi.app.test_client().get("/s/twenty/now").status_code == 200
"""
BARE = """
import flask
app = flask.Flask("bare")
app.get("/")(lambda: "words")
assert app.test_client().get("/").status_code == 200
"""
WHY = (
    "more than half of it is importing SQLAlchemy, Flask-Security with its passkeys and certificates, and our own "
    "models. Gunicorn's --preload would do it once for all workers; lazy imports inside Flask-Security would help."
)


def measure() -> list[dict[str, Any]]:
    """Start-up time and memory."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'start.db'}"
        app = surveyed(url, "twenty", questionnaire())
        with app.app_context():
            db.engine.dispose()
        times: dict[str, list[Timing]] = {OURS: [], BARE: []}
        for _ in range(STARTS):
            for script, found in times.items():
                found.append(_run(script, url))
        ours, bare = (
            Timing(median(one.cpu for one in found), median(one.wall for one in found)) for found in times.values()
        )
        with gunicorn("wsgi:app", {"CSP_DATABASE_URL": url}) as (port, server):
            for _ in range(60):
                one_survey(port)
            held = max(peak_mb(worker) for worker in children_of(server))
    return [
        timed(
            "from the start of a process to its first response",
            ours,
            "a bare Flask view",
            bare,
            goal="1 s",
            met=ours.cpu <= 1,
            why=WHY,
        ),
        row(
            "memory of a worker that answers residents",
            f"{held:.0f} MB",
            goal="120 MB",
            met=held <= 120,
            why="most of it is imported code: see above.",
        ),
    ]


def _run(script: str, url: str) -> Timing:
    before, began = os.times(), time.perf_counter()
    environment = os.environ | {"CSP_DATABASE_URL": url, "CSP_SECRET_KEY": "of a benchmark"}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Timing(cpu, time.perf_counter() - began)
