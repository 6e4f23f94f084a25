"""The officers' door in a real browser: charts drawn, read in order, an activity planned by keyboard."""

from collections.abc import Callable, Iterator

import accessible
import pytest
from flask import Flask
from parish_world import PASSWORD, code
from playwright.sync_api import Page

from csp_consult.jobs import helper
from csp_consult.reports.rendering import drawn

pytestmark = pytest.mark.browser

WAVE = "/officer/waves/residents-test/2022"
GAP = "/officer/gap?wave=residents-test/2022&topic=asb"
FOCUSED = """(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"""
DRAWN = (f"{WAVE}/fieldwork", f"{WAVE}/ranking", "/officer/blend", GAP)


@pytest.fixture
def officer(
    site: Flask, live_server: str, page: Page, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], list[str]]]:
    """``officer(path)`` opens a page as the signed-in officer and gives what the browser complained of."""
    monkeypatch.setattr("csp_consult.web.officer.door.drawn", drawn)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server}/sign-in")
    page.get_by_label("Email address").fill("olive@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill(code())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Surveys", exact=True).wait_for()

    def arrive(path: str) -> list[str]:
        complaints.clear()
        page.goto(live_server + path)
        # That an address names nothing, or was asked for wrongly, is said by the page itself.
        return [one for one in complaints if "status of 404" not in one and "status of 400" not in one]

    yield arrive
    helper.stop()


@pytest.mark.parametrize("path", [f"{WAVE}/ranking?by=shoe-size", "/officer/nothing"])
def test_a_page_that_says_what_is_wrong_is_accessible_too(
    officer: Callable[[str], list[str]], page: Page, axe: Callable[[Page], list[str]], path: str
) -> None:
    assert officer(path) == []
    assert accessible.faults(page, axe) == []


def test_charts_are_images_with_a_name_and_one_of_the_two_widths_is_shown(
    officer: Callable[[str], list[str]], page: Page
) -> None:
    for width, shown in ((390, ".csp-chart__narrow"), (1280, ".csp-chart__wide")):
        page.set_viewport_size({"width": width, "height": 900})
        for path in DRAWN:
            officer(path)
            image = page.locator(f"{shown} svg").first
            assert image.is_visible(), path
            assert image.get_attribute("role") == "img"
            assert str(image.get_attribute("aria-label")).startswith("Chart: ")
            assert page.get_by_role("img", name="Chart: ").count() == page.locator(".csp-chart").count(), path


def test_a_chart_answers_to_the_pointer_and_nothing_is_refused(
    officer: Callable[[str], list[str]], page: Page, axe: Callable[[Page], list[str]]
) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 1280, "height": 1200})
    officer(f"{WAVE}/ranking")
    assert not page.locator(".csp-chart__live").count(), "until somebody asks, the server's drawing stands"

    page.get_by_role("button", name="Explore this chart").click()
    page.get_by_text("Point at a mark to read its figures").wait_for()
    first = page.locator(".csp-chart__live .mark-symbol path").first
    first.hover()
    tip = page.locator(".csp-tip")
    tip.wait_for(state="visible")
    row = page.locator("main table tbody tr").first.locator("th, td").all_inner_texts()
    assert tip.inner_text().splitlines()[0] == row[0]
    assert row[3] in tip.inner_text(), "the same figure as the table's"
    page.get_by_label("Show one alone").select_option(row[0])
    page.mouse.move(0, 0)
    tip.wait_for(state="hidden")
    page.locator(".csp-chart__live .mark-symbol path[opacity='0.2']").first.wait_for()
    assert first.get_attribute("opacity") == "1"
    assert axe(page) == []
    assert refused == []

    page.emulate_media(media="print")
    assert not page.locator(".csp-chart__live").is_visible()
    assert page.locator(".csp-chart__wide svg").is_visible()
    assert not page.locator(".csp-parts").first.is_visible()
    page.set_viewport_size({"width": 680, "height": 960})  # As wide as a sheet of A4 between its margins.
    whole = "box => getComputedStyle(box).overflowX === 'visible' && box.scrollWidth <= box.clientWidth + 1"
    assert page.locator(".csp-scroll").evaluate_all(f"boxes => boxes.every({whole})"), "a table is cut on paper"

    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 844})
    hint = page.locator(".csp-scroll").first.evaluate("box => getComputedStyle(box, '::before').content")
    assert "Scroll sideways" in hint


