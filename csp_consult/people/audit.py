"""The audit trail: who did what, in a chain that shows when somebody has tampered with it.

Each entry holds a SHA-256 digest of itself and of the digest before it, so nothing can be changed, taken out or put
in between without every later digest giving it away. Triggers in the database refuse changes besides. Taking away the
newest entries leaves a chain that is whole, so its newest digest (``head``) is printed, to be kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask_security import current_user
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from csp_consult.db import db, is_reading, only_added_to, writing
from csp_consult.people.models import AuditEntry, User

BEGINNING = "0" * 64
SYSTEM = "system"
EXPORT = "export taken"
"""Somebody took figures or answers out as a file; the subject says from where."""
# Any number will do, as long as nothing else takes this advisory lock.
_CHAIN_LOCK = 7_204_118
_AT_ONCE = 500


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds."""

    entries: int
    head: str
    """Digest of the newest entry that holds."""
    broken_at: int | None = None
    """Number of the first entry that does not follow from what is before it."""
    known_head_found: bool = True
    """Whether a digest noted earlier is in the chain."""

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, taken out or put in."""
        return self.broken_at is None and self.known_head_found


def record(
    session: Session,
    action: str,
    *,
    subject: str = "",
    detail: Mapping[str, str | int | bool | None] | None = None,
    actor: str | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of the act it is about; the caller commits both or neither.

    ``actor`` is by default the account signed in, else ``system``. The time is the clock's: nobody dates an entry.
    ``detail`` must hold no answer.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    previous = session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)) or BEGINNING
    entry = AuditEntry(
        at=datetime.now(UTC).replace(tzinfo=None),
        actor=actor or whoever_is_signed_in(),
        action=action,
        subject=subject[:300],
        detail=dict(detail or {}),
        previous=previous,
    )
    entry.digest = _digest(entry)
    session.add(entry)
    session.flush()
    return entry


def record_taken(subject: str, *, actor: str | None = None) -> None:
    """Note that a file was taken out, and commit; ``subject`` says from where."""
    if is_reading():
        with writing() as session:
            record(session, EXPORT, subject=subject, actor=actor)
    else:
        # The caller's own transaction holds the right to write already.
        record(db.session(), EXPORT, subject=subject, actor=actor)
        db.session.commit()


def entries(session: Session) -> Iterator[AuditEntry]:
    """Every entry, the oldest first."""
    query, last = select(AuditEntry).order_by(AuditEntry.id).limit(_AT_ONCE), 0
    while page := session.scalars(query.where(AuditEntry.id > last)).all():
        yield from page
        last = page[-1].id


def verify(session: Session, known_head: str | None = None) -> Verdict:
    """Walk the chain; ``known_head`` is a digest noted earlier that must still be in it."""
    head, counted, found = BEGINNING, 0, known_head in {None, BEGINNING}
    for entry in entries(session):
        if entry.previous != head or entry.digest != _digest(entry):
            return Verdict(counted, head, broken_at=entry.id, known_head_found=found)
        head, counted = entry.digest, counted + 1
        found = found or head == known_head
    return Verdict(counted, head, known_head_found=found)


def _digest(entry: AuditEntry) -> str:
    content = [
        entry.previous,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def whoever_is_signed_in() -> str:
    """The address of the account signed in, else ``system``."""
    # Outside a request, as in a command, there is no current user at all.
    return current_user.email if current_user and isinstance(current_user._get_current_object(), User) else SYSTEM


only_added_to(cast(Table, AuditEntry.__table__))
