"""The stored text of each questionnaire version that a wave may ask."""

import hashlib
from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from csp_consult.db import Base


def digest_of(source: str) -> str:
    """The SHA-256 of a questionnaire's text."""
    return hashlib.sha256(source.encode()).hexdigest()


class QuestionnaireVersion(Base):
    """One version of a questionnaire, as its author wrote it. Never changed: a change is a new version.

    Only its translations, at the end of the source, may be put right."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("slug", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    source_sha256: Mapped[str] = mapped_column(String(64))
    """Of the whole source with its translations: a process that has read it need not fetch it again to know it."""
    loaded_on: Mapped[date]

    @validates("source")
    def _sum_up(self, _name: str, source: str) -> str:
        self.source_sha256 = digest_of(source)
        return source


class QuestionnaireDraft(Base):
    """A questionnaire file in the making. It becomes a version when it is kept, and may have faults until then."""

    __tablename__ = "questionnaire_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    """Rises with every change, so that nobody writes over what another wrote meanwhile."""
    based_on: Mapped[int | None] = mapped_column(ForeignKey("questionnaire_version.id"))
    """The version it was copied from, which it is compared with."""
    notes: Mapped[str] = mapped_column(Text, default="")
    """What did not come along from another program, a line each."""
    changed_on: Mapped[date]
    changed_by: Mapped[str] = mapped_column(String(255))
