"""A parish council's response: the council's own act, on stated authority, in numbered versions."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base, Document

MANDATES = ("full council", "committee", "delegation")


class ClerkParish(Base):
    """A clerk may act for a parish; one clerk may act for several."""

    __tablename__ = "clerk_parish"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    parish_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)


class ParishDraft(Base):
    """A parish's answers while the council prepares them. ``revision`` rises with every save."""

    __tablename__ = "parish_draft"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    parish_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    edits: Mapped[dict[str, Any]] = mapped_column(Document)
    """Question: the last change of its answer, ``[revision, editor, name]``; see ``parishes.drafts``."""
    revision: Mapped[int] = mapped_column(default=0)
    saved_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    saved_on: Mapped[date]


class ParishResponse(Base):
    """One version of a council's submitted response. Version 1 is the submission, later ones amendments."""

    __tablename__ = "parish_response"
    __table_args__ = (
        UniqueConstraint("wave_id", "parish_code", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("version = 1 OR reason IS NOT NULL", name="amendment_reason"),
        CheckConstraint("mandate IN ('full council', 'committee', 'delegation')", name="mandate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    parish_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    version: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    submission: Mapped[str] = mapped_column(String(64), unique=True)
    """The same for every repeat of one submission, so that a repeat finds the first."""
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    mandate: Mapped[str] = mapped_column(String(20))
    meeting_on: Mapped[date]
    minute_reference: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(String(500))
    submitted_on: Mapped[date]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    synthetic: Mapped[bool] = mapped_column(default=False)
