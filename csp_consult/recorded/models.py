"""Recorded figures: counts by category, area and month, and comparisons known only as published."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base, Document


class RecordedImport(Base):
    """One file taken in, with the receipt that accounts for every row of it."""

    __tablename__ = "recorded_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(30))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    imported_on: Mapped[date]
    receipt: Mapped[dict[str, Any]] = mapped_column(Document)
    """As ``csp_consult.recorded.receipts`` writes it."""


class RecordedCount(Base):
    """Incidents of a category in an area in a month, from one import. No single incident is stored."""

    __tablename__ = "recorded_count"
    __table_args__ = (
        CheckConstraint("n > 0", name="n"),
        Index("ix_recorded_count_period", "source", "period"),
    )

    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    """Month as ``2018-10``."""
    area_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    """As the source codes it (for police.uk the LSOA, of the vintage it used)."""
    recorded_by: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The body whose record it is. A month is replaced body by body: another force's file leaves ours alone."""
    category: Mapped[str] = mapped_column(String(120), primary_key=True)
    n: Mapped[int]
    import_id: Mapped[int] = mapped_column(ForeignKey("recorded_import.id"), index=True)


class PublishedComparison(Base):
    """A recorded figure known only as somebody printed it. Counts that were not printed stay unknown."""

    __tablename__ = "published_comparison"
    __table_args__ = (
        CheckConstraint("kind IN ('change', 'rate', 'count', 'order', 'share', 'statement')", name="kind"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(400))
    source: Mapped[str] = mapped_column(String(200))
    """Who recorded it."""
    citation: Mapped[str] = mapped_column(String(400))
    topic_slug: Mapped[str | None] = mapped_column(ForeignKey("topic.slug"))
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    period: Mapped[str] = mapped_column(String(120))
    """As printed."""
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    previous_period: Mapped[str | None] = mapped_column(String(120))
    as_at: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(120))
    value: Mapped[float | None]
    previous_value: Mapped[float | None]
    change_pct: Mapped[float | None]
    change_abs: Mapped[float | None]
    detail: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    """Anything else that was printed: mixes, orders, peaks."""


class RecordingNote(Base):
    """What to know of how a topic is recorded before reading a rise or fall as real."""

    __tablename__ = "recording_note"

    topic_slug: Mapped[str] = mapped_column(ForeignKey("topic.slug"), primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
