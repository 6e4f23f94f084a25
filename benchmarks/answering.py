"""A question page, read and sent, against a bare Flask view that renders a page of the same size."""

import io
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, render_template
from flask_migrate import upgrade
from jinja2 import DictLoader
from werkzeug.test import EnvironBuilder

from benchmarks.measure import interleaved, timed
from csp_consult.app import create_app
from csp_consult.db import db, writing
from csp_consult.fieldwork.waves import create, create_survey
from csp_consult.questionnaire.store import store
from csp_consult.resources import resource_folder
from csp_consult.settings import Settings

TITLE = "Answering: one page"
ABOUT = """
The page on feeling safe of the VRN Community Safety Survey on SQLite, called through WSGI without a server. Limit (a)
is a bare Flask application whose one view renders a template of the same size, half of it put in by expressions:
it knows no database, no language, no cookie and no question.
"""
SURVEY = "vrn-community-safety"
PAGE = f"/s/{SURVEY}/now/questions/safety"
ROUNDS = 200
WHY = (
    "a template without a question in it is a hard limit, though half of it is put in by expressions. What is left "
    "beyond it: a session and one query through SQLAlchemy, the path through the questionnaire, opening the sealed "
    "draft, the security headers and their nonce, and some twenty expressions. Raw sqlite3 and psycopg would save the "
    "most, and would be a second way to reach the database beside the one that the rest uses."
)


def measure() -> list[dict[str, Any]]:
    """CPU of a question page's GET and POST on SQLite, as a ratio of the bare view's."""
    with tempfile.TemporaryDirectory() as folder, question_page(Path(folder)) as calls:
        found = interleaved(calls, rounds=ROUNDS)
    bare = found["bare"]
    against = "(a) bare view, page of the same size"
    return [
        timed(
            f"question page, {told}",
            found[name],
            against,
            bare,
            goal=f"{goal * 1000:g} ms",
            met=found[name].cpu <= goal,
            why=WHY,
        )
        for name, told, goal in (
            ("get", "GET, seen for the first time", 0.004),
            ("again", "GET, with answers come back to", 0.004),
            ("post", "POST, with the durable commit", 0.002),
        )
    ] + [
        timed(
            "question page, GET, as a multiple of limit (a)",
            found["get"],
            against,
            bare,
            goal="1.5 times",
            met=found["get"].cpu <= 1.5 * bare.cpu,
            why=WHY,
        )
    ]


@contextmanager
def question_page(folder: Path) -> Iterator[dict[str, Callable[[], object]]]:
    """Calls that read and send one question page, and the bare view's."""
    app = application(folder)
    client = app.test_client()
    client.get(f"/s/{SURVEY}/now")
    first = client.get(f"/s/{SURVEY}/now/questions/connection").text
    client.post(f"/s/{SURVEY}/now/questions/connection", data=form_of(first, connection="live"))
    page = client.get(PAGE).text
    cookie = _cookie(client)
    # Another respondent at the same place, who also sends, so that the first page stays as nobody has answered it.
    other = app.test_client()
    first = other.get(f"/s/{SURVEY}/now/questions/connection").text
    other.post(f"/s/{SURVEY}/now/questions/connection", data=form_of(first, connection="live"))
    form = form_of(other.get(PAGE).text, safe_day="very_safe", safe_night="fairly_safe")
    sender = _cookie(other)
    yield {
        "get": _called(app, PAGE, cookie, "200"),
        "post": _called(app, PAGE, sender, "303", form),
        "again": _called(app, PAGE, sender, "200"),
        "bare": _called(bare_view(page), "/", "", "200"),
    }
    with app.app_context():
        db.engine.dispose()


def application(folder: Path, database_url: str = "") -> Flask:
    """An application on a database of its own, with one open wave of the survey."""
    source = (resource_folder("surveys") / f"{SURVEY}.yaml").read_text()
    return surveyed(database_url or f"sqlite:///{folder / 'bench.db'}", SURVEY, source)


def surveyed(database_url: str, slug: str, source: str) -> Flask:
    """An application on an empty database, with one open wave ``now`` of a survey."""
    app = create_app(Settings(database_url=database_url))
    today = date.today()
    with app.app_context():
        upgrade()
        with writing() as session:
            survey = create_survey(session, slug=slug, title="Survey", organisation="Benchmark", audience="residents")
            create(
                session,
                survey,
                "now",
                title="Survey, now",
                questionnaire=store(session, source, today=today),
                opens_on=today,
                cleared_on=today,
                closes_on=today + timedelta(days=1),
            )
    return app


def form_of(page: str, **answers: str) -> dict[str, str]:
    """What a browser sends of a page's form: its hidden fields, and these answers."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {**dict(hidden), **answers}


def bare_view(page: str) -> Flask:
    """A Flask application whose one view renders as many bytes as the page, with as few parts as can be."""
    bare = Flask("bare")
    pieces = [page[start : start + 80] for start in range(0, len(page), 80)]
    texts = [piece.replace("{", "").replace("}", "") for piece in pieces]
    template = "".join(f"{{{{ pieces[{place}] }}}}" if place % 2 else text for place, text in enumerate(texts))
    bare.jinja_loader = DictLoader({"page.html": template})

    @bare.get("/")
    def view() -> str:
        return render_template("page.html", pieces=pieces)

    return bare


def _cookie(client: Any) -> str:
    return f"draft={client.get_cookie('draft', path=f'/s/{SURVEY}/now').value}"


def _called(
    app: Flask, path: str, cookie: str, wanted: str, form: dict[str, str] | None = None
) -> Callable[[], object]:
    """A call of the WSGI application, made ready beforehand so that only its own work is timed."""
    body = urlencode(form or {}).encode()
    method = "GET" if form is None else "POST"
    ready: Any = EnvironBuilder(path, method=method, headers=[("Cookie", cookie)]).get_environ()
    if form is not None:
        ready |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}

    def call() -> None:
        said: list[str] = []

        def start(status: str, *_rest: Any) -> Any:
            said.append(status)

        answer: Any = app.wsgi_app({**ready, "wsgi.input": io.BytesIO(body)}, start)
        b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        if not said[0].startswith(wanted):
            raise RuntimeError(f"{path} answered {said[0]}, not {wanted}")

    return call
