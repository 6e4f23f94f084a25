"""Keying forms in a real browser by keyboard alone: how quick it is, and what the script adds to the plain page."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from parish_world import PASSWORD, account, code
from playwright.sync_api import Page, Route, expect
from small_survey import make_wave
from sqlalchemy import select

from csp_consult.db import db
from csp_consult.fieldwork.models import Response
from csp_consult.places.models import Area
from csp_consult.resources import resource_folder

pytestmark = pytest.mark.browser

FORMS = "/officer/waves/small/now/forms"
SURVEY = Path(resource_folder("surveys")) / "vrn-community-safety.yaml"


@pytest.fixture
def at_desk(app: Flask, live_server: str, page: Page) -> str:
    """A signed-in officer at the forms of an open wave of the VRN Community Safety Survey, on a wide screen."""
    today = date.today()
    with app.app_context():
        session = db.session()
        for number in range(1, 20):
            session.add(Area(code=f"E050119{number:02}", kind="ward", name=f"Ward {chr(64 + number)}", source="test"))
        make_wave(session, "now", source=SURVEY.read_text(), opens_on=today, closes_on=today + timedelta(days=9))
        account(session, "olive@example.org", "officer", name="Olive Officer")
        session.commit()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live_server}/sign-in")
    page.get_by_label("Email address").fill("olive@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill(code())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Surveys", exact=True).wait_for()
    page.goto(live_server + FORMS)
    page.get_by_label("Name of the batch").fill("Library")
    page.get_by_label("Forms on paper").check()
    page.get_by_label("How many forms are in it?").fill("80")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Begin the batch").click()
    page.get_by_role("button", name="Key form 1").click()
    page.get_by_role("heading", name="Key form 1 of 80").wait_for()
    return live_server


def press(page: Page, keys: str) -> int:
    """Press these keys, Enter where there is a space; gives how many that were."""
    for key in keys:
        page.keyboard.press("Enter" if key == " " else key)
    return len(keys)


def test_a_form_is_keyed_by_keyboard_alone_in_little_more_than_a_press_a_line(
    app: Flask, at_desk: str, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator("[name=connection]")).to_be_focused()

    # A press a line; Enter where more could follow, and to leave a line open. What is not asked is passed over.
    pressed = press(page, "1" + "23" + "14" + "12" + "123412341234")
    pressed += press(page, "1,3 " + "1 " + "11 " + "3" + "2" + "135 " + " " + "4" + "3" + "1" + "2")
    expect(page.get_by_role("button", name="Save, and the next form")).to_be_focused()
    pressed += press(page, " ")
    page.get_by_role("heading", name="Key form 2 of 80").wait_for()

    expect(page.locator("[name=connection]")).to_be_focused()
    assert page.get_by_text("Form 1 is saved.").is_visible()
    with app.app_context():
        [given] = db.session().scalars(select(Response.answers))
    assert len(given) == 18
    assert given["problem"]["serious-violence"] == "no_problem"
    assert (given["asb_seen"], given["ward"], given["condition"]) == (["fly_tipping", "litter"], "E05011904", "no")
    assert pressed == 40, "31 lines were gone through"


def test_whoever_keys_faster_than_the_server_answers_loses_no_key(app: Flask, at_desk: str, page: Page) -> None:
    def slow(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/key", slow)
    press(page, "3" + "2")

    expect(page.locator("[name=safe_day]")).to_have_value("2")
    assert page.locator("[data-question=ward] [data-line]").is_hidden()


def test_the_arrows_go_back_and_what_a_number_stands_for_is_shown(at_desk: str, page: Page) -> None:
    press(page, "12")
    expect(page.locator("[name=safe_night]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[name=safe_day]")).to_be_focused()
    press(page, "9")
    assert page.locator("[data-question=safe_day] [data-words]").inner_text() == "No such answer"
    page.keyboard.press("Backspace")
    press(page, "4")
    assert page.locator("[data-question=safe_day] [data-words]").inner_text() == "Very unsafe"
    expect(page.locator("[name=safe_night]")).to_be_focused()
