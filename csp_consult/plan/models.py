"""The partnership's three-year plan with its priorities, and its communication plan."""

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


class ThreeYearPlan(Base):
    """A plan of the partnership, as it is or was agreed."""

    __tablename__ = "three_year_plan"
    __table_args__ = (
        CheckConstraint("last_year > first_year", name="years"),
        CheckConstraint(
            "final_on IS NULL OR (copied_on IS NOT NULL AND copied_on < final_on)", name="copied_before_final"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    first_year: Mapped[int] = mapped_column(unique=True)
    last_year: Mapped[int]
    source: Mapped[str] = mapped_column(String(400), default="")
    """The document it was taken from; empty for a plan that is written here."""
    copied_on: Mapped[date | None]
    """When the Police and Crime Commissioner was sent a copy; None where that is not on record."""
    final_on: Mapped[date | None]
    """When the partnership agreed it; None where that is not on record."""
    lines: Mapped[list["PlanLine"]] = relationship(order_by="PlanLine.position, PlanLine.id", back_populates="plan")

    @property
    def years(self) -> str:
        """Its years as an address names them: ``2023-2026``."""
        return f"{self.first_year}-{self.last_year}"


class Priority(Base):
    """A priority of a three-year plan, or of the Police and Crime Commissioner's."""

    __tablename__ = "priority"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    group: Mapped[str] = mapped_column(String(40))
    """``People``, ``Places``, ``Property``, ``Cross-cutting``, or ``Police and Crime Commissioner``."""
    title: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    topic_slug: Mapped[str | None] = mapped_column(ForeignKey("topic.slug"))
    """The topic whose figures are evidence on it; None where nothing that is asked or recorded stands for it."""
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("three_year_plan.id"))
    """The partnership's plan it belongs to; None for the Commissioner's."""


class PlanLine(Base):
    """An objective, a measure or an action of a three-year plan."""

    __tablename__ = "plan_line"
    __table_args__ = (
        CheckConstraint("kind IN ('objective', 'measure', 'action')", name="kind"),
        CheckConstraint("status IN ('', 'planned', 'under way', 'done', 'stopped')", name="status"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="period"),
        CheckConstraint("grant_pounds IS NULL OR grant_pounds >= 0", name="grant"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("three_year_plan.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    group: Mapped[str] = mapped_column(String(40), default="")
    """The group of priorities it serves as a whole; empty where it serves one priority, or the whole plan."""
    priority_slug: Mapped[str | None] = mapped_column(ForeignKey("priority.slug"))
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(String(500))
    owner: Mapped[str] = mapped_column(String(200), default="")
    """Empty where nobody is named."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(20), default="")
    """Of an action, as of an activity; empty where it is not known."""
    grant_pounds: Mapped[int | None]
    """Grant of the Commissioner's office, in whole pounds; None where none is on record."""
    source: Mapped[str] = mapped_column(String(400), default="")
    """Where it is printed; empty for what was written here."""
    synthetic: Mapped[bool] = mapped_column(default=False)
    """True for a line that was made up to try out the platform."""
    plan: Mapped[ThreeYearPlan] = relationship(back_populates="lines")
    priority: Mapped[Priority | None] = relationship()
    evidence: Mapped[list["PlanEvidence"]] = relationship(
        order_by="PlanEvidence.kind, PlanEvidence.reference", cascade="all, delete-orphan"
    )


class PlanEvidence(Base):
    """What a line of the plan rests on or is held against."""

    __tablename__ = "plan_evidence"
    __table_args__ = (CheckConstraint("kind IN ('topic', 'survey', 'printed', 'recorded', 'activity')", name="kind"),)

    line_id: Mapped[int] = mapped_column(ForeignKey("plan_line.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    """``topic``, ``survey`` (a wave's findings), ``printed`` (another survey's result), ``recorded`` (a printed
    recorded figure) or ``activity``."""
    reference: Mapped[str] = mapped_column(String(150), primary_key=True)
    """Slug, ``survey/wave`` or id of it."""


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
