"""How a demo database is told from a real one."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base


class DemoBuild(Base):
    """One row in a database that the demo command built, and may therefore throw away and build again."""

    __tablename__ = "demo_build"

    id: Mapped[int] = mapped_column(primary_key=True)
    built_on: Mapped[date]
