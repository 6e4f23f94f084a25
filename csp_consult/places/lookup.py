"""What lies where: areas on a date, and the lookups from one geography to another.

Every lookup says by which method it places one area in another, because the method moves the figures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from csp_consult.places.models import Area, AreaLink

LSOA_KINDS = ("lsoa11", "lsoa21")


class PlaceError(ValueError):
    """A place is not known, or figures cannot be had for it; the message says so in plain words."""


@dataclass(frozen=True)
class PlacedIn:
    """An area, and how it was found."""

    area: Area
    method: str


@dataclass(frozen=True)
class Lsoas:
    """The LSOAs that make up an area, of both census vintages."""

    codes: frozenset[str]
    method: str
    """How LSOAs are placed in the area, as a figure has to name it."""
    whole: frozenset[str] = frozenset()
    """LSOAs of 2011 of which the area is a part only: what is recorded under them cannot be placed in it."""


def areas(session: Session, kind: str, on: date) -> list[Area]:
    """The areas of a kind that exist on a date, by name. An area without dates exists always."""
    found = session.scalars(select(Area).where(Area.kind == kind, _valid(on)).order_by(Area.name, Area.code))
    return list(found)


def area(session: Session, code: str) -> Area:
    """The area with a code. Raises PlaceError when none has it."""
    found = session.get(Area, code)
    if found is None:
        raise PlaceError(f"No area has the code {code!r}; see csp-consult place list.")
    return found


def within(session: Session, code: str, kind: str, on: date) -> list[Area]:
    """The areas of a kind that lie in an area and exist on a date, by name."""
    query = select(Area).join(AreaLink, AreaLink.inner_code == Area.code)
    query = query.where(AreaLink.outer_code == code, Area.kind == kind, _valid(on))
    return list(session.scalars(query.order_by(Area.name, Area.code)))


def around(session: Session, code: str, kind: str, on: date) -> list[PlacedIn]:
    """The areas of a kind in which an area lies on a date, by name, each with the method. A parish may lie in two."""
    query = select(Area, AreaLink.method).join(AreaLink, AreaLink.outer_code == Area.code)
    query = query.where(AreaLink.inner_code == code, Area.kind == kind, _valid(on))
    rows = session.execute(query.order_by(Area.name, Area.code))
    return [PlacedIn(area=found, method=method) for found, method in rows]


def wards_of_parish(session: Session, parish: str, on: date) -> list[Area]:
    """The wards over which a parish extends on a date."""
    return [placed.area for placed in around(session, parish, "ward", on)]


def parishes_of_ward(session: Session, ward: str, on: date) -> list[Area]:
    """The parishes wholly or partly in a ward; none where the ward has no parish."""
    return within(session, ward, "parish", on)


def wards_without_parish(session: Session, on: date) -> list[Area]:
    """The wards on a date in which no parish lies, by name: unparished places."""
    inner = aliased(Area)
    parishes = select(AreaLink.outer_code).join(inner, inner.code == AreaLink.inner_code).where(inner.kind == "parish")
    query = select(Area).where(Area.kind == "ward", _valid(on), Area.code.not_in(parishes))
    return list(session.scalars(query.order_by(Area.name, Area.code)))


def beat_of_ward(session: Session, ward: str, on: date) -> PlacedIn | None:
    """The police neighbourhood a ward is put in; None when the table does not say."""
    return next(iter(around(session, ward, "beat", on)), None)


def lsoas_of(session: Session, code: str) -> Lsoas:
    """The LSOAs whose figures add up to an area, old and new codes alike.

    Raises PlaceError for an unknown area and for one that LSOAs cannot be placed in.
    """
    place = area(session, code)
    if place.kind in LSOA_KINDS:
        return _one_lsoa(session, place)
    if place.kind == "parish":
        raise PlaceError(
            f"Figures by LSOA cannot be placed in the parish {place.name}: parish boundaries do not follow LSOAs."
        )
    found, how = _lsoas_in(session, [code])
    method = "all LSOAs of the district" if place.kind == "district" else f"LSOA to {place.kind} by {how}"
    if place.kind == "beat":
        links = session.execute(select(AreaLink.inner_code, AreaLink.method).where(AreaLink.outer_code == code)).all()
        found, how = _lsoas_in(session, [link.inner_code for link in links])
        method = f"LSOA to ward by {how}; ward to beat {_either(link.method for link in links)}"
    if not found:
        raise PlaceError(f"No LSOA is known to lie in {place.name} ({code}), so nothing can be counted there.")
    return Lsoas(frozenset(found), method)


def _one_lsoa(session: Session, place: Area) -> Lsoas:
    """An LSOA with its parts of 2021; for such a part, the LSOA of 2011 it was cut from is kept apart."""
    parts = session.scalars(
        select(AreaLink.inner_code)
        .join(Area, Area.code == AreaLink.inner_code)
        .where(AreaLink.outer_code == place.code, Area.kind == "lsoa21")
    )
    whole = session.scalars(
        select(AreaLink.outer_code)
        .join(Area, Area.code == AreaLink.outer_code)
        .where(AreaLink.inner_code == place.code, Area.kind == "lsoa11")
    )
    return Lsoas(frozenset({place.code, *parts}), "the LSOA itself", frozenset(whole))


def _lsoas_in(session: Session, codes: Sequence[str]) -> tuple[set[str], str]:
    """The LSOAs in any of the areas, and by which method they are placed there."""
    query = select(AreaLink.inner_code, AreaLink.method).join(Area, Area.code == AreaLink.inner_code)
    links = session.execute(query.where(AreaLink.outer_code.in_(codes), Area.kind.in_(LSOA_KINDS))).all()
    return {link.inner_code for link in links}, _either(link.method for link in links)


def _either(methods: Iterable[str]) -> str:
    return " or ".join(sorted(set(methods)))


def _valid(on: date) -> ColumnElement[bool]:
    started = or_(Area.valid_from.is_(None), Area.valid_from <= on)
    return started & or_(Area.valid_to.is_(None), Area.valid_to > on)
