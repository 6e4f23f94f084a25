"""Two questions of a residents' wave against each other, from single responses."""

from sqlalchemy.orm import Session

from csp_consult.analysis.crosstab import crosstab as tabulate
from csp_consult.analysis.totals import ANSWERED
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import microdata
from csp_consult.findings.answers import AskedFor, asked_for, context_of
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.contract import CrosstabCell, CrosstabFinding
from csp_consult.findings.errors import FindingError
from csp_consult.findings.reading import questionnaire_for
from csp_consult.findings.weighting import caveat, weighed


def crosstab(
    session: Session, wave: Wave, row: str, column: str, *, rules: BaseRules = DEFAULT_RULES
) -> CrosstabFinding:
    """The weighted shares of one question's answers within another's, over all who answered both.

    Raises FindingError where there is no such question or one takes several answers, NotYetError where the wave
    cannot be weighted yet.
    """
    questionnaire, context = questionnaire_for(session, wave), context_of(session, wave)
    rows, columns = (_single(asked_for(questionnaire, key, context)) for key in (row, column))
    made = weighed(session, wave)
    questions = {rows.question.id, columns.question.id}
    data = microdata.residents(session, wave, questionnaire, questions, made.finding.factors)
    found = tabulate(
        data.column(rows.key, rows.titles),
        data.column(columns.key, columns.titles),
        data.weights,
        row_order=list(rows.titles),
        column_order=list(columns.titles),
        hidden_below=rules.hidden_below,
        indicative_below=rules.indicative_below,
    )
    return CrosstabFinding(
        wave=wave.key,
        wave_title=wave.title,
        row_question=row,
        row_text=rows.text,
        column_question=column,
        column_text=columns.text,
        cells=tuple(
            CrosstabCell(
                row=cell.row,
                row_title=rows.titles[cell.row],
                column=cell.column,
                column_title=columns.titles[cell.column],
                share=cell.share,
                p=cell.p_holm,
                mark=cell.mark,
            )
            for cell in found.cells
        ),
        totals=dict(found.totals),
        base=found.base,
        se_method=found.se_method,
        weighting=made.finding.summary.description,
        caveat=caveat(wave),
        synthetic=wave.synthetic,
    )


def _single(asked: AskedFor) -> AskedFor:
    if (asked.key, ANSWERED) in asked.base:
        raise FindingError(f"{asked.key} takes several answers; a table needs a question that takes one.")
    return asked
