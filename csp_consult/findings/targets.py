"""The population margins that weights must reproduce: the district's own, or those of a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from csp_consult.analysis.merging import WeightingError
from csp_consult.analysis.target_file import read_targets
from csp_consult.analysis.weights import Target
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.places.lookup import PlaceError
from csp_consult.places.models import Area, AreaLink
from csp_consult.places.populations import raking_targets

VARIABLES = ("age", "sex", "area")
"""What a weighting cell is made of, in its order."""


@dataclass(frozen=True)
class PopulationTarget:
    """A target with where it comes from. Hashable, so that results can be kept by it."""

    variables: tuple[str, ...]
    populations: tuple[tuple[tuple[str, ...], float], ...]
    """(category, people) by category."""
    source: str
    as_at: date | None

    @property
    def name(self) -> str:
        """The variables as one name: ``age x sex``."""
        return " x ".join(self.variables)

    def target(self) -> Target:
        """The target as the statistics take it."""
        return Target(self.variables, dict(self.populations))

    def document(self) -> dict[str, Any]:
        """As it is stored with a weighting run."""
        return {
            "variables": list(self.variables),
            "populations": [[list(category), people] for category, people in self.populations],
            "source": self.source,
            "as_at": self.as_at.isoformat() if self.as_at else None,
        }

    @classmethod
    def from_document(cls, stored: Mapping[str, Any]) -> "PopulationTarget":
        """The target that ``document`` stored."""
        return cls(
            variables=tuple(stored["variables"]),
            populations=tuple((tuple(category), people) for category, people in stored["populations"]),
            source=stored["source"],
            as_at=date.fromisoformat(stored["as_at"]) if stored["as_at"] else None,
        )


def district_of(session: Session, on: date) -> Area:
    """The district whose residents are asked: the one that wards are known of.

    Raises NotYetError when no district with wards is known.
    """
    ward = aliased(Area)
    has_wards = exists().where(AreaLink.outer_code == Area.code, AreaLink.inner_code == ward.code, ward.kind == "ward")
    found = session.scalars(select(Area).where(Area.kind == "district", has_wards).order_by(Area.code)).all()
    current = [area for area in found if area.valid_to is None or area.valid_to > on]
    if not current:
        raise NotYetError("No district with its wards is known yet; import places first (csp-consult place import).")
    return current[0]


def default_targets(session: Session, on: date, asked: tuple[str, ...] = VARIABLES) -> tuple[PopulationTarget, ...]:
    """The margins of a hosted wave: age by sex jointly, and ward, over the variables that were asked.

    Raises NotYetError when the populations are not there.
    """
    try:
        known = raking_targets(session, district_of(session, on).code, on)
    except PlaceError as error:
        raise NotYetError(str(error)) from error
    joint: dict[tuple[str, ...], float] = {(age, sex): float(people) for (age, sex), people in known.age_sex.items()}
    targets = [
        _over(joint, ("age", "sex"), asked, known.age_sex_source, known.as_at),
        _over(
            {(ward,): float(n) for ward, n in known.areas.items()}, ("area",), asked, known.areas_source, known.as_at
        ),
    ]
    return tuple(target for target in targets if target.variables)


def targets_of_file(source: str, file_name: str) -> tuple[PopulationTarget, ...]:
    """Targets from the text of a YAML file, whose ``source`` and ``as_at`` may say where they come from.

    Raises FindingError, naming what to mend.
    """
    try:
        read = read_targets(source)
    except WeightingError as error:
        raise FindingError(f"{file_name}: {error}") from error
    for variable in (variable for target in read.targets for variable in target.variables):
        if variable not in VARIABLES:
            raise FindingError(f"{file_name} weights by {variable!r}; a wave is weighted by {', '.join(VARIABLES)}.")
    origin = read.source or file_name
    return tuple(
        PopulationTarget(target.variables, tuple(target.populations.items()), origin, read.as_at)
        for target in read.targets
    )


def _over(
    populations: Mapping[tuple[str, ...], float],
    variables: tuple[str, ...],
    asked: tuple[str, ...],
    source: str,
    as_at: date,
) -> PopulationTarget:
    """The margin over those of its variables that were asked."""
    kept = [position for position, variable in enumerate(variables) if variable in asked]
    sums: dict[tuple[str, ...], float] = {}
    for category, people in populations.items():
        values = tuple(category[position] for position in kept)
        sums[values] = sums.get(values, 0.0) + people
    return PopulationTarget(tuple(variables[position] for position in kept), tuple(sums.items()), source, as_at)
