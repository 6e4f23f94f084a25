"""The outbox: mails on their way, and addresses that took none."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base

STATES = ("waiting", "sending", "sent", "unsure", "failed", "bounced")


class Message(Base):
    """One mail to one address. Its words are erased once it is sent: they may hold a link that signs somebody in."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_message_due", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """Names the mail to the carrier, the same at every try, so that a double can be told."""
    kind: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(255), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    """``sending`` is written before the carrier is given the mail; who finds it there later cannot know whether it
    arrived, and makes it ``unsure`` for a person to decide."""
    queued_on: Mapped[date]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    """UTC, without a zone; while ``sending``, when the try began."""
    carrier_id: Mapped[str | None] = mapped_column(String(80))
    """What GOV.UK Notify calls it: bounces are asked for under it. None once there is nothing to ask."""
    fault: Mapped[str | None] = mapped_column(String(300))
    """Why it was not sent, or not yet."""
    kept: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False for residents' mail: nothing of it stays once it is sent or given up."""


class BouncedAddress(Base):
    """An address that took no mail. Nothing more is sent to it until an officer says to try again."""

    __tablename__ = "bounced_address"

    address: Mapped[str] = mapped_column(String(255), primary_key=True)
    """In lower case."""
    bounced_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
