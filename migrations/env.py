"""How Alembic reaches the application's database; run through ``csp-consult db`` or ``flask db``."""

from alembic import context
from flask import current_app

from csp_consult import models  # noqa: F401 - every table must be known to compare against
from csp_consult.db import Base, db


def run() -> None:
    """Run the migrations on the configured database, all in one transaction where it can."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
