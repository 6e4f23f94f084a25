"""The casualty and vehicle files of STATS19: one row a person hurt, or a vehicle that took part.

They say neither where nor when: that stands in the collision file of the same year, by the collision's index. Codes
are those of the department's data guide (2024), with those in use before 1999 and 2005.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from csp_consult.places.csv_lines import FileError, RowError, columns
from csp_consult.recorded.incidents import Incident
from csp_consult.recorded.stats19 import INDEX, RECORDED_BY

CASUALTIES, VEHICLES = "stats19_casualties", "stats19_vehicles"
CASUALTY_TYPE, CASUALTY_SEVERITY, VEHICLE_TYPE = "casualty_type", "casualty_severity", "vehicle_type"
SEVERITIES: Mapping[str, str] = {
    "1": "fatal",
    "2": "serious",
    "3": "slight",
    "fatal": "fatal",
    "serious": "serious",
    "slight": "slight",
}


class RoadUser(NamedTuple):
    """A kind of road user: what its casualties and its vehicles are called."""

    casualty: str
    vehicle: str


PEDESTRIAN = RoadUser("Pedestrian", "")
OTHER = RoadUser("Other or unknown road user", "Other or unknown vehicle")
ROAD_USERS: Mapping[RoadUser, tuple[int, ...]] = {
    PEDESTRIAN: (0,),
    RoadUser("Pedal cyclist", "Pedal cycle"): (1,),
    RoadUser("Motorcyclist", "Motorcycle"): (2, 3, 4, 5, 23, 97, 103, 104, 105, 106),
    RoadUser("Car occupant", "Car"): (8, 9, 108, 109),
    RoadUser("Bus or minibus occupant", "Bus or minibus"): (10, 11, 110),
    RoadUser("Horse rider", "Ridden horse"): (16,),
    RoadUser("Goods vehicle occupant", "Goods vehicle"): (19, 20, 21, 98, 113),
    # Farm vehicles, trams, mobility scooters, others, and where the type is missing.
    OTHER: (17, 18, 22, 90, 99, -1),
}
"""Kinds of road user to their codes, which casualty and vehicle types share (0 is no vehicle)."""
_BY_CODE: Mapping[str, RoadUser] = {str(code): user for user, codes in ROAD_USERS.items() for code in codes}

CASUALTY_CATEGORIES = frozenset(
    f"{user.casualty} casualty, {severity}" for user in ROAD_USERS for severity in set(SEVERITIES.values())
)
VEHICLE_CATEGORIES = frozenset(f"{user.vehicle} in a collision" for user in ROAD_USERS if user.vehicle)

Located = Callable[[str], Incident]
"""The collision with an index: its month and place. Raises RowError where its year was not given."""


def source_of(header: Sequence[str]) -> str | None:
    """Which of the two files these columns are of; None for neither."""
    names = {name.strip().lower() for name in header}
    if CASUALTY_TYPE in names or CASUALTY_SEVERITY in names:
        return CASUALTIES
    return VEHICLES if VEHICLE_TYPE in names else None


def reader(header: tuple[str, ...], located: Located) -> Callable[[Sequence[str]], Incident]:
    """How to read a row under this header. Raises FileError when a column that is needed is missing.

    The reader raises RowError for a row that cannot be used.
    """
    at = columns(header)
    index = next((at[name] for name in INDEX if name in at), None)
    if index is None:
        raise FileError(f"The file lacks the column {' or '.join(INDEX)}, by which collisions are found.")
    category = _casualty(at) if source_of(header) == CASUALTIES else _vehicle(at)

    def read(values: Sequence[str]) -> Incident:
        return located(values[index])._replace(category=category(values), recorded_by=RECORDED_BY)

    return read


def _casualty(at: Mapping[str, int]) -> Callable[[Sequence[str]], str]:
    missing = [name for name in (CASUALTY_TYPE, CASUALTY_SEVERITY) if name not in at]
    if missing:
        raise FileError(f"The file lacks the column {missing[0]}, which a STATS19 casualty file has.")
    kind, how_bad = at[CASUALTY_TYPE], at[CASUALTY_SEVERITY]

    def read(values: Sequence[str]) -> str:
        severity = SEVERITIES.get(values[how_bad].lower())
        if severity is None:
            raise RowError("the severity is none of fatal, serious and slight", values[how_bad])
        return f"{_user(values[kind]).casualty} casualty, {severity}"

    return read


def _vehicle(at: Mapping[str, int]) -> Callable[[Sequence[str]], str]:
    kind = at[VEHICLE_TYPE]

    def read(values: Sequence[str]) -> str:
        user = _user(values[kind])
        if user is PEDESTRIAN:
            raise RowError("the type is none of the data guide", values[kind])
        return f"{user.vehicle} in a collision"

    return read


def _user(code: str) -> RoadUser:
    user = _BY_CODE.get(code)
    if user is None:
        raise RowError("the type is none of the data guide", code)
    return user
