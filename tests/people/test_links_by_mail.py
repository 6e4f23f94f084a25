"""Ways in by mail: invitations, links to sign in, new passwords; each link once, by a button, within its time."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from parish_world import GLEN, PASSWORD, account, build, code
from sqlalchemy import select, update
from walker import Walker

from csp_consult.commands.user import user as user_commands
from csp_consult.db import db, writing
from csp_consult.mail.letters import address_of
from csp_consult.mail.models import Message
from csp_consult.parishes.models import ClerkParish
from csp_consult.people.links import LASTS, make_link
from csp_consult.people.models import AuditEntry, EntryLink, User
from csp_consult.people.throttle import LINKS_PER_ACCOUNT

NEW = "copper-lantern-river-9"


@pytest.fixture
def site(app: Flask) -> Flask:
    """Parishes with clerks, an officer and an administrator."""
    with app.app_context():
        today = date.today()
        build(db.session(), opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
        account(db.session(), "olive@example.org", "officer", name="Olive")
        account(db.session(), "ada@example.org", "administrator")
        db.session.commit()
    return app


@pytest.fixture
def officer(site: Flask) -> Walker:
    return signed_in(site, "olive@example.org")


def signed_in(site: Flask, email: str) -> Walker:
    walker = Walker(site.test_client())
    walker.get("/sign-in")
    walker.submit({"email": email, "password": PASSWORD})
    walker.submit({"code": code()})
    return walker


def mails(site: Flask, to: str) -> list[Message]:
    with site.app_context(), writing() as store:
        return list(store.scalars(select(Message).where(Message.recipient == to).order_by(Message.id)))


def link_in(message: Message) -> str:
    found = re.search(r"http://localhost:8000(/enter/\S+)", message.body)
    assert found, message.body
    return found.group(1)


def invite(officer: Walker, email: str, role: str, parishes: str = "") -> None:
    officer.get("/officer/accounts/invite")
    officer.submit({"email": email, "role": role, "parishes": parishes})


def ask(site: Flask, email: str, purpose: str) -> Walker:
    walker = Walker(site.test_client())
    walker.get("/sign-in")
    walker.follow("Get a link by email")
    walker.submit({"email": email, "purpose": purpose})
    assert walker.heading == "Look at your email"
    return walker


def recorded(site: Flask, email: str) -> list[str]:
    with site.app_context(), writing() as store:
        return list(store.scalars(select(AuditEntry.action).where(AuditEntry.subject == email)))


def test_an_invited_clerk_chooses_a_password_and_acts_for_the_parish(site: Flask, officer: Walker) -> None:
    invite(officer, "clerk@tur.example", "clerk", "tur langton\n")
    assert officer.heading == "Accounts"
    link = link_in(mails(site, "clerk@tur.example")[0])
    walker = Walker(site.test_client())

    walker.get(link)
    assert "for Tur Langton" in walker.text
    walker.submit({"password": NEW})

    assert walker.heading == "Your parishes"
    assert "Tur Langton" in walker.text
    with site.app_context():
        user = db.session.scalars(select(User).where(User.email == "clerk@tur.example")).one()
        assert user.password is not None
        assert user.password.startswith("$argon2id$")
        assert db.session.get(ClerkParish, (user.id, "E04000003")) is not None
    assert {"account invited", "invitation mailed", "invitation taken up"} <= set(recorded(site, "clerk@tur.example"))


def test_an_invited_officer_sets_up_codes_before_anything_is_shown(site: Flask, officer: Walker) -> None:
    invite(officer, "new@example.org", "officer")
    walker = Walker(site.test_client())
    walker.get(link_in(mails(site, "new@example.org")[0]))

    walker.submit({"password": NEW})

    assert walker.heading == "Sign in with a code"
    assert walker.client.get("/officer/").status_code == 302


def test_a_link_is_opened_by_scanners_without_harm_and_its_button_works_once(site: Flask, officer: Walker) -> None:
    invite(officer, "clerk@tur.example", "clerk")
    link = link_in(mails(site, "clerk@tur.example")[0])
    scanner, owner, thief = (Walker(site.test_client()) for _ in range(3))
    for walker in (scanner, owner, thief):
        walker.get(link)
        assert walker.heading == "Choose a password"

    owner.submit({"password": NEW})
    thief.submit({"password": "another-lantern-river-9"})

    assert owner.heading == "Your parishes"
    assert thief.status == 410
    assert thief.heading == "This link no longer works"
    with site.app_context():
        assert db.session.scalars(select(EntryLink)).all() == []


@pytest.mark.parametrize("purpose", list(LASTS))
def test_every_link_runs_out(site: Flask, purpose: str) -> None:
    with site.app_context():
        clerk = db.session.scalars(select(User).where(User.email == "glen@example.org")).one()
        link = make_link(db.session(), clerk, purpose).removeprefix("http://localhost:8000")
        db.session.commit()
        kept = db.session.scalars(select(EntryLink)).one()
        assert kept.digest not in link
        early = Walker(site.test_client())
        early.get(link)
        db.session.execute(update(EntryLink).values(expires_at=kept.expires_at - LASTS[purpose]))
        db.session.commit()
    late = Walker(site.test_client())

    late.get(link)

    assert (early.status, late.status) == (200, 410)


def test_a_weak_password_is_refused_and_the_link_still_works(site: Flask, officer: Walker) -> None:
    invite(officer, "clerk@tur.example", "clerk")
    walker = Walker(site.test_client())
    walker.get(link_in(mails(site, "clerk@tur.example")[0]))

    walker.submit({"password": "password1234"})
    refused = walker.errors
    walker.submit({"password": NEW})

    assert refused == ["This is a very common password."]
    assert walker.heading == "Your parishes"


def test_who_is_not_invited_by_name_of_an_unknown_parish(site: Flask, officer: Walker) -> None:
    invite(officer, "clerk@tur.example", "clerk", "Nowhere Magna")

    assert officer.errors == [
        "There is no parish 'Nowhere Magna' here. Write the name as on the list of places, or its code."
    ]
    assert mails(site, "clerk@tur.example") == []
    officer.submit({"parishes": "E04000003"})
    assert officer.heading == "Accounts"


def test_an_officer_may_not_make_an_administrator_and_an_administrator_may(site: Flask, officer: Walker) -> None:
    invite(officer, "boss@example.org", "administrator")
    refused = officer.errors
    admin = signed_in(site, "ada@example.org")
    invite(admin, "boss@example.org", "administrator")

    assert refused == ["Select what the account is for"]
    assert admin.heading == "Accounts"
    with site.app_context():
        boss = db.session.scalars(select(User).where(User.email == "boss@example.org")).one()
        ada = db.session.scalars(select(User).where(User.email == "ada@example.org")).one()
        assert boss.may("administrator")
    assert officer.client.get(f"/officer/accounts/{ada.id}/close").status_code == 403
    assert admin.client.get(f"/officer/accounts/{boss.id}/close").status_code == 200


def test_inviting_again_ends_the_earlier_link_and_closing_ends_both(site: Flask, officer: Walker) -> None:
    invite(officer, "clerk@tur.example", "clerk")
    officer.submit(button="Invite again: clerk@tur.example")
    first, second = (link_in(mail) for mail in mails(site, "clerk@tur.example"))
    client = site.test_client()
    before = [client.get(link).status_code for link in (first, second)]

    officer.follow("Close the account of clerk@tur.example")
    officer.submit(button="Close the account")

    assert before == [410, 200]
    assert client.get(second).status_code == 410
    assert "account closed" in recorded(site, "clerk@tur.example")


def test_a_clerk_signs_in_by_a_link(site: Flask) -> None:
    walker = ask(site, "Glen@example.org", "sign-in")
    walker.get(link_in(mails(site, "glen@example.org")[0]))

    walker.submit(button="Sign in")

    assert walker.heading == "Your parishes"
    assert recorded(site, "glen@example.org")[-3:] == [
        "sign-in link asked for",
        "signed in by link",
        "signed in",
    ]


def test_a_link_does_not_stand_in_for_an_officers_password_or_code(site: Flask) -> None:
    walker = ask(site, "olive@example.org", "sign-in")
    walker.get(link_in(mails(site, "olive@example.org")[0]))
    assert walker.heading == "Choose a new password"

    walker.submit({"password": NEW})

    assert walker.heading == "Enter your code"
    assert walker.client.get("/officer/").status_code == 302


def test_a_new_password_signs_out_everywhere_and_its_owner_is_told(site: Flask) -> None:
    elsewhere = Walker(site.test_client())
    elsewhere.get("/sign-in")
    elsewhere.submit({"email": "glen@example.org", "password": PASSWORD})
    walker = ask(site, "glen@example.org", "password")
    walker.get(link_in(mails(site, "glen@example.org")[0]))

    walker.submit({"password": NEW})
    elsewhere.get("/clerk/")

    assert walker.heading == "Your parishes"
    assert elsewhere.heading == "Sign in"
    assert mails(site, "glen@example.org")[-1].subject == "Your password was changed"
    assert {"password link asked for", "password changed"} <= set(recorded(site, "glen@example.org"))


def test_nobody_learns_whether_there_is_an_account_and_nothing_is_mailed_to_strangers(site: Flask) -> None:
    stranger, known = ask(site, "nobody@example.org", "password"), ask(site, "glen@example.org", "password")

    assert stranger.text.replace("nobody@", "glen@") == known.text
    assert mails(site, "nobody@example.org") == []


def test_who_asks_again_and_again_stops_the_mails_but_locks_nobody_out(site: Flask) -> None:
    for _ in range(LINKS_PER_ACCOUNT + 2):
        ask(site, "glen@example.org", "sign-in")
    sent = mails(site, "glen@example.org")
    owner = Walker(site.test_client())

    owner.get(link_in(sent[0]))
    owner.submit(button="Sign in")
    with_password = Walker(site.test_client())
    with_password.get("/sign-in")
    with_password.submit({"email": "glen@example.org", "password": PASSWORD})

    assert len(sent) == LINKS_PER_ACCOUNT
    assert (owner.heading, with_password.heading) == ("Your parishes", "Your parishes")


def test_links_begin_with_the_sites_own_address_whatever_the_request_said(site: Flask) -> None:
    with site.test_request_context("/", base_url="http://evil.example/"):
        assert address_of("entering.ask") == "http://localhost:8000/sign-in/by-mail"


def test_officers_see_mails_without_what_signs_in_and_note_what_came_back(site: Flask, officer: Walker) -> None:
    ask(site, "ada@example.org", "password")
    secret = link_in(mails(site, "ada@example.org")[0]).removeprefix("/enter/")

    officer.get("/officer/mail")
    officer.follow("Choose a new password, to ada@example.org, number 1")
    shown = officer.text
    officer.get("/officer/mail")
    officer.submit({"address": "ada@example.org"}, button="Note it")

    assert "/enter/…" in shown
    assert secret not in shown
    assert "Nothing more is sent to ada@example.org." in officer.text
    officer.get("/officer/")
    officer.follow("1 mail came back or went to an address that took none.")
    officer.submit(button="Send mail there again: ada@example.org")
    assert "Mail goes to ada@example.org again." in officer.text


def test_every_kind_of_mail_can_be_read_before_it_is_sent(officer: Walker) -> None:
    officer.get("/officer/mail")
    for kind in (
        "Invitation",
        "Sign-in link",
        "Password link",
        "Password changed",
        "Sign-in changed",
        "Survey invitation",
    ):
        officer.get("/officer/mail")
        officer.follow(kind)
        assert "Harborough District Community Safety Partnership" in officer.text


def test_the_command_invites_and_invites_again(site: Flask) -> None:
    runner = site.test_cli_runner()
    arguments = ["invite", "clerk@glen.example", "--role", "clerk", "--parish", GLEN]

    first = runner.invoke(user_commands, arguments)
    again = runner.invoke(user_commands, arguments)
    refused = runner.invoke(user_commands, ["invite", "glen@example.org", "--role", "clerk"])

    assert first.output.startswith("clerk@glen.example is invited.")
    assert again.exit_code == 0
    assert [mail.kind for mail in mails(site, "clerk@glen.example")] == ["invitation", "invitation"]
    assert "has chosen a password already" in refused.output
