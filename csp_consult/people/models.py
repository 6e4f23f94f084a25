"""Accounts and roles, in the shape Flask-Security expects."""

from datetime import date, datetime
from typing import Any

from flask_security.core import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, String, Table, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csp_consult.db import Base, Document

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


ROLES = ("officer", "clerk", "administrator")
TWO_STEP_ROLES = ("officer", "administrator")
"""Roles that sign in with a code as well; a clerk may choose to."""


class Role(Base, RoleMixin):
    """One of ROLES."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


class User(Base, UserMixin):
    """Somebody who signs in. Residents never do."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """Changing it ends every session of the account."""
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    """``authenticator`` once codes are set up."""
    tf_totp_secret: Mapped[str | None] = mapped_column(Text)
    """What the codes are made from, encrypted."""
    tf_last_counter: Mapped[int | None]
    """The half minute of the last code taken: each code is taken once."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(Document.copy()))
    """Unused recovery codes, encrypted. A copy of the type, or every document would be taken for such a list."""
    # The two of passkeys are typed as Flask-Security types them, too.
    fs_webauthn_user_handle: Mapped[str] = mapped_column(String(64), unique=True, nullable=True)
    """What passkeys know the account by; says nothing of who it is. None before there are any."""
    # Typed as Flask-Security types it: a list is invariant, so a list of our own Role would not fit.
    roles: Mapped[list[RoleMixin]] = relationship(Role, secondary=user_role, lazy="selectin")

    webauthn: Mapped[list[WebAuthnMixin]] = relationship("Passkey", back_populates="user", cascade="all, delete-orphan")

    def may(self, *roles: str) -> bool:
        """Whether the account holds one of the roles."""
        return any(role.name in roles for role in self.roles)

    def check_tf_required(
        self,
        tf_setup_methods: list[tuple[str, str]],
        tf_fresh: bool,  # noqa: ARG002 - given by Flask-Security; no browser is trusted with a shorter way in
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Whether signing in takes a code: by role, or because the person chose to. Flask-Security asks this."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Whether the account may not do without codes."""
        return self.may(*TWO_STEP_ROLES)


class Passkey(Base, WebAuthnMixin):
    """A key that a phone, computer or security stick holds for an account; in the shape Flask-Security expects."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(Document)
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    lastuse_datetime: Mapped[datetime]
    usage: Mapped[str] = mapped_column(String(64))
    user: Mapped[User] = relationship(back_populates="webauthn")


class EntryLink(Base):
    """A link that was mailed to an account: it opens a page whose button works once. Only its digest is stored."""

    __tablename__ = "entry_link"
    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'sign-in', 'password')", name="purpose"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime]


class SignedIn(Base):
    """One browser in which an account is signed in; without its row, the browser's cookie is worth nothing."""

    __tablename__ = "signed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime]
    last_used_on: Mapped[date]


class DayKey(Base):
    """The random key of one day under which callers are counted; it goes the next day, with all counted under it."""

    __tablename__ = "day_key"

    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class CallCount(Base):
    """How often a caller did a thing in one hour of today, or how much of an account's files was kept today.

    Neither address nor account is stored, and nothing of yesterday.
    """

    __tablename__ = "call_count"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The caller's address, what was done and the hour, or account and unit, hashed with the day's key."""
    n: Mapped[int]


class FailedTry(Base):
    """A wrong password or code. Account and computer are kept hashed with the day's key, and go with it."""

    __tablename__ = "failed_try"
    __table_args__ = (Index(None, "computer", "at"), Index(None, "account", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(10))
    """``password``, ``code``, or ``link``: no failure, but counted alike, since it makes a mail."""
    account: Mapped[str] = mapped_column(String(64))
    computer: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what, chained: each entry's digest covers the one before. The database refuses changes; see ``audit``."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    """UTC, without a zone."""
    actor: Mapped[str] = mapped_column(String(255))
    """Address of the account, or what else acted."""
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    detail: Mapped[dict[str, Any]] = mapped_column(Document)
    """Short texts and numbers; never an answer."""
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
