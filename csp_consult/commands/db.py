"""Look after the database: bring it up to date, count again, copy it away and back, let go of what is past its date."""

from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade as migrate_upgrade
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from csp_consult.commands import copies
from csp_consult.commands.output import write_down
from csp_consult.db import db as database
from csp_consult.db import prepare_engine, renew_edition, writing
from csp_consult.fieldwork import responses, retention, tally, waves
from csp_consult.fieldwork.models import Withdrawal
from csp_consult.fieldwork.tally import FrozenTallyError
from csp_consult.people.models import AuditEntry
from csp_consult.settings import current_settings

COPY = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@with_appcontext
def upgrade() -> None:
    """Make the tables, or bring them to this version of the program."""
    migrate_upgrade()
    click.echo("The database is up to date.")


@db.command("rebuild-tally")
@with_appcontext
def rebuild_tally() -> None:
    """Count every wave again from its responses, one wave at a time."""
    with writing() as session:
        keys = [wave.key for wave in waves.listed(session, audience="residents")]
    for key in keys:
        # A transaction each, so that nobody who answers waits longer than one wave takes.
        with writing() as session:
            try:
                counted = f"{tally.rebuild(session, waves.find(session, key).id)} responses counted."
            except FrozenTallyError as error:
                counted = str(error)
        click.echo(f"{key}: {counted}")


@db.command()
@with_appcontext
def check() -> None:
    """Look for damage in a SQLite file and for references to nothing."""
    found = copies.faults(database.engine.url)
    if found:
        raise click.ClickException("\n".join(["The database is damaged; restore the last backup.", *found[:20]]))
    click.echo("The database is sound.")


@db.command("let-go")
@with_appcontext
def let_go() -> None:
    """Erase single responses past their date (counts stay), and drafts that nobody can open. Run it every day."""
    _let_go()


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database into FILE while it stays in use. FILE must not exist yet."""
    if file.exists():
        raise click.ClickException(f"{file} exists already: name a new file, so that no backup is lost.")
    copies.take(database.engine.url, file)
    # A copy is also taken of a database so old that it has no trail yet: before it is brought to this version.
    if inspect(database.engine).has_table(AuditEntry.__tablename__):
        write_down(f"database copied to {file}")
    click.echo(f"The database is copied to {file}.")


@db.command()
@click.argument("file", type=COPY)
@click.confirmation_option(prompt="This replaces everything in the database. Go on?")
@with_appcontext
def restore(file: Path) -> None:
    """Put the copy in FILE in the place of everything in the database, and bring it to this version.

    What is past its date is erased at once, so that no backup brings it back, and so is what was withdrawn since, as
    far as the database before can still be read. Stop the web app first.
    """
    url = database.engine.url
    withdrawn = _withdrawn()
    database.engine.dispose()
    copies.put_back(url, file)
    migrate_upgrade()
    with writing() as session:
        renew_edition(session)
        again = responses.withdraw_again(session, withdrawn)
    click.echo(f"The database is as it was when {file} was made.")
    if again:
        click.echo(f"{again} responses had been withdrawn since and are erased again.")
    _let_go()


@db.command()
@click.argument("file", type=COPY)
@with_appcontext
def rehearse(file: Path) -> None:
    """Try a restore of FILE beside the database: is the copy sound, and does its tally equal its responses?"""
    with copies.tried_out(database.engine.url, file) as beside:
        found = copies.faults(beside)
        if found:
            raise click.ClickException("\n".join([f"{file} is damaged.", *found[:20]]))
        engine = create_engine(beside)
        prepare_engine(engine)
        try:
            _hold_against_responses(engine)
        finally:
            engine.dispose()
    click.echo(f"{file} can be restored.")


def _withdrawn() -> list[Withdrawal]:
    try:
        with writing() as session:
            return responses.withdrawn(session)
    except SQLAlchemyError:
        click.echo("What was withdrawn since cannot be read from the database before: see to it by hand.", err=True)
        return []


def _hold_against_responses(engine: Engine) -> None:
    with Session(engine) as session:
        for wave in waves.listed(session, audience="residents"):
            if wave.erased_on is not None:
                continue
            tally.fold_all(session, wave.id)
            folded = tally.read(session, wave.id)
            counted = tally.rebuild(session, wave.id)
            agree = "agrees" if tally.alike(folded, tally.read(session, wave.id)) else "does NOT agree"
            click.echo(f"{wave.key}: {counted} responses; the tally {agree} with them.")
        session.rollback()


def _let_go() -> None:
    with writing() as session:
        gone = retention.let_go(session, date.today(), months=current_settings().keep_months)
    for key, held in gone.waves:
        click.echo(f"{key}: {held} responses were past their date and are erased; their counts stay.")
    click.echo(f"{gone.drafts} old drafts and {gone.codes} expired codes are erased.")
