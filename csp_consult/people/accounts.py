"""Accounts: who may sign in, and as what."""

from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_security.core import Security
from flask_security.utils import hash_password
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.people.models import ROLES, Role, User


class AccountError(ValueError):
    """An account cannot be made as asked; the message says why and what to do."""


def add_account(session: Session, email: str, *, password: str, role: str, name: str | None = None) -> User:
    """Make an account that can sign in at once; the caller commits.

    ``name`` is how other people see the account; without one it is the address. Raises AccountError when
    the address is not one or is taken, the role is unknown or the password is short or easy to guess.
    """
    address = _address(email)
    if session.scalar(select(User.id).where(func.lower(User.email) == address.lower())):
        raise AccountError(f"There is already an account for {address}.")
    if role not in ROLES:
        raise AccountError(f"A role is one of {', '.join(ROLES)}, not {role!r}.")
    user = User(email=address, name=name or address, active=True, fs_uniquifier=_new_uniquifier())
    user.password = hash_password(_strong(password, user))
    user.roles.append(_role(session, role))
    session.add(user)
    session.flush()
    return user


def end_sessions(user: User) -> None:
    """Sign the account out everywhere; the caller commits."""
    user.fs_uniquifier = _new_uniquifier()


def _new_uniquifier() -> str:
    return uuid4().hex


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise AccountError(f"{email!r} is not an email address: {error}") from error


def _strong(password: str, user: User) -> str:
    security: Security = current_app.extensions["security"]
    faults, normalised = security.password_util.validate(password, is_register=False, user=user)
    if faults:
        raise AccountError(" ".join(str(fault) for fault in faults))
    return normalised


def _role(session: Session, name: str) -> Role:
    role = session.scalar(select(Role).where(Role.name == name))
    return role or Role(name=name)
