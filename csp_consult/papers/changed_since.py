"""Where figures stand that have changed since they were signed off: an old figure is found before a reader finds it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from csp_consult.findings.errors import FindingError
from csp_consult.papers.contents import Paper
from csp_consult.papers.kinds import KINDS, Making
from csp_consult.papers.models import Publication
from csp_consult.papers.published import latest, paper_of
from csp_consult.papers.publishing import made
from csp_consult.reports.tables import Table


@dataclass(frozen=True)
class Difference:
    """One figure of a signed-off paper that would be another today."""

    table: str
    row: str
    column: str
    was: str
    now: str


@dataclass(frozen=True)
class Stale:
    """A paper as it was last signed off, and what of it no longer holds."""

    publication: Publication
    title: str
    differences: tuple[Difference, ...]
    cannot: str
    """Why it cannot be made again; empty where it can."""


def changed(session: Session, making: Making) -> list[Stale]:
    """Every paper last signed off of which a table would differ today, or which could not be made any more."""
    found = []
    for publication in latest(session, KINDS):
        then = paper_of(publication)
        try:
            now = made(session, publication.kind, publication.about, making)
        except FindingError as error:
            found.append(Stale(publication, then.title, (), str(error)))
            continue
        if differences := tuple(differences_of(then, now)):
            found.append(Stale(publication, then.title, differences, ""))
    return found


def differences_of(then: Paper, now: Paper) -> Iterator[Difference]:
    """The cells of the tables of a paper that read otherwise now, by the names of their rows; sentences follow them."""
    tables = {table.id: table for table in now.tables()}
    for table in then.tables():
        new = _cells(tables[table.id]) if table.id in tables else {}
        old = _cells(table)
        for (row, column), was in old.items():
            if new.get((row, column), "not there") != was:
                yield Difference(table.caption, row, column, was, new.get((row, column), "not there"))
        for (row, column), text in new.items():
            if (row, column) not in old:
                yield Difference(table.caption, row, column, "not there", text)


def _cells(table: Table) -> dict[tuple[str, str], str]:
    shown = [(place, column.heading) for place, column in enumerate(table.columns) if column.heading]
    return {(row[0].text, heading): row[place].text for row in table.rows for place, heading in shown[1:]}
