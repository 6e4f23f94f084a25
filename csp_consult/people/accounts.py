"""Accounts: who may sign in, and as what."""

from datetime import date
from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_security.core import Security
from flask_security.utils import hash_password
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, object_session

from csp_consult.people import audit
from csp_consult.people.models import ROLES, Role, SignedIn, User
from csp_consult.people.second_step import forget_codes
from csp_consult.people.telling import factor_changed

JUDGED_LENGTH = 72
"""How much of a password zxcvbn judges; it takes no longer one, and a strong beginning is enough."""
LONGEST_PASSWORD = 128


class AccountError(ValueError):
    """An account cannot be made as asked; the message says why and what to do."""


def add_account(session: Session, email: str, *, password: str, role: str, name: str | None = None) -> User:
    """Make an account that can sign in at once; the caller commits.

    ``name`` is how other people see the account; without one it is the address. Raises AccountError when
    the address is not one or is taken, the role is unknown or the password is short or easy to guess.
    """
    user = new_account(session, email, role=role, name=name)
    user.password = hash_password(_strong(password, user))
    session.add(user)
    session.flush()
    audit.record(session, "account added", subject=user.email, detail={"role": role})
    return user


def new_account(session: Session, email: str, *, role: str, name: str | None) -> User:
    """An account without a password, not yet stored. Raises AccountError: address taken or none, role unknown."""
    address = _address(email)
    if session.scalar(select(User.id).where(func.lower(User.email) == address.lower())):
        raise AccountError(f"There is already an account for {address}.")
    if role not in ROLES:
        raise AccountError(f"A role is one of {', '.join(ROLES)}, not {role!r}.")
    user = User(email=address, name=name or address, active=True, fs_uniquifier=_new_uniquifier())
    user.roles.append(_role(session, role))
    return user


def find_account(session: Session, email: str) -> User:
    """The account of an address. Raises AccountError where there is none."""
    user = session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))
    if user is None:
        raise AccountError(f"There is no account for {email}. `csp-consult user list` shows those there are.")
    return user


def change_password(session: Session, user: User, password: str) -> None:
    """Give the account another password and sign it out everywhere; the caller commits. Raises AccountError."""
    user.password = hash_password(_strong(password, user))
    end_sessions(user)
    audit.record(session, "password changed", subject=user.email)


def recover(session: Session, user: User, today: date) -> None:
    """For who has lost phone and recovery codes: the next sign-in sets up new codes. The caller commits.

    Passkeys go as well: they may be on what was lost.
    """
    forget_codes(user)
    user.webauthn.clear()
    end_sessions(user)
    factor_changed(session, user, "codes taken away", today=today)


def close_account(session: Session, user: User) -> None:
    """Let the account sign in no more, and end what is open; its name stays on what it did. The caller commits."""
    user.active = False
    end_sessions(user)
    audit.record(session, "account closed", subject=user.email)


def end_sessions(user: User) -> None:
    """Sign the account out everywhere; the caller commits."""
    user.fs_uniquifier = _new_uniquifier()
    session = object_session(user)
    if session is not None:
        session.execute(delete(SignedIn).where(SignedIn.user_id == user.id))


def _new_uniquifier() -> str:
    return uuid4().hex


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise AccountError(f"{email!r} is not an email address: {error}") from error


def _strong(password: str, user: User) -> str:
    security: Security = current_app.extensions["security"]
    whole: str = security.password_util.normalize(password)
    judged = whole[:JUDGED_LENGTH] if len(whole) <= LONGEST_PASSWORD else whole
    faults, _ = security.password_util.validate(judged, is_register=False, user=user)
    if faults:
        raise AccountError(" ".join(str(fault) for fault in faults))
    return whole


def _role(session: Session, name: str) -> Role:
    role = session.scalar(select(Role).where(Role.name == name))
    return role or Role(name=name)
