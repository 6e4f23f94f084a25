"""Nobody fills the disk: of each account so many files and so many megabytes are kept in a day, and no more."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from attacks.importers import IMPORTERS
from attacks.test_hostile_files import UPLOADS
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse
from whole_site import differences, furnish, signed_in, stored

from csp_consult.db import db
from csp_consult.people.models import DayKey

QUESTIONNAIRE = IMPORTERS["a questionnaire"].good
SMALL, LARGE = 0, 300 * 2**10
KEPT = 303
"""Where a file is kept, one goes on to what was made of it."""
ENOUGH = "Your account has sent enough files for today"


@pytest.fixture
def site(app: Flask) -> Flask:
    furnish(app)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def allow(site: Flask, **most: int) -> None:
    site.extensions["csp_consult_settings"] = replace(site.extensions["csp_consult_settings"], **most)


def send(officer: FlaskClient, larger_by: int = SMALL, content: bytes = QUESTIONNAIRE) -> TestResponse:
    """Send a questionnaire, of which a draft is kept."""
    sent = content + b"\n#" + b"x" * larger_by
    return officer.post("/officer/questionnaires", data={"file": (io.BytesIO(sent), "asked.yaml")})


@pytest.mark.parametrize(("most", "size", "room"), [({"files_a_day": 2}, SMALL, 2), ({"megabytes_a_day": 1}, LARGE, 3)])
def test_what_is_kept_of_an_account_in_a_day_has_an_end(
    site: Flask, most: dict[str, int], size: int, room: int
) -> None:
    allow(site, **most)
    officer, administrator = signed_in(site, "officer"), signed_in(site, "administrator")
    assert [send(officer, size).status_code for _ in range(room)] == [KEPT] * room
    before = stored(site)

    refused = send(officer, size)

    assert refused.status_code == 413
    assert ENOUGH in refused.text
    assert "Send it tomorrow" in refused.text
    assert differences(before, stored(site)) == {}
    assert send(administrator, size).status_code == KEPT, "another account is not held up"
    assert officer.get("/officer/").status_code == 200, "nor is the rest of this one's work"
    with site.app_context():
        db.session.execute(update(DayKey).values(day=date.today() - timedelta(days=2)))
        db.session.commit()
    assert send(officer, size).status_code == KEPT, "on the next day there is room again"


def test_what_was_refused_for_itself_is_not_counted(site: Flask) -> None:
    allow(site, files_a_day=1)
    officer = signed_in(site, "officer")

    assert [send(officer, content=b"\xff").status_code for _ in range(3)] == [200] * 3

    assert send(officer).status_code == KEPT


def test_every_page_that_takes_files_is_held_to_it(site: Flask) -> None:
    allow(site, files_a_day=0)
    officer = signed_in(site, "officer")

    for rule in site.url_map.iter_rules():
        if rule.endpoint in UPLOADS:
            answer = officer.post(rule.rule, data={"files": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")})
            assert (answer.status_code, ENOUGH in answer.text) == (413, True), rule
