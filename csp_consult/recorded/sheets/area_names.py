"""Areas by the names and codes people give them in sheets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import RowError
from csp_consult.places.models import Area

KINDS = ("beat", "ward", "parish", "district", "lsoa21", "lsoa11")
"""Of which kind a name is taken to be when several have it: the first of these that the sheet speaks of most."""
_WORDS = re.compile(r"\b(?:ward|beat|npa|parish|civil parish|cp|district|neighbourhood|area)\b")


@dataclass(frozen=True)
class NamedArea:
    """An area as far as its name goes."""

    code: str
    kind: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None

    def exists(self, on: date) -> bool:
        """Whether the area exists on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


class AreaNames:
    """Finds areas by code or name; capitals, ``&`` and words such as *ward* do not matter."""

    def __init__(self, areas: Iterable[NamedArea]) -> None:
        self._by_code = {area.code.casefold(): area for area in areas}
        self._by_name: dict[str, list[NamedArea]] = {}
        for area in self._by_code.values():
            for key in {_plain(area.name), _bare(area.name)}:
                self._by_name.setdefault(key, []).append(area)

    def candidates(self, text: str) -> list[NamedArea]:
        """Every area the text may mean, whatever its dates."""
        by_code = self._by_code.get(text.strip().casefold())
        if by_code:
            return [by_code]
        return self._by_name.get(_plain(text)) or self._by_name.get(_bare(text)) or []

    def code(self, text: str, kind: str, on: date) -> str:
        """The code of the area of that name on a day, of ``kind`` where several kinds have it.

        Raises RowError where there is none, or where it cannot be told which.
        """
        found = self.candidates(text)
        if not found:
            raise RowError("the area is not known here", text)
        existing = [area for area in found if area.exists(on)]
        if not existing:
            raise RowError("the area did not exist in that month or quarter", text)
        wanted = [area for area in existing if area.kind == kind] or existing
        if len(wanted) > 1:
            raise RowError("more than one area has that name", text)
        return wanted[0].code

    def kind_of(self, texts: Iterable[str]) -> str:
        """The kind of area most of the texts name; of equals the first of ``KINDS``."""
        named = [{area.kind for area in self.candidates(text)} for text in texts]
        return max(KINDS, key=lambda kind: (sum(kind in kinds for kinds in named), -KINDS.index(kind)))


def area_names(session: Session, *, kinds: Iterable[str] = KINDS) -> AreaNames:
    """Every area figures may be given for."""
    rows = session.scalars(select(Area).where(Area.kind.in_(list(kinds))))
    return AreaNames(NamedArea(row.code, row.kind, row.name, row.valid_from, row.valid_to) for row in rows)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w ]", " ", text.casefold().replace("&", " and ")).split())


def _bare(text: str) -> str:
    return " ".join(_WORDS.sub(" ", _plain(text)).split())
