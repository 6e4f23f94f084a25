"""Whole surveys answered by many people at once over HTTP, on both databases, under gunicorn."""

import http.client
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.answering import surveyed
from benchmarks.databases import postgresql
from benchmarks.measure import cpu_of, milliseconds, row
from csp_consult.db import db

TITLE = "Answering: whole surveys"
ABOUT = """
Twenty questions with one of five options in five pages, from the start page over check-your-answers to the thanks: 14
requests and 6 durable commits a survey, by 8 people at once, each survey by a new respondent, against gunicorn with 2
workers of 4 threads. The people run on the same two cores and take their share. CPU is that of gunicorn's workers;
PostgreSQL's own processes are counted apart. Limit (a) is 14 requests of a bare Flask view with a page of the same
size under the same gunicorn, limit (b) one durable INSERT per commit by one caller on the same database. For
comparison, measured on such a machine: ONS eQ takes 20 ms a question GET and 8 ms a POST, LimeSurvey 6 takes 380 ms
and 741 statements for these twenty questions.
"""
SURVEYS = 160
PEOPLE = 8
REQUESTS = 14
GOAL = 0.040
PAGES, QUESTIONS = 5, 4
WHY = (
    "every page pays for the web framework (routing, request, session, security headers) and one query through "
    "SQLAlchemy, and on a shared machine each costs more. Fewer, longer pages would save most."
)


def measure() -> list[dict[str, Any]]:
    """Surveys a second and CPU a survey on both databases, with their limits in the same run."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _on("SQLite", f"sqlite:///{Path(folder) / 'journey.db'}", None)
    with postgresql() as (url, server):
        rows += _on("PostgreSQL", url, server)
    return rows


def questionnaire() -> str:
    """The file of a survey of twenty questions in five pages."""
    lines = [
        'questionnaire: twenty\nversion: "1"\ntitle: Twenty questions\norganisation: Benchmark\naudience: residents',
        "minutes: 5\nintro: {purpose: To measure., decides: Nobody., after: Nothing.}\npages:",
    ]
    for page in range(PAGES):
        lines.append(f"  - page: page{page}\n    title: Page {page + 1}\n    questions:")
        for number in range(QUESTIONS):
            lines.append(f"      - id: q{page}_{number}\n        kind: single")
            lines.append(f"        text: How much of a problem is matter {page}.{number} in your local area?")
            lines.append("        options: {a: Very big, b: Fairly big, c: Not very big, d: None at all, e: Not sure}")
    return "\n".join(lines) + "\n"


def _on(name: str, url: str, database: int | None) -> list[dict[str, Any]]:
    app = surveyed(url, "twenty", questionnaire())
    with app.app_context():
        db.engine.dispose()
    with gunicorn("wsgi:app", {"CSP_DATABASE_URL": url}) as (port, server):
        _many(port, 16)
        before, aside = cpu_of(server), _cpu_of(database)
        began = time.perf_counter()
        size = _many(port, SURVEYS)
        took = time.perf_counter() - began
        a_survey, in_database = (cpu_of(server) - before) / SURVEYS, (_cpu_of(database) - aside) / SURVEYS
    with gunicorn("benchmarks.bare:app", {"BARE_BYTES": str(size)}) as (port, server):
        _bare(port, 100)
        before = cpu_of(server)
        _bare(port, 2_000)
        bare = (cpu_of(server) - before) / 2_000 * REQUESTS
    durable = _durable(url)
    return [
        row(
            f"CPU of one whole survey, {name}",
            milliseconds(a_survey),
            against="(a) 14 bare views",
            against_figure=milliseconds(bare),
            ratio=a_survey / bare,
            goal=f"{GOAL * 1000:g} ms",
            met=a_survey <= GOAL,
            why=WHY,
        ),
        row(
            f"surveys completed a second, {name}",
            f"{SURVEYS / took:.3g}",
            wall=f"{took:.3g} s",
            against="(b) durable inserts a second, by 6",
            against_figure=f"{1 / durable / 6:.3g}",
            ratio=SURVEYS / took * durable * 6,
        ),
        *([row(f"CPU of {name}'s own processes for one survey", milliseconds(in_database))] if database else []),
    ]


def _cpu_of(database: int | None) -> float:
    return cpu_of(database) if database else 0.0


def _many(port: int, surveys: int) -> int:
    """So many surveys by so many people at once; gives the bytes of a question page."""
    sizes: list[int] = []
    left = iter(range(surveys))
    lock = threading.Lock()

    def person() -> None:
        while True:
            with lock:
                if next(left, None) is None:
                    return
            sizes.append(one_survey(port))

    _at_once(person)
    if len(sizes) != surveys:
        raise RuntimeError(f"{surveys - len(sizes)} surveys were not completed")
    return sizes[0]


def _at_once(person: Callable[[], None]) -> None:
    people = [threading.Thread(target=person) for _ in range(PEOPLE)]
    for one in people:
        one.start()
    for one in people:
        one.join()


def one_survey(port: int) -> int:
    """One respondent from the start page to the thanks. Raises RuntimeError at anything unexpected."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    cookie, token, size = "", "", 0

    def ask(method: str, path: str, wanted: int, **form: str) -> str:
        nonlocal cookie, token
        headers = {"Cookie": cookie} if cookie else {}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form | {"csrf_token": token}) if method == "POST" else None
        connection.request(method, f"/s/twenty/now{path}", body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != wanted:
            raise RuntimeError(f"{method} {path} answered {answer.status}, not {wanted}: {text[:300]}")
        if given := answer.getheader("Set-Cookie"):
            cookie = given.partition(";")[0]
        if found := re.search(r'name="csrf_token" value="([^"]+)"', text):
            token = found[1]
        return text

    ask("GET", "", 200)
    for page in range(PAGES):
        size = len(ask("GET", f"/questions/page{page}", 200).encode())
        ask("POST", f"/questions/page{page}", 303, **{f"q{page}_{number}": "b" for number in range(QUESTIONS)})
    ask("GET", "/check", 200)
    ask("POST", "/check", 303)
    ask("GET", "/thanks", 200)
    connection.close()
    return size


def _bare(port: int, requests: int) -> None:
    left = iter(range(requests))
    lock = threading.Lock()

    def person() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                if next(left, None) is None:
                    return
            connection.request("GET", "/")
            connection.getresponse().read()

    _at_once(person)


@contextmanager
def gunicorn(application: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A server as it is deployed, on a free port of the loopback address; gives the port and its id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    # Off the loopback's limits by address, which do not hold for it; a production log would be part of the price.
    own = {"CSP_SECRET_KEY": "of a benchmark", "PYTHONPATH": "."}
    server = subprocess.Popen([*command, application], env=os.environ | own | environment, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/health")
            connection.getresponse().read()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _durable(url: str, inserts: int = 300) -> float:
    """Seconds of wall time for one INSERT with its commit, of a text as long as a survey's answers."""
    words = "x" * 400
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.execute("PRAGMA synchronous=FULL")
        statement = "INSERT INTO durable VALUES (?)"
    else:
        connection = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"))
        statement = "INSERT INTO durable VALUES (%s)"
    connection.execute("CREATE TABLE durable (words text)")
    connection.commit()
    began = time.perf_counter()
    for _ in range(inserts):
        connection.execute(statement, (words,))
        connection.commit()
    took = time.perf_counter() - began
    connection.execute("DROP TABLE durable")
    connection.commit()
    connection.close()
    return took / inserts
