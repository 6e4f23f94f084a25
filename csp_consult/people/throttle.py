"""Slowing down who guesses, in such a way that nobody can lock somebody else out.

Wrong passwords count for one account from one computer: whoever guesses at a clerk's password stops themselves, and
the clerk, at another computer, notices nothing. Wrong codes count for the account wherever they come from, for only
who already knows the password is ever asked for a code.
"""

from datetime import UTC, datetime, timedelta

from flask import request
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from csp_consult.people.callers import mark_of
from csp_consult.people.models import FailedTry

WAIT = timedelta(minutes=15)
PASSWORDS_PER_ACCOUNT_AND_COMPUTER = 5
PASSWORDS_PER_COMPUTER = 50
CODES_PER_ACCOUNT = 5
LINKS_PER_ACCOUNT = 5
TOO_MANY = "There were too many wrong tries. Wait 15 minutes, then try again"


def may_try_password(session: Session, email: str) -> bool:
    """Whether a password for that account is looked at when it comes from this computer."""
    here = (FailedTry.computer == _computer(session)) & (FailedTry.step != "link")
    return (
        _count(session, here, FailedTry.account == _account(session, email)) < PASSWORDS_PER_ACCOUNT_AND_COMPUTER
        and _count(session, here) < PASSWORDS_PER_COMPUTER
    )


def may_try_code(session: Session, email: str) -> bool:
    """Whether a code for that account is looked at."""
    return _count(session, FailedTry.account == _account(session, email), FailedTry.step == "code") < CODES_PER_ACCOUNT


def may_ask_for_link(session: Session, email: str) -> bool:
    """Whether a link is mailed to that account now. Those mailed before still work, so this locks nobody out."""
    asked = FailedTry.step == "link"
    return (
        _count(session, asked, FailedTry.account == _account(session, email)) < LINKS_PER_ACCOUNT
        and _count(session, asked, FailedTry.computer == _computer(session)) < PASSWORDS_PER_COMPUTER
    )


def note_failure(session: Session, email: str, step: str) -> None:
    """Remember a wrong ``password`` or ``code`` or a ``link`` asked for; the caller commits."""
    session.add(FailedTry(step=step, account=_account(session, email), computer=_computer(session), at=_now()))
    session.flush()


def _count(session: Session, *which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(FailedTry).where(FailedTry.at > _now() - WAIT, *which)
    return session.scalar(query) or 0


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _account(session: Session, email: str) -> str:
    return mark_of(session, _now().date(), f"account {email.strip().lower()}")


def _computer(session: Session) -> str:
    return mark_of(session, _now().date(), f"computer {request.remote_addr or ''}")
