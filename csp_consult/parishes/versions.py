"""The numbered versions of a council's response: which there are, and which one counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.bodies import asked_on
from csp_consult.parishes.models import ParishResponse
from csp_consult.places.models import Area, Electorate


@dataclass(frozen=True)
class Spoken:
    """One parish that a response speaks for, with its electors."""

    parish_code: str
    electorate: Electorate | None
    """None where it is not known; parishes then weigh equally."""


@dataclass(frozen=True)
class CurrentResponse:
    """What a council says now, and for whom it speaks."""

    parish_code: str
    parish_name: str
    version: int
    answers: Mapping[str, Any]
    submitted_on: date
    synthetic: bool
    speaks_for: tuple[Spoken, ...]
    """Its parish, and those grouped with it under one council."""

    @property
    def electors(self) -> int | None:
        """Electors of all its parishes; None unless every one is known."""
        known = [one.electorate.electors for one in self.speaks_for if one.electorate]
        return sum(known) if known and len(known) == len(self.speaks_for) else None

    @property
    def electorates(self) -> tuple[Electorate, ...]:
        """The electorates that are known."""
        return tuple(one.electorate for one in self.speaks_for if one.electorate)

    def within(self, parish_codes: Collection[str]) -> "CurrentResponse":
        """The same for some parishes only: a council of several may lie partly in a ward."""
        return replace(self, speaks_for=tuple(one for one in self.speaks_for if one.parish_code in parish_codes))


def versions(session: Session, wave: Wave, parish_code: str) -> Sequence[ParishResponse]:
    """Every version of a council's response, the newest first."""
    query = (
        select(ParishResponse)
        .where(ParishResponse.wave_id == wave.id, ParishResponse.parish_code == parish_code)
        .order_by(ParishResponse.version.desc())
    )
    return session.scalars(query).all()


def current_version(session: Session, wave: Wave, parish_code: str) -> ParishResponse | None:
    """The newest version that a council has sent, an officer draft included."""
    return next(iter(versions(session, wave, parish_code)), None)


def minuted(response: ParishResponse) -> bool:
    """Whether a version is the council's own act; without a minute it is an officer draft."""
    return response.mandate is not None


def officer_drafts(session: Session, wave: Wave) -> list[tuple[str, ParishResponse]]:
    """The parishes whose newest version has no minute yet, by name, each with that version."""
    return [(name, response) for response, name in _newest(session, wave) if not minuted(response)]


def current_responses(session: Session, wave: Wave) -> list[CurrentResponse]:
    """What every council that has answered says, by parish code: its newest version with a minute.

    The electorate is the newest one known at the wave's close, else the oldest known after it.
    """
    electorates = _electorates(session, wave.closes_on)
    asked = asked_on(session, wave.closes_on)
    return [
        CurrentResponse(
            parish_code=response.parish_code,
            parish_name=name,
            version=response.version,
            answers=response.answers,
            submitted_on=response.submitted_on,
            synthetic=response.synthetic,
            speaks_for=tuple(
                Spoken(parish.code, electorates.get(parish.code)) for parish in asked.spoken_for(response.parish_code)
            ),
        )
        for response, name in _newest(session, wave, ParishResponse.mandate.is_not(None))
    ]


def _newest(session: Session, wave: Wave, *conditions: ColumnElement[bool]) -> list[tuple[ParishResponse, str]]:
    """The newest version of each council under some conditions, by parish code, with the parish's name."""
    newest = (
        select(ParishResponse.parish_code, func.max(ParishResponse.version).label("version"))
        .where(ParishResponse.wave_id == wave.id, *conditions)
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
    return [(response, name) for response, name in session.execute(query)]


def _electorates(session: Session, day: date) -> dict[str, Electorate]:
    chosen: dict[str, Electorate] = {}
    for electorate in session.scalars(select(Electorate).order_by(Electorate.as_at)):
        if electorate.area_code not in chosen or electorate.as_at <= day:
            chosen[electorate.area_code] = electorate
    return chosen
