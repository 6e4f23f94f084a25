"""A partnership's own sheet: sent in, looked over with how it is read, and taken in."""

from dataclasses import replace
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from openpyxl.utils import get_column_letter
from sqlalchemy import select
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult import words
from csp_consult.db import db
from csp_consult.places.csv_lines import FileError
from csp_consult.places.lookup import areas
from csp_consult.places.models import Area
from csp_consult.recorded import imports
from csp_consult.recorded.models import WaitingSheet
from csp_consult.recorded.periods import in_short, in_words, is_quarter
from csp_consult.recorded.receipts import Receipt
from csp_consult.recorded.sheets import waiting
from csp_consult.recorded.sheets.grid import BYTE_LIMIT, Grid
from csp_consult.recorded.sheets.mapping import MappingError, SheetMapping, mapping_from
from csp_consult.recorded.sheets.reading import SheetReading
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.topics.models import Topic
from csp_consult.web.officer import sheet_form
from csp_consult.web.officer.door import district

_SHOWN_ROWS, _SHOWN_COLUMNS, _SHOWN_FIGURES, _SHOWN_REFUSED = 14, 12, 12, 100


def new_sheet() -> str | WerkzeugResponse:
    """Send a sheet in; what it says is looked over next."""
    session, today = db.session(), date.today()
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        file = request.files.get("sheet")
        try:
            if file is None or not file.filename:
                raise FileError("Choose a file first.")
            content = file.stream.read(BYTE_LIMIT + 1)
            place = imports.district_of(session, district(), today)
            sheet = waiting.put_up(session, content, file.filename, place, today)
            session.commit()
            return redirect(url_for(".sheet", sheet_id=sheet.id))
        except FileError as error:
            session.rollback()
            errors = [{"field_id": "sheet", "message": str(error)}]
    waiting_now = session.scalars(select(WaitingSheet).order_by(WaitingSheet.id.desc())).all()
    return render_template("officer/new_sheet.html", errors=errors, waiting=waiting_now)


def sheet(sheet_id: int) -> str | WerkzeugResponse:
    """Look a sheet over, change how it is read, take it in or give it up."""
    session, today = db.session(), date.today()
    found = session.get(WaitingSheet, sheet_id) or abort(404)
    place = imports.district_of(session, district(), today)
    mapping, fault = mapping_from(found.mapping), None
    if request.method == "POST":
        then = request.form.get("then")
        if then == "give-up":
            session.delete(found)
            session.commit()
            flash(f"{found.file_name} was given up; nothing of it is on record.", "success")
            return redirect(url_for(".new_sheet"))
        try:
            mapping = _sent(found, mapping)
            waiting.read_waiting(session, found, mapping, place)
            waiting.settle(session, found, mapping)
            if then == "store":
                receipt = waiting.take_in(session, found, place, by=_who(), today=today)
                session.commit()
                flash(receipt.sentences()[0], "success")
                return redirect(url_for(".recorded"))
            session.commit()
            return redirect(url_for(".sheet", sheet_id=sheet_id))
        except (MappingError, FileError) as error:
            session.rollback()
            fault = error
    return _page(found, mapping, fault)


def _sent(found: WaitingSheet, before: SheetMapping) -> SheetMapping:
    """The mapping the form says; for another worksheet, a fresh guess."""
    worksheet = request.form.get("worksheet", before.worksheet)
    if worksheet != before.worksheet:
        place = imports.district_of(db.session(), district(), date.today())
        return waiting.guess_again(db.session(), found, worksheet, place)
    return sheet_form.read_form(request.form, worksheet)


