"""Copies of the database: taken while it is in use, put back, and tried out beside it."""

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL


def take(url: URL, file: Path) -> None:
    """Copy the database into a new file. Raises ClickException where that cannot be done or is not sound."""
    if _is_sqlite(url):
        with closing(_sqlite(url)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
            _check(target, file)
    else:
        _postgres(url, "pg_dump", "--format=custom", f"--file={file}")


def put_back(url: URL, file: Path) -> None:
    """Replace everything in the database by what is in the copy. Raises ClickException."""
    if _is_sqlite(url):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source, closing(_sqlite(url)) as target:
            _check(source, file)
            source.backup(target)
    else:
        _postgres(url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(file))


@contextmanager
def tried_out(url: URL, file: Path) -> Iterator[URL]:
    """Put the copy into a database of its own beside the real one; yields its address and removes it after."""
    if _is_sqlite(url):
        with tempfile.TemporaryDirectory(prefix="csp-rehearsal-") as folder:
            beside = url.set(database=str(Path(folder) / "rehearsal.db"))
            put_back(beside, file)
            yield beside
        return
    name = f"csp_rehearsal_{secrets.token_hex(4)}"
    beside = url.set(database=name)
    _run_on(url, f"CREATE DATABASE {name}")
    try:
        _postgres(beside, "pg_restore", "--no-owner", "--single-transaction", str(file))
        yield beside
    finally:
        _run_on(url, f"DROP DATABASE {name} WITH (FORCE)")


def faults(url: URL) -> list[str]:
    """What SQLite finds wrong with the database's file and its references; nothing where all is sound.

    PostgreSQL checks its pages itself as it reads them, and its references as it writes them.
    """
    if not _is_sqlite(url):
        return []
    with closing(_sqlite(url)) as connection:
        pages = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        lost = [f"{row[0]} row {row[1]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    return pages + lost


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


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


def _run_on(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


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
