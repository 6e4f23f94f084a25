"""Two questions of a residents' wave against each other, from single responses."""

from collections import Counter
from dataclasses import replace

from sqlalchemy.orm import Session

from csp_consult.analysis.crosstab import CrossCell
from csp_consult.analysis.crosstab import crosstab as tabulate
from csp_consult.analysis.totals import ANSWERED
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import microdata
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.contract import CrosstabCell, CrosstabFinding
from csp_consult.findings.errors import FindingError
from csp_consult.findings.question_keys import AskedFor, asked_for, context_of
from csp_consult.findings.small_counts import withheld
from csp_consult.findings.weighting import caveat, weighed


def crosstab(
    session: Session, wave: Wave, row: str, column: str, *, rules: BaseRules = DEFAULT_RULES
) -> CrosstabFinding:
    """The weighted shares of one question's answers within another's, over all who answered both.

    A share that a few people make up is withheld. Raises FindingError where there is no such question, both are the
    same or one takes several answers, NotYetError where the wave cannot be weighted yet.
    """
    if row == column:
        raise FindingError(f"A table needs two different questions, not {row} twice.")
    questionnaire, context = questionnaire_for(session, wave), context_of(session, wave)
    rows, columns = (_single(asked_for(questionnaire, key, context)) for key in (row, column))
    made = weighed(session, wave)
    questions = {rows.question.id, columns.question.id}
    data = microdata.residents(session, wave, questionnaire, questions, made.finding.factors)
    row_answers, column_answers = data.column(rows.key, rows.titles), data.column(columns.key, columns.titles)
    together = Counter(zip(row_answers.dropna(), column_answers[row_answers.notna()], strict=True))
    found = tabulate(
        row_answers,
        column_answers,
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
            for cell in (_guarded(cell, together[cell.row, cell.column]) for cell in found.cells)
        ),
        totals={
            row: withheld(share, sum(together[row, column] for column in found.columns))
            for row, share in found.totals.items()
        },
        base=found.base,
        se_method=found.se_method,
        weighting=made.finding.summary.description,
        caveat=caveat(wave),
        synthetic=wave.synthetic,
    )


def _guarded(cell: CrossCell, count: int) -> CrossCell:
    """The cell, without its share and mark where only a few people gave both answers."""
    share = withheld(cell.share, count)
    return cell if share is cell.share else replace(cell, share=share, p_holm=None, mark=None)


def _single(asked: AskedFor) -> AskedFor:
    if (asked.key, ANSWERED) in asked.base:
        raise FindingError(f"{asked.key} takes several answers; a table needs a question that takes one.")
    return asked
