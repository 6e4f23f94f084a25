"""Passkeys, with Chromium's virtual authenticator: made, used, removed, and no way in for who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from parish_world import PASSWORD, account, code
from playwright.sync_api import Page
from sqlalchemy import select

from csp_consult.db import db, writing
from csp_consult.mail.models import Message
from csp_consult.people.accounts import close_account
from csp_consult.people.models import AuditEntry, Passkey, User
from csp_consult.people.passkeys import REFUSED
from csp_consult.people.telling import CHANGES

pytestmark = pytest.mark.browser


@pytest.fixture
def device(page: Page) -> Any:
    """A device that keeps passkeys and whose owner unlocks it; gives the way to talk to it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda verified: session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": verified}
    )


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def use_passkey(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in")
    with page.expect_navigation():
        page.get_by_role("link", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Use my passkey").click()


def test_an_officer_makes_a_passkey_signs_in_with_it_alone_and_removes_it(
    app: Flask, live_server: str, page: Page, device: Callable[[bool], Any], axe: Callable[[Page], list[str]]
) -> None:
    with app.app_context():
        account(db.session(), "olive@example.org", "officer")
        db.session.commit()
    page.goto(f"{live_server}/sign-in?next=/account/passkeys")
    page.get_by_label("Email address").fill("olive@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    page.get_by_label("Code").fill(code())
    press(page, "Continue")

    page.goto(f"{live_server}/account/passkeys")
    page.get_by_label("Name of a new passkey").fill("Office laptop")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_text("The passkey is made").wait_for()
    assert axe(page) == []
    press(page, "Sign out")

    use_passkey(page, live_server)
    page.get_by_role("heading", name="Surveys", exact=True).wait_for()
    press(page, "Sign out")

    device(False)
    use_passkey(page, live_server)
    page.get_by_text("That did not work").wait_for()
    assert axe(page) == []

    device(True)
    with app.app_context(), writing() as store:
        made = store.scalars(select(Passkey)).one()
        assert (made.name, made.usage) == ("Office laptop", "first")
        close_account(store, store.scalars(select(User)).one())
    use_passkey(page, live_server)
    page.get_by_text(REFUSED).wait_for()
    page.goto(f"{live_server}/officer/")
    page.get_by_role("heading", name="Sign in", exact=True).wait_for()

    with app.app_context(), writing() as store:
        store.scalars(select(User)).one().active = True
    use_passkey(page, live_server)
    page.get_by_role("heading", name="Surveys", exact=True).wait_for()
    page.goto(f"{live_server}/account/passkeys")
    press(page, "Remove")
    page.get_by_text("The passkey is removed").wait_for()
    press(page, "Sign out")
    use_passkey(page, live_server)
    page.get_by_text(REFUSED).wait_for()

    with app.app_context(), writing() as store:
        actions = set(store.scalars(select(AuditEntry.action)))
        assert {"passkey made", "passkey removed"} <= actions
        mails = [mail.body for mail in store.scalars(select(Message).order_by(Message.id))]
        for change, mail in zip(("passkey made", "passkey removed"), mails, strict=True):
            assert CHANGES[change] in mail
        assert store.scalars(select(Passkey)).all() == []
