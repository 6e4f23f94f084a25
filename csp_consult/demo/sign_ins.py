"""The demo's accounts. Printed on purpose: the demo serves the loopback address only and holds no real answers."""

from dataclasses import dataclass

from sqlalchemy import inspect, select

from csp_consult.db import db
from csp_consult.demo.models import DemoBuild


@dataclass(frozen=True)
class SignIn:
    """One demo account; ``parishes`` are the codes a clerk acts for."""

    role: str
    name: str
    email: str
    password: str
    parishes: tuple[str, ...] = ()


SIGN_INS = (
    SignIn("officer", "Olive Officer (demo)", "officer@example.org", "quiet-lantern-orchard-27"),
    SignIn(
        "clerk",
        "Clement Clerk (demo)",
        "clerk@example.org",
        "copper-meadow-bridge-64",
        ("Great Glen", "Kibworth Harcourt"),
    ),
    SignIn("administrator", "Ada Administrator (demo)", "admin@example.org", "silver-harbour-thistle-93"),
)


def is_demo() -> bool:
    """Whether the configured database was built by the demo command."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(DemoBuild.__tablename__):
            return False
        return connection.scalar(select(DemoBuild.id).limit(1)) is not None


def is_empty() -> bool:
    """Whether the configured database has no table yet."""
    with db.engine.connect() as connection:
        return not inspect(connection).get_table_names()
