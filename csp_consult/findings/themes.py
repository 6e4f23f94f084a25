"""Weighted themes of what residents wrote: the shares of coded answers that each code was found in."""

from typing import Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.analysis.estimates import share
from csp_consult.analysis.totals import totals_of_respondents
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.coding import codeframe, own_words, text_questions
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.contract import ThemesFinding, ThemeShare
from csp_consult.findings.errors import FindingError
from csp_consult.findings.reading import is_outside
from csp_consult.findings.small_counts import withheld
from csp_consult.findings.weighting import caveat, weighed

OF_THE_CODED: Final = "Of residents who wrote something and whose words have been coded; most people write nothing."


def themes(session: Session, wave: Wave, question: str, *, rules: BaseRules = DEFAULT_RULES) -> ThemesFinding:
    """The weighted share of each code among residents' coded answers to a question in own words.

    Raises FindingError where the wave does not ask it, NotYetError where the wave cannot be weighted yet.
    """
    asked = text_questions(questionnaire_for(session, wave))
    if question not in asked:
        raise FindingError(
            f"{wave.key} has no question {question!r} in own words; it has {', '.join(asked) or 'none'}."
        )
    made, codes = weighed(session, wave), codeframe(session, wave.survey, question)
    rows = session.execute(select(Response.id, Response.cell, Response.base_weight).where(Response.wave_id == wave.id))
    residents = [row for row in rows if not is_outside(row.cell)]
    written = {one.response_id: one.coded for one in own_words(session, wave, question)}
    coded = [written.get(row.id) for row in residents]
    inside = np.array([one is not None for one in coded], bool)
    found = {
        code.id: np.array([one is not None and code.id in one.codes for one in coded], np.float64) for code in codes
    }
    weights = np.array([made.finding.factors[row.cell] * row.base_weight for row in residents], float)
    totals = totals_of_respondents(
        {(question, str(id_)): flags for id_, flags in found.items()}, weights, domain=inside
    )
    shares = [
        ThemeShare(
            name=code.name,
            description=code.description,
            share=withheld(
                share(totals, {(question, str(code.id)): 1.0}).held_to(
                    hidden_below=rules.hidden_below, indicative_below=rules.indicative_below
                ),
                float(found[code.id].sum()),
            ),
        )
        for code in codes
    ]
    return ThemesFinding(
        wave=wave.key,
        wave_title=wave.title,
        question=question,
        question_text=asked[question],
        themes=tuple(sorted(shares, key=lambda one: -(one.share.estimate or 0.0))),
        answered=sum(row.id in written for row in residents),
        coded=int(inside.sum()),
        weighting=made.finding.summary.description,
        caveat=f"{OF_THE_CODED} {caveat(wave)}",
        synthetic=wave.synthetic,
    )
