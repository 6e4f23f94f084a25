"""How soon a response that was acknowledged is in the ranking while many people answer, and who waits for whom."""

import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import func, select, text

from benchmarks.answering import surveyed
from benchmarks.databases import postgresql
from benchmarks.journey import gunicorn, one_survey, questionnaire
from benchmarks.measure import milliseconds, once, row
from csp_consult.db import db, mark_reading, writing
from csp_consult.fieldwork import tally
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.findings.reading import read_tally

TITLE = "Freshness under full load"
ABOUT = """
Six people at a time complete surveys against gunicorn as fast as they can, while an officer's page asks for the tally
ten times a second. A response counts as fresh when the tally that was asked for after its thank-you page holds it; told
is the longest such question took. The writer's time is the wall time of folding's transactions over that of the run.
"""
SECONDS = 15.0
PEOPLE = 6


def measure() -> list[dict[str, Any]]:
    """Freshness and waiting on both databases."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _on("SQLite", f"sqlite:///{Path(folder) / 'fresh.db'}")
    with postgresql() as (url, _server):
        rows += _on("PostgreSQL", url)
    return rows


def _on(name: str, url: str) -> list[dict[str, Any]]:
    app = surveyed(url, "twenty", questionnaire())
    with gunicorn("wsgi:app", {"CSP_DATABASE_URL": url}) as (port, _server):
        one_survey(port)
        done = [0]
        stop = threading.Event()
        lock = threading.Lock()

        def person() -> None:
            while not stop.is_set():
                one_survey(port)
                with lock:
                    done[0] += 1

        people = [threading.Thread(target=person) for _ in range(PEOPLE)]
        for one in people:
            one.start()
        looks, folding, missing = _watch(app, done)
        stop.set()
        for one in people:
            one.join()
    alone, beside = _reads_beside_a_writer(app)
    with app.app_context():
        db.engine.dispose()
    worst = max(looks)
    why = "the machine was shared with other work; the fold itself is short, and waits its turn for a processor."
    return [
        row(
            f"from thank-you page to the tally at the latest, {name}, {done[0] / SECONDS:.3g} surveys a second",
            milliseconds(worst) + " wall",
            against="the median look",
            against_figure=milliseconds(median(looks)),
            goal="1 s, none missing",
            met=worst <= 1 and not missing,
            why=why,
        ),
        row(f"folding's share of the time, {name}", f"{folding / SECONDS:.1%}", goal="measured"),
        row(
            f"a page of questions read while a writer holds its transaction, {name}",
            milliseconds(beside) + " wall",
            against="with no writer",
            against_figure=milliseconds(alone),
            ratio=beside / alone,
            goal="waits for no writer",
            met=beside < 0.5,
            why=why,
        ),
    ]


def _watch(app: Flask, done: list[int]) -> tuple[list[float], float, int]:
    """Seconds of every look at the tally; seconds spent in folding; acknowledged responses that a look missed."""
    looks: list[float] = []
    missing, folding = 0, 0.0
    fold = tally.fold

    def timed(*arguments: Any, **options: Any) -> int:
        nonlocal folding
        began = time.perf_counter()
        counted = fold(*arguments, **options)
        folding += time.perf_counter() - began
        return counted

    tally.fold = timed
    try:
        end = time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            acknowledged = done[0]
            began = time.perf_counter()
            with app.app_context():
                mark_reading(True)
                session = db.session()
                found = read_tally(session, session.scalars(select(Wave)).one()).responses
                db.session.rollback()
            looks.append(time.perf_counter() - began)
            missing += max(0, acknowledged - found)
            time.sleep(max(0.0, 0.1 - looks[-1]))
    finally:
        tally.fold = fold
    return looks, folding, missing


def _reads_beside_a_writer(app: Flask) -> tuple[float, float]:
    """Wall seconds of a question page with no writer, and while one holds an open transaction."""
    client = app.test_client()
    mark_reading(False)

    def read() -> None:
        if client.get("/s/twenty/now/questions/page0").status_code != 200:
            raise RuntimeError("the page could not be read")

    read()
    alone = median(once(read).wall for _ in range(15))
    with app.app_context(), writing() as session:
        session.execute(text("UPDATE wave SET note = 'held'"))
        session.scalar(select(func.count()).select_from(Response))
        beside = median(once(read).wall for _ in range(15))
    return alone, beside
