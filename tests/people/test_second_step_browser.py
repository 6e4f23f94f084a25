"""The pages between password and door, and of one's account, in a real browser."""

from collections.abc import Callable

import pytest
from flask import Flask
from parish_world import PASSWORD, account, code
from playwright.sync_api import Browser, Page

from csp_consult.db import db

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 1280])
def test_every_step_is_accessible_and_never_wider_than_the_screen(
    app: Flask, live_server: str, browser: Browser, axe: Callable[[Page], list[str]], width: int
) -> None:
    with app.app_context():
        account(db.session(), "olive@example.org", "officer")
        db.session.commit()
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    faults: list[str] = []

    def look(at: str) -> None:
        faults.extend(f"{at}: {fault}" for fault in axe(page))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{at}: wider than {width} px")

    page.goto(f"{live_server}/sign-in")
    page.get_by_label("Email address").fill("olive@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill("1")
    page.wait_for_load_state("load")
    look("code")
    page.keyboard.press("Enter")
    page.locator(".govuk-error-summary:focus").wait_for()
    look("wrong code")
    with page.expect_navigation():
        page.get_by_role("link", name="Use a recovery code").click()
    look("recovery code")
    page.goto(f"{live_server}/sign-in/code")
    page.get_by_label("Code").fill(code())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Surveys", exact=True).wait_for()
    page.goto(f"{live_server}/account/codes")
    with page.expect_navigation():
        page.get_by_role("button", name="Set up an app").click()
    look("setting codes up")
    page.goto(f"{live_server}/account/recovery-codes")
    with page.expect_navigation():
        page.get_by_role("button", name="Show me").click()
    look("recovery codes")
    page.goto(f"{live_server}/account/")
    look("account")

    page.context.close()
    assert faults == []
