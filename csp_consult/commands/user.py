"""``csp-consult user``: accounts."""

import json
import sys
from datetime import date

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.commands.output import emit, format_option
from csp_consult.db import db
from csp_consult.demo.sign_ins import code_to_show
from csp_consult.parishes.access import ParishError, hand_over, link_clerk
from csp_consult.parishes.inviting import invite_again, invite_with_parishes, parish_named
from csp_consult.people import audit as trail
from csp_consult.people.accounts import (
    AccountError,
    add_account,
    change_password,
    close_account,
    find_account,
    recover,
)
from csp_consult.people.invitations import find_by_address
from csp_consult.people.models import ROLES, User
from csp_consult.settings import current_settings


@click.group()
def user() -> None:
    """Accounts of officers, clerks and administrators."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the account may do.")
@click.option("--parish", "parishes", multiple=True, metavar="CODE", help="A parish the clerk acts for; repeatable.")
@click.option("--name", help="How other people see the account; the address if not given.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@with_appcontext
def add(email: str, role: str, parishes: tuple[str, ...], name: str | None, password_stdin: bool) -> None:
    """Add an account that can sign in at once."""
    if parishes and role != "clerk":
        raise click.ClickException("Only a clerk acts for parishes: leave --parish out, or use --role clerk.")
    password = _ask_password(password_stdin)
    session = db.session()
    try:
        account = add_account(session, email, password=password, role=role, name=name)
        linked = [link_clerk(session, account.id, code) for code in parishes]
    except (AccountError, ParishError) as error:
        session.rollback()
        raise click.ClickException(str(error)) from error
    session.commit()
    click.echo(
        f"Added {account.email} as {role}" + "".join(f", for {area.name} ({area.code})" for area in linked) + "."
    )


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the account may do.")
@click.option("--parish", "parishes", multiple=True, metavar="CODE", help="A parish the clerk acts for; repeatable.")
@click.option("--name", help="How other people see the account; the address if not given.")
@with_appcontext
def invite(email: str, role: str, parishes: tuple[str, ...], name: str | None) -> None:
    """Invite somebody by e-mail: they choose their own password. An invitation not taken up is sent again."""
    session, today = db.session(), date.today()
    inviter = current_settings().partnership
    try:
        found = find_by_address(session, email)
        if found is not None:
            invite_again(session, found, inviter=inviter, today=today)
        else:
            areas = [parish_named(session, one, today) for one in parishes]
            invite_with_parishes(session, email, role=role, name=name, parishes=areas, inviter=inviter, today=today)
    except (AccountError, ParishError) as error:
        session.rollback()
        raise click.ClickException(str(error)) from error
    session.commit()
    click.echo(f"{email} is invited. The mail goes out with `csp-consult mail send`.")


@user.command(name="list")
@format_option
@with_appcontext
def list_(output_format: str) -> None:
    """List the accounts, with what each may do and whether it signs in with a code."""
    accounts = [
        {
            "email": account.email,
            "name": account.name,
            "roles": ", ".join(role.name for role in account.roles),
            "open": account.active,
            "codes": account.tf_totp_secret is not None,
        }
        for account in db.session.scalars(select(User).order_by(User.email))
    ]
    emit({"accounts": accounts}, "accounts", output_format)


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@with_appcontext
def password(email: str, password_stdin: bool) -> None:
    """Give an account another password, and sign it out everywhere."""
    session, account = _account(email)
    try:
        change_password(session, account, _ask_password(password_stdin))
    except AccountError as error:
        session.rollback()
        raise click.ClickException(str(error)) from error
    session.commit()
    click.echo(f"{account.email} has another password and was signed out everywhere.")


@user.command(name="recover")
@click.argument("email")
@with_appcontext
def recover_(email: str) -> None:
    """For somebody who has lost phone and recovery codes: set up new codes at the next sign-in.

    Make sure first that it is that person who asks, by another way than e-mail.
    """
    session, account = _account(email)
    recover(session, account, date.today())
    session.commit()
    click.echo(f"{account.email} was signed out everywhere and sets up new codes at the next sign-in.")


@user.command(name="hand-over")
@click.argument("parish", metavar="PARISH")
@click.option("--from", "old", required=True, metavar="EMAIL", help="Who acts for the parish now.")
@click.option("--to", "new", required=True, metavar="EMAIL", help="The clerk who is to act for it.")
@with_appcontext
def hand_over_(parish: str, old: str, new: str) -> None:
    """Hand a parish (its code) over to another clerk: drafts and history stay, old access ends at once."""
    session, giving = _account(old)
    _, taking = _account(new)
    try:
        area = hand_over(session, parish, old=giving, new=taking)
    except ParishError as error:
        session.rollback()
        raise click.ClickException(str(error)) from error
    session.commit()
    click.echo(f"{taking.email} acts for {area.name} ({area.code}) now; {giving.email} no longer does.")


@user.command()
@click.argument("email")
@with_appcontext
def close(email: str) -> None:
    """Close an account: it can sign in no more, and what it did keeps its name."""
    session, account = _account(email)
    close_account(session, account)
    session.commit()
    click.echo(f"{account.email} is closed and was signed out everywhere.")


@user.command()
@click.argument("email")
@with_appcontext
def code(email: str) -> None:
    """In the demo only: the code that a demo account signs in with now."""
    session, account = _account(email)
    shown = code_to_show(session, account)
    if shown is None:
        raise click.ClickException(
            "There is no code to show: this is not an account of the demo, or its codes of this minute were used."
        )
    click.echo(shown)


@user.command()
@click.option("--verify", "checking", is_flag=True, help="Check that nothing was changed, taken out or put in.")
@click.option("--head", metavar="DIGEST", help="A digest noted earlier, which must still be in the trail.")
@format_option
@with_appcontext
def audit(checking: bool, head: str | None, output_format: str) -> None:
    """Print the audit trail, who did what, or check it. Note the digest that --verify prints somewhere else."""
    session = db.session()
    if checking or head:
        verdict = trail.verify(session, head)
        if not verdict.holds:
            where = f"entry {verdict.broken_at}" if verdict.broken_at else "its end: the digest given is not in it"
            raise click.ClickException(f"The audit trail was tampered with at {where}.")
        click.echo(f"The audit trail holds: {verdict.entries} entries. Newest digest: {verdict.head}")
        return
    rows = [
        {
            "id": entry.id,
            "at": f"{entry.at.isoformat(timespec='seconds')}Z",
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "detail": json.dumps(entry.detail, sort_keys=True) if entry.detail else "",
            "digest": entry.digest,
        }
        for entry in trail.entries(session)
    ]
    emit({"entries": rows}, "entries", output_format)


def _account(email: str) -> tuple[Session, User]:
    session = db.session()
    try:
        return session, find_account(session, email)
    except AccountError as error:
        raise click.ClickException(str(error)) from error


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked
