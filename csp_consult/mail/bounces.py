"""Mail that came back: which address it was, and that nothing more is sent there until an officer says so."""

from collections.abc import Sequence
from datetime import date, timedelta
from email import message_from_bytes
from email.message import Message as Email
from email.policy import default

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from csp_consult.mail.models import BouncedAddress, Message

LATELY = timedelta(days=7)
"""A bounce is about mails of the last days."""


class BounceError(ValueError):
    """A report of a bounce cannot be read; the message says what to do."""


def flag(session: Session, address: str, *, reason: str, today: date) -> BouncedAddress:
    """Remember that an address takes no mail, and hold what waits for it. The caller commits."""
    lowered = address.strip().lower()
    found = session.get(BouncedAddress, lowered)
    if found is None:
        found = BouncedAddress(address=lowered, bounced_on=today, reason=reason[:300])
        session.add(found)
    lately = Message.state.in_(("waiting", "sent")) & (Message.queued_on >= today - LATELY)
    session.execute(
        update(Message)
        .where(func.lower(Message.recipient) == lowered, lately)
        .values(state="bounced", fault=reason[:300], carrier_id=None)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return found


def unflag(session: Session, address: str) -> bool:
    """Let mail go to an address again; False where it was not flagged. The caller commits."""
    found = session.get(BouncedAddress, address.strip().lower())
    if found is None:
        return False
    session.delete(found)
    return True


def is_flagged(session: Session, address: str) -> bool:
    """Whether mail to the address came back."""
    return session.get(BouncedAddress, address.strip().lower()) is not None


def flagged(session: Session) -> Sequence[BouncedAddress]:
    """Every address that took no mail, the newest first."""
    return session.scalars(
        select(BouncedAddress).order_by(BouncedAddress.bounced_on.desc(), BouncedAddress.address)
    ).all()


def read_report(report: bytes) -> list[tuple[str, str]]:
    """Addresses and reasons in a delivery report (RFC 3464) as a mail server sends it back; only lasting faults.

    Raises BounceError when it is no such report.
    """
    mail = message_from_bytes(report, policy=default)
    # The standard library parses each block of the report's fields into a message of its own.
    blocks: list[Email] = [
        block
        for part in mail.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in part.get_payload()
        if isinstance(block, Email)
    ]
    if not blocks:
        raise BounceError("This is not a delivery report. Pipe the whole mail that came back, with its headers.")
    return [
        (
            str(block["Final-Recipient"]).rpartition(";")[2].strip(),
            " ".join(str(block.get("Diagnostic-Code") or f"Status {block.get('Status', 'unknown')}").split()),
        )
        for block in blocks
        if block["Final-Recipient"] and str(block.get("Action", "")).strip().lower() == "failed"
    ]
