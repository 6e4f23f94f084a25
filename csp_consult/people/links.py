"""Links that are mailed to an account: each opens a page whose button works once, within a time.

Opening a link changes nothing, since mail scanners open them too. Only a digest of it is stored. Asking for a link
takes nothing away: neither the password nor a link sent before stops working, so nobody is locked out by it.
"""

import hashlib
import secrets
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csp_consult.mail.letters import address_of, write
from csp_consult.mail.outbox import queue
from csp_consult.people import audit
from csp_consult.people.models import EntryLink, User

INVITATION_DAYS = 14
MINUTES = 30
LASTS = {
    "invitation": timedelta(days=INVITATION_DAYS),
    "sign-in": timedelta(minutes=MINUTES),
    "password": timedelta(minutes=MINUTES),
}


def send_link(session: Session, user: User, purpose: str, *, today: date) -> None:
    """Mail a link to sign in (``sign-in``) or to choose another password (``password``). The caller commits.

    Only an account that needs no code is signed in by a link; others are sent the way to a new password.
    """
    if purpose == "sign-in" and user.may("officer", "administrator"):
        purpose = "password"
    kind = "sign-in link" if purpose == "sign-in" else "password link"
    words = write(kind, link=make_link(session, user, purpose), minutes=MINUTES)
    queue(session, to=user.email, subject=words.subject, body=words.body, kind=kind, today=today)
    audit.record(session, f"{purpose} link asked for", subject=user.email, actor="not signed in")


def make_link(session: Session, user: User, purpose: str) -> str:
    """A new link of that purpose, a key of LASTS. An invitation replaces the one before; the caller commits."""
    session.execute(delete(EntryLink).where(EntryLink.expires_at < _now()))
    if purpose == "invitation":
        session.execute(delete(EntryLink).where(EntryLink.user_id == user.id, EntryLink.purpose == purpose))
    token = secrets.token_urlsafe(32)
    session.add(EntryLink(digest=_digest(token), user_id=user.id, purpose=purpose, expires_at=_now() + LASTS[purpose]))
    session.flush()
    return address_of("entering.opened", token=token)


def find(session: Session, token: str) -> tuple[User, str] | None:
    """Whose link it is and what for; None where it was used, has run out or the account is closed."""
    row = session.execute(
        select(User, EntryLink.purpose)
        .join(EntryLink, EntryLink.user_id == User.id)
        .where(EntryLink.digest == _digest(token), EntryLink.expires_at > _now(), User.active)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def use_up(session: Session, token: str) -> bool:
    """Take the link, once; False where somebody was quicker. The caller commits it with what the link was for."""
    used = delete(EntryLink).where(EntryLink.digest == _digest(token), EntryLink.expires_at > _now())
    return session.scalar(used.returning(EntryLink.user_id)) is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
