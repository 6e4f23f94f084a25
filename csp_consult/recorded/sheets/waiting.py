"""Sheets that wait for an officer to settle how they are read, and the mappings remembered for the next ones."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from csp_consult.places.csv_lines import FileError, printable
from csp_consult.recorded import imports
from csp_consult.recorded.models import RememberedMapping, WaitingSheet
from csp_consult.recorded.periods import first_day
from csp_consult.recorded.reading import District
from csp_consult.recorded.receipts import Receipt
from csp_consult.recorded.sheets.area_names import area_names
from csp_consult.recorded.sheets.grid import Grid, digest_of, open_sheets
from csp_consult.recorded.sheets.guess import fingerprint, guess
from csp_consult.recorded.sheets.mapping import SheetMapping, check, mapping_from
from csp_consult.recorded.sheets.reading import SheetReading, read_sheet, stored_category
from csp_consult.topics.record_mapping import reach_back
from csp_consult.topics.taxonomy import Mapped

KEPT_DAYS = 30
"""Days a sheet waits before the next upload throws it away."""


def put_up(session: Session, content: bytes, name: str, district: District, today: date) -> WaitingSheet:
    """Keep a sheet with the mapping remembered for its headings, else with a guess. The caller commits.

    Raises FileError when it cannot be opened.
    """
    session.execute(delete(WaitingSheet).where(WaitingSheet.uploaded_on < today - timedelta(days=KEPT_DAYS)))
    grids = open_sheets(content, name)
    first = guess(grids, area_names(session), district.name, name)
    layout = fingerprint(first, _grid(grids, first))
    known = session.get(RememberedMapping, layout)
    mapping = replace(mapping_from(known.mapping), worksheet=first.worksheet) if known else first
    sheet = WaitingSheet(
        file_name=printable(name, 200),
        content=content,
        uploaded_on=today,
        mapping=mapping.document(),
        layout=layout,
    )
    session.add(sheet)
    session.flush()
    return sheet


def guess_again(session: Session, sheet: WaitingSheet, worksheet: str, district: District) -> SheetMapping:
    """A fresh guess for another worksheet of the same file; who keeps the figures stays."""
    grids = [grid for grid in open_sheets(sheet.content, sheet.file_name) if grid.name == worksheet]
    if not grids:
        raise FileError("The file has no sheet of that name.")
    before = mapping_from(sheet.mapping)
    fresh = guess(grids, area_names(session), district.name, sheet.file_name)
    sheet.layout = fingerprint(fresh, grids[0])
    return replace(fresh, recorded_by=before.recorded_by, source=before.source)


def grids_of(sheet: WaitingSheet) -> list[Grid]:
    """The worksheets of a waiting sheet."""
    return open_sheets(sheet.content, sheet.file_name)


def read_waiting(session: Session, sheet: WaitingSheet, mapping: SheetMapping, district: District) -> SheetReading:
    """Read a waiting sheet as a mapping says. Raises MappingError where it cannot be read so, and FileError."""
    grid = _grid(grids_of(sheet), mapping)
    check(mapping, grid)
    found = read_sheet(grid, mapping, area_names(session), district, sheet.file_name)
    found.reading.receipt.sha256 = digest_of(sheet.content)
    return found


def settle(session: Session, sheet: WaitingSheet, mapping: SheetMapping) -> None:
    """Keep how the sheet is to be read. The caller commits."""
    sheet.mapping = mapping.document()
    session.flush()


def take_in(session: Session, sheet: WaitingSheet, district: District, *, by: str, today: date) -> Receipt:
    """Put the figures on record, hold topics against them, remember the mapping, and let the file go.

    The caller commits. Raises FileError when no figure could be kept, and MappingError.
    """
    mapping = mapping_from(sheet.mapping)
    found = read_waiting(session, sheet, mapping, district)
    if not found.kept:
        raise FileError("No figure of the sheet could be kept, as the list below tells.")
    receipt = imports.store(session, [found.reading], today)[0]
    for category, start in _first_days(found).items():
        topic = mapping.topics.get(category)
        if topic:
            held = Mapped(mapping.source, stored_category(mapping, category), start)
            reach_back(session, topic, held, by=by, today=today)
    session.merge(RememberedMapping(layout=sheet.layout, mapping=mapping.document(), saved_on=today))
    session.delete(sheet)
    session.flush()
    return receipt


def _first_days(found: SheetReading) -> dict[str, date]:
    """What is counted, as the sheet names it, to the first day there is a figure for."""
    days: dict[str, date] = {}
    for category in found.categories:
        starts = [first_day(kept.key[0]) for kept in found.kept if kept.category == category]
        if starts:
            days[category] = min(starts)
    return days


def _grid(grids: list[Grid], mapping: SheetMapping) -> Grid:
    found = next((grid for grid in grids if grid.name == mapping.worksheet), None)
    if found is None:
        raise FileError("The file has no sheet of that name.")
    return found
