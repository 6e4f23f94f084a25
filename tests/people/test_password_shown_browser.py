"""Whoever types a password can look at it, on every page that asks for one."""

from collections.abc import Callable

import pytest
from flask import Flask, url_for
from parish_world import PASSWORD, account
from playwright.sync_api import Browser, Page

from csp_consult.db import db
from csp_consult.people.links import make_link

pytestmark = pytest.mark.browser


@pytest.fixture
def asking(app: Flask) -> list[str]:
    """The addresses of pages that ask for a password, the first without being signed in."""
    with app.app_context():
        clerk = account(db.session(), "glen@example.org", "clerk")
        link = make_link(db.session(), clerk, "password").removeprefix("http://localhost:8000")
        db.session.commit()
    with app.test_request_context():
        return [url_for("security.login"), link, url_for("security.verify")]


def kind(page: Page) -> str | None:
    return page.locator("input[name=password]").get_attribute("type")


def test_what_is_typed_can_be_shown_and_is_hidden_again_as_it_is_sent(
    asking: list[str], live_server: str, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    errors: list[str] = []
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)

    for path in [*asking[1:2], asking[0]]:
        page.goto(live_server + path)
        page.locator("input[name=password]").fill(PASSWORD)
        assert kind(page) == "password", path
        page.get_by_role("button", name="Show password").click()
        assert kind(page) == "text", path
        page.get_by_text("Your password is visible").wait_for(state="attached")
        assert axe(page) == [], path
        page.get_by_role("button", name="Hide password").click()
        assert kind(page) == "password", path

    # Sent while it is shown, so that the browser does not keep it among what was typed into fields of text.
    page.get_by_label("Email address").fill("glen@example.org")
    page.get_by_role("button", name="Show password").click()
    page.evaluate("document.forms[0].addEventListener('submit', sent => { window.name = sent.target.password.type })")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()
    assert page.evaluate("window.name") == "password"

    page.goto(live_server + asking[2])
    page.get_by_role("heading", name="Enter your password again").wait_for()
    page.get_by_role("button", name="Show password").press("Enter")
    assert kind(page) == "text", "by the keyboard, too"
    assert errors == [], "the policy on scripts and styles lets it be"


def test_without_scripts_no_button_is_there_that_would_do_nothing(
    asking: list[str], live_server: str, browser: Browser
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()

    for path in asking[:2]:
        page.goto(live_server + path)
        assert kind(page) == "password"
        assert page.get_by_role("button", name="Show password").count() == 0, path

    page.context.close()
