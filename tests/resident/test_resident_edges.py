import subprocess
import sys
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from small_survey import make_wave
from sqlalchemy import func, select
from walker import Walker

from csp_consult.db import db, writing
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Draft, Response


def count(app: Flask, table: type[Draft] | type[Response]) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("where", ["", "/questions/concerns", "/check"])
@pytest.mark.parametrize(
    ("opens_in", "closes_in", "heading"),
    [(3, 9, "This survey is not open yet"), (-9, -3, "This survey has closed")],
)
def test_too_early_or_too_late_is_a_dated_page(
    app: Flask, resident: Walker, where: str, opens_in: int, closes_in: int, heading: str
) -> None:
    today = date.today()
    with app.app_context(), writing() as session:
        opens_on, closes_on = today + timedelta(days=opens_in), today + timedelta(days=closes_in)
        make_wave(session, "then", opens_on=opens_on, closes_on=closes_on)

    resident.get(f"/s/small/then{where}")

    assert (resident.status, resident.heading) == (200, heading)
    named = opens_on if opens_in > 0 else closes_on
    assert f"{named.day} {named:%B %Y}" in resident.text


def test_answers_sent_after_the_wave_closed_are_not_taken_and_the_page_says_so(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    with app.app_context(), writing() as session:
        waves.close_now(waves.find(session, "small/now"), date.today())

    resident.submit({"problem.asb": "big"}, button="Continue")

    assert resident.heading == "This survey has closed"
    assert count(app, Draft) == 0


@pytest.mark.parametrize("address", ["/s/small/never", "/s/never/now", "/s/small/%00", "/s/%00/now", "/s/small"])
def test_an_unknown_wave_is_a_friendly_404(resident: Walker, open_wave: str, address: str) -> None:
    resident.get(address)

    assert resident.status == 404
    assert "front page" in resident.text


def test_a_lost_cookie_is_told_keeps_what_was_typed_and_can_be_tried_again(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({}, button="Continue")
    resident.client.delete_cookie("draft", path=open_wave)

    resident.submit({"victim": "yes"}, button="Continue")
    assert resident.status == 400
    assert "did not send back the cookie" in resident.errors[0]
    assert resident.filled()["victim"] == ["yes"]

    resident.submit(button="Continue")
    assert resident.path.endswith("/questions/concerns"), "earlier pages are asked again"
    resident.submit(button="Continue")
    assert resident.filled()["victim"] == ["yes"], "what was typed then is still there"


@pytest.mark.parametrize("token", ["", "forged", "é", None])
def test_a_form_with_a_mangled_token_is_shown_again_with_what_was_typed(
    app: Flask, resident: Walker, open_wave: str, token: str | None
) -> None:
    resident.get(f"{open_wave}/questions/concerns")

    resident.submit({"problem.asb": "big", "csrf_token": token}, button="Continue")

    assert resident.status == 400
    assert "could not tell" in resident.errors[0]
    assert count(app, Draft) == 0
    resident.submit(button="Continue")
    assert resident.path.endswith("/questions/crime")


def test_sending_with_a_mangled_token_stores_nothing_and_shows_the_answers_again(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    for _ in range(3):
        resident.submit(button="Continue")

    resident.submit({"csrf_token": "forged"}, button="Send my answers")

    assert (resident.status, resident.heading) == (400, "Check your answers")
    assert count(app, Response) == 0
    resident.submit(button="Send my answers")
    assert count(app, Response) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"problem.asb": "no-such-option"},
        {"problem.asb": ["big", "little"]},
        {"problem.asb": "x" * 70_000},
        {"top.1": "\x00\ud83d\ufffd"},
        {"top.1": "' OR 1=1 --", "top.2": "<script>alert(1)</script>"},
    ],
)
def test_answers_that_cannot_be_are_refused_in_words(
    app: Flask, resident: Walker, open_wave: str, fields: dict[str, Any]
) -> None:
    fields = {
        name: value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value
        for name, value in fields.items()
    }
    resident.get(f"{open_wave}/questions/concerns")

    resident.submit(fields, button="Continue")

    assert resident.status == 422
    assert resident.errors
    assert "<script>alert" not in str(resident.page)
    resident.get(f"{open_wave}/check")
    assert resident.path.endswith("/questions/concerns"), "a refused page was not gone through"
    assert count(app, Response) == 0


def test_fields_nobody_asked_for_are_not_stored(app: Flask, resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"sex": "male", "folded": "1", "seen": "you"}, button="Continue")
    for _ in range(2):
        resident.submit(button="Continue")
    resident.submit(button="Send my answers")

    with app.app_context():
        assert db.session().scalars(select(Response.answers)).one() == {}


def test_a_page_larger_than_any_answer_is_refused_in_words(resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")

    resident.submit({"top.1": "x" * 3_000_000}, button="Continue")

    assert resident.status == 413
    assert "Go back, and shorten" in resident.text


def test_the_key_is_kept_from_scripts_and_other_sites(app: Flask, resident: Walker, open_wave: str) -> None:
    answered = resident.client.get(f"{open_wave}/questions/concerns")

    cookie = answered.headers["Set-Cookie"]
    assert cookie.startswith("draft=")
    for mark in ("HttpOnly", "SameSite=Lax", f"Path={open_wave}", "Max-Age=604800"):
        assert mark in cookie
    assert len(answered.headers.getlist("Set-Cookie")) == 1, "no other cookie is set"


def test_answers_are_not_left_in_the_browsers_cache(resident: Walker, open_wave: str) -> None:
    assert resident.client.get(f"{open_wave}/questions/concerns").headers["Cache-Control"] == "no-store"


def test_a_question_page_takes_at_most_three_statements_each_way(
    resident: Walker, open_wave: str, statements: Any
) -> None:
    client, taken = resident.client, []
    resident.get(f"{open_wave}/questions/concerns")
    while resident.heading != "Check your answers":
        address, form = resident.path, resident.filled()
        for sent in (None, form | {"top.1": "no-such-option"}, form):
            with statements() as seen:
                client.get(address) if sent is None else client.post(address, data=sent)
            taken.append(len(seen))
        resident.submit(button="Continue")

    assert len(taken) == 9
    assert max(taken) == 3, "the page with the wards reads wave with draft and wards, and writes the draft"


def test_the_questionnaire_is_read_once_in_a_process(resident: Walker, open_wave: str) -> None:
    resident.get(open_wave)

    with (
        patch("csp_consult.questionnaire.store.compiled", side_effect=AssertionError),
        patch("csp_consult.questionnaire.parse.load", side_effect=AssertionError),
    ):
        resident.get(f"{open_wave}/questions/concerns")

    assert resident.status == 200


def test_answering_a_resident_loads_no_statistics_and_no_charts(database_url: str, open_wave: str) -> None:
    script = f"""
import sys
from csp_consult.app import create_app
client = create_app().test_client()
for address in ("{open_wave}", "{open_wave}/questions/concerns", "/s/withdraw"):
    assert client.get(address).status_code == 200, address
print(sorted({{"altair", "numpy", "pandas", "scipy", "duckdb", "statsmodels", "vl_convert"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"CSP_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.strip() == "[]", done.stdout + done.stderr
