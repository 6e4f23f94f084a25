"""The partnership's priorities and its communication plan."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base, Document

STATUSES = ("planned", "under way", "done", "stopped")


class Priority(Base):
    """A priority of the three-year plan."""

    __tablename__ = "priority"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    group: Mapped[str] = mapped_column(String(40))
    """``People``, ``Places``, ``Property`` or ``Cross-cutting``."""
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    topic_slug: Mapped[str | None] = mapped_column(ForeignKey("topic.slug"))


class Activity(Base):
    """One entry of the communication plan, aimed at a gap."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("status IN ('planned', 'under way', 'done', 'stopped')", name="status"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    topic_slug: Mapped[str] = mapped_column(ForeignKey("topic.slug"))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("wave.id"))
    """The wave that the perception comes from; None where it is another body's published figure."""
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    priority_slug: Mapped[str | None] = mapped_column(ForeignKey("priority.slug"))
    audience: Mapped[str] = mapped_column(String(300))
    message: Mapped[str] = mapped_column(String(1000))
    channel: Mapped[str] = mapped_column(String(200))
    engagement: Mapped[str] = mapped_column(String(500), default="")
    """How the audience can answer back; empty where the activity only tells."""
    owner: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), default="planned")
    gap: Mapped[dict[str, Any]] = mapped_column(Document)
    """The gap as it stood when the activity was made, with both its figures."""
