"""The clerks' door in a real browser: accessible on every page, at 320 px, by keyboard."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from parish_world import GLEN, PASSWORD, WAVE
from playwright.sync_api import Page, expect
from walker import Walker

pytestmark = pytest.mark.browser

AT = f"/clerk/{GLEN}/{WAVE}"
FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def hold(page: Page, axe: Callable[[Page], list[str]]) -> Callable[[str], None]:
    """``hold(heading)``: we are on that page, it fits 320 px and axe finds nothing."""
    page.set_viewport_size({"width": 320, "height": 640})

    def check(heading: str) -> None:
        expect(page.locator("h1")).to_have_text(heading)
        page.wait_for_load_state("load")
        assert page.evaluate(FITS), heading
        assert axe(page) == [], heading

    return check


def test_a_clerk_goes_from_signing_in_to_the_receipt(
    site: Flask, live_server: str, page: Page, hold: Callable[[str], None]
) -> None:
    page.goto(f"{live_server}{AT}/")
    hold("Sign in")
    page.get_by_label("Email address").fill("glen@example.org")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.locator(".govuk-error-summary:focus").wait_for()
    hold("Sign in")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Start").wait_for()
    hold("First test consultation")

    page.get_by_role("button", name="Start").click()
    hold("What worries the council")
    page.get_by_role("group", name="Speeding").get_by_label("Very much").check()
    page.get_by_role("group", name="Burglary").get_by_label("Not at all").check()
    page.get_by_role("button", name="Save and continue").click()
    hold("The police")
    page.get_by_label("It has not", exact=True).check()
    page.get_by_label("First").select_option("talks")
    page.get_by_label("Second").select_option("talks")
    page.get_by_role("button", name="Save and continue").click()
    page.locator(".govuk-error-summary:focus").wait_for()
    hold("The police")
    page.get_by_label("Second").select_option("patrols")
    page.get_by_role("button", name="Save and continue").click()
    hold("Check the council’s answers")

    page.get_by_role("button", name="Continue to the council’s mandate").click()
    page.get_by_role("button", name="Submit the council’s response").click()
    page.locator(".govuk-error-summary:focus").wait_for()
    hold("The council’s mandate")
    page.get_by_label("A committee of the council").check()
    for part, value in (("Day", date.today().day), ("Month", date.today().month), ("Year", date.today().year)):
        page.get_by_label(part, exact=True).fill(str(value))
    page.get_by_label("Minute reference").fill("2026/87")
    page.get_by_role("button", name="Submit the council’s response").click()
    page.locator(".govuk-panel").wait_for()
    hold("Response of Great Glen received")

    page.goto(f"{live_server}/clerk/")
    hold("Your parishes")
    page.get_by_role("button", name="Sign out").click()
    hold("You have signed out")


def test_the_choice_between_two_answers_is_accessible(
    site: Flask, live_server: str, page: Page, hold: Callable[[str], None], sign_in: Callable[[str], Walker]
) -> None:
    page.goto(f"{live_server}{AT}/page/police")
    page.get_by_label("Email address").fill("glen@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("It has", exact=True).check()
    other = sign_in("glen")
    other.get(f"{AT}/page/police")
    other.submit({"met_police": "not_met"})

    page.get_by_role("button", name="Save and continue").click()
    hold("Somebody else changed this page")
    page.get_by_role("button", name="Keep these answers").click()
    page.locator(".govuk-error-summary:focus").wait_for()
    hold("Somebody else changed this page")
