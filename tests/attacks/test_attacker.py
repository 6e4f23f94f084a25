"""Somebody who means harm, in every role: by every identifier, with forged cookies and with fields nobody asked for."""

import re
from urllib.parse import quote

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from parish_world import GLEN, KIBWORTH, PASSWORD, WAVE
from sqlalchemy import select
from walker import Walker
from whole_site import EMAILS, UNSAFE, begun, calls, differences, furnish, mark_for, signed_in, stored

from csp_consult.db import db, writing
from csp_consult.parishes.models import ParishDraft
from csp_consult.people.links import make_link
from csp_consult.people.models import SignedIn, User
from csp_consult.people.throttle import PASSWORDS_PER_ACCOUNT_AND_COMPUTER, TOO_MANY

SECRET = "the-clerk-wrote-this-for-nobody-else"
SECRETS = re.compile(SECRET.encode() + rb"|\$argon2|\"enckey\"")
"""Of others: what a clerk wrote, a password's hash, what codes are made from."""
OWN = frozenset({"draft", "signed_in", "message", "audit_entry", "news_address", "return_code", "entry_link"})
"""Tables to which whoever calls may add something of their own."""
EXTRA = {
    "role": "administrator", "roles": "administrator", "active": "1", "is_admin": "1", "id": "1", "user_id": "1",
    "user": EMAILS["administrator"], "email": EMAILS["administrator"], "parish_code": GLEN, "parish": "Great Glen",
    "wave_id": "1", "version": "1", "reference": "AAAA-BBBB", "folded": "1", "synthetic": "1", "mode": "paper",
    "by": "somebody", "submitted_by": "1", "fs_uniquifier": "x", "tf_totp_secret": "x", "purpose": "password",
    "confirm": "yes", "words": "words", "name": "somebody", "seen_revision": "0", "ratings.speeding": "5",
}  # fmt: skip


@pytest.fixture
def site(app: Flask) -> Flask:
    """Everything, and of the victim: a council's draft, a resident's draft, and a link to choose a password."""
    furnish(app)
    glen = signed_in(app, "clerk")
    walker = Walker(glen)
    walker.get(f"/clerk/{GLEN}/{WAVE}/page/police")
    walker.submit({"met_police": "met"})
    walker.get(f"/clerk/{GLEN}/{WAVE}/page/meeting")
    walker.submit({"meeting_note": SECRET})
    begun(app)
    with app.app_context(), writing() as store:
        victim = store.scalars(select(User).where(User.email == EMAILS["administrator"])).one()
        make_link(store, victim, "password")
    assert SECRET in glen.get(f"/clerk/{GLEN}/{WAVE}/").text + glen.get(f"/clerk/{GLEN}/{WAVE}/page/meeting").text
    return app


def of_others(rows: dict[str, list[str]], role: str | None) -> dict[str, list[str]]:
    """What is stored, without what belongs to the attacker."""
    mine = EMAILS.get(role or "", "nobody's")
    return {table: [row for row in found if mine not in row] for table, found in rows.items()}


@pytest.mark.parametrize("role", [None, "another clerk"])
def test_as_every_role_every_identifier_of_another_gives_nothing_and_changes_nothing(
    site: Flask, role: str | None
) -> None:
    attacker = signed_in(site, role)
    before = of_others(stored(site), role)

    for call in calls(site):
        if call.method in UNSAFE:
            answer = attacker.open(call.path, method=call.method, data={**EXTRA, "csrf_token": mark_for(attacker)})
            assert b"This form has to be opened again" not in answer.get_data(), call
        else:
            answer = attacker.get(call.path)
        assert answer.status_code < 500, call
        assert not SECRETS.search(answer.get_data()), call
        answer.close()
        assert role is None or attacker.get("/account/").status_code == 200, (call, "signs its own caller out")

    changed = differences(before, of_others(stored(site), role))
    assert {table: rows for table, rows in changed.items() if table not in OWN} == {}
    # To those tables something may be added; what others have there stays.
    taken = {table: [row for row in rows if row.startswith("- ")] for table, rows in changed.items()}
    assert not any(taken.values()), taken


def test_not_even_an_administrator_reads_a_draft_or_a_secret_by_any_address(site: Flask) -> None:
    client = signed_in(site, "administrator")

    for call in calls(site):
        if call.method == "GET":
            answer = client.get(call.path)
            assert not SECRETS.search(answer.get_data()), call
            answer.close()


