"""The shares of a question's answers in a wave: of residents from the tally, of councils from their responses."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from csp_consult.analysis.estimates import share
from csp_consult.analysis.totals import Design, Totals, totals_of_respondents
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import councils, microdata
from csp_consult.findings.base_rules import DEFAULT_RULES, NO_RULES, BaseRules
from csp_consult.findings.contract import AnswerShare
from csp_consult.findings.errors import NotYetError
from csp_consult.findings.groups import EVERYBODY
from csp_consult.findings.question_keys import AskedFor, all_asked, context_of
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.weighting import Weighed, weighed


@dataclass(frozen=True)
class WaveTotals:
    """A wave's totals of answers, weighted and not, with how they were weighted."""

    weighted: Totals
    calibrated: Totals | None
    unweighted: Totals
    weighting: str
    rules: BaseRules


def toplines(session: Session, wave: Wave, made: Weighed, *, rules: BaseRules = DEFAULT_RULES) -> list[AnswerShare]:
    """Every counted answer of a residents' wave: weighted share, with both standard errors, and unweighted."""
    questionnaire, context = questionnaire_for(session, wave), context_of(session, wave)
    read = _of_residents(made, rules)
    return [share for asked in all_asked(questionnaire, context) for share in shares(read, asked)]


def read_totals(session: Session, wave: Wave, key: str, *, rules: BaseRules = DEFAULT_RULES) -> WaveTotals:
    """The totals of a wave, of councils as far as one question goes. Raises NotYetError where there are none yet."""
    if not of_parishes(wave):
        return _of_residents(weighed(session, wave), rules)
    read = councils.read(session, wave, EVERYBODY)
    if len(read.responses) < 2:
        raise NotYetError(f"{wave.key}: too few councils have answered yet.")
    questionnaire = questionnaire_for(session, wave)
    question = key.partition(".")[0]
    data = microdata.of_answers(questionnaire, [question], [one.answers for one in read.responses], read.weights)
    variables = {one: data.chose(one) for one in data.chosen}
    design = Design(population=float(max(read.asked, len(read.responses))))
    return WaveTotals(
        weighted=totals_of_respondents(variables, read.weights, design=design),
        calibrated=None,
        unweighted=totals_of_respondents(variables, np.ones(len(read.weights)), design=design),
        weighting=read.weighting,
        rules=NO_RULES,
    )


def shares(read: WaveTotals, asked: AskedFor) -> list[AnswerShare]:
    """The share of every option of a question that has one."""
    return [_share(read, asked, option) for option in asked.shared]


def _share(read: WaveTotals, asked: AskedFor, option: str) -> AnswerShare:
    chosen = {(asked.key, option): 1.0}
    found = share(read.weighted, chosen, asked.base)
    shown = found.held_to(hidden_below=read.rules.hidden_below, indicative_below=read.rules.indicative_below)
    hidden = shown.estimate is None
    raked = None if hidden or read.calibrated is None else share(read.calibrated, chosen, asked.base).se
    return AnswerShare(
        question=asked.key,
        question_text=asked.text,
        option=option,
        option_title=asked.titles[option],
        share=shown,
        se_raked=raked,
        unweighted=None if hidden else share(read.unweighted, chosen, asked.base).estimate,
    )


def _of_residents(made: Weighed, rules: BaseRules) -> WaveTotals:
    tally, factors = made.tally, made.finding.factors
    return WaveTotals(
        weighted=tally.totals(factors),
        calibrated=tally.totals(factors, calibration=made.calibration),
        unweighted=tally.totals(dict.fromkeys(tally.cells, 1.0)),
        weighting=made.finding.summary.description,
        rules=rules,
    )
