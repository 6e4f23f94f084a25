"""How soon a fresh process answers, and how much memory a worker holds that answers residents or clerks."""

import os
import re
import subprocess
import sys
import tempfile
import time
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from benchmarks.answering import surveyed
from benchmarks.journey import gunicorn, one_survey, questionnaire
from benchmarks.measure import Timing, children_of, held_mb, peak_mb, row, timed
from benchmarks.officer_pages import demo
from csp_consult.db import db
from csp_consult.demo.sign_ins import SIGN_INS

TITLE = "Starting, and memory"
ABOUT = """
A fresh process imports the application, makes it and answers a survey's start page; the yardstick is a process that
does the same with a bare Flask view. Both find Python's compiled files, as after an installation. Memory is the most
that a gunicorn worker held while it answered 60 whole surveys, and what it holds after a clerk of the demo went through
everything that the first pages lead to (its own pages of memory and those it shares with its siblings).
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
    "most of it is importing SQLAlchemy, Flask-Security with its passkeys and certificates, and our own models. "
    "Gunicorn's --preload would do it once for all workers; lazy imports inside Flask-Security would help."
)
OUTCOME = "/outcome"


def measure() -> list[dict[str, Any]]:
    """Start-up time and memory."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'start.db'}"
        app = surveyed(url, "twenty", questionnaire())
        with app.app_context():
            db.engine.dispose()
        times: dict[str, list[Timing]] = {OURS: [], BARE: []}
        for script in times:
            # Not counted: it leaves Python's compiled files behind.
            _run(script, url, folder)
        for _ in range(STARTS):
            for script, found in times.items():
                found.append(_run(script, url, folder))
        ours, bare = (
            Timing(median(one.cpu for one in found), median(one.wall for one in found)) for found in times.values()
        )
        with gunicorn("wsgi:app", {"CSP_DATABASE_URL": url}) as (port, server):
            for _ in range(60):
                one_survey(port)
            held = max(peak_mb(worker) for worker in children_of(server))
        demo(Path(folder))
        with gunicorn("wsgi:app", {"CSP_DATABASE_URL": f"sqlite:///{Path(folder) / 'demo.db'}"}) as (port, server):
            clerk = _Clerk(port)
            for page in [*clerk.pages] * 5:
                clerk.read(page)
            by_clerks, peak = _held(server), max(peak_mb(worker) for worker in children_of(server))
            for page in clerk.outcomes * 4:
                clerk.read(page)
            by_outcomes = _held(server)
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
        row(
            f"memory of a worker that answers clerks, {len(clerk.pages)} pages",
            f"{by_clerks:.0f} MB",
            against="for the moment in which a password is hashed",
            against_figure=f"{peak:.0f} MB",
            goal="120 MB",
            met=by_clerks <= 120,
            why="most of it is imported code: see above.",
        ),
        row(
            "the same after the page on what came of a council's answer",
            f"{by_outcomes:.0f} MB",
            goal="120 MB",
            met=by_outcomes <= 120,
            why="most of it is imported code: see above.",
        ),
    ]


class _Clerk:
    """A clerk of the demo, signed in, who opens again and again what the first pages lead to."""

    def __init__(self, port: int) -> None:
        self._site = f"http://127.0.0.1:{port}"
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))
        clerk = next(one for one in SIGN_INS if one.role == "clerk")
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.read("/sign-in"))
        home = self.read("/sign-in", csrf_token=token[1] if token else "", email=clerk.email, password=clerk.password)
        if "Your parishes" not in home:
            raise RuntimeError("The clerk could not sign in.")
        first = [link for link in _links(home) if not link.endswith(OUTCOME)]
        led_to = [*_links(home), *(link for page in first for link in _links(self.read(page)))]
        self.outcomes = sorted({link for link in led_to if link.endswith(OUTCOME)})
        self.pages = sorted({*led_to} - {*self.outcomes})

    def read(self, path: str, **form: str) -> str:
        """A page, or what a form leads to."""
        with self._browser.open(self._site + path, urlencode(form).encode() if form else None, timeout=60) as answer:
            if answer.status != 200:
                raise RuntimeError(f"{path} answers {answer.status}")
            # Some links are files.
            return str(answer.read().decode(errors="replace"))


def _links(page: str) -> list[str]:
    return re.findall(r'href="(/clerk/[^"#]*)"', page)


def _held(server: int) -> float:
    return max(held_mb(worker) for worker in children_of(server))


def _run(script: str, url: str, folder: str) -> Timing:
    before, began = os.times(), time.perf_counter()
    environment = os.environ | {
        "CSP_DATABASE_URL": url,
        "CSP_SECRET_KEY": "of a benchmark",
        "PYTHONPYCACHEPREFIX": f"{folder}/compiled",
        "PYTHONDONTWRITEBYTECODE": "",
    }
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Timing(cpu, time.perf_counter() - began)
