"""People's journeys in a real browser: from an invitation to a submission with codes, and a handover in mid-draft."""

import re
from datetime import date

import pytest
from flask import Flask
from parish_world import GLEN, PASSWORD, TUR_LANGTON, WAVE, account, code
from passlib.totp import TOTP
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from csp_consult.db import db, writing
from csp_consult.mail.models import Message
from csp_consult.parishes.models import ParishDraft, ParishResponse
from csp_consult.people.models import AuditEntry, User

pytestmark = pytest.mark.browser

NEW = "copper-lantern-river-9"


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def sign_in(page: Page, site: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    press(page, "Sign in")


def answer_and_submit(page: Page) -> None:
    """From the first page of questions to the receipt."""
    page.get_by_role("group", name="Speeding").get_by_label("Very much").check()
    page.get_by_role("group", name="Burglary").get_by_label("Not at all").check()
    press(page, "Save and continue")
    page.get_by_label("It has not", exact=True).check()
    press(page, "Save and continue")
    submit(page)


def submit(page: Page) -> None:
    press(page, "Continue to the council’s mandate")
    page.get_by_label("The full council").check()
    for part, value in (("Day", date.today().day), ("Month", date.today().month), ("Year", date.today().year)):
        page.get_by_label(part, exact=True).fill(str(value))
    page.get_by_label("Minute reference").fill("2026/87")
    press(page, "Submit the council’s response")
    page.locator(".govuk-panel").wait_for()


def test_an_invited_clerk_takes_codes_and_submits_for_the_council(
    app: Flask, site: Flask, live_server: str, page: Page, browser: Browser
) -> None:
    with app.app_context():
        account(db.session(), "olive@example.org", "officer")
        db.session.commit()
    officer = browser.new_context().new_page()
    sign_in(officer, live_server, "olive@example.org")
    officer.get_by_label("Code").fill(code())
    press(officer, "Continue")
    officer.goto(f"{live_server}/officer/accounts/invite")
    officer.get_by_label("Email address").fill("clerk@turlangton.example")
    officer.get_by_label("Clerk", exact=True).check()
    officer.get_by_label("Parishes of a clerk").fill("Tur Langton")
    press(officer, "Send the invitation")
    officer.get_by_text("clerk@turlangton.example is invited").wait_for()
    officer.context.close()
    with app.app_context(), writing() as store:
        body = store.scalars(select(Message.body).where(Message.kind == "invitation")).one()
    link = re.search(r"(/enter/\S+)", body)
    assert link

    page.goto(live_server + link.group(1))
    page.get_by_label("New password", exact=True).fill(NEW)
    press(page, "Set this password and go on")
    page.goto(f"{live_server}/account/codes")
    press(page, "Set up an app")
    shown = re.search(r"type this key into the app: ([A-Z2-7-]+)", page.inner_text("main"))
    assert shown
    key = shown.group(1)
    page.get_by_label("Code").fill(str(TOTP(key=key).generate().token))
    press(page, "Continue")
    press(page, "Sign out")

    sign_in(page, live_server, "clerk@turlangton.example", NEW)
    page.get_by_role("heading", name="Enter your code").wait_for()
    page.goto(f"{live_server}/clerk/")
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    with app.app_context(), writing() as store:
        # Each code is taken once: let the half minute of the first be over.
        store.scalars(select(User).where(User.email == "clerk@turlangton.example")).one().tf_last_counter = None
    sign_in(page, live_server, "clerk@turlangton.example", NEW)
    page.get_by_label("Code").fill(str(TOTP(key=key).generate().token))
    press(page, "Continue")
    page.goto(f"{live_server}/clerk/{TUR_LANGTON}/{WAVE}/page/worries")
    answer_and_submit(page)

    with app.app_context(), writing() as store:
        response = store.scalars(select(ParishResponse)).one()
        clerk = store.get_one(User, response.submitted_by)
        assert (response.parish_code, response.version, clerk.email) == (TUR_LANGTON, 1, "clerk@turlangton.example")
        actions = set(store.scalars(select(AuditEntry.action)))
        assert {"account invited", "invitation taken up", "codes set up", "response submitted"} <= actions


def test_a_parish_is_handed_over_in_mid_draft_and_the_new_clerk_submits_it(
    app: Flask, site: Flask, live_server: str, page: Page, browser: Browser
) -> None:
    at = f"{live_server}/clerk/{GLEN}/{WAVE}"
    sign_in(page, live_server, "glen@example.org")
    page.goto(f"{at}/page/worries")
    page.get_by_role("group", name="Speeding").get_by_label("Very much").check()
    page.get_by_role("group", name="Burglary").get_by_label("Not at all").check()
    press(page, "Save and continue")
    new = browser.new_context().new_page()
    sign_in(new, live_server, "kibworth@example.org")
    new.goto(f"{at}/page/police")
    new.get_by_role("heading", name="Page not found").wait_for()

    page.goto(f"{live_server}/account/parishes/{GLEN}/hand-over")
    page.get_by_label("The new clerk’s email address").fill("kibworth@example.org")
    press(page, "Hand over")
    page.get_by_text("Great Glen is handed over").wait_for()
    page.goto(f"{at}/page/police")
    page.get_by_role("heading", name="Page not found").wait_for()

    new.goto(f"{at}/page/worries")
    assert new.get_by_role("group", name="Speeding").get_by_label("Very much").is_checked(), "the draft stayed"
    press(new, "Save and continue")
    new.get_by_label("It has not", exact=True).check()
    press(new, "Save and continue")
    submit(new)
    new.context.close()
    with app.app_context(), writing() as store:
        response = store.scalars(select(ParishResponse)).one()
        assert store.get_one(User, response.submitted_by).email == "kibworth@example.org"
        assert response.answers["ratings"] == {"speeding": "5", "burglary": "1"}
        assert store.scalars(select(ParishDraft)).all() == []
