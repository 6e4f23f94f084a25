"""Look after the database: bring it up to date, count again, copy it away and back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade as migrate_upgrade
from sqlalchemy.engine import URL

from csp_consult.db import db as database
from csp_consult.db import writing
from csp_consult.fieldwork import tally, waves

BACKUP = click.Path(dir_okay=False, path_type=Path)


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
    """Count every wave again from its responses."""
    with writing() as session:
        for wave in waves.listed(session, audience="residents"):
            click.echo(f"{wave.key}: {tally.rebuild(session, wave.id)} responses counted.")


@db.command()
@click.argument("file", type=BACKUP)
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database into FILE while it stays in use. FILE must not exist yet."""
    if file.exists():
        raise click.ClickException(f"{file} exists already: name a new file, so that no backup is lost.")
    url = database.engine.url
    if url.get_backend_name() == "sqlite":
        with closing(_sqlite(url)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
            _check(target, file)
    else:
        _postgres(url, "pg_dump", "--format=custom", f"--file={file}")
    click.echo(f"The database is copied to {file}.")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.confirmation_option(prompt="This replaces everything in the database. Go on?")
@with_appcontext
def restore(file: Path) -> None:
    """Put the copy in FILE in the place of everything in the database. Stop the web app first."""
    url = database.engine.url
    database.engine.dispose()
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source, closing(_sqlite(url)) as target:
            _check(source, file)
            source.backup(target)
    else:
        _postgres(url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(file))
    click.echo(f"The database is as it was when {file} was made.")


def _sqlite(url: URL) -> sqlite3.Connection:
    if not url.database or url.database == ":memory:":
        raise click.ClickException("A database in memory cannot be copied: set CSP_DATABASE_URL to a file.")
    return sqlite3.connect(url.database)


def _check(copy: sqlite3.Connection, file: Path) -> None:
    """Raises ClickException when a copy is not a sound database of ours."""
    try:
        sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        ours = copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'response'").fetchone()
    except sqlite3.DatabaseError:
        sound = ours = False
    if not (sound and ours):
        raise click.ClickException(f"{file} is not a sound copy of this program's database; nothing was changed.")


def _postgres(url: URL, program: str, *arguments: str) -> None:
    """Run PostgreSQL's own tool on the database. The password goes by environment: a command line can be read."""
    executable = shutil.which(program)
    if executable is None:
        raise click.ClickException(f"{program} is not installed: apt install postgresql-client.")
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    # The program and its arguments are ours and no shell reads them.
    done = subprocess.run(  # noqa: S603
        [executable, f"--dbname={address}", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise click.ClickException(f"{program} could not do it: {done.stderr.strip() or 'no reason given'}")
