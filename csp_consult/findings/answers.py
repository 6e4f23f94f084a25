"""The shares of a question's answers in a wave: of residents from the tally, of councils from their responses."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from csp_consult.analysis.estimates import share
from csp_consult.analysis.totals import ANSWERED, Design, Key, Totals, totals_of_respondents
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings import councils, microdata
from csp_consult.findings.base_rules import DEFAULT_RULES, NO_RULES, BaseRules
from csp_consult.findings.contract import AnswerShare
from csp_consult.findings.errors import FindingError, NotYetError
from csp_consult.findings.groups import EVERYBODY
from csp_consult.findings.reading import of_parishes, questionnaire_for
from csp_consult.findings.weighting import Weighed, weighed
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import Question, QuestionContext


@dataclass(frozen=True)
class AskedFor:
    """One question key with its options."""

    question: Question
    key: str
    """The question's id, ``grid.row`` or ``rank.place``."""
    text: str
    titles: Mapping[str, str]
    """Option to its words, in the order of the file; only options that a share is made of."""
    base: Mapping[Key, float]
    """The (question, option) pairs that put a respondent in the base."""


@dataclass(frozen=True)
class WaveTotals:
    """A wave's totals of answers, weighted and not, with how they were weighted."""

    weighted: Totals
    calibrated: Totals | None
    unweighted: Totals
    weighting: str
    rules: BaseRules


def asked_for(questionnaire: Questionnaire, key: str, context: QuestionContext) -> AskedFor:
    """The question behind a key. Raises FindingError, naming the keys there are."""
    every = [one for question in questionnaire.questions.values() for one in question.domain()]
    for question in questionnaire.questions.values():
        if key in question.domain():
            return _asked(question, key, context)
    near = [one for one in every if one.startswith(f"{key}.")] or every
    raise FindingError(f"There is no question {key!r} whose answers are counted; there are {', '.join(near)}.")


def asked_in(questionnaire: Questionnaire, *, single: bool = False) -> dict[str, str]:
    """Every question key whose answers are counted, with its words; ``single`` keeps those that take one answer."""
    return {
        key: _text(question, key)
        for question in questionnaire.questions.values()
        for key, options in question.domain().items()
        if not (single and ANSWERED in options)
    }


def context_of(session: Session, wave: Wave) -> QuestionContext:
    """The areas that could be chosen when the wave closed."""
    return context_for(session, questionnaire_for(session, wave).questions.values(), wave.closes_on)


def toplines(session: Session, wave: Wave, made: Weighed, *, rules: BaseRules = DEFAULT_RULES) -> list[AnswerShare]:
    """Every counted answer of a residents' wave: weighted share, with both standard errors, and unweighted."""
    questionnaire, context = questionnaire_for(session, wave), context_of(session, wave)
    read = _of_residents(made, rules)
    return [
        share
        for question in questionnaire.questions.values()
        for key in question.domain()
        for share in shares(read, _asked(question, key, context))
    ]


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
    """The share of every option of a question."""
    return [_share(read, asked, option) for option in asked.titles]


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


def _asked(question: Question, key: str, context: QuestionContext) -> AskedFor:
    titles = {choice.code: choice.text() for choice in question.choices(context)}
    in_file = {choice.code for choice in question.choices()}
    counted = question.domain()[key]
    options = [*(code for code in titles if code not in in_file), *(code for code in counted if code != ANSWERED)]
    declined = {choice.code for choice in question.choices() if choice.role == "prefer_not"}
    base = [ANSWERED] if ANSWERED in counted else [option for option in options if option not in declined]
    return AskedFor(
        question=question,
        key=key,
        text=_text(question, key),
        titles={option: titles[option] for option in options},
        base={(key, option): 1.0 for option in base},
    )


def _text(question: Question, key: str) -> str:
    """The question's words, with those of the row or place that the key names."""
    text = question.text()
    label = next((column.label() for column in question.columns() if column.name == key), text)
    return label if label.startswith(text) else f"{text} {label}"
