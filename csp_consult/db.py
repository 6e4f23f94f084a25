"""The ground for every table: the declarative base, the session, and how transactions begin.

SQLite and PostgreSQL both serve; which one is a matter of ``CSP_DATABASE_URL`` alone.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Engine, MetaData, String, Table, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# A JSON document: JSONB on PostgreSQL (canonical, indexable), text on SQLite.
Document = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """The parent of every table. Models are plain SQLAlchemy, so that the type checker knows them."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Edition(Base):
    """Which database this is. One row; it changes whenever another database is put in the place of this one."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    token: Mapped[str] = mapped_column(String(32))


def edition(session: Session) -> str:
    """The token of this database: what was computed from one with another token is not of this one."""
    return session.scalar(select(Edition.token)) or ""


def renew_edition(session: Session) -> None:
    """Say that this is another database now, as after a restore. The caller commits."""
    session.merge(Edition(id=1, token=secrets.token_hex(16)))


db = SQLAlchemy(metadata=Base.metadata)


class Migrations:
    """What Flask-Migrate asks of an application. It and alembic, a sixth of a start, are loaded when it does."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app, self._folder = app, folder

    def __getattr__(self, name: str) -> Any:
        """What its own extension has there, which takes the place of this one."""
        from flask_migrate import Migrate  # noqa: PLC0415 - see above

        Migrate(self._app, db, str(self._folder), render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


# A reading view takes a plain BEGIN; anything else on SQLite begins IMMEDIATE, since a transaction
# that reads first and writes later fails with "database is locked" when another got in between.
_reading: ContextVar[bool] = ContextVar("csp_consult_reading", default=False)


def mark_reading(reading: bool) -> None:
    """Say whether the transactions of the current context only read (set per request by method)."""
    _reading.set(reading)


def is_reading() -> bool:
    """Whether the transactions of the current context only read."""
    return _reading.get()


@contextmanager
def writing() -> Iterator[Session]:
    """One short writing transaction of its own, also inside a reading view; commits or rolls back.

    Yields a session on its own connection, so nothing of the caller's transaction is committed.
    """
    token = _reading.set(False)
    try:
        with Session(db.engine, expire_on_commit=False) as session, session.begin():
            yield session
    finally:
        _reading.reset(token)


def prepare_engine(engine: Engine, *, busy_timeout_ms: int = 10_000) -> None:
    """Give the engine honest transactions: on SQLite its pragmas too, on PostgreSQL one snapshot for who only reads."""
    if engine.dialect.name != "sqlite":
        from psycopg import IsolationLevel  # noqa: PLC0415 - SQLite does without the driver

        # A figure is read in several statements, which must all see the same responses.
        @event.listens_for(engine, "begin")
        def _one_snapshot(connection: Connection) -> None:
            # The driver says it with its BEGIN, so that it costs no further journey to the server.
            driver: Any = connection.connection.driver_connection
            driver.isolation_level = IsolationLevel.REPEATABLE_READ if _reading.get() else None

        return

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        # Without this the driver commits and begins on its own, and a rollback can lose its meaning.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={busy_timeout_ms:d}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


def upsert_into(session: Session, target: type[Base] | Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be given an ON CONFLICT clause, which SQLAlchemy spells once for each database."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement: sqlite.Insert | postgresql.Insert = insert(target)
    return statement


def refusing_changes(table: str) -> dict[str, list[str]]:
    """What makes each database refuse to change or delete a row of a table; its migration runs the same."""
    refusal = f"{table} is only added to"
    return {
        "sqlite": [
            f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for what in ("UPDATE", "DELETE")
        ],
        "postgresql": [
            f"""CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$""",
            f"""CREATE TRIGGER {table}_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
        ],
    }


def only_added_to(table: Table) -> None:
    """Have a table made so that the database refuses to change or delete its rows."""

    @event.listens_for(table, "after_create")
    def _refuse(_target: object, connection: Connection, **_options: object) -> None:
        for statement in refusing_changes(table.name)[connection.dialect.name]:
            connection.exec_driver_sql(statement)
