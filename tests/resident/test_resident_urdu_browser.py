"""Answering in Urdu on the smallest phone, by keyboard alone; pages enlarged to 200%."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from csp_consult.db import db
from csp_consult.fieldwork.models import Response

pytestmark = pytest.mark.browser

MOST_KEYS = 60


def fits(page: Page) -> bool:
    """Whether nothing sticks out to either side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what the selector means."""
    for _ in range(MOST_KEYS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached at {page.url}")


def test_a_survey_in_urdu_by_keyboard_on_the_smallest_phone(
    app: Flask, live_server: str, real_wave: str, browser: Browser, axe: Callable[[Page], list[str]]
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{live_server}{real_wave}?language=ur")
    looked_at: set[str] = set()
    tab_to(page, "a.govuk-button--start")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for _ in range(30):
        assert fits(page), page.url
        assert page.locator("html").get_attribute("dir") == "rtl"
        if page.url not in looked_at and len(looked_at) < 4:
            looked_at.add(page.url)
            assert axe(page) == []
        if page.url.endswith("/check"):
            break
        radio = page.locator("main input[type=radio]").first
        if radio.count():
            box, main = radio.bounding_box(), page.locator("main").bounding_box()
            assert box is not None
            assert main is not None
            assert box["x"] > main["x"] + main["width"] / 2, "radios stand on the right"
            tab_to(page, "main input[type=radio]")
            page.keyboard.press("Space")
        tab_to(page, "main form[data-answers] button[type=submit]")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.url.endswith("/check")
    tab_to(page, "main form button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("/thanks")
    assert axe(page) == []
    assert fits(page)
    with app.app_context():
        assert db.session().scalars(select(Response.language)).one() == "ur"
    context.close()


@pytest.mark.parametrize("language", ["en", "cy", "pl", "ur"])
def test_pages_enlarged_to_twice_their_size_stay_whole(
    live_server: str, real_wave: str, browser: Browser, language: str
) -> None:
    # A window of 640 pixels enlarged to 200% has 320 left.
    context = browser.new_context(viewport={"width": 320, "height": 480}, device_scale_factor=2)
    context.set_default_timeout(15_000)
    page = context.new_page()
    for path in ("", "/questions/connection", "/return"):
        page.goto(f"{live_server}{real_wave}{path}?language={language}")
        assert fits(page), path
        # Text alone enlarged, as some browsers do it.
        page.set_viewport_size({"width": 640, "height": 480})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert fits(page), path
        page.set_viewport_size({"width": 320, "height": 480})
    context.close()
