"""``csp-consult user``: accounts."""

import sys

import click
from flask.cli import with_appcontext

from csp_consult.db import db
from csp_consult.parishes.access import ParishError, link_clerk
from csp_consult.people.accounts import AccountError, add_account
from csp_consult.people.models import ROLES


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
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
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
