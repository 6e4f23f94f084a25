"""The second step of signing in: codes, each once, recovery codes, and what is offered to whom."""

import re
from datetime import date

import pytest
from flask import Flask
from parish_world import CODE_KEY, PASSWORD, account, code
from passlib.totp import TOTP
from sqlalchemy import select
from walker import Walker

from csp_consult.commands.user import user as user_commands
from csp_consult.db import db, writing
from csp_consult.demo.models import DemoBuild
from csp_consult.mail.models import Message
from csp_consult.people.accounts import add_account
from csp_consult.people.models import AuditEntry, User
from csp_consult.people.second_step import new_recovery_codes
from csp_consult.people.signing_in import CODE_NOT_RIGHT, RECOVERY_CODE_NOT_RIGHT
from csp_consult.people.telling import CHANGES


@pytest.fixture
def site(app: Flask) -> Flask:
    """An officer who has codes, one who has none yet, and a clerk. No context stays open."""
    with app.app_context():
        olive = account(db.session(), "olive@example.org", "officer")
        new_recovery_codes(olive)
        add_account(db.session(), "new@example.org", password=PASSWORD, role="officer")
        account(db.session(), "clerk@example.org", "clerk")
        db.session.commit()
    return app


@pytest.fixture
def walker(site: Flask) -> Walker:
    return Walker(site.test_client())


def give_password(walker: Walker, email: str) -> None:
    walker.get("/sign-in")
    walker.submit({"email": email, "password": PASSWORD})


def set_up(walker: Walker) -> TOTP:
    """Set up an app from the page as it stands, and give its first code."""
    walker.submit(button="Set up an app")
    found = re.search(r"type this key into the app: ([A-Z2-7-]+)", walker.text)
    assert found, walker.text
    app = TOTP(key=found.group(1))
    walker.submit({"code": app.generate().token})
    return app


