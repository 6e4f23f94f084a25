"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy spells once for each."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from csp_consult.db import Base


def upsert_into(session: Session, target: type[Base] | Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be given an ON CONFLICT clause, in the session's dialect."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement: sqlite.Insert | postgresql.Insert = insert(target)
    return statement
