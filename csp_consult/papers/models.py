"""What an officer wrote into a paper, and what was signed off."""

from datetime import date
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base, Document


class OwnWords(Base):
    """What an officer wrote under one section of a paper; it stays when the figures change."""

    __tablename__ = "own_words"
    __table_args__ = (UniqueConstraint("kind", "about", "section"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(150))
    """What the paper is about, as in ``Publication``."""
    section: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(255))
    written_on: Mapped[date]


class Publication(Base):
    """A paper as it was signed off: its words and figures do not change, a correction is a further version."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("kind", "about", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    """As ``papers.kinds`` names it: whether it is public is a matter of its kind."""
    about: Mapped[str] = mapped_column(String(150))
    """Key of its wave, its quarter or year; empty for a paper about all there is."""
    version: Mapped[int]
    published_on: Mapped[date]
    published_by: Mapped[str] = mapped_column(String(255))
    """The officer's account: not shown in public."""
    signed_off_by: Mapped[str] = mapped_column(String(200))
    """The role that signed it off, as shown in public."""
    reason: Mapped[str] = mapped_column(String(500), default="")
    """What was corrected; empty for the first version."""
    paper: Mapped[dict[str, Any]] = mapped_column(Document)


@event.listens_for(Publication, "before_update")
@event.listens_for(Publication, "before_delete")
def _refuse_change(_mapper: object, _connection: object, _row: Publication) -> None:
    raise PermissionError("What was signed off stays as it was; sign off a further version instead.")
