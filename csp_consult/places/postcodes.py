"""From a postcode to the areas it lies in. The postcode itself is never kept with an answer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.places.layouts import POSTCODE
from csp_consult.places.lookup import LSOA_KINDS, PlacedIn, PlaceError, area, around, beat_of_ward, parishes_of_ward
from csp_consult.places.models import Area, Postcode


@dataclass(frozen=True)
class PostcodePlace:
    """One ward a postcode lies in; a postcode across a boundary has several."""

    ward: Area
    beat: PlacedIn | None
    parish: Area | None
    """The parish, where the list of postcodes tells it."""
    parishes: tuple[Area, ...]
    """The parishes of the ward, for the person to choose from; parts of a ward may lie in none."""
    lsoa: Area | None
    source: str


def normalised(postcode: str) -> str:
    """A postcode in capitals without spaces. Raises PlaceError when it is none."""
    text = "".join(postcode.split()).upper()
    if not POSTCODE.fullmatch(text):
        raise PlaceError("Enter a full postcode, like LE16 7AB.")
    return text


def lookup(session: Session, postcode: str, on: date) -> list[PostcodePlace]:
    """The wards of a postcode with beat and possible parishes; empty when the postcode is not on the list.

    Raises PlaceError when it is no postcode.
    """
    query = select(Postcode).where(Postcode.postcode == normalised(postcode), Postcode.ward_code.is_not(None))
    return [_place(session, row, on) for row in session.scalars(query.order_by(Postcode.ward_code, Postcode.id))]


def _place(session: Session, row: Postcode, on: date) -> PostcodePlace:
    ward = area(session, row.ward_code or "")
    return PostcodePlace(
        ward=ward,
        beat=beat_of_ward(session, ward.code, on),
        parish=session.get(Area, row.parish_code) if row.parish_code else None,
        parishes=tuple(parishes_of_ward(session, ward.code, on)),
        lsoa=session.get(Area, row.lsoa_code) if row.lsoa_code else None,
        source=row.source,
    )


def are_loaded(session: Session) -> bool:
    """Whether there is a list of postcodes."""
    return session.scalar(select(Postcode.id).limit(1)) is not None


@dataclass(frozen=True)
class PostcodeAreas:
    """The areas of one kind that a postcode lies in, by name."""

    areas: tuple[Area, ...]
    partly_in_none: bool = False
    """Whether it also reaches into a place that has no area of the kind, such as one without a parish."""


def areas_of(session: Session, postcode: str, kind: str, on: date) -> PostcodeAreas | None:
    """The areas of a kind that a postcode lies in; None when it lies in no ward on the list.

    Several where it straddles a boundary, or where its parish is not told and its ward has several; none where its
    ward has no parish. Raises PlaceError when it is no postcode.
    """
    rows = session.execute(
        select(Area, Postcode)
        .join(Postcode, Postcode.ward_code == Area.code)
        .where(Postcode.postcode == normalised(postcode))
    ).all()
    if not rows:
        return None
    by_row = [_areas_of_row(session, ward, row, kind, on) for ward, row in rows]
    found = {one.code: one for areas in by_row for one in areas}
    partly = bool(found) and not all(by_row)
    return PostcodeAreas(tuple(sorted(found.values(), key=lambda one: one.name)), partly)


def _areas_of_row(session: Session, ward: Area, row: Postcode, kind: str, on: date) -> list[Area]:
    if kind == "ward":
        return [ward]
    if kind == "parish":
        return [area(session, row.parish_code)] if row.parish_code else parishes_of_ward(session, ward.code, on)
    if kind in LSOA_KINDS:
        lsoa = area(session, row.lsoa_code) if row.lsoa_code else None
        return [lsoa] if lsoa is not None and lsoa.kind == kind else []
    return [placed.area for placed in around(session, ward.code, kind, on)]
