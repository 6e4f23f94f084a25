"""The concern taxonomy: themes, their topics, and the recorded categories each can be held against."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base

BY_FILE = "topics file"


class Topic(Base):
    """A theme (no parent) or a topic within a theme."""

    __tablename__ = "topic"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    theme_slug: Mapped[str | None] = mapped_column(ForeignKey("topic.slug"))
    title: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    note: Mapped[str | None] = mapped_column(String(400))
    sensitive: Mapped[bool] = mapped_column(default=False)


class TopicRecord(Base):
    """From a date to a date, a topic is held against this category of this recorded source.

    A row is never changed into another: what no longer holds is withdrawn and stays as history.
    """

    __tablename__ = "topic_record"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_slug: Mapped[str] = mapped_column(ForeignKey("topic.slug"), index=True)
    source: Mapped[str] = mapped_column(String(30))
    """One of ``csp_consult.topics.taxonomy.RECORD_SOURCES``."""
    category: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    partly: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """Whether the category covers the topic only in part, or covers more than it."""
    added_on: Mapped[date | None]
    added_by: Mapped[str] = mapped_column(String(120), default=BY_FILE, server_default=BY_FILE)
    """Who added it: an officer, or ``topics file``."""
    withdrawn_on: Mapped[date | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(120))
