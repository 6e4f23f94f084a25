"""Slowing down who guesses, in such a way that nobody can lock somebody else out.

Wrong passwords count for one account from one computer: whoever guesses at a clerk's password stops themselves, and
the clerk, at another computer, notices nothing. Wrong codes count for the account wherever they come from, for only
who already knows the password is ever asked for a code.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from flask import current_app, request
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from csp_consult.people.models import FailedTry

WAIT = timedelta(minutes=15)
KEPT = timedelta(days=1)
PASSWORDS_PER_ACCOUNT_AND_COMPUTER = 5
PASSWORDS_PER_COMPUTER = 50
CODES_PER_ACCOUNT = 5
LINKS_PER_ACCOUNT = 5
TOO_MANY = "There were too many wrong tries. Wait 15 minutes, then try again"


def may_try_password(session: Session, email: str) -> bool:
    """Whether a password for that account is looked at when it comes from this computer."""
    here = (FailedTry.computer == _computer()) & (FailedTry.step != "link")
    return (
        _count(session, here, FailedTry.account == _account(email)) < PASSWORDS_PER_ACCOUNT_AND_COMPUTER
        and _count(session, here) < PASSWORDS_PER_COMPUTER
    )


def may_try_code(session: Session, email: str) -> bool:
    """Whether a code for that account is looked at."""
    return _count(session, FailedTry.account == _account(email), FailedTry.step == "code") < CODES_PER_ACCOUNT


def may_ask_for_link(session: Session, email: str) -> bool:
    """Whether a link is mailed to that account now. Those mailed before still work, so this locks nobody out."""
    asked = FailedTry.step == "link"
    return (
        _count(session, asked, FailedTry.account == _account(email)) < LINKS_PER_ACCOUNT
        and _count(session, asked, FailedTry.computer == _computer()) < PASSWORDS_PER_COMPUTER
    )


def note_failure(session: Session, email: str, step: str) -> None:
    """Remember a wrong ``password`` or ``code`` or a ``link`` asked for, and forget yesterday's; the caller commits."""
    session.execute(delete(FailedTry).where(FailedTry.at < _now() - KEPT))
    session.add(FailedTry(step=step, account=_account(email), computer=_computer(), at=_now()))
    session.flush()


def _count(session: Session, *which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(FailedTry).where(FailedTry.at > _now() - WAIT, *which)
    return session.scalar(query) or 0


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _account(email: str) -> str:
    return _digest("account", email.strip().lower())


def _computer() -> str:
    return _digest("computer", request.remote_addr or "")


def _digest(kind: str, text: str) -> str:
    # Keyed, so that neither an address typed in error nor a computer can be found out from the table.
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()
