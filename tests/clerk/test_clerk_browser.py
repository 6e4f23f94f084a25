"""The clerks' door in a real browser: accessible on every page, at 320 px, by keyboard."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from parish_world import GLEN, PASSWORD, WAVE
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.versions import current_responses

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
    page.get_by_label("Password", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    page.locator(".govuk-error-summary:focus").wait_for()
    hold("Sign in")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
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
    page.get_by_label("Password", exact=True).fill(PASSWORD)
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


def sign_in_as_gill(page: Page, address: str) -> None:
    """Open an address of Great Glen's clerk and sign in on the way."""
    page.goto(address)
    page.get_by_label("Email address").fill("glen@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def fill_minute(page: Page) -> None:
    page.get_by_label("The full council").check()
    for part, value in (("Day", date.today().day), ("Month", date.today().month), ("Year", date.today().year)):
        page.get_by_label(part, exact=True).fill(str(value))
    page.get_by_label("Minute reference").fill("2026/87")


def answer_worries(page: Page) -> None:
    page.get_by_role("group", name="Speeding").get_by_label("Very much").check()
    page.get_by_role("group", name="Burglary").get_by_label("Not at all").check()
    press(page, "Save and continue")


def to_the_mandate(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Continue to the council’s mandate").click()


def test_an_officer_draft_gets_its_minute_is_amended_and_both_versions_stay_readable(
    site: Flask, live_server: str, page: Page, hold: Callable[[str], None]
) -> None:
    sign_in_as_gill(page, f"{live_server}{AT}/page/worries")
    answer_worries(page)
    press(page, "Save and continue")
    to_the_mandate(page)
    page.get_by_label("Nobody yet: send it as an officer draft").check()
    press(page, "Submit the council’s response")
    hold("Officer draft of Great Glen received")
    assert headline(site) == []

    with page.expect_navigation():
        page.get_by_role("link", name="Add the minute").click()
    hold("Add the minute")
    fill_minute(page)
    press(page, "Add the minute")
    hold("Response of Great Glen received")
    assert headline(site) == [1], "with its minute it joins the headline"

    with page.expect_navigation():
        page.get_by_role("link", name="go to the consultation").click()
    press(page, "Make an amendment")
    hold("First test consultation")
    page.goto(f"{live_server}{AT}/page/police")
    page.get_by_label("It has not", exact=True).check()
    press(page, "Save and continue")
    to_the_mandate(page)
    fill_minute(page)
    page.get_by_label("Why is the response amended?").fill("We never met them.")
    press(page, "Submit the council’s response")

    expect(page.locator("main")).to_contain_text("We never met them.")
    assert headline(site) == [2]
    page.goto(f"{live_server}{AT}/receipt/1")
    expect(page.locator("main")).to_contain_text("There is a newer version")


def headline(site: Flask) -> list[int]:
    """The versions that the ranking counts."""
    with site.app_context():
        wave = db.session.scalars(select(Wave)).one()
        return [one.version for one in current_responses(db.session(), wave)]


def test_two_clerks_in_two_browsers_choose_and_nothing_is_overwritten(
    site: Flask, live_server: str, browser: Browser
) -> None:
    pages = [browser.new_context().new_page() for _ in range(2)]
    for each in pages:
        sign_in_as_gill(each, f"{live_server}{AT}/page/police")
    first, second = pages
    first.get_by_label("It has not", exact=True).check()
    press(first, "Save and continue")
    second.get_by_label("It has", exact=True).check()

    press(second, "Save and continue")
    expect(second.locator("h1")).to_have_text("Somebody else changed this page")
    second.get_by_label("Saved by Gill Glen").check()
    press(second, "Keep these answers")

    second.goto(f"{live_server}{AT}/page/police")
    expect(second.get_by_label("It has not", exact=True)).to_be_checked()
    for each in pages:
        each.context.close()


def test_the_pages_around_the_meeting_are_accessible(
    site: Flask, live_server: str, page: Page, hold: Callable[[str], None]
) -> None:
    sign_in_as_gill(page, f"{live_server}{AT}/comments")
    press(page, "Make a link")
    hold("Councillors’ comments")
    link = page.locator("main a[href*='/councillors/']").inner_text()
    page.goto(f"{live_server}{AT}/more-time")
    press(page, "Ask for more time")
    hold("Ask for more time")
    page.goto(f"{live_server}/councillors/{link.rpartition('/')[2]}")
    press(page, "Send to the clerk")
    hold("Draft answers of Great Glen")
