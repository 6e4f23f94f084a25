"""Files of printed figures: looked into first, then taken in, every row kept or refused with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.findings.blending import LESSER, SHARES, concern_questions
from csp_consult.people import audit
from csp_consult.places.csv_lines import FileError
from csp_consult.places.row_files import PrintedImport
from csp_consult.recorded import comparison_file
from csp_consult.sources import result_file
from csp_consult.topics.models import Topic
from csp_consult.web.officer.door import district


@dataclass(frozen=True)
class _Way:
    """One kind of file: how it is taken in, what it is called in the audit trail, and its columns."""

    take: PrintedImport
    action: str
    needed: Sequence[str]
    optional: Sequence[str]


_COMPARISONS = _Way(
    comparison_file.import_comparisons, comparison_file.ACTION, comparison_file.NEEDED, comparison_file.OPTIONAL
)
_RESULTS = _Way(result_file.import_results, result_file.ACTION, result_file.NEEDED, result_file.OPTIONAL)


def import_published() -> str | WerkzeugResponse:
    """Look into a file of recorded figures as printed, or take it in."""
    return _import(_COMPARISONS, "officer/import_published.html", {"kinds": list(comparison_file.FIGURES)})


def import_surveys() -> str | WerkzeugResponse:
    """Look into a file of what other surveys printed, or take it in."""
    asked = concern_questions(db.session())
    about = {
        "kinds": list(result_file.BY_KIND),
        "audiences": result_file.AUDIENCES,
        "recruitments": result_file.RECRUITMENTS[:-1],
        "directions": result_file.DIRECTIONS,
        "questions": sorted(asked),
        "in_shares": sorted(question for question, kind in asked.items() if kind in SHARES),
        "lesser": LESSER,
    }
    return _import(_RESULTS, "officer/import_surveys.html", about)


def _import(way: _Way, template: str, about: Mapping[str, Any]) -> str | WerkzeugResponse:
    session, errors, told = db.session(), list[dict[str, str]](), list[str]()
    if request.method == "POST":
        file = request.files.get("figures")
        try:
            if file is None or not file.filename:
                raise FileError("Choose a file first.")
            receipt = way.take(session, file.stream, file.filename, district=district())
            told = receipt.sentences()
            if request.form.get("then") == "store":
                audit.record(session, way.action, subject=file.filename, detail=receipt.numbers())
                session.commit()
                flash(" ".join(told), "success")
                return redirect(url_for(".published"))
        except FileError as error:
            errors = [{"field_id": "figures", "message": f"Nothing was taken in. {error}"}]
        session.rollback()
    return render_template(
        template,
        errors=errors,
        told=told,
        needed=way.needed,
        optional=way.optional,
        topics=session.scalars(select(Topic.slug).order_by(Topic.slug)).all(),
        **about,
    )
