"""How many people live where, and how many electors: each figure with its source and date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.places.bands import ADULT_BANDS, ADULTS, BOTH_SEXES, SEXES
from csp_consult.places.lookup import PlaceError
from csp_consult.places.models import Area, AreaLink, Electorate, Population


@dataclass(frozen=True)
class Persons:
    """A number of people with its source and date."""

    persons: int
    as_at: date
    source: str


@dataclass(frozen=True)
class RakingTargets:
    """Margins of the adult population (16 and over) that weights must reproduce."""

    age_sex: Mapping[tuple[str, str], int]
    """(age band, sex) to persons of the district."""
    areas: Mapping[str, int]
    """Ward code to persons. Sums to the same total."""
    as_at: date
    age_sex_source: str
    areas_source: str

    @property
    def adults(self) -> int:
        """All adults of the district."""
        return sum(self.age_sex.values())


def persons(session: Session, code: str, on: date, *, age_band: str = ADULTS) -> Persons:
    """People of an area (both sexes), by default adults: the latest figure not after a date, else the earliest.

    Raises PlaceError when none is known.
    """
    query = select(Population).where(
        Population.area_code == code, Population.sex == BOTH_SEXES, Population.age_band == age_band
    )
    found = session.scalars(query.order_by(Population.as_at)).all()
    if not found:
        raise PlaceError(f"No population of {code} is known for the age band {age_band}; import one.")
    figure = next((row for row in reversed(found) if row.as_at <= on), found[0])
    return Persons(figure.persons, figure.as_at, figure.source)


def raking_targets(session: Session, district: str, on: date) -> RakingTargets:
    """The default margins of a wave: age by sex jointly, and ward, at the latest common date not after ``on``.

    Raises PlaceError when the populations are not there.
    """
    dates = session.scalars(
        select(Population.as_at)
        .where(Population.area_code == district, Population.sex.in_(SEXES), Population.age_band.in_(ADULT_BANDS))
        .group_by(Population.as_at)
        .having(func.count() == len(SEXES) * len(ADULT_BANDS))
        .order_by(Population.as_at)
    ).all()
    for as_at in sorted(dates, key=lambda day: (day > on, abs((day - on).days))):
        wards = _ward_adults(session, district, as_at)
        if wards:
            return _targets(_joint(session, district, as_at), wards)
    raise PlaceError(f"No population of {district} by age and sex and by ward at one date is known; import both.")


def _ward_adults(session: Session, district: str, as_at: date) -> Sequence[Population]:
    query = (
        select(Population)
        .join(Area, Area.code == Population.area_code)
        .join(AreaLink, AreaLink.inner_code == Population.area_code)
        .where(Area.kind == "ward", AreaLink.outer_code == district, Population.as_at == as_at)
        .where(Population.sex == BOTH_SEXES, Population.age_band == ADULTS)
    )
    return session.scalars(query.order_by(Population.area_code)).all()


def _joint(session: Session, district: str, as_at: date) -> Sequence[Population]:
    query = select(Population).where(Population.area_code == district, Population.as_at == as_at)
    query = query.where(Population.sex.in_(SEXES), Population.age_band.in_(ADULT_BANDS))
    return session.scalars(query.order_by(Population.age_band, Population.sex)).all()


def _targets(joint: Sequence[Population], wards: Sequence[Population]) -> RakingTargets:
    return RakingTargets(
        age_sex={(row.age_band, row.sex): row.persons for row in joint},
        areas={row.area_code: row.persons for row in wards},
        as_at=joint[0].as_at,
        age_sex_source=joint[0].source,
        areas_source=wards[0].source,
    )


def electorates(session: Session, on: date) -> dict[str, Electorate]:
    """The latest electorate not after a date, by parish code. Absent parishes have none on record."""
    rows = session.scalars(select(Electorate).where(Electorate.as_at <= on).order_by(Electorate.as_at))
    return {row.area_code: row for row in rows}
