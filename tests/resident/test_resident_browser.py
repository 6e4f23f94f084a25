"""A whole real survey in a real browser, on the smallest screen, with and without JavaScript."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from resident.conftest import wave_of
from small_survey import SOURCE
from sqlalchemy import select

from csp_consult.db import db
from csp_consult.fieldwork.models import Response

pytestmark = pytest.mark.browser

SMALLEST = {"width": 320, "height": 640}


@pytest.fixture(params=[True, False], ids=["JavaScript", "no JavaScript"])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport=SMALLEST, java_script_enabled=request.param, locale="en-GB")  # type: ignore[arg-type] # a plain dict will do
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone_with_script(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=SMALLEST, locale="en-GB")  # type: ignore[arg-type] # a plain dict will do
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def answers(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        return list(db.session().scalars(select(Response.answers)))


def fill(page: Page) -> None:
    """Give the first answer to every question of the page."""
    groups = page.locator("main form input[type=radio]")
    names = dict.fromkeys(groups.nth(number).get_attribute("name") for number in range(groups.count()))
    for name in names:
        page.locator(f'label[for="{name}"]').click()
    boxes = page.locator(".govuk-checkboxes__input")
    if boxes.count():
        boxes.first.check()
    for number, select_box in enumerate(page.locator("main form select").all(), start=1):
        select_box.select_option(index=number)  # in a ranking, another answer in each place
    for text in page.locator("main form textarea").all():
        text.fill("The lane by the school is dark.")


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def walk(page: Page, each: Callable[[Page], None]) -> int:
    """Answer everything from the start page to the check page; returns how many pages were answered."""
    with page.expect_navigation():
        page.get_by_role("button", name="Start now").click()
    pages = 0
    while page.locator("h1").inner_text() != "Check your answers":
        each(page)
        fill(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Continue").click()
        pages += 1
        assert pages < 40
        assert not page.locator(".govuk-error-summary").count(), page.locator(".govuk-error-summary").inner_text()
    return pages


def test_a_whole_survey_on_the_smallest_phone(app: Flask, live_server: str, real_wave: str, phone: Page) -> None:
    def look(page: Page) -> None:
        assert fits(page), page.url
        assert not page.locator("input:checked").count(), f"something is chosen beforehand on {page.url}"

    phone.goto(live_server + real_wave)

    pages = walk(phone, look)
    assert fits(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Send my answers").click()

    assert "Thank you, your answers are in" in phone.locator("h1").inner_text()
    reference = phone.locator(".govuk-panel__body").inner_text()
    phone.reload()
    assert phone.locator(".govuk-panel__body").inner_text() == reference
    [stored] = answers(app)
    assert pages > 8
    assert stored["ward"] == "E05011957"
    assert len(stored["problem"]) == 12


def test_no_page_of_the_door_has_an_accessibility_fault(
    live_server: str, real_wave: str, phone_with_script: Page, axe: Any
) -> None:
    page = phone_with_script
    faults: list[str] = []

    def look(page: Page) -> None:
        faults.extend(f"{page.url}: {fault}" for fault in axe(page))

    def press(button: str) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=button).click()
        look(page)

    page.goto(live_server + real_wave)
    look(page)
    walk(page, look)
    look(page)
    page.goto(live_server + real_wave)
    look(page)
    press("Delete these answers and start again")
    assert page.locator("h1").inner_text() == "Delete these answers?"
    page.goto(f"{live_server}{real_wave}/check")
    press("Send my answers")
    reference = page.locator(".govuk-panel__body").inner_text().split()[-1]
    page.goto(f"{live_server}/s/withdraw")
    press("Erase my answers")
    assert page.locator(".govuk-error-summary").is_visible()
    page.get_by_label("Reference").fill(reference)
    press("See what was sent")
    press("Erase my answers")
    assert page.locator("h1").inner_text() == "Erase these answers?"
    press("Erase my answers")
    assert page.locator("h1").inner_text() == "Your answers are erased"

    assert faults == []


def test_pressing_send_many_times_and_going_back_sends_once(
    app: Flask, live_server: str, open_wave: str, phone_with_script: Page
) -> None:
    page = phone_with_script
    page.goto(live_server + open_wave)
    walk(page, lambda _: None)

    page.get_by_role("button", name="Send my answers").dblclick()
    page.wait_for_url("**/thanks")
    reference = page.locator(".govuk-panel__body").inner_text()
    page.go_back()
    if page.get_by_role("button", name="Send my answers").count():
        page.get_by_role("button", name="Send my answers").click()
        page.wait_for_url("**/thanks")

    assert page.locator(".govuk-panel__body").inner_text() == reference
    assert len(answers(app)) == 1


def test_an_answer_is_given_with_the_keyboard_alone(live_server: str, open_wave: str, phone_with_script: Page) -> None:
    page = phone_with_script
    page.goto(f"{live_server}{open_wave}/questions/concerns")
    page.locator("main form input[type=radio]").first.focus()

    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    page.wait_for_url("**/questions/crime")
    page.goto(f"{live_server}{open_wave}/questions/concerns")
    assert page.locator("input:checked").count() == 1


def test_other_please_say_opens_a_line_that_is_kept(app: Flask, live_server: str, phone: Page) -> None:
    asked = SOURCE.replace('"no": "No", pns', '"no": "No", other: {text: Something else, say: yes}, pns')
    survey = wave_of(app, asked)
    phone.goto(f"{live_server}{survey}/questions/concerns")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Continue").click()
    line = phone.get_by_label("Please say what")
    assert not line.is_visible()

    phone.get_by_label("Something else").check()
    line.fill("A scam")
    for _ in range(2):
        with phone.expect_navigation():
            phone.get_by_role("button", name="Continue").click()

    assert "Something else: A scam" in phone.inner_text("main")
