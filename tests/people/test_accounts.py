"""Accounts: what may be made, and what is stored of a password."""

import pytest
from flask import Flask
from flask_security.utils import verify_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.user import user as user_commands
from csp_consult.parishes.models import ClerkParish
from csp_consult.people.accounts import AccountError, add_account
from csp_consult.people.models import User
from csp_consult.places.models import Area

PASSWORD = "otter-lantern-quarry"


def test_a_password_is_stored_as_argon2id_and_nothing_else(session: Session) -> None:
    user = add_account(session, "jo@example.org", password=PASSWORD, role="officer")

    assert user.password is not None
    assert user.password.startswith("$argon2id$")
    assert PASSWORD not in user.password


@pytest.mark.parametrize(
    "password", ["short", "passwordpassword", "aaaaaaaaaaaaaaaa", "123456789012", "jo@example.org1"]
)
def test_a_password_that_is_short_or_easy_to_guess_is_refused(session: Session, password: str) -> None:
    with pytest.raises(AccountError):
        add_account(session, "jo@example.org", password=password, role="officer")

    assert session.scalars(select(User)).all() == []


def test_a_long_password_is_taken_whole_and_an_endless_one_is_refused(session: Session) -> None:
    long = "otter  lantern Ωmega 🔒 quarry " + "".join(chr(ord("a") + n * 7 % 26) for n in range(90))
    user = add_account(session, "jo@example.org", password=long, role="officer")

    assert user.password is not None
    assert verify_password(long, user.password)
    assert not verify_password(long[:-1], user.password)
    assert not verify_password(long.replace("  ", " "), user.password)
    with pytest.raises(AccountError, match="128 characters"):
        add_account(session, "ja@example.org", password=long * 2, role="officer")


def test_an_address_has_one_account_however_it_is_written(session: Session) -> None:
    add_account(session, "jo@example.org", password=PASSWORD, role="officer")

    with pytest.raises(AccountError, match="already an account"):
        add_account(session, "JO@Example.org", password=PASSWORD, role="clerk")


def test_what_is_not_an_address_is_refused_in_words(session: Session) -> None:
    with pytest.raises(AccountError, match="'jo' is not an email address"):
        add_account(session, "jo", password=PASSWORD, role="officer")


def test_the_command_adds_a_clerk_with_parishes(app: Flask, session: Session) -> None:
    session.add(Area(code="E04005434", kind="parish", name="Great Glen", source="test"))
    session.commit()

    result = app.test_cli_runner().invoke(
        user_commands,
        ["add", "clerk@example.org", "--role", "clerk", "--parish", "E04005434", "--password-stdin"],
        input=f"{PASSWORD}\n",
    )

    assert result.exit_code == 0, result.output
    assert result.output == "Added clerk@example.org as clerk, for Great Glen (E04005434).\n"
    user = session.scalars(select(User)).one()
    assert user.may("clerk")
    assert not user.may("officer", "administrator")
    assert session.scalars(select(ClerkParish.parish_code)).all() == ["E04005434"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--role", "clerk", "--parish", "E04999999"], "There is no parish with the code 'E04999999'"),
        (["--role", "officer", "--parish", "E04005434"], "Only a clerk acts for parishes"),
    ],
)
def test_the_command_refuses_in_one_sentence_and_keeps_nothing(
    app: Flask, session: Session, arguments: list[str], sentence: str
) -> None:
    result = app.test_cli_runner().invoke(
        user_commands, ["add", "clerk@example.org", *arguments, "--password-stdin"], input=f"{PASSWORD}\n"
    )

    assert result.exit_code != 0
    assert sentence in result.output
    assert session.scalars(select(User)).all() == []
