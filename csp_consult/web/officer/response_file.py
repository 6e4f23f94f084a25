"""Responses for analysis elsewhere: made coarse, in the format of a program, and written down who took them."""

import io
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response as FlaskResponse
from flask import abort, make_response, render_template, request
from flask_security import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.db import db
from csp_consult.fieldwork import exports
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.reports import response_files
from csp_consult.web.officer.door import wave_called

PROGRAMS = {
    "csv": "CSV, with its data dictionary: any program",
    "xlsx": "Excel workbook, its data dictionary on a second sheet",
    "sav": "SPSS, with labels and missing values: SPSS, R, Stata, jamovi",
    "sss": "Triple-S: Snap, Askia, Q and most survey programs",
    "json": "JSON: for programmers",
}


def response_file(survey: str, wave: str) -> str | FlaskResponse:
    """What the file holds and who has taken it before; a POST gives the file."""
    found = wave_called(survey, wave)
    if found.survey.audience != "residents":
        abort(404)
    session = db.session()
    errors = []
    if request.method == "POST":
        to = request.form.get("to", "")
        if to in PROGRAMS:
            return _given(session, found, to)
        errors = [{"field_id": "to", "message": "Choose the program that the responses are for."}]
    return render_template(
        "officer/response_file.html",
        wave=found,
        responses=session.scalar(select(func.count()).where(Response.wave_id == found.id)),
        programs=[{"code": key, "text": text} for key, text in PROGRAMS.items()],
        taken=exports.exports_of(session, found),
        errors=errors,
        synthetic=found.synthetic,
    )


def _given(session: Session, wave: Wave, to: str) -> FlaskResponse:
    """The file in a ZIP, handed over only after it is written down who takes it."""
    today = date.today()
    exports.log_export(session, wave, by=current_user.email, what=f"responses as {to}")
    session.commit()
    questionnaire = questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
    file = response_files.of_wave(session, wave, questionnaire, today=today)
    name = f"{'synthetic-' if wave.synthetic else ''}{wave.key.replace('/', '-')}"
    packed = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        rows = exports.coarse_rows(session, wave, questionnaire)
        for made in response_files.write(to, Path(folder) / f"{name}.{to}", file, rows).files:
            archive.write(made, made.name)
    answer = make_response(packed.getvalue())
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{to}.zip"'
    return answer