def test_forged_and_altered_cookies_open_nothing(site: Flask) -> None:
    client = signed_in(site, "officer")
    good = client.get_cookie("session")
    assert good is not None
    with site.app_context():
        held = db.session.scalars(select(SignedIn).join(User).where(User.email == EMAILS["officer"])).one()
        whoever = db.session.scalars(select(User.fs_uniquifier).where(User.email == EMAILS["administrator"])).one()
        known = {"_user_id": whoever, "_fresh": True, "_id": "x", "signed_in": held.key}
    with_our_key = SecureCookieSessionInterface().get_signing_serializer(site)
    assert with_our_key is not None
    site.secret_key, ours = "guessed-by-the-attacker", site.secret_key
    with_their_key = SecureCookieSessionInterface().get_signing_serializer(site)
    site.secret_key = ours
    assert with_their_key is not None
    payload, _, signature = good.value.rpartition(".")
    forged = [
        "", "x", "a.b.c", payload, f"{payload}.", f"{payload}.{signature[::-1]}", f"x{good.value}",
        with_their_key.dumps(known),
        # Even who knew the key would need the row of that very account's session.
        with_our_key.dumps(known), with_our_key.dumps({**known, "signed_in": "x"}),
    ]  # fmt: skip

    for value in forged:
        thief = site.test_client()
        thief.set_cookie("session", value)
        assert thief.get("/officer/").location.startswith("/sign-in"), value
        assert thief.get("/officer/trail").location.startswith("/sign-in"), value
    assert client.get("/officer/").status_code == 200


def test_a_session_chosen_by_somebody_else_is_not_signed_in(site: Flask) -> None:
    victim, attacker = Walker(site.test_client()), site.test_client()
    attacker.get("/sign-in")
    chosen = attacker.get_cookie("session")
    if chosen is not None:
        victim.client.set_cookie("session", chosen.value)
    victim.get("/sign-in")

    victim.submit({"email": EMAILS["clerk"], "password": PASSWORD})

    assert victim.heading == "Your parishes"
    now = victim.client.get_cookie("session")
    assert now is not None
    assert chosen is None or now.value != chosen.value
    assert attacker.get("/clerk/").location.startswith("/sign-in")


@pytest.mark.parametrize("key", ["", "x", "é", "A" * 43, "A" * 400, "../../x", "%00"])
def test_a_key_that_was_guessed_opens_no_draft(site: Flask, key: str) -> None:
    thief = site.test_client()
    thief.set_cookie("draft", quote(key), path="/s/small/now")

    page = thief.get("/s/small/now", follow_redirects=True).text

    assert "You have begun on this device" not in page


def test_nobody_changes_by_extra_fields_what_the_form_does_not_ask(site: Flask) -> None:
    attacker = signed_in(site, "another clerk")
    before = of_others(stored(site), "another clerk")

    answer = attacker.post(
        f"/clerk/{KIBWORTH}/{WAVE}/page/worries",
        data={**EXTRA, "csrf_token": mark_for(attacker), "ratings.speeding": "5", "ratings.burglary": "1"},
        follow_redirects=True,
    )

    assert answer.status_code == 200
    with site.app_context():
        drafts = {one.parish_code: one.answers for one in db.session.scalars(select(ParishDraft))}
        roles = {user.email: [role.name for role in user.roles] for user in db.session.scalars(select(User))}
    assert set(drafts[KIBWORTH]) == {"ratings"}
    assert roles[EMAILS["another clerk"]] == ["clerk"]
    changed = differences(before, of_others(stored(site), "another clerk"))
    assert not [row for rows in changed.values() for row in rows if row.startswith("- ")], changed


@pytest.mark.parametrize(
    "path",
    [
        "/static/../setup.cfg",
        "/static/%2e%2e/setup.cfg",
        "/static/..%2fsetup.cfg",
        "/static/..\\setup.cfg",
        "/static//etc/passwd",
        "/static/",
        "/static/css/",
        "/.git/config",
        "/instance/csp_consult.db",
        "/setup.cfg",
        "/results/../../etc/passwd/x.csv",
        "/results/small/now/..%2f..%2fsetup.cfg.csv",
        "/static/js/%00",
        "/api/results/..%2f..%2fetc/passwd",
        "/officer/../static/../wsgi.py",
    ],
)
def test_no_address_leads_to_a_file_that_is_not_meant_for_it(site: Flask, path: str) -> None:
    answer = signed_in(site, "administrator").get(path)

    assert answer.status_code in {308, 404}, answer.status_code
    assert "[metadata]" not in answer.text
    assert "root:" not in answer.text


def test_a_false_forwarded_address_buys_no_further_tries(site: Flask) -> None:
    walker = Walker(site.test_client())
    for number in range(PASSWORDS_PER_ACCOUNT_AND_COMPUTER):
        walker.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}"
        walker.get("/sign-in")
        walker.submit({"email": EMAILS["clerk"], "password": "not the password"})

    walker.client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.99"
    walker.get("/sign-in")
    walker.submit({"email": EMAILS["clerk"], "password": PASSWORD})

    assert walker.errors == [TOO_MANY]
