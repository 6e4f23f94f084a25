"""The numbered versions of a council's response: which there are, and which one counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.models import ParishResponse
from csp_consult.places.models import Area, Electorate


@dataclass(frozen=True)
class CurrentResponse:
    """What a council says now, and for how many electors it speaks."""

    parish_code: str
    parish_name: str
    version: int
    answers: Mapping[str, Any]
    submitted_on: date
    synthetic: bool
    electors: int | None
    """None where no electorate is known; parishes then weigh equally."""
    electorate_synthetic: bool
    electorate_as_at: date | None
    electorate_source: str | None


def versions(session: Session, wave: Wave, parish_code: str) -> Sequence[ParishResponse]:
    """Every version of a council's response, the newest first."""
    query = (
        select(ParishResponse)
        .where(ParishResponse.wave_id == wave.id, ParishResponse.parish_code == parish_code)
        .order_by(ParishResponse.version.desc())
    )
    return session.scalars(query).all()


def current_version(session: Session, wave: Wave, parish_code: str) -> ParishResponse | None:
    """The version of a council's response that counts, if it has submitted one."""
    return next(iter(versions(session, wave, parish_code)), None)


def current_responses(session: Session, wave: Wave) -> list[CurrentResponse]:
    """The current version of every council that has answered, by parish code.

    The electorate is the newest one known at the wave's close, else the oldest known after it.
    """
    newest = (
        select(ParishResponse.parish_code, func.max(ParishResponse.version).label("version"))
        .where(ParishResponse.wave_id == wave.id)
        .group_by(ParishResponse.parish_code)
        .subquery()
    )
    query = (
        select(ParishResponse, Area.name)
        .join(
            newest, (newest.c.parish_code == ParishResponse.parish_code) & (newest.c.version == ParishResponse.version)
        )
        .join(Area, Area.code == ParishResponse.parish_code)
        .where(ParishResponse.wave_id == wave.id)
        .order_by(ParishResponse.parish_code)
    )
    electorates = _electorates(session, wave.closes_on)
    found = []
    for response, name in session.execute(query):
        electorate = electorates.get(response.parish_code)
        found.append(
            CurrentResponse(
                parish_code=response.parish_code,
                parish_name=name,
                version=response.version,
                answers=response.answers,
                submitted_on=response.submitted_on,
                synthetic=response.synthetic,
                electors=electorate.electors if electorate else None,
                electorate_synthetic=electorate.synthetic if electorate else False,
                electorate_as_at=electorate.as_at if electorate else None,
                electorate_source=electorate.source if electorate else None,
            )
        )
    return found


def _electorates(session: Session, day: date) -> dict[str, Electorate]:
    chosen: dict[str, Electorate] = {}
    for electorate in session.scalars(select(Electorate).order_by(Electorate.as_at)):
        if electorate.area_code not in chosen or electorate.as_at <= day:
            chosen[electorate.area_code] = electorate
    return chosen
