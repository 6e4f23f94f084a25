"""Councillors comment on a draft through a link: they need no account, and only the clerk sees what they wrote."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.models import CommentLink, CouncillorComment
from csp_consult.people import audit

NAME_LENGTH = 120
COMMENT_LENGTH = 2000
LAST_DAYS = 28
"""For how many days a link opens."""
MOST_COMMENTS = 200
"""On one link, so that nobody who found it can fill the database."""


def make_link(session: Session, wave: Wave, parish_code: str, *, user_id: int, today: date) -> str:
    """Make a link to the parish's draft; gives back its token, which is kept nowhere. The caller commits."""
    token = secrets.token_urlsafe(24)
    session.add(
        CommentLink(
            wave_id=wave.id,
            parish_code=parish_code,
            digest=_digest(token),
            made_by=user_id,
            made_on=today,
            expires_on=today + timedelta(days=LAST_DAYS),
        )
    )
    audit.record(session, "comment link made", subject=f"{wave.key} {parish_code}")
    return token


def links(session: Session, wave: Wave, parish_code: str) -> Sequence[CommentLink]:
    """Every link that was made for a parish's draft, the newest first."""
    query = select(CommentLink).where(CommentLink.wave_id == wave.id, CommentLink.parish_code == parish_code)
    return session.scalars(query.order_by(CommentLink.id.desc())).all()


def opens(link: CommentLink, today: date) -> bool:
    """Whether a link opens today."""
    return link.revoked_on is None and today <= link.expires_on


def find_link(session: Session, token: str, today: date) -> CommentLink | None:
    """The link of a token, while it opens."""
    link = session.scalar(select(CommentLink).where(CommentLink.digest == _digest(token)))
    return link if link is not None and opens(link, today) else None


def revoke(session: Session, wave: Wave, parish_code: str, link_id: int, today: date) -> None:
    """Close a link at once; its comments stay. The caller commits. Raises ParishError when it is not the parish's."""
    link = next((one for one in links(session, wave, parish_code) if one.id == link_id), None)
    if link is None:
        raise ParishError("There is no such link.")
    if link.revoked_on is None:
        link.revoked_on = today
        audit.record(session, "comment link closed", subject=f"{wave.key} {parish_code}")


def comment(session: Session, link: CommentLink, *, name: str, words: str, today: date) -> CouncillorComment:
    """Keep a comment for the clerk; the caller commits.

    Raises CommentError where a field is missing or too long, or the link is full.
    """
    name, words = " ".join(name.split()), words.strip()
    if not name:
        raise CommentError("name", "Enter your name, so that the clerk knows who wrote")
    if len(name) > NAME_LENGTH:
        raise CommentError("name", f"Use {NAME_LENGTH} characters or fewer for your name")
    if not words:
        raise CommentError("words", "Enter your comment")
    if len(words) > COMMENT_LENGTH:
        raise CommentError("words", f"Use {COMMENT_LENGTH:,} characters or fewer; this has {len(words):,}")
    count = select(func.count()).select_from(CouncillorComment).where(CouncillorComment.link_id == link.id)
    if (session.scalar(count) or 0) >= MOST_COMMENTS:
        raise CommentError("words", "This link takes no more comments. Ask the clerk for a new one")
    kept = CouncillorComment(link_id=link.id, name=name, words=words, written_on=today)
    session.add(kept)
    session.flush()
    return kept


class CommentError(ParishError):
    """A comment cannot be kept; ``field_id`` is the field at fault."""

    def __init__(self, field_id: str, message: str) -> None:
        super().__init__(message)
        self.field_id = field_id


def comments(session: Session, wave: Wave, parish_code: str) -> Sequence[CouncillorComment]:
    """Every comment on a parish's draft, the oldest first: for its clerk's eyes."""
    query = (
        select(CouncillorComment)
        .join(CommentLink, CommentLink.id == CouncillorComment.link_id)
        .where(CommentLink.wave_id == wave.id, CommentLink.parish_code == parish_code)
    )
    return session.scalars(query.order_by(CouncillorComment.id)).all()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
