"""The shapes of areas, as the latest boundaries that were taken in draw them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.places.models import Boundary


def shapes(session: Session, codes: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """GeoJSON geometries in longitude and latitude by area; an area of which no boundary is held is left out."""
    rows = session.scalars(select(Boundary).where(Boundary.area_code.in_(codes)).order_by(Boundary.vintage))
    return {row.area_code: row.geometry for row in rows}
