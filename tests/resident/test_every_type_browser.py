"""Every question type in Chromium: with and without JavaScript, small and enlarged, in Urdu, by keyboard alone."""

from collections.abc import Callable
from typing import Any

import accessible
import pytest
from flask import Flask
from journeys import TOGETHER, WRONG, all_stored, answer_to, everything, fields_of
from playwright.sync_api import Browser, Page
from resident.conftest import wave_of
from sqlalchemy import select

from csp_consult.db import db
from csp_consult.fieldwork.models import Response

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[str]]


@pytest.fixture
def survey(app: Flask) -> str:
    """The address of an open wave that asks one page for every type."""
    return wave_of(app, everything())


def stored(app: Flask) -> dict[str, Any]:
    with app.app_context():
        answers: dict[str, Any] = db.session().scalars(select(Response.answers)).one()
        return answers


def typed(value: str) -> str:
    """What a keyboard can type of a value."""
    return value.replace("\r\n", "\n").replace("\uffff", "")


def put_in(page: Page, fields: dict[str, Any]) -> None:
    """Put values into fields with the browser's own controls."""
    for name, value in fields.items():
        found = page.locator(f'main [name="{name}"]')
        kind = found.first.evaluate("one => one.type")
        if kind in {"radio", "checkbox"}:
            for code in [value] if isinstance(value, str) else value:
                page.locator(f'main [name="{name}"][value="{code}"]').check()
        elif kind == "select-one":
            found.select_option(value)
        else:
            found.fill(typed(value))


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


GO_ON = "main form[data-answers] button:not([name])"


@pytest.mark.parametrize("scripts", [True, False], ids=["JavaScript", "no JavaScript"])
def test_every_type_is_answered_at_320_pixels_and_at_200_percent(
    app: Flask, live_server: str, survey: str, browser: Browser, axe: Axe, scripts: bool
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 800}, java_script_enabled=scripts, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    found: list[str] = []

    def look(at: str) -> None:
        found.extend(f"{at}: {fault}" for fault in accessible.at_widths(page, (640, 320)))
        if scripts:
            found.extend(f"{at}: {fault}" for fault in [*axe(page), *accessible.tabbed(page)])

    page.goto(f"{live_server}{survey}")
    look("start")
    press(page, "a.govuk-button--start")
    for feature in TOGETHER:
        assert page.url.endswith(f"/questions/{feature}")
        assert page.locator("main input:checked").count() == 0, "nothing is chosen beforehand"
        if feature in WRONG:
            put_in(page, fields_of(feature, WRONG[feature]))
            press(page, GO_ON)
            assert page.locator(".govuk-error-summary a").count() == 1
            assert page.title().startswith("Error: ")
            look(f"{feature} refused")
        else:
            look(feature)
        put_in(page, answer_to(feature))
        press(page, GO_ON)
    look("check")
    press(page, GO_ON)
    look("thanks")
    context.close()

    assert found == []
    assert stored(app) == all_stored()


MOST_KEYS = 80


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what the selector means."""
    for _ in range(MOST_KEYS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached at {page.url}")


def key_in(page: Page, name: str, value: Any) -> None:
    """Put a value into a field by keyboard alone."""
    named = f'main [name="{name}"]'
    kind = page.locator(named).first.evaluate("one => one.type")
    if kind == "checkbox":
        for code in value:
            tab_to(page, f'{named}[value="{code}"]')
            page.keyboard.press("Space")
        return
    tab_to(page, named)
    if kind == "radio":
        page.keyboard.press("Space")
        while not page.evaluate("value => document.activeElement.value === value", value):
            page.keyboard.press("ArrowDown")
    elif kind == "select-one":
        while not page.evaluate("value => document.activeElement.value === value", value):
            page.keyboard.press("ArrowDown")
    else:
        page.keyboard.type(typed(value))


def test_every_type_is_answered_in_urdu_by_keyboard_alone(
    app: Flask, live_server: str, survey: str, browser: Browser, axe: Axe
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    found: list[str] = []

    def look(at: str) -> None:
        assert page.locator("html").get_attribute("dir") == "rtl"
        found.extend(f"{at}: {fault}" for fault in [*axe(page), *accessible.at_widths(page, (640, 320))])

    page.goto(f"{live_server}{survey}?language=ur")
    tab_to(page, "a.govuk-button--start")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for feature in TOGETHER:
        assert page.url.endswith(f"/questions/{feature}")
        look(feature)
        if page.locator("main input[type=radio]").count():
            beside = "one => one.getBoundingClientRect().x > document.documentElement.clientWidth / 2"
            assert page.locator("main input[type=radio]").first.evaluate(beside), "radios stand on the right"
        for name, value in answer_to(feature).items():
            key_in(page, name, value)
        tab_to(page, GO_ON)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    look("check")
    tab_to(page, GO_ON)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/thanks")
    context.close()

    assert found == []
    assert stored(app) == all_stored()
    with app.app_context():
        assert db.session().scalars(select(Response.language)).one() == "ur"
