"""The demo's accounts. Printed on purpose: the demo serves the loopback address only and holds no real answers."""

from dataclasses import dataclass

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from csp_consult.db import db
from csp_consult.demo.models import DemoBuild
from csp_consult.people.models import User
from csp_consult.people.second_step import unused_code
from csp_consult.settings import current_settings


@dataclass(frozen=True)
class SignIn:
    """One demo account; ``parishes`` are those a clerk acts for, ``code_key`` is for an authenticator app."""

    role: str
    name: str
    email: str
    password: str
    parishes: tuple[str, ...] = ()
    code_key: str | None = None


SIGN_INS = (
    SignIn(
        "officer",
        "Olive Officer (demo)",
        "officer@example.org",
        "quiet-lantern-orchard-27",
        code_key="HARBOROUGHDEMOOFFICERKEY2222222A",
    ),
    SignIn(
        "clerk",
        "Clement Clerk (demo)",
        "clerk@example.org",
        "copper-meadow-bridge-64",
        ("Great Glen", "Kibworth Harcourt"),
    ),
    SignIn(
        "administrator",
        "Ada Administrator (demo)",
        "admin@example.org",
        "silver-harbour-thistle-93",
        code_key="HARBOROUGHDEMOADMINISTRATORKEY22",
    ),
)


def is_demo() -> bool:
    """Whether the configured database was built by the demo command."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(DemoBuild.__tablename__):
            return False
        return connection.scalar(select(DemoBuild.id).limit(1)) is not None


def code_to_show(session: Session, user: User) -> str | None:
    """The code a demo account signs in with now; None for any other account, and in production."""
    settings = current_settings()
    built = session.scalar(select(DemoBuild.id).limit(1)) is not None
    if not built or settings.environment == "production" or user.email not in {who.email for who in SIGN_INS}:
        return None
    return unused_code(user)


def is_empty() -> bool:
    """Whether the configured database has no table yet."""
    with db.engine.connect() as connection:
        return not inspect(connection).get_table_names()