def _page(found: WaitingSheet, mapping: SheetMapping, fault: MappingError | FileError | None) -> str:
    session, today = db.session(), date.today()
    grids = waiting.grids_of(found)
    grid = next((one for one in grids if one.name == mapping.worksheet), grids[0])
    reading = _reading(found, mapping)
    field_id = fault.field_id if isinstance(fault, MappingError) else "worksheet" if len(grids) > 1 else "area_at"
    return render_template(
        "officer/sheet.html",
        sheet=found,
        mapping=mapping,
        worksheets=[(one.name, one.name) for one in grids],
        form=sheet_form.fields(mapping, grid),
        errors=[{"field_id": field_id, "message": str(fault)}] if fault else [],
        error_of={field_id: str(fault)} if fault else {},
        came=_as_it_came(grid),
        summary=_summary(reading),
        kept=_kept_table(reading) if reading else None,
        refused=_refused_table(reading.reading.receipt) if reading else None,
        named=sheet_form.named_areas(mapping, reading.unknown_areas if reading else []),
        areas=[
            ("", "Not said yet"),
            (sheet_form.LEAVE_OUT, "Leave it out"),
            *(
                (one.code, f"{one.name} {kind}")
                for kind in ("district", "beat", "ward", "parish")
                for one in areas(session, kind, today)
            ),
        ],
        subjects=[(name, mapping.topics.get(name, "")) for name in (reading.categories if reading else [])][
            : sheet_form.NAMES_LIMIT
        ],
        topics=[("", "None yet"), *_topics()],
    )


def _reading(found: WaitingSheet, mapping: SheetMapping) -> SheetReading | None:
    """What the mapping makes of the sheet, before it is said who keeps it; None where it cannot be read so."""
    mapping = replace(mapping, recorded_by=mapping.recorded_by or "not said yet")
    place = imports.district_of(db.session(), district(), date.today())
    try:
        return waiting.read_waiting(db.session(), found, mapping, place)
    except (MappingError, FileError):
        return None


def _summary(found: SheetReading | None) -> list[str]:
    """What would go on record, in sentences."""
    if found is None:
        return ["The sheet cannot be read yet: something below is still to be said."]
    receipt = found.reading.receipt
    told = [f"{words.number(receipt.kept)} of {words.number(receipt.rows)} cells would go on record."]
    if found.kept:
        periods = [kept.key[0] for kept in found.kept]
        kinds = [[one for one in periods if is_quarter(one) is by_quarter] for by_quarter in (False, True)]
        spans = [in_words(min(kind), max(kind)) for kind in kinds if kind]
        told.append(f"They are of {words.listing(found.categories)}, {words.listing(spans)}.")
    told += [f"{words.number(n)} not taken: {reason}." for reason, n in receipt.refused.items()]
    return told


def _as_it_came(grid: Grid) -> Table:
    width = min(grid.width, _SHOWN_COLUMNS)
    heads = [Column("Row", None), *(Column(get_column_letter(column + 1), None) for column in range(width))]
    rows = [
        (Cell(str(row + 1)), *(Cell(grid.heading(row, column)) for column in range(width)))
        for row in range(min(len(grid.rows), _SHOWN_ROWS))
    ]
    return Table("came", "The first rows of the sheet", heads, rows, about={}, synthetic=False)


def _kept_table(found: SheetReading) -> Table:
    """The first figures; what they count only where the sheet counts several things."""
    shown = found.kept[:_SHOWN_FIGURES]
    names, several = _area_names({one.key[2] for one in shown}), len(found.categories) > 1
    columns = (
        Column("Cell", None),
        Column("Area", None),
        Column("Period", None),
        Column("Counted" if several else None, None),
        Column("Figure", None, number=True),
    )
    rows = [
        (
            Cell(one.cell),
            Cell(names.get(one.key[2], one.key[2])),
            Cell(in_short(one.key[0])),
            Cell(one.category),
            Cell(words.number(one.n)),
        )
        for one in shown
    ]
    more = len(found.kept) - len(shown)
    caption = f"The first {len(shown)} of {words.number(len(found.kept))} figures" if more else "The figures"
    return Table("kept", f"{caption}, as they would go on record", columns, rows, about={}, synthetic=False)


def _refused_table(receipt: Receipt) -> Table:
    columns = (Column("Cell", None), Column("Why it is not taken", None), Column("What stands there", None))
    rows = [(Cell(one.cell), Cell(one.reason), Cell(one.found)) for one in receipt.refusals[:_SHOWN_REFUSED]]
    return Table("refused", "Cells not taken", columns, rows, about={}, synthetic=False)


def _area_names(codes: set[str]) -> dict[str, str]:
    query = select(Area.code, Area.name).where(Area.code.in_(codes))
    return {row.code: row.name for row in db.session().execute(query)}


def _topics() -> list[tuple[str, str]]:
    return [
        (slug, title) for slug, title in db.session().execute(select(Topic.slug, Topic.title).order_by(Topic.position))
    ]


def _who() -> str:
    return str(current_user.name or "an officer")
