"""The site as ``gunicorn failing_site:app`` serves it in failure tests: SQLite's disk is full while a file says so."""

import os
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Connection

from csp_consult.app import create_app
from csp_consult.db import db

FULL = Path(os.environ["CSP_TEST_DISK_FULL"])

app = create_app()

with app.app_context():
    if db.engine.dialect.name == "sqlite":

        @event.listens_for(db.engine, "begin")
        def _limit(connection: Connection) -> None:
            # SQLite takes a limit under the present size as the present size: it can then not grow by one page.
            connection.exec_driver_sql(f"PRAGMA max_page_count={1 if FULL.exists() else 1_000_000_000}")
