"""Files of places, taken in after a look: wards and parishes, who lives in them, postcodes and boundaries."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult import words
from csp_consult.db import db
from csp_consult.people import audit
from csp_consult.places import intake
from csp_consult.places.csv_lines import FileError
from csp_consult.places.intake import PlaceReceipt
from csp_consult.places.layouts import OWN_COLUMNS
from csp_consult.web.officer.door import district

MOST_REFUSALS = 20
"""Refused rows shown of a file; the rest are counted."""


def import_places() -> str | WerkzeugResponse:
    """Look into files of places, or take them in: all of those sent together, or none of them."""
    session = db.session()
    errors: list[dict[str, str]] = []
    told: list[tuple[str, list[str], int]] = []
    if request.method == "POST":
        sent = [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
        try:
            receipts = intake.import_named(session, sent, district=district())
        except FileError as error:
            errors = [{"field_id": "files", "message": f"Nothing was taken in of these files. {error}"}]
        else:
            if request.form.get("then") == "store":
                for receipt in receipts:
                    audit.record(session, intake.ACTION, subject=receipt.file_name, detail=receipt.numbers())
                session.commit()
                flash(_taken(receipts), "success")
                return redirect(url_for(".import_places"), 303)
            told = [
                (receipt.sentence(), receipt.refusals()[:MOST_REFUSALS], max(0, len(receipt.refused) - MOST_REFUSALS))
                for receipt in receipts
            ]
        session.rollback()
    return render_template(
        "officer/import_places.html",
        errors=errors,
        told=told,
        on_record=intake.on_record(session),
        own_columns=OWN_COLUMNS,
        district=district(),
    )


def _taken(receipts: Sequence[PlaceReceipt]) -> str:
    """What was taken in, in two sentences, and the first rows that were not."""
    kept = sum(receipt.kept for receipt in receipts)
    refused = [f"{receipt.file_name}, {row}" for receipt in receipts for row in receipt.refusals()]
    files = "1 file was" if len(receipts) == 1 else f"{len(receipts)} files were"
    rows = "1 row" if kept == 1 else f"{words.number(kept)} rows"
    said = f"{files} taken in: {rows} kept, {words.number(len(refused))} refused."
    return f"{said} {'; '.join(refused[:3])}." if refused else said
