"""One question through the waves of a survey, beside what others printed of the same question."""

from flask import Response, abort, render_template, request
from sqlalchemy import select

from csp_consult.db import db
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Survey
from csp_consult.findings.contract import TrendFinding
from csp_consult.findings.errors import FindingError
from csp_consult.findings.published_trends import published_trends
from csp_consult.findings.question_keys import asked_in
from csp_consult.findings.trends import trend as trend_of
from csp_consult.reports.answer_tables import trend_table
from csp_consult.reports.panel_data import trend_chart
from csp_consult.reports.provenance import Rows, trend_rests_on
from csp_consult.reports.readings import trend_reading
from csp_consult.reports.tables import Table
from csp_consult.web.officer import traced
from csp_consult.web.officer.door import base_rules, download, pictures


def trend(survey: str) -> str:
    """Every answer's share wave by wave, with breaks marked and tests only where waves can be compared."""
    session, held = db.session(), _survey(survey)
    questions = {key: text for wave in held.waves for key, text in asked_in(questionnaire_for(session, wave)).items()}
    question = request.args.get("question", "")
    finding, refusal = None, None
    if question:
        try:
            finding = _finding(held, question)
        except FindingError as error:
            refusal = str(error)
    printed = _printed(question) if question else None
    return render_template(
        "officer/trend.html",
        survey=held,
        questions=list(questions.items()),
        question=question,
        refusal=refusal,
        reading=trend_reading(finding) if finding else None,
        drawing=pictures(trend_chart(finding)) if finding else None,
        table=trend_table(finding) if finding else None,
        printed=printed,
        rests_on=trend_rests_on(finding) + _traced(held, finding) if finding else [],
        synthetic=finding.synthetic if finding else False,
    )


def trend_csv(survey: str) -> Response:
    """The same figures as a file."""
    question = request.args.get("question", "")
    printed = _printed(question)
    return download(trend_table(_finding(_survey(survey), question)), *([printed] if printed else []))


def _printed(question: str) -> Table | None:
    """What others printed of the same question."""
    found = published_trends(db.session(), question)
    return trend_table(*found, name="printed-trend") if found else None


def _survey(slug: str) -> Survey:
    """The survey of an address, or a 404."""
    found = db.session().scalar(select(Survey).where(Survey.slug == slug))
    return found or abort(404)


def _finding(survey: Survey, question: str) -> TrendFinding:
    return trend_of(db.session(), survey, question, rules=base_rules())


def _traced(held: Survey, finding: TrendFinding) -> Rows:
    """What each wave of the trend is made from, under its name."""
    shown = {point.wave for point in finding.points}
    rows: Rows = []
    for wave in held.waves:
        if wave.key in shown:
            rows += [{**row, "key": f"{row['key']}, {wave.slug}"} for row in traced.of_wave(wave)]
    return rows + traced.of_code()
