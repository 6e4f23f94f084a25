"""Accounts and roles, in the shape Flask-Security expects."""

from datetime import datetime

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from csp_consult.db import Base

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


ROLES = ("officer", "clerk", "administrator")


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
    # Typed as Flask-Security types it: a list is invariant, so a list of our own Role would not fit.
    roles: Mapped[list[RoleMixin]] = relationship(Role, secondary=user_role, lazy="selectin")

    def may(self, *roles: str) -> bool:
        """Whether the account holds one of the roles."""
        return any(role.name in roles for role in self.roles)
