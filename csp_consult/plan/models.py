"""The partnership's priorities and its communication plan."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csp_consult.db import Base, Document, only_added_to

STATUSES = ("planned", "under way", "done", "stopped")
ENGAGEMENT_TYPES = ("broadcast", "conversation", "visible action")

activity_priority = Table(
    "activity_priority",
    Base.metadata,
    Column("activity_id", ForeignKey("activity.id"), primary_key=True),
    Column("priority_slug", ForeignKey("priority.slug"), primary_key=True),
)


class Priority(Base):
    """A priority of the three-year plan, or of the Police and Crime Commissioner's."""

    __tablename__ = "priority"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    group: Mapped[str] = mapped_column(String(40))
    """``People``, ``Places``, ``Property``, ``Cross-cutting``, or ``Police and Crime Commissioner``."""
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    topic_slug: Mapped[str | None] = mapped_column(ForeignKey("topic.slug"))


class Activity(Base):
    """One entry of the communication plan, aimed at a gap."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("status IN ('planned', 'under way', 'done', 'stopped')", name="status"),
        CheckConstraint("engagement_type IN ('broadcast', 'conversation', 'visible action')", name="engagement_type"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    topic_slug: Mapped[str] = mapped_column(ForeignKey("topic.slug"))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("wave.id"))
    """The wave that the perception comes from; None where it is another body's published figure."""
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    audience: Mapped[str] = mapped_column(String(300))
    audience_age: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """Age band of the audience as the wave asks it (``16-24``); empty for every age."""
    message: Mapped[str] = mapped_column(String(1000))
    channel: Mapped[str] = mapped_column(String(200))
    engagement_type: Mapped[str] = mapped_column(String(20), default="broadcast", server_default="broadcast")
    engagement: Mapped[str] = mapped_column(String(500), default="")
    """How the audience can answer back; empty where the activity only tells."""
    owner: Mapped[str] = mapped_column(String(200))
    partner: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Whoever does it together with the owner; empty where nobody does."""
    cost: Mapped[int | None]
    """In whole pounds; None where it is not known."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), default="planned")
    approved_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """The role that approved it as it stands; empty while nobody has, and again after a change."""
    approved_on: Mapped[date | None]
    gap: Mapped[dict[str, Any]] = mapped_column(Document)
    """The gap as it stood when the activity was made, with both its figures."""
    priorities: Mapped[list[Priority]] = relationship(secondary=activity_priority, order_by=Priority.position)
    history: Mapped[list["ActivityEvent"]] = relationship(order_by="ActivityEvent.id")
    baseline: Mapped["Baseline | None"] = relationship()


class ActivityEvent(Base):
    """Something done to an activity: who, when, what. The database refuses to change or delete it."""

    __tablename__ = "activity_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    at: Mapped[datetime]
    """UTC, without a zone."""
    by: Mapped[str] = mapped_column(String(255))
    """Address of the account, or what else acted."""
    what: Mapped[str] = mapped_column(String(30))
    """``made``, ``changed``, ``approved``, ``approval reopened`` or ``baseline frozen``."""
    changes: Mapped[list[dict[str, str]]] = mapped_column(Document)
    """Each field that changed: what it is called, what it said ``before``, and ``after``."""


class Baseline(Base):
    """How an activity's audience and the rest stood when it started, and what the next wave could find at all."""

    __tablename__ = "baseline"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    frozen_on: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(Document)
    """The figures with their bases, the question, and the smallest effect: see ``evaluation.Frozen``."""


only_added_to(cast(Table, ActivityEvent.__table__))
only_added_to(cast(Table, Baseline.__table__))
