"""Areas with dates of validity, what lies in what, and how many people live there."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from csp_consult.db import Base, Document

AREA_KINDS = ("district", "ward", "parish", "beat", "lsoa11", "lsoa21", "msoa21", "oa11", "csp", "pfa")
"""The last four give a shape or a name to what others publish; nobody answers or is counted by them here."""


class Area(Base):
    """A place with a code. A boundary change makes a new code, never a changed one."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint(f"kind IN {AREA_KINDS}", name="kind"),
        CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
    )

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), index=True)
    name: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(String(300))


class FormerName(Base):
    """What an area was called before it got the name it has: renamed, a parish keeps its code."""

    __tablename__ = "former_name"

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)
    """The first day on which it no longer had the name."""
    name: Mapped[str] = mapped_column(String(120))


class AreaLink(Base):
    """One area lies, wholly or by best fit, in another. A parish may lie in two wards."""

    __tablename__ = "area_link"

    inner_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    outer_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True, index=True)
    method: Mapped[str] = mapped_column(String(40))
    """``official``, ``best fit``, ``point in polygon`` or ``approximate, ours``; named on figures that rest on it."""
    source: Mapped[str] = mapped_column(String(300))


class Population(Base):
    """People of an area by sex and age band at a date. ``all`` stands for every sex or every age from 16."""

    __tablename__ = "population"

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    sex: Mapped[str] = mapped_column(String(10), primary_key=True)
    age_band: Mapped[str] = mapped_column(String(10), primary_key=True)
    as_at: Mapped[date] = mapped_column(primary_key=True)
    persons: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))


class Electorate(Base):
    """Electors of a parish; absent, parishes weigh equally and the page says so."""

    __tablename__ = "electorate"

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    as_at: Mapped[date] = mapped_column(primary_key=True)
    electors: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))
    synthetic: Mapped[bool] = mapped_column(default=False)


class AreaStatistic(Base):
    """A figure others publish about an area as context: a Census count of people or homes, a rank of deprivation."""

    __tablename__ = "area_statistic"

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(60), primary_key=True)
    category: Mapped[str] = mapped_column(String(120), primary_key=True)
    as_at: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[int]
    base: Mapped[int | None]
    """The people or homes of which the value is a part, as the same table prints them; None for a rank or total."""
    source: Mapped[str] = mapped_column(String(300))


class Boundary(Base):
    """The shape of an area as one set of boundaries draws it. A later set stands beside it, not in its place."""

    __tablename__ = "boundary"

    area_code: Mapped[str] = mapped_column(ForeignKey("area.code"), primary_key=True)
    vintage: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The year of the set of boundaries."""
    geometry: Mapped[dict[str, Any]] = mapped_column(Document)
    """A GeoJSON Polygon or MultiPolygon; longitude and latitude in WGS84."""
    source: Mapped[str] = mapped_column(String(300))


class Postcode(Base):
    """Which areas a postcode lies in. A row per (postcode, ward, parish): a postcode may straddle."""

    __tablename__ = "postcode"
    __table_args__ = (Index("ix_postcode_postcode", "postcode"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    postcode: Mapped[str] = mapped_column(String(7))
    """Capitals without a space, as in ``LE167AB``."""
    ward_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    parish_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    lsoa_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    source: Mapped[str] = mapped_column(String(300))
