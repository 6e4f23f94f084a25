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
    """Incidents of a category in an area in a month or quarter, from one import. No single incident is stored.

    Files of incidents leave out what there is none of; a sheet may report a zero, and then it is a figure.
    """

    __tablename__ = "recorded_count"
    __table_args__ = (
        CheckConstraint("n >= 0", name="n"),
        Index("ix_recorded_count_period", "source", "period"),
    )

    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    """Month as ``2018-10``, or calendar quarter as ``2018-Q4`` where nothing finer was given."""
    area_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    """As the source codes it (for police.uk the LSOA, of the vintage it used)."""
    recorded_by: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The body whose record it is. A month is replaced body by body: another force's file leaves ours alone."""
    category: Mapped[str] = mapped_column(String(120), primary_key=True)
    n: Mapped[int]
    import_id: Mapped[int] = mapped_column(ForeignKey("recorded_import.id"), index=True)


class RecordedPoint(Base):
    """The same incidents by the ward that their map point lies in, as boundaries draw it: beside the count by LSOA.

    A ward of every set of boundaries that is held counts the point. Files without points have none here.
    """

    __tablename__ = "recorded_point"
    __table_args__ = (CheckConstraint("n > 0", name="n"),)

    source: Mapped[str] = mapped_column(String(30), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    """Month as ``2018-10``."""
    area_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    recorded_by: Mapped[str] = mapped_column(String(80), primary_key=True)
    category: Mapped[str] = mapped_column(String(120), primary_key=True)
    n: Mapped[int]
    import_id: Mapped[int] = mapped_column(ForeignKey("recorded_import.id"), index=True)


class WaitingSheet(Base):
    """A partnership's own sheet while an officer settles how it is read; gone once it is taken in or given up."""

    __tablename__ = "waiting_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes]
    uploaded_on: Mapped[date]
    mapping: Mapped[dict[str, Any]] = mapped_column(Document)
    """As ``csp_consult.recorded.sheets.mapping`` writes it."""
    layout: Mapped[str] = mapped_column(String(64))
    """The fingerprint of its headings, by which the mapping is found again."""


class RememberedMapping(Base):
    """How sheets with these headings were read when one was last taken in."""

    __tablename__ = "remembered_mapping"

    layout: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(Document)
    saved_on: Mapped[date]


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


class ComparatorArea(Base):
    """A district like ours, with whose rates ours stand side by side: the list is data, made by whoever compares."""

    __tablename__ = "comparator_area"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(300))
    """Who says that it is alike, and by what."""


class ComparatorRate(Base):
    """A rate of a comparator area as somebody published it."""

    __tablename__ = "comparator_rate"
    __table_args__ = (CheckConstraint("period_to > period_from", name="period"),)

    area_code: Mapped[str] = mapped_column(ForeignKey("comparator_area.code"), primary_key=True)
    topic_slug: Mapped[str] = mapped_column(ForeignKey("topic.slug"), primary_key=True)
    period_from: Mapped[date] = mapped_column(primary_key=True)
    period_to: Mapped[date] = mapped_column(primary_key=True)
    """The last day."""
    per_1000: Mapped[float]
    """Incidents per 1,000 residents in the period."""
    source: Mapped[str] = mapped_column(String(300))


class RecordingNote(Base):
    """What to know of how a topic is recorded before reading a rise or fall as real."""

    __tablename__ = "recording_note"

    topic_slug: Mapped[str] = mapped_column(ForeignKey("topic.slug"), primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
