"""No answer is lost: by Back, by a refresh, in two tabs, offline, when the server is killed, when the session expires.

Each test ends with what is stored of the response. One survey, one page of Chromium as on a small phone.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page
from resident.conftest import wave_of
from small_survey import SOURCE
from sqlalchemy import select

from csp_consult.db import db
from csp_consult.fieldwork.models import Response

pytestmark = pytest.mark.browser

ASKED = SOURCE.replace(
    "pages:\n",
    """pages:
  - page: words
    title: In your words
    questions:
      - {id: comment, kind: long_text, text: 'What else?'}
      - {id: lights, kind: single, text: 'Is it dark?', options: {dark: It is, light: It is not}}
      - {id: seen, kind: multiple, text: 'What do you see?', options: {litter: Litter, dogs: Dogs}}
""",
)
WORDS = "The lane by the school is dark."


@pytest.fixture
def survey(app: Flask) -> str:
    return wave_of(app, ASKED)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def fill(page: Page) -> None:
    """Put something into every field of the first page."""
    page.get_by_label("What else?").fill(WORDS)
    page.get_by_label("It is", exact=True).check()
    page.get_by_label("Dogs").check()


def speeding(page: Page) -> Locator:
    """A radio of the second page."""
    return page.get_by_role("group", name="Speeding").get_by_label("Very big", exact=True)


def press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def send_the_rest(app: Flask, page: Page) -> dict[str, Any]:
    """Go through the other pages without answering, and send; what is then stored, being one response."""
    for _ in range(10):
        if page.url.endswith("/check"):
            break
        press(page, "Continue")
    press(page, "Send my answers")
    assert page.url.endswith("/thanks")
    with app.app_context():
        answers: dict[str, Any] = db.session().scalars(select(Response.answers)).one()
        return answers


FILLED = {"comment": WORDS, "lights": "dark", "seen": ["dogs"]}


def test_back_and_forth_by_the_browsers_own_buttons(app: Flask, live_server: str, survey: str, phone: Page) -> None:
    phone.goto(f"{live_server}{survey}/questions/words")
    fill(phone)
    press(phone, "Continue")
    speeding(phone).check()

    phone.go_back()
    assert phone.get_by_label("What else?").input_value() == WORDS
    phone.go_forward()
    assert speeding(phone).is_checked()

    assert send_the_rest(app, phone) == {**FILLED, "problem": {"speeding": "big"}}


def test_what_is_taken_away_on_a_page_that_back_shows_as_it_was_left_is_taken_away(
    app: Flask, live_server: str, survey: str, phone: Page
) -> None:
    phone.goto(f"{live_server}{survey}/questions/words")
    fill(phone)
    # Driven browsers keep no page for Back, so that the page is sent without leaving it, and told that it is back.
    sent = phone.evaluate("""() => {
        const form = document.querySelector("form[data-answers]");
        form.addEventListener("submit", (event) => event.preventDefault(), {once: true});
        form.requestSubmit();
        return [form.action, Object.fromEntries(new FormData(form))];
    }""")
    assert phone.context.request.post(sent[0], form=sent[1]).ok
    phone.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    phone.get_by_label("What else?").fill("")
    phone.get_by_label("Dogs").uncheck()
    press(phone, "Continue")

    assert send_the_rest(app, phone) == {"lights": "dark"}


def test_a_refresh_of_a_page_that_is_not_saved_yet(app: Flask, live_server: str, survey: str, phone: Page) -> None:
    phone.goto(f"{live_server}{survey}/questions/words")
    fill(phone)

    phone.reload()
    assert phone.get_by_label("What else?").input_value() == WORDS

    assert send_the_rest(app, phone) == FILLED


def test_what_the_tab_kept_never_comes_back_over_what_was_saved_since(
    app: Flask, live_server: str, survey: str, phone: Page
) -> None:
    here = f"{live_server}{survey}/questions/words"
    phone.goto(here)
    fill(phone)
    other = phone.context.new_page()
    other.goto(here)
    other.get_by_label("What else?").fill("Newer")
    press(other, "Continue")

    phone.reload()

    assert phone.get_by_label("What else?").input_value() == "Newer"
    assert not phone.get_by_label("Dogs").is_checked()
    assert send_the_rest(app, phone) == {"comment": "Newer"}


def test_two_tabs_on_two_pages_each_keep_what_the_other_saved(
    app: Flask, live_server: str, survey: str, phone: Page
) -> None:
    phone.goto(f"{live_server}{survey}/questions/words")
    press(phone, "Continue")
    other = phone.context.new_page()
    other.goto(f"{live_server}{survey}/questions/words")
    fill(other)
    speeding(phone).check()

    press(other, "Continue")
    press(phone, "Continue")

    assert send_the_rest(app, other) == {**FILLED, "problem": {"speeding": "big"}}


def test_a_minute_offline(app: Flask, live_server: str, survey: str, phone: Page) -> None:
    phone.clock.install()
    phone.goto(f"{live_server}{survey}/questions/words")
    fill(phone)

    phone.context.set_offline(True)
    phone.get_by_role("button", name="Continue").click()
    assert "You are offline" in phone.get_by_role("alert").inner_text()
    phone.clock.run_for(60_000)
    phone.context.set_offline(False)
    press(phone, "Continue")

    assert send_the_rest(app, phone) == FILLED


def test_a_minute_offline_that_the_browser_learns_of_by_failing(
    app: Flask, live_server: str, survey: str, phone: Page
) -> None:
    here = f"{live_server}{survey}/questions/words"
    phone.goto(here)
    fill(phone)

    phone.context.set_offline(True)
    with suppress(Exception):  # what a browser shows of a page that it cannot have differs
        phone.goto(here)
    phone.context.set_offline(False)
    phone.goto(here)

    assert send_the_rest(app, phone) == FILLED


def test_a_session_that_expired(app: Flask, live_server: str, survey: str, phone: Page) -> None:
    phone.goto(f"{live_server}{survey}/questions/words")
    fill(phone)

    phone.context.clear_cookies()
    press(phone, "Continue")
    assert "did not send back the cookie" in phone.locator(".govuk-error-summary").inner_text()
    assert phone.get_by_label("What else?").input_value() == WORDS
    press(phone, "Continue")

    assert send_the_rest(app, phone) == FILLED


def test_whoever_clears_the_device_or_leaves_in_a_hurry_leaves_nothing_in_the_tab(
    app: Flask, live_server: str, phone: Page
) -> None:
    # A sensitive page: every question has a way out.
    asked = ASKED.replace("title: In your words", "title: In your words\n    sensitive: yes")
    survey = wave_of(app, asked.replace("}}\n", ", pns: {text: Rather not, role: prefer_not}}}\n", 2))
    here = f"{live_server}{survey}/questions/words"
    phone.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="The weather"))
    phone.goto(here)
    fill(phone)
    with phone.expect_navigation():
        phone.get_by_text("Leave this site now").click()
    phone.goto(here)
    assert phone.get_by_label("What else?").input_value() == ""

    press(phone, "Continue")
    phone.goto(here)
    fill(phone)
    phone.goto(live_server + survey)
    for _ in range(2):  # it is asked whether that is meant
        press(phone, "Delete these answers and start again")
    phone.goto(here)

    assert phone.get_by_label("What else?").input_value() == ""
    assert phone.evaluate("Object.keys(sessionStorage)") == []


class Site:
    """The site as gunicorn serves it, on a port that stays the same."""

    def __init__(self, url: str, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self._environment = os.environ | {"CSP_DATABASE_URL": url}
        self._log = log.open("ab")
        self.start()

    def start(self) -> None:
        """Serve, and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "--bind", f"localhost:{self.port}", "--threads", "4", "wsgi:app"]
        self._server = subprocess.Popen(
            command, env=self._environment, stdout=self._log, stderr=self._log, start_new_session=True
        )
        for _ in range(600):
            with suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{self.address}/health", timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError("the site does not answer")

    def kill(self) -> None:
        """SIGKILL the master and its worker."""
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def close(self) -> None:
        """End it for good."""
        with suppress(ProcessLookupError):
            self.kill()
        self._log.close()


@pytest.fixture
def site(survey: str, database_url: str, tmp_path: Path) -> Iterator[Site]:
    site = Site(database_url, tmp_path / "site.log")
    yield site
    site.close()


def test_a_server_that_is_killed_between_pages(app: Flask, survey: str, site: Site, phone: Page) -> None:
    phone.goto(f"{site.address}{survey}/questions/words")
    fill(phone)
    press(phone, "Continue")
    speeding(phone).check()

    site.kill()
    with suppress(Exception):  # the browser shows a page of its own
        phone.get_by_role("button", name="Continue").click(no_wait_after=True)
        phone.wait_for_url("chrome-error://**", timeout=3000)
    site.start()
    phone.goto(f"{site.address}{survey}/questions/concerns")
    assert speeding(phone).is_checked()

    assert send_the_rest(app, phone) == {**FILLED, "problem": {"speeding": "big"}}
