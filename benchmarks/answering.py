"""A question page, read and sent, against a bare Flask view that renders a page of the same size."""

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, render_template_string
from flask_migrate import upgrade

from benchmarks.measure import interleaved
from csp_consult.app import create_app
from csp_consult.db import db, writing
from csp_consult.fieldwork.waves import create, create_survey
from csp_consult.questionnaire.store import store
from csp_consult.resources import resource_folder
from csp_consult.settings import Settings

SURVEY = "vrn-community-safety"
PAGE = f"/s/{SURVEY}/now/questions/safety"
ROUNDS = 200


def measure() -> list[dict[str, Any]]:
    """CPU of a question page's GET and POST on SQLite, as a ratio of the bare view's."""
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        client = app.test_client()
        client.get(f"/s/{SURVEY}/now")
        first = client.get(f"/s/{SURVEY}/now/questions/connection").text
        client.post(f"/s/{SURVEY}/now/questions/connection", data=_form(first, connection="live"))
        page = client.get(PAGE).text
        form = _form(page, safe_day="very_safe", safe_night="fairly_safe")
        bare = _bare_view(page).test_client()
        found = interleaved(
            {
                "get": lambda: client.get(PAGE),
                "post": lambda: client.post(PAGE, data=form),
                "bare": lambda: bare.get("/"),
            },
            rounds=ROUNDS,
        )
        with app.app_context():
            db.engine.dispose()
    goals = {"get": 0.004, "post": 0.002}
    return [
        {
            "name": f"question page, {name.upper()}, SQLite",
            "cpu_ms": round(found[name].cpu * 1000, 2),
            "wall_ms": round(found[name].wall * 1000, 2),
            "against": "bare Flask view rendering a page of the same size",
            "against_cpu_ms": round(found["bare"].cpu * 1000, 2),
            "ratio": round(found[name].cpu / found["bare"].cpu, 2),
            "goal": f"{goal * 1000:g} ms of CPU",
            "met": found[name].cpu <= goal,
        }
        for name, goal in goals.items()
    ]


def application(folder: Path) -> Flask:
    """An application on a database of its own, with one open wave of the survey."""
    app = create_app(Settings(database_url=f"sqlite:///{folder / 'bench.db'}"))
    today = date.today()
    with app.app_context():
        upgrade()
        with writing() as session:
            source = (resource_folder("surveys") / f"{SURVEY}.yaml").read_text()
            survey = create_survey(session, slug=SURVEY, title="Survey", organisation="Benchmark", audience="residents")
            create(
                session,
                survey,
                "now",
                title="Survey, now",
                questionnaire=store(session, source, today=today),
                opens_on=today,
                closes_on=today + timedelta(days=1),
            )
    return app


def _form(page: str, **answers: str) -> dict[str, str]:
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {**dict(hidden), **answers}


def _bare_view(page: str) -> Flask:
    """A Flask application whose one view renders as many bytes as the page, with as few parts as can be."""
    bare = Flask("bare")
    words = page[: len(page) // 2].replace("{", "").replace("}", "")
    template = words + "{{ rest }}"

    @bare.get("/")
    def view() -> str:
        return render_template_string(template, rest=page[len(page) // 2 :])

    return bare
