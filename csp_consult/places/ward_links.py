"""What lies in which ward where no list says: LSOAs fitted to wards by the boundaries of both."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from csp_consult.places.inside import Shapes
from csp_consult.places.lookup import LSOA_KINDS
from csp_consult.places.models import Area, AreaLink, Boundary
from csp_consult.places.shapes import shapes

METHOD: Final = "best fit by area, ours"


def link_lsoas(session: Session, district: str) -> list[AreaLink]:
    """Put every LSOA of the district in the ward that holds most of it, for wards that no LSOA is known to lie in.

    So wards from before 2019 get the lookup that nobody publishes for them, one set of boundaries at a time. Lists
    that were taken in are left alone. Gives the new links; the caller commits.
    """
    within = select(AreaLink.inner_code).where(AreaLink.outer_code == district)
    unlinked = _wards_without_lsoas(session)
    drawn = session.execute(
        select(Boundary.area_code, Boundary.vintage)
        .join(Area, Area.code == Boundary.area_code)
        .where(Area.kind == "ward", Area.code.in_(within), Area.code.in_(unlinked))
    ).all()
    lsoas = shapes(
        session, list(session.scalars(select(Area.code).where(Area.kind.in_(LSOA_KINDS), Area.code.in_(within))))
    )
    made = []
    for vintage in sorted({row.vintage for row in drawn}):
        wards = Shapes(shapes(session, [row.area_code for row in drawn if row.vintage == vintage]))
        source = f"ours, from boundaries: wards of {vintage}, most of the LSOA’s area"
        made += [
            AreaLink(inner_code=lsoa, outer_code=ward, method=METHOD, source=source)
            for lsoa, geometry in sorted(lsoas.items())
            if (ward := wards.nearest_fit(geometry)) is not None
        ]
    session.add_all(made)
    session.flush()
    return made


def _wards_without_lsoas(session: Session) -> list[str]:
    lsoa = aliased(Area)
    linked = select(AreaLink.outer_code).join(lsoa, lsoa.code == AreaLink.inner_code).where(lsoa.kind.in_(LSOA_KINDS))
    return list(session.scalars(select(Area.code).where(Area.kind == "ward", Area.code.not_in(linked))))
