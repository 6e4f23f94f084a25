"""A questionnaire in the making in a real browser: a page previewed at both widths, what asks first or refuses."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from accessible import DESK, SMALLEST, at_widths
from flask import Flask
from parish_world import PASSWORD, code
from playwright.sync_api import Page, expect

from csp_consult.db import db
from csp_consult.questionnaire import drafts
from csp_consult.questionnaire.store import store

pytestmark = pytest.mark.browser

SOURCE = Path(__file__).resolve().parents[1] / "questionnaires" / "routing.yaml"
BASE = "/officer/questionnaires"


@pytest.fixture
def signed_in(site: Flask, live_server: str, page: Page) -> Page:
    """Olive, with a draft of a kept version."""
    with site.app_context():
        version = store(db.session(), SOURCE.read_text(), today=date.today())
        drafts.cloned(db.session(), version, by="olive@example.org", today=date.today())
        db.session().commit()
        number = version.id
    page.goto(f"{live_server}/sign-in")
    page.get_by_label("Email address").fill("olive@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code())
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    page.goto(f"{live_server}{BASE}/versions/{number}")
    return page


def test_a_page_is_seen_at_the_width_of_a_phone_and_of_a_desk(signed_in: Page, live_server: str) -> None:
    signed_in.set_viewport_size({"width": 1400, "height": 900})
    signed_in.goto(f"{live_server}{BASE}/drafts/1/widths/victim")

    frames = signed_in.frames[1:]
    for frame in frames:
        expect(frame.get_by_text("Has anyone committed a crime against you?")).to_be_visible()

    assert [frame.evaluate("window.innerWidth") > 1000 for frame in frames] == [False, True]


def test_pages_that_ask_first_or_refuse_have_no_fault(
    signed_in: Page, live_server: str, axe: Callable[[Page], list[str]]
) -> None:
    page, draft = signed_in, f"{live_server}{BASE}/drafts/1"
    found: list[str] = []

    def press(button: str, heading: str) -> None:
        page.goto(draft)
        with page.expect_navigation():
            page.get_by_role("button", name=button).click()
        assert page.locator("h1").inner_text() == heading
        found.extend([*axe(page), *at_widths(page, [SMALLEST, DESK])])

    press("Throw the draft away", "Throw away the draft of “Conditions”?")
    press("Remove page Your experience", "Remove page “Your experience”?")
    with page.expect_navigation():
        page.get_by_role("button", name="Remove it").click()
    press("Keep as version", "This cannot be kept yet")
    page.goto(f"{draft}/paths")
    found.extend([*axe(page), *at_widths(page, [SMALLEST, DESK])])

    assert found == []
