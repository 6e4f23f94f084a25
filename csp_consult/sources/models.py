"""Surveys run by others: who ran them, and the results they published."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csp_consult.db import Base, Document


class PublishedSurvey(Base):
    """A survey known only by what was printed of it."""

    __tablename__ = "published_survey"
    __table_args__ = (CheckConstraint("audience IN ('residents', 'institutions')", name="audience"),)

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(20))
    recruitment: Mapped[str | None] = mapped_column(String(10))
    """``invited`` or ``open``; None when it was not published."""
    period: Mapped[str] = mapped_column(String(120))
    base: Mapped[int | None]
    """Number of respondents as printed; None when no base was published. Never inferred."""
    citation: Mapped[str] = mapped_column(String(400))
    note: Mapped[str | None] = mapped_column(String(500))
    results: Mapped[list["PublishedResult"]] = relationship(
        back_populates="survey", order_by="PublishedResult.position"
    )


class PublishedResult(Base):
    """One printed result of such a survey, exactly as printed."""

    __tablename__ = "published_result"
    __table_args__ = (CheckConstraint("kind IN ('share', 'count', 'order', 'direction', 'statement')", name="kind"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    survey_slug: Mapped[str] = mapped_column(ForeignKey("published_survey.slug"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    question: Mapped[str | None] = mapped_column(String(80))
    """Question identifier in our questionnaires that asks the same, where there is one."""
    text: Mapped[str] = mapped_column(String(400))
    topic_slug: Mapped[str | None] = mapped_column(ForeignKey("topic.slug"))
    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    period: Mapped[str | None] = mapped_column(String(120))
    value: Mapped[float | None]
    previous_value: Mapped[float | None]
    previous_period: Mapped[str | None] = mapped_column(String(120))
    unit: Mapped[str | None] = mapped_column(String(120))
    direction: Mapped[str | None] = mapped_column(String(40))
    """``up``, ``slightly down`` and the like, where a movement was printed without its figures."""
    order: Mapped[list[Any] | None] = mapped_column(Document)
    """For ``order``: rows ``{"printed": text, "topic": slug or null}``, most mentioned first."""
    survey: Mapped[PublishedSurvey] = relationship(back_populates="results")


class RegisteredSource(Base):
    """A survey that others ran and whose file we were given: its concern measure, and none of its answers."""

    __tablename__ = "registered_source"
    __table_args__ = (
        CheckConstraint("audience IN ('residents', 'institutions')", name="audience"),
        CheckConstraint("recruitment IN ('invited', 'open')", name="recruitment"),
    )

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(20))
    recruitment: Mapped[str | None] = mapped_column(String(10))
    period: Mapped[str] = mapped_column(String(120))
    citation: Mapped[str] = mapped_column(String(400))
    """The file with the start of its SHA-256, its questions, and how it was weighted."""
    synthetic: Mapped[bool] = mapped_column(default=False, server_default=false())
    registered_on: Mapped[date]
    concern: Mapped[dict[str, Any]] = mapped_column(Document)
    """The measure by topic with its covariance, bases and degrees of freedom."""