def test_the_reasons_of_a_grade_have_room_for_sentences(officer: Callable[[str], list[str]], page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    officer("/officer/gaps/all?wave=residents-test/2022")

    widths = "cells => cells.map(cell => cell.clientWidth)"
    assert min(page.locator("#typology-topics td:last-child").evaluate_all(widths)) > 300


def test_a_chart_is_taken_along_as_a_drawing_or_a_picture(officer: Callable[[str], list[str]], page: Page) -> None:
    officer(f"{WAVE}/ranking")
    for link, start, name in (("Chart as SVG", b"<svg xmlns=", "svg"), ("Chart as PNG", b"\x89PNG", "png")):
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        assert download.value.suggested_filename == f"synthetic-ranking.{name}"
        assert download.value.path().read_bytes().startswith(start)


STORY = {
    f"{WAVE}/ranking": (
        'heading "Concerns in order" [level=1]',
        "form",
        "comes first",
        'img "Chart: Concerns in order',
        "table",
        'link "CSV',
        'heading "What this rests on" [level=2]',
        'heading "Cite this view" [level=2]',
    ),
    GAP: (
        'heading "Anti-social behaviour: what residents say, and what the record shows" [level=1]',
        "residents",
        'heading "Residents say" [level=2]',
        'heading "The record shows" [level=2]',
        'img "Chart: Anti-social behaviour',
        "table",
        'heading "How well the two can be compared',
        'heading "What it calls for',
        'heading "What this rests on" [level=2]',
        'button "Plan an activity for this gap"',
    ),
}


def test_the_accessibility_tree_of_ranking_and_gap_tells_the_story_in_order(
    officer: Callable[[str], list[str]], page: Page
) -> None:
    for path, story in STORY.items():
        officer(path)
        tree = page.locator("main").aria_snapshot()
        at = -1
        for part in story:
            at = tree.find(part, at + 1)
            assert at >= 0, f"{path}: {part} is missing or too early in\n{tree}"


def test_ranking_and_gap_are_read_by_keyboard_alone(officer: Callable[[str], list[str]], page: Page) -> None:
    """From the skip link on, the tab key passes what can be done in the order of the story, and is never caught."""
    for path, stops in (
        (f"{WAVE}/ranking", ("Break down", "Area", "Weighting", "Show", "Explore", "Chart as SVG", "CSV")),
        (GAP, ("Explore", "Chart as PNG", "CSV", "Plan an activity for this gap")),
    ):
        officer(path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
        page.keyboard.press("Enter")
        passed: list[str] = []
        for _ in range(40):
            page.keyboard.press("Tab")
            passed.append(page.evaluate(FOCUSED))
        at = -1
        for stop in stops:
            at = next((n for n, name in enumerate(passed) if n > at and name.startswith(stop)), -1)
            assert at >= 0, (path, stop, passed)
        assert any("Crimestoppers" in name or name.startswith(("999", "Privacy")) for name in passed), "it goes on"


def test_an_officer_plans_an_activity_by_keyboard_alone(officer: Callable[[str], list[str]], page: Page) -> None:
    officer(GAP)
    page.get_by_role("button", name="Plan an activity for this gap").focus()
    page.keyboard.press("Enter")
    page.get_by_label("How people are reached").focus()
    page.keyboard.type("Parish newsletters")
    page.get_by_label("Who is responsible").focus()
    page.keyboard.type("Community Safety Officer")
    page.keyboard.press("Enter")
    page.locator(".govuk-notification-banner--success").wait_for()
    assert "is in the communication plan" in page.locator(".govuk-notification-banner--success").inner_text()
