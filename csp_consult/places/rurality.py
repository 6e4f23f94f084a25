"""Which wards are rural: by the official class of the LSOAs that most of their people live in."""

from typing import Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.places.bands import BOTH_SEXES, EVERYONE
from csp_consult.places.models import Area, AreaLink, AreaStatistic, Population

MEASURE: Final = "rural-urban class"
"""Measure of an ``AreaStatistic`` whose category is the class in words; its value is 1 and says nothing."""
Rurality = Literal["rural", "urban"]


def ward_rurality(session: Session) -> dict[str, Rurality]:
    """Ward code to whether more of its people live in rural LSOAs than in urban ones.

    Where the people of its LSOAs are not all known, each LSOA counts alike. A ward without an LSOA of known class is
    left out; one that lies half and half is rural.
    """
    people = (
        select(Population.area_code, func.max(Population.persons).label("persons"))
        .where(Population.sex == BOTH_SEXES, Population.age_band == EVERYONE)
        .group_by(Population.area_code)
        .subquery()
    )
    rows = session.execute(
        select(AreaLink.outer_code, AreaStatistic.category, people.c.persons)
        .join(AreaStatistic, AreaStatistic.area_code == AreaLink.inner_code)
        .join(Area, Area.code == AreaLink.outer_code)
        .outerjoin(people, people.c.area_code == AreaLink.inner_code)
        .where(AreaStatistic.measure == MEASURE, Area.kind == "ward")
    ).all()
    found: dict[str, Rurality] = {}
    for ward in {row.outer_code for row in rows}:
        inside = [row for row in rows if row.outer_code == ward]
        counted = all(row.persons is not None for row in inside)
        weights = [(row.persons if counted else 1, "rural" in row.category.casefold()) for row in inside]
        rural = sum(weight for weight, is_rural in weights if is_rural)
        found[ward] = "rural" if 2 * rural >= sum(weight for weight, _ in weights) else "urban"
    return found