def actions(site: Flask) -> list[tuple[str, str]]:
    with site.app_context():
        return [(one.action, one.subject) for one in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def told(site: Flask, email: str) -> list[str]:
    """Of which changes their owner was told by mail."""
    of_this = (Message.recipient == email) & (Message.kind == "sign-in changed")
    with site.app_context():
        bodies = db.session.scalars(select(Message.body).where(of_this).order_by(Message.id)).all()
    return [change for body in bodies for change, words in CHANGES.items() if words in body]


def test_an_officer_gives_password_and_code_and_only_then_sees_anything(walker: Walker) -> None:
    give_password(walker, "olive@example.org")
    assert walker.heading == "Enter your code"
    assert walker.client.get("/officer/").status_code == 302

    walker.submit({"code": code()})

    assert walker.heading == "Surveys"


def test_after_the_code_one_is_where_one_wanted_to_be(walker: Walker) -> None:
    walker.get("/officer/plan")
    walker.submit({"email": "olive@example.org", "password": PASSWORD})

    walker.submit({"code": code()})

    assert walker.path == "/officer/plan"


def test_a_wrong_code_is_told_and_signs_nobody_in(walker: Walker) -> None:
    give_password(walker, "olive@example.org")

    walker.submit({"code": "000000" if code() != "000000" else "111111"})

    assert walker.errors == [CODE_NOT_RIGHT]
    walker.get("/officer/")
    assert walker.heading == "Sign in"


def test_a_code_works_once(site: Flask, walker: Walker) -> None:
    seen = code()
    give_password(walker, "olive@example.org")
    walker.submit({"code": seen})
    other = Walker(site.test_client())

    give_password(other, "olive@example.org")
    other.submit({"code": seen})

    assert other.errors == [CODE_NOT_RIGHT]


def test_an_officer_without_codes_sets_them_up_before_anything_else(walker: Walker) -> None:
    give_password(walker, "new@example.org")
    assert walker.heading == "Sign in with a code"
    assert walker.client.get("/officer/").status_code == 302, "not signed in by the password alone"
    walker.get("/account/codes")

    set_up(walker)
    assert walker.heading == "Recovery codes"
    walker.submit(button="Show me recovery codes")
    assert len(walker.page.select("#recovery-codes li")) == 8
    walker.follow("I have kept them")

    assert walker.heading == "Surveys"


def test_an_officer_cannot_give_codes_up(walker: Walker) -> None:
    give_password(walker, "olive@example.org")
    walker.submit({"code": code()})
    walker.get("/account/codes")
    assert "Give codes up" not in walker.text

    walker.send(walker.filled({"setup": "disable"}, button="Set up an app"), button="Set up an app")

    walker.get("/account/")
    assert "With your password and a code" in walker.text


def test_a_clerk_may_choose_codes_and_give_them_up_again(site: Flask, walker: Walker) -> None:
    give_password(walker, "clerk@example.org")
    walker.get("/account/")
    walker.follow("Ask for a code as well")
    set_up(walker)
    assert "With your password and a code" in walker.text
    give_password(other := Walker(site.test_client()), "clerk@example.org")
    assert other.heading == "Enter your code"

    walker.get("/account/codes")
    walker.submit(button="Sign in without a code")

    give_password(another := Walker(site.test_client()), "clerk@example.org")
    assert another.heading == "Your parishes"
    assert {("codes set up", "clerk@example.org"), ("codes given up", "clerk@example.org")} <= set(actions(site))
    assert told(site, "clerk@example.org") == ["codes set up", "codes given up"]


def test_a_recovery_code_signs_in_once_and_that_is_recorded(site: Flask, walker: Walker) -> None:
    with site.app_context():
        olive = db.session.scalars(select(User).where(User.email == "olive@example.org")).one()
        kept = new_recovery_codes(olive)[0]
        db.session.commit()
        assert olive.mf_recovery_codes is not None
        assert kept not in olive.mf_recovery_codes, "stored encrypted"
    other = Walker(site.test_client())
    for one in (walker, other):
        give_password(one, "olive@example.org")
        one.follow("Use a recovery code")

    walker.submit({"code": f" {kept} "})
    other.submit({"code": kept})

    assert walker.heading == "Surveys"
    assert other.errors == [RECOVERY_CODE_NOT_RIGHT]
    assert actions(site).count(("recovery code used", "olive@example.org")) == 1


def test_new_recovery_codes_replace_the_old_ones(site: Flask, walker: Walker) -> None:
    give_password(walker, "olive@example.org")
    walker.submit({"code": code()})
    walker.get("/account/recovery-codes")

    walker.submit(button="Show me recovery codes")

    shown = {item.get_text() for item in walker.page.select("#recovery-codes li")}
    with site.app_context():
        olive = db.session.scalars(select(User).where(User.email == "olive@example.org")).one()
        assert set(site.extensions["security"].mf_recovery_codes_util.get_recovery_codes(olive)) == shown
    assert told(site, "olive@example.org") == ["recovery codes made"]


@pytest.mark.parametrize("step", ["/sign-in/code", "/sign-in/recovery-code", "/account/codes"])
def test_no_step_is_reached_without_the_password_first(walker: Walker, step: str) -> None:
    walker.get(step)

    assert walker.heading == "Sign in"


def test_who_lost_phone_and_codes_sets_up_new_ones_after_an_administrator_made_sure(
    site: Flask, walker: Walker
) -> None:
    give_password(walker, "olive@example.org")
    walker.submit({"code": code()})

    result = site.test_cli_runner().invoke(user_commands, ["recover", "olive@example.org"])

    assert result.exit_code == 0, result.output
    walker.get("/officer/")
    assert walker.heading == "Sign in"
    give_password(walker, "olive@example.org")
    assert walker.heading == "Sign in with a code"
    assert ("codes taken away", "olive@example.org") in actions(site)
    assert told(site, "olive@example.org") == ["codes taken away"]


@pytest.mark.parametrize("built_by", ["hand", "the demo"])
def test_a_code_is_shown_for_a_demo_account_only(site: Flask, walker: Walker, built_by: str) -> None:
    if built_by == "the demo":
        with site.app_context(), writing() as store:
            store.add(DemoBuild(built_on=date.today()))
    give_password(walker, "olive@example.org")

    result = site.test_cli_runner().invoke(user_commands, ["code", "olive@example.org"])

    assert "demo" not in walker.text
    assert result.exit_code != 0
    assert "There is no code to show" in result.output


def test_the_secret_of_the_codes_is_stored_encrypted(site: Flask) -> None:
    with site.app_context():
        olive = db.session.scalars(select(User).where(User.email == "olive@example.org")).one()
        assert olive.tf_totp_secret is not None
        assert CODE_KEY not in olive.tf_totp_secret
