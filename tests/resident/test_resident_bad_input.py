"""Whatever is sent gets a page in plain words that keeps what was typed; nothing is stored, no page is skipped."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from resident.conftest import wave_of
from sqlalchemy import func, select
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork.models import Response

FOLDER = Path(__file__).resolve().parents[1] / "questionnaires"
NAUGHTY = (
    "<script>alert(1)</script>",
    "'; DROP TABLE response; --",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "\u202egnp.exe \u0000\ufeff\u200b",
    "Z̮̞̠͙͔ͅa̴͇l͖̟g̹͈o͚ \U0001f469‍\U0001f469‍\U0001f466 ﷽ \ud7ff",
    "../../../etc/passwd%00 COM1 NUL",
    '=HYPERLINK("http://example.org")',
    "undefined null NaN Infinity 1e309 -0",
)
WRONG: dict[str, list[dict[str, Any]]] = {
    "single": [{"safe": "nonsense"}, {"safe": ["safe", "unsafe"]}, {"safe": "<b>"}],
    "multiple": [{"seen": ["nonsense"]}],
    "grid": [{"rated.speeding": "9"}],
    "rank": [{"top.1": "nonsense"}, {"top.2": "litter"}],
    "number": [{"years": "many"}, {"years": "1e999"}, {"years": "9" * 300}],
    "date": [{"when-day": "31", "when-month": "2", "when-year": "2022"}, {"when-day": "x" * 5000}],
    "area": [{"ward": "E99999999"}],
}


def begun(app: Flask, name: str) -> Walker:
    """Somebody at the first question of a small questionnaire."""
    resident = Walker(app.test_client())
    survey = wave_of(
        app, (FOLDER / f"{name}.yaml").read_text().replace(f"questionnaire: {name}", "questionnaire: small")
    )
    resident.get(survey)
    resident.get(f"{survey}/questions/only")
    return resident


def stored(app: Flask) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count()).select_from(Response)) or 0


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_an_answer_is_refused_on_the_same_page(app: Flask, name: str) -> None:
    resident = begun(app, name)
    here = resident.path

    for fields in WRONG[name]:
        known = {key: value for key, value in fields.items() if resident.page.select(f'[name="{key}"]')}
        if not known:
            continue
        resident.submit(known, button="Continue")
        assert resident.status == 422, fields
        assert resident.errors, fields
        assert resident.path.partition("?")[0] == here
    assert stored(app) == 0


@pytest.mark.parametrize("length", [70_000, 1_000_000])
def test_a_very_long_text_is_refused_in_words_and_is_still_there(app: Flask, length: int) -> None:
    resident = begun(app, "text")
    field = str(resident.page.select_one("main textarea")["name"])  # type: ignore[index]  # the page has one

    resident.submit({field: "x" * length}, button="Continue")

    assert resident.status in {413, 422}
    assert resident.errors or "too large" in resident.text.lower() or "too long" in resident.text.lower()
    if resident.status == 422:
        assert len(resident.page.select_one("main textarea").text.strip()) == length  # type: ignore[union-attr]
    assert stored(app) == 0


def test_naughty_strings_are_kept_as_words(app: Flask) -> None:
    resident = begun(app, "text")
    field = str(resident.page.select_one("main textarea")["name"])  # type: ignore[index]  # the page has one
    here = resident.path

    for words in NAUGHTY:
        resident.get(here)
        resident.submit({field: words}, button="Continue")
        assert resident.status == 200, words
        resident.get(here)
        assert words[:3] in resident.page.select_one("main textarea").text or not words[:3].isprintable()  # type: ignore[union-attr]
    assert not resident.page.select("main script")


@pytest.mark.parametrize("token", ["", "mangled", "x" * 10_000, None])
def test_a_mangled_token_is_refused_in_words_and_what_was_chosen_stays(app: Flask, token: str | None) -> None:
    resident = begun(app, "single")

    resident.submit({"csrf_token": token, "safe": "unsafe"}, button="Continue")

    assert resident.status == 400
    assert resident.errors
    assert resident.page.select_one("input[value=unsafe]").has_attr("checked")  # type: ignore[union-attr]
    assert stored(app) == 0


def test_forged_fields_change_nothing(app: Flask) -> None:
    resident = begun(app, "single")

    resident.submit(
        {"safe": "safe", "form-go": "nowhere", "form-came": "elsewhere", "victim": "yes", "mode": "paper"},
        button="Continue",
    )

    assert resident.heading == "Check your answers"
    resident.submit(button="Send my answers")
    with app.app_context():
        [response] = db.session().scalars(select(Response))
    assert response.answers == {"safe": "safe"}
    assert response.mode == "online"
