"""Guessing is slowed down, and nobody locks anybody else out by it."""

from datetime import timedelta

import pytest
from flask import Flask
from parish_world import PASSWORD, account, code
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.people.models import DayKey, FailedTry
from csp_consult.people.signing_in import NOT_RIGHT
from csp_consult.people.throttle import CODES_PER_ACCOUNT, PASSWORDS_PER_ACCOUNT_AND_COMPUTER, TOO_MANY

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def site(app: Flask) -> Flask:
    with app.app_context():
        account(db.session(), "clerk@example.org", "clerk")
        account(db.session(), "olive@example.org", "officer")
        db.session.commit()
    return app


def at(site: Flask, computer: str) -> Walker:
    client = site.test_client()
    client.environ_base["REMOTE_ADDR"] = computer
    return Walker(client)


def sign_in(walker: Walker, email: str, password: str) -> None:
    walker.get("/sign-in")
    walker.submit({"email": email, "password": password})


def guess(walker: Walker, email: str) -> None:
    for _ in range(PASSWORDS_PER_ACCOUNT_AND_COMPUTER):
        sign_in(walker, email, "not the password")
        assert walker.errors == [NOT_RIGHT]


def test_after_five_wrong_passwords_that_computer_is_made_to_wait_even_with_the_right_one(site: Flask) -> None:
    guesser = at(site, HERE)
    guess(guesser, "clerk@example.org")

    sign_in(guesser, "Clerk@example.org", PASSWORD)

    assert guesser.errors == [TOO_MANY]


def test_who_guesses_at_an_account_does_not_lock_its_owner_out(site: Flask) -> None:
    guess(at(site, HERE), "clerk@example.org")
    owner = at(site, ELSEWHERE)

    sign_in(owner, "clerk@example.org", PASSWORD)

    assert owner.heading == "Your parishes"


def test_colleagues_behind_one_address_do_not_lock_each_other_out(site: Flask) -> None:
    guess(at(site, HERE), "somebody@example.org")
    colleague = at(site, HERE)

    sign_in(colleague, "clerk@example.org", PASSWORD)

    assert colleague.heading == "Your parishes"


def test_an_account_that_is_not_there_is_answered_alike(site: Flask) -> None:
    guesser = at(site, HERE)
    guess(guesser, "nobody@example.org")

    sign_in(guesser, "nobody@example.org", "not the password")

    assert guesser.errors == [TOO_MANY]


def test_wrong_codes_count_wherever_they_come_from_since_only_who_has_the_password_gets_to_them(site: Flask) -> None:
    for number in range(CODES_PER_ACCOUNT):
        thief = at(site, f"198.51.100.{number}")
        sign_in(thief, "olive@example.org", PASSWORD)
        thief.submit({"code": "nonsense"})
    last = at(site, ELSEWHERE)
    sign_in(last, "olive@example.org", PASSWORD)

    last.submit({"code": code()})

    assert last.errors == [TOO_MANY]


def test_neither_account_nor_computer_can_be_read_from_what_is_kept(site: Flask) -> None:
    sign_in(at(site, HERE), "clerk@example.org", "not the password")

    with site.app_context():
        kept = db.session.scalars(select(FailedTry)).one()

    assert "clerk" not in kept.account
    assert HERE not in kept.computer


def test_what_was_counted_is_forgotten_with_the_key_of_its_day(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(at(site, HERE), "clerk@example.org", "not the password")
    with site.app_context():
        before, key = db.session.scalars(select(FailedTry)).one(), db.session.scalars(select(DayKey)).one().key
    tomorrow = before.at + timedelta(days=1)
    monkeypatch.setattr("csp_consult.people.throttle._now", lambda: tomorrow)

    sign_in(at(site, HERE), "clerk@example.org", "not the password")

    with site.app_context():
        after = db.session.scalars(select(FailedTry)).one()
        assert db.session.scalars(select(DayKey)).one().key != key
    assert after.computer != before.computer
    assert after.account != before.account
