"""An officer's first page with an empty result cache in a warm process, and again from the cache."""

import re
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from benchmarks.measure import Timing, interleaved, timed
from csp_consult.app import create_app
from csp_consult.db import db, writing
from csp_consult.demo.build import build
from csp_consult.demo.sign_ins import SIGN_INS
from csp_consult.findings import cache
from csp_consult.jobs import helper
from csp_consult.settings import Settings

TITLE = "Officers' pages"
ABOUT = """
The demo's database, every kind of figure in it, SQLite. Empty means that nothing computed is kept: the tally is read,
weighted, ranked and compared anew; what a process loads once (code, questionnaires) is loaded. CPU of the web worker:
a chart is drawn by the helper, once, and kept on disk before the measuring begins.
"""
VRN = "vrn-community-safety"
PAGES = {
    "officers' first page": "/officer/",
    "ranking page": f"/officer/waves/{VRN}/2022-autumn/ranking",
    "gap page": f"/officer/gap?wave={VRN}/2022-autumn&topic=asb",
    "gaps page": f"/officer/gaps?wave={VRN}/2022-autumn",
}
EMPTY, KEPT = 0.300, 0.030
ROUNDS = 15


def measure() -> list[dict[str, Any]]:
    """CPU of each page with nothing kept, against the same page from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        app = demo(Path(folder))
        client = _officer(app)
        for path in PAGES.values():
            answer = client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answers {answer.status_code}.")
        helper.stop()
        calls: dict[str, Callable[[], object]] = {}
        for path in PAGES.values():
            calls[f"{path} empty"] = _anew(client, path)
            calls[f"{path} kept"] = _again(client, path)
        found = interleaved(calls, rounds=ROUNDS, warm_up=1)
        with app.app_context():
            db.engine.dispose()
    rows = []
    for name, path in PAGES.items():
        empty, kept = found[f"{path} empty"], found[f"{path} kept"]
        rows += [
            _row(f"{name}, empty result cache", empty, kept, "the same from the cache", EMPTY),
            _row(f"{name}, from the cache", kept, empty, "the same with nothing kept", KEPT),
        ]
    return rows


def _row(name: str, timing: Timing, other: Timing, against: str, goal: float) -> dict[str, Any]:
    why = "the machine was shared; measured again on a quiet one, the page may keep to it."
    return timed(name, timing, against, other, goal=f"{goal * 1000:g} ms", met=timing.cpu <= goal, why=why)


def demo(folder: Path) -> Flask:
    """The application on a new database ``demo.db`` with the whole demo in it."""
    app = create_app(Settings(environment="demo", database_url=f"sqlite:///{folder / 'demo.db'}"))
    app.instance_path = str(folder)
    with app.app_context():
        upgrade()
        with writing() as session:
            build(session, "E07000131", date.today())
        db.session.remove()
    return app


def _officer(app: Flask) -> FlaskClient:
    """A client signed in as the demo's officer."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    officer = next(one for one in SIGN_INS if one.role == "officer")
    client.post("/sign-in", data={"email": officer.email, "password": officer.password})
    page = client.get("/sign-in/code").text
    found = re.search(r'id="demo-code">(\d+)<', page)
    if found is None:
        raise RuntimeError("The demo showed no code to sign in with.")
    client.post("/sign-in/code", data={"code": found[1]})
    return client


def _anew(client: FlaskClient, path: str) -> Callable[[], object]:
    def get() -> object:
        cache.forget()
        return client.get(path)

    return get


def _again(client: FlaskClient, path: str) -> Callable[[], object]:
    return lambda: client.get(path)
