"""A page of a questionnaire in the making, previewed at both widths in a real browser."""

from datetime import date
from pathlib import Path

import pytest
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
    page.get_by_label("Password").fill(PASSWORD)
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
