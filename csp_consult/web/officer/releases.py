"""Tables of a closed wave for publication: what would be hidden and why, what was released, and the files of it."""

from collections.abc import Sequence
from datetime import date

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import releases as released
from csp_consult.findings.errors import FindingError
from csp_consult.findings.joined_answers import asked
from csp_consult.findings.question_keys import asked_in, context_of
from csp_consult.people import audit
from csp_consult.reports.release_tables import Titled, officers_table, published_table, reasons
from csp_consult.reports.tables import Table
from csp_consult.web.officer.door import download, wave_called


def releases(survey: str, wave: str) -> str | WerkzeugResponse:
    """Every release with its hidden figures, and a table that might be released next."""
    found, session = wave_called(survey, wave), db.session()
    asked = request.form if request.method == "POST" else request.args
    row, column = asked.get("row", ""), asked.get("column", "")
    made: Sequence[released.ReleasedTable] = ()
    refusal = None
    try:
        released.check_publishable(found, date.today())
        made = released.release(session, found, [(row, column)], date.today()) if row else ()
        if made and request.method == "POST":
            kept = released.keep(session, found, made, date.today())
            audit.record(session, "release", subject=found.key, detail={"release": kept.id})
            session.commit()
            flash("The table is released. Download the file for publication below.", "success")
            return redirect(url_for(".releases", survey=survey, wave=wave))
    except FindingError as error:
        session.rollback()
        refusal = str(error)
    return render_template(
        "officer/releases.html",
        wave=found,
        questions=list(asked_in(questionnaire_for(session, found), single=True).items()),
        row=row,
        column=column,
        refusal=refusal,
        preview=_shown(found, made, "preview"),
        released=[
            (one, _shown(found, released.tables_of(one), f"release-{one.id}"))
            for one in reversed(released.releases(session, found))
        ],
        synthetic=found.synthetic,
    )


def release_csv(survey: str, wave: str, release_id: int) -> Response:
    """A release as it may be published: all hidden figures are marked alike."""
    found = wave_called(survey, wave)
    one = next((one for one in released.releases(db.session(), found) if one.id == release_id), None) or abort(404)
    titled = _titled(found, released.tables_of(one))
    return download(published_table(titled, found.key, one.released_on.isoformat(), synthetic=found.synthetic))


def _shown(wave: Wave, tables: Sequence[released.ReleasedTable], name: str) -> list[tuple[Table, dict[str, int]]]:
    return [
        (officers_table(titled, f"{name}-{number}", synthetic=wave.synthetic), reasons(titled.table))
        for number, titled in enumerate(_titled(wave, tables), start=1)
    ]


def _titled(wave: Wave, tables: Sequence[released.ReleasedTable]) -> list[Titled]:
    session = db.session()
    questionnaire, context = questionnaire_for(session, wave), context_of(session, wave)

    return [
        Titled(
            table,
            asked(questionnaire, table.questions[0], context),
            asked(questionnaire, table.questions[1], context) if table.questions[1] else None,
        )
        for table in tables
    ]
