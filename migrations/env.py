"""How Alembic reaches the application's database; run through ``csp-consult db`` or ``flask db``."""

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from csp_consult import models  # noqa: F401 - every table must be known to compare against
from csp_consult.db import Base, db


def run() -> None:
    """Run the migrations on the configured database, all in one transaction where it can."""
    with db.engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            _refer(connection, "OFF")
        try:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                **current_app.extensions["migrate"].configure_args,
            )
            with context.begin_transaction():
                context.run_migrations()
            if on_sqlite:
                _refuse_what_refers_to_nothing(connection)
            connection.commit()
        finally:
            if on_sqlite:
                connection.rollback()
                _refer(connection, "ON")


def _refer(connection: Connection, on_or_off: str) -> None:
    """Hold foreign keys or not, which SQLite only changes outside a transaction.

    Changing a column there means making the table anew and dropping the old one, and a table that others refer to
    cannot be dropped while they are held (lang_altertable.html, section 7); with it go rows that a key cascades to.
    """
    raw = connection.connection.driver_connection
    raw.execute(f"PRAGMA foreign_keys={on_or_off}")  # type: ignore[union-attr]


def _refuse_what_refers_to_nothing(connection: Connection) -> None:
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        tables = ", ".join(sorted({str(row[0]) for row in lost}))
        raise RuntimeError(f"The change would leave rows that refer to nothing in: {tables}. Nothing was changed.")


run()
