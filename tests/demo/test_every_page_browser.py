"""WCAG 2.2 AA on every page of every door, in a real browser on the demo: no address that gives a page is left out.

A page is loaded once, and looked at from 320 to 1280 pixels, with axe and with checks of our own
(``tests/accessible.py``): reflow, targets, motion, what Tab reaches, and where its focus is seen.
"""

import re
from collections.abc import Callable
from pathlib import Path

import accessible
import pytest
from cookies import untold
from demo.every_page import WALKS, furnish
from demo.test_demo_journey import sign_in
from flask import Flask
from playwright.sync_api import Browser, Page

from csp_consult.db import writing
from csp_consult.web.permissions import NOBODY, PERMISSIONS

pytestmark = pytest.mark.browser

# Pages that need what the demo has not, and the browser tests that bring it.
ELSEWHERE = {
    "tests/clerk/test_clerk_browser.py": {"clerk.mandate", "clerk.minute", "clerk.receipt"},
    "tests/resident/test_every_type_browser.py": {"resident.check", "resident.thanks"},
    "tests/resident/test_resident_browser.py": {"resident.saving"},
    "tests/people/test_second_step_browser.py": {"security.two_factor_token_validation", "security.mf_recovery"},
    "tests/people/test_passkeys_browser.py": {"security.wan_register", "security.wan_delete", "security.wan_signin"},
}  # fmt: skip
# What is no page: files, data for programs, and addresses that only lead on to another.
FILE = re.compile(r"\.(\w+|<\w+>)$|^/api/|^/static/|/file(/<form>)?$|/files/<int:version>$|/paper$|^/health$|^/ready$")
LEADS_ON = {"resident.by_link", "signing_in.door", "signing_in.signed_in"}


@pytest.fixture
def furnished(app: Flask) -> dict[str, str]:
    """The demo with what its people would have done by now; gives the tokens that stand in addresses by name."""
    with app.app_context(), writing() as session:
        return furnish(session)


@pytest.mark.parametrize("walk", WALKS)
def test_every_page_keeps_wcag_2_2_and_says_what_is_synthetic(
    furnished: dict[str, str], live_server: str, browser: Browser, axe: Callable[[Page], list[str]], walk: str
) -> None:
    role, paths = WALKS[walk]
    context = browser.new_context(viewport={"width": accessible.DESK, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    if role:
        sign_in(page, live_server, role)

    faults: list[str] = []
    # What the browser refuses to load or to run, as the content security policy tells it.
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    for path in paths:
        *way, end = path.split("/")
        answer = page.goto(live_server + "/".join([*way, furnished.get(end, end)]))
        if answer and answer.status != 200:
            faults.append(f"{path}: answers {answer.status}")
        faults += [f"{path}: {fault}" for fault in accessible.faults(page, axe)]
        if re.search("ranking|blend|gap|fieldwork", path) and not page.get_by_text("Synthetic").count():
            faults.append(f"{path}: does not say that its responses are synthetic")

    faults += [f"keeps a cookie that nobody is told of: {name}" for name in untold(context)]
    faults += ["keeps something beyond the tab"] if page.evaluate("localStorage.length") else []
    context.close()
    assert faults == []


def test_no_address_that_gives_a_page_is_left_out(app: Flask) -> None:
    addresses = app.url_map.bind("localhost")
    walked = {addresses.match(path.partition("?")[0], method="GET")[0] for _, paths in WALKS.values() for path in paths}
    elsewhere = {endpoint for endpoints in ELSEWHERE.values() for endpoint in endpoints}
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and PERMISSIONS[rule.endpoint] != NOBODY and not FILE.search(rule.rule)
    }

    assert pages - walked - elsewhere - LEADS_ON == set()
    assert elsewhere & walked == set()
    for file in ELSEWHERE:
        assert "axe(" in (Path(__file__).parents[2] / file).read_text(), file
