"""Two questions of a residents' wave against each other."""

from flask import Response, render_template, request

from csp_consult.db import db
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.contract import CrosstabFinding
from csp_consult.findings.crosstabs import crosstab as crosstab_of
from csp_consult.findings.errors import FindingError
from csp_consult.findings.question_keys import asked_in
from csp_consult.reports.answer_tables import crosstab_file, crosstab_table
from csp_consult.reports.provenance import crosstab_rests_on
from csp_consult.web.officer.door import base_rules, download, wave_called


def crosstab(survey: str, wave: str) -> str:
    """The shares of one question's answers within another's, with intervals, marks and bases."""
    found = wave_called(survey, wave)
    questions = list(asked_in(questionnaire_for(db.session(), found), single=True).items())
    row, column = _chosen()
    finding, refusal = None, None
    if row and column:
        try:
            finding = _finding(found, row, column)
        except FindingError as error:
            refusal = str(error)
    return render_template(
        "officer/crosstab.html",
        wave=found,
        questions=questions,
        row=row,
        column=column,
        refusal=refusal,
        finding=finding,
        table=crosstab_table(finding) if finding else None,
        rests_on=crosstab_rests_on(finding) if finding else [],
        synthetic=found.synthetic,
    )


def crosstab_csv(survey: str, wave: str) -> Response:
    """The same figures as a file, a cell a line."""
    return download(crosstab_file(_finding(wave_called(survey, wave), *_chosen())))


def _chosen() -> tuple[str, str]:
    return request.args.get("row", ""), request.args.get("column", "")


def _finding(wave: Wave, row: str, column: str) -> CrosstabFinding:
    return crosstab_of(db.session(), wave, row, column, rules=base_rules())
