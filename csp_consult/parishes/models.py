"""A parish council's response: the council's own act, on stated authority, in numbered versions."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base, Document

MANDATES = ("full council", "committee", "delegation", "parish meeting")
BODY_KINDS = ("council", "meeting", "grouped", "none")
RESPONSE_MODES = ("online", "paper")


class ParishBody(Base):
    """Who speaks for a parish from a day on, where that is not a council of its own."""

    __tablename__ = "parish_body"
    __table_args__ = (
        CheckConstraint(f"kind IN {BODY_KINDS}", name="kind"),
        CheckConstraint("(kind = 'grouped') = (answers_with IS NOT NULL)", name="grouped"),
        CheckConstraint("answers_with <> parish_code", name="with_another"),
    )

    parish_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """``council``; ``meeting`` of the electors, without a council; ``grouped`` under the council of another parish;
    ``none``: there is nobody to ask."""
    answers_with: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    """For a grouped parish: the parish under which their one council answers."""


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
    """One version of a council's submitted response. Version 1 is the submission, later ones amendments.

    Its answers never change. Without a mandate it is an officer draft: sent, but not yet the council's act.
    """

    __tablename__ = "parish_response"
    __table_args__ = (
        UniqueConstraint("wave_id", "parish_code", "version"),
        UniqueConstraint("wave_id", "parish_code", "submission"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("version = 1 OR reason IS NOT NULL", name="amendment_reason"),
        CheckConstraint(f"mandate IN {MANDATES}", name="mandate"),
        CheckConstraint(
            "(mandate IS NULL) = (meeting_on IS NULL) AND (mandate IS NULL) = (minute_reference IS NULL)",
            name="minuted",
        ),
        CheckConstraint(f"mode IN {RESPONSE_MODES}", name="mode"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    parish_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    version: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    submission: Mapped[str] = mapped_column(String(64))
    """The same for every repeat of one submission, so that a repeat finds the first."""
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    mode: Mapped[str] = mapped_column(String(10), default="online", server_default="online")
    """``paper`` where an officer put in what the council sent on paper."""
    mandate: Mapped[str | None] = mapped_column(String(20))
    """On whose authority; None for an officer draft."""
    meeting_on: Mapped[date | None]
    minute_reference: Mapped[str | None] = mapped_column(String(120))
    minuted_on: Mapped[date | None]
    """When an officer draft got its minute; None where the mandate came with the answers."""
    reason: Mapped[str | None] = mapped_column(String(500))
    submitted_on: Mapped[date]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    synthetic: Mapped[bool] = mapped_column(default=False)


class ParishAttachment(Base):
    """A file sent with a version, such as the minute. It is only ever given back as a download."""

    __tablename__ = "parish_attachment"

    response_id: Mapped[int] = mapped_column(ForeignKey("parish_response.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    """In bytes."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content, in hexadecimal."""
    added_on: Mapped[date]
    added_by: Mapped[int] = mapped_column(ForeignKey("user.id"))


class ParishExtension(Base):
    """More time for one parish: asked for by its clerk, or given by an officer unasked; rows are never deleted."""

    __tablename__ = "parish_extension"
    __table_args__ = (
        # A parish has one open request at a time; the condition is literal so that both databases can hold it.
        Index(
            "ix_parish_extension_open",
            "wave_id",
            "parish_code",
            unique=True,
            sqlite_where=text("decided_on IS NULL"),
            postgresql_where=text("decided_on IS NULL"),
        ),
        Index("ix_parish_extension_wave", "wave_id", "parish_code"),
        CheckConstraint("(decided_on IS NULL) = (decision_reason IS NULL)", name="decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    parish_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    asked_on: Mapped[date | None]
    """None where an officer gave it unasked."""
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_until: Mapped[date | None]
    asked_reason: Mapped[str | None] = mapped_column(String(500))
    decided_on: Mapped[date | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decision_reason: Mapped[str | None] = mapped_column(String(500))
    """Shown to the council."""
    until: Mapped[date | None]
    """The council's last day; None while undecided and where it was refused."""


class CommentLink(Base):
    """A link by which councillors read a draft and comment on it, without an account."""

    __tablename__ = "comment_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    parish_code: Mapped[str] = mapped_column(ForeignKey("area.code"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token, from which the link cannot be found."""
    made_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_on: Mapped[date]
    expires_on: Mapped[date]
    """The last day on which it opens."""
    revoked_on: Mapped[date | None]


class CouncillorComment(Base):
    """What somebody wrote through a comment link, for the clerk's eyes."""

    __tablename__ = "councillor_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("comment_link.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    """As they gave it."""
    words: Mapped[str] = mapped_column(Text)
    written_on: Mapped[date]


class ParishReminder(Base):
    """That a council was reminded of a wave: a council is reminded once a day at most."""

    __tablename__ = "parish_reminder"

    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    parish_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    sent_on: Mapped[date] = mapped_column(primary_key=True)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """None where it went out on a day that was planned."""
