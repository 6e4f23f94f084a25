"""What a process that answers councils loads: no statistics and no charts, whatever page it is asked for."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from parish_world import GLEN, PASSWORD, QUESTIONNAIRE, respond
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import create
from csp_consult.papers.contents import Paper, Section, as_data
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import COUNCILS_OWN
from csp_consult.parishes.models import ParishAttachment, ParishDraft, ParishResponse
from csp_consult.people.models import User
from csp_consult.questionnaire.store import store

TESTS = Path(__file__).resolve().parent.parent
SCRIPT = """
import json, sys
from csp_consult.jobs import helper
from quick_app import quick_app
from walker import Walker
url, password, known = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
app = quick_app(url)
walker = Walker(app.test_client())
walker.get("/sign-in")
walker.submit({"email": "glen@example.org", "password": password})
assert walker.heading == "Your parishes", walker.text
# Files are set by a process of its own; this one only hands them on.
helper.call = lambda *_, **__: ""
urls = app.url_map.bind("localhost")
not_shown = set()
for rule in app.url_map.iter_rules():
    if rule.endpoint.startswith(("account.", "clerk.")) and "GET" in rule.methods:
        filled = [{name: (known | {"wave": wave})[name] for name in rule.arguments} for wave in ("first", "next")]
        found = {walker.client.get(urls.build(rule.endpoint, values)).status_code for values in filled}
        if 200 not in found:
            not_shown.add(rule.endpoint)
statistics = {"altair", "numpy", "pandas", "scipy", "duckdb", "statsmodels", "vl_convert"}
print(json.dumps([sorted(not_shown), sorted(statistics & set(sys.modules))]))
"""
KNOWN = {"parish_code": GLEN, "survey": "parish-test", "page_id": "worries", "version": 1}


def being_answered(session: Session, clerk: User) -> Wave:
    """A wave that is open: of Great Glen an officer's draft with a file, and an amendment ready to be sent."""
    today = date.today()
    wave = create(
        session,
        session.scalars(select(Wave).where(Wave.slug == "first")).one().survey,
        "next",
        title="Next test consultation",
        questionnaire=store(session, QUESTIONNAIRE, today=today),
        opens_on=today,
        cleared_on=today,
        closes_on=today + timedelta(days=7),
    )
    respond(session, wave, GLEN, "met", minuted=False)
    session.flush()
    version = session.scalars(select(ParishResponse).where(ParishResponse.wave_id == wave.id)).one()
    content = b"%PDF-1.4"
    session.add(
        ParishAttachment(
            response_id=version.id,
            name="minute.pdf",
            content=content,
            size=len(content),
            digest="0" * 64,
            added_on=today,
            added_by=clerk.id,
        )
    )
    session.add(
        ParishDraft(
            wave_id=wave.id,
            parish_code=GLEN,
            answers=version.answers | {"met_police": "not_met"},
            edits={},
            saved_by=clerk.id,
            saved_on=today,
        )
    )
    return wave


def sheet() -> Publication:
    """What was signed off for Great Glen after the wave that has closed."""
    paper = Paper(COUNCILS_OWN, "What became of it", "", "Test", "2026-01-01", (Section("said", "Said"),), True)
    return Publication(
        kind=COUNCILS_OWN,
        about=f"parish-test/first/{GLEN}",
        version=1,
        published_on=date.today(),
        published_by="olive",
        signed_off_by="The chair",
        paper=as_data(paper),
    )


def test_no_page_of_a_clerk_loads_statistics_or_charts(closed_site: Flask, database_url: str) -> None:
    with closed_site.app_context():
        session = db.session()
        being_answered(session, session.scalars(select(User).where(User.email == "glen@example.org")).one())
        session.add(sheet())
        session.commit()

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, database_url, PASSWORD, json.dumps(KNOWN)],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    not_shown, loaded = json.loads(done.stdout)
    assert not_shown == [], "arrange what these pages need to be shown"
    assert loaded == []
