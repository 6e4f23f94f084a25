"""The files of the record: taken in after a look, each with a receipt that accounts for every row."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult import words
from csp_consult.db import db
from csp_consult.places.csv_lines import FileError
from csp_consult.recorded import imports
from csp_consult.recorded.models import RecordedImport
from csp_consult.recorded.periods import in_short
from csp_consult.recorded.reading import Reading
from csp_consult.recorded.receipts import Receipt
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.web.officer.door import district


def recorded_import(import_id: int) -> str:
    """What became of every row of one file."""
    found = db.session().get(RecordedImport, import_id)
    if found is None:
        abort(404)
    receipt = found.receipt
    return render_template(
        "officer/import.html",
        imported=found,
        rows=_receipt_rows(receipt),
        months=_months_table(receipt["months"]),
        refusals=_refusals_table(receipt),
    )


def import_record() -> str | WerkzeugResponse:
    """Look into files, or take them in: all of them, or none."""
    session, today = db.session(), date.today()
    errors: list[dict[str, str]] = []
    preview: list[Receipt] = []
    if request.method == "POST":
        try:
            readings = _read(session, today)
            if request.form.get("then") == "store":
                receipts = imports.store(session, readings, today)
                session.commit()
                for receipt in receipts:
                    flash(receipt.sentences()[0], "success")
                return redirect(url_for(".recorded"))
            preview = [reading.receipt for reading in readings]
        except FileError as error:
            session.rollback()
            errors = [{"field_id": "files", "message": f"Nothing was taken in. {error}"}]
    return render_template(
        "officer/import_record.html", errors=errors, previews=[(one.file_name, one.sentences()) for one in preview]
    )


def _read(session: Session, today: date) -> list[Reading]:
    """Every file that was sent. Raises FileError when none was, or one cannot be read."""
    sent = [file for file in request.files.getlist("files") if file.filename]
    if not sent:
        raise FileError("Choose one or more files first.")
    place = imports.district_of(session, district(), today)
    return imports.read_files([(file.filename or "file", file.stream) for file in sent], place)


def _receipt_rows(receipt: Mapping[str, Any]) -> list[dict[str, str | list[str]]]:
    outside = [f"{words.number(n)} {reason}" for reason, n in receipt["outside"].items()]
    refused = [f"{words.number(n)} because {reason}" for reason, n in receipt["refused"].items()]
    kept = words.number(receipt["kept"])
    if _of_cells(receipt):
        not_taken = [f"{words.number(n)}: {reason}" for reason, n in receipt["refused"].items()]
        cells = words.number(receipt["rows"])
        return [
            {"key": "Cells of the sheet", "value": cells},
            {"key": "Kept", "value": kept},
            {"key": "Not taken", "value": not_taken or "None"},
        ]
    return [
        {"key": "Rows in the file", "value": words.number(receipt["rows"])},
        {"key": "Kept", "value": kept},
        {"key": "Outside the district", "value": outside or "None"},
        {"key": "Without a location", "value": words.number(receipt["no_location"])},
        {"key": "Area code not known", "value": words.number(receipt["unknown_area"])},
        {"key": "Refused", "value": refused or "None"},
    ]


def _of_cells(receipt: Mapping[str, Any]) -> bool:
    """Whether the receipt is of a sheet; receipts of before there were any do not say."""
    return bool(receipt.get("unit") == "cells")


def _months_table(months: Sequence[Mapping[str, Any]]) -> Table:
    columns = (
        Column("Period", "period"),
        Column("Recorded by", "recorded_by"),
        Column("Incidents kept", "kept", number=True),
        Column("On record before", "replaced", number=True),
        Column("What the file changed", "changed"),
    )
    rows = [
        (
            Cell(in_short(month["period"])),
            Cell(month["recorded_by"]),
            Cell(words.number(month["kept"])),
            Cell("none" if month["replaced"] is None else words.number(month["replaced"])),
            Cell(_revision(month)),
        )
        for month in months
    ]
    return Table("months", "Periods of the file", columns, rows, about={}, synthetic=False)


def _revision(month: Mapping[str, Any]) -> str:
    """What a revision changed of a month, category by category."""
    if month["replaced"] is None:
        return "First figures of the period"
    changes = (f"{name} {words.number(old)} to {words.number(new)}" for name, (old, new) in month["changed"].items())
    return "; ".join(changes) or "No category changed"


def _refusals_table(receipt: Mapping[str, Any]) -> Table:
    columns = (
        Column("Cell" if _of_cells(receipt) else "Line", "line"),
        Column("Why it was refused", "reason"),
        Column("What stood there", "found"),
    )
    rows = [
        (Cell(one.get("cell") or words.number(one["line"])), Cell(one["reason"]), Cell(one["found"]))
        for one in receipt["refusals"]
    ]
    return Table("refusals", "What could not be taken", columns, rows, about={}, synthetic=False)
