"""What was computed, from what, so that it can be computed again."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base, Document


class WeightingRun(Base):
    """One weighting of a wave: its targets with source and date, its choices, and what came out."""

    __tablename__ = "weighting_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    run_on: Mapped[date]
    tally_version: Mapped[int]
    targets: Mapped[list[Any]] = mapped_column(Document)
    """Each target: variables, categories with populations, source, date."""
    options: Mapped[dict[str, Any]] = mapped_column(Document)
    """Cap and least respondents of a category."""
    result: Mapped[dict[str, Any]] = mapped_column(Document)
    """Factor by cell, merges, trimmed count, design effect, effective base, convergence."""


class Release(Base):
    """Tables of a closed wave made fit for publication: what is shown, and what was hidden and why."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    released_on: Mapped[date]
    tables: Mapped[list[Any]] = mapped_column(Document)
    """Each table as ``findings.releases`` stores it: its two questions, and its figures with counts or reasons."""
