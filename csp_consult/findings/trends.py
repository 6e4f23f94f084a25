"""A question over the waves of a survey, with what changed besides opinion marked and tested only where it can be."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.analysis.waves import TrendPoint, TrendStep
from csp_consult.analysis.waves import trend as steps_of
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Response, Survey, Wave
from csp_consult.findings.answers import read_totals, shares
from csp_consult.findings.base_rules import DEFAULT_RULES, BaseRules
from csp_consult.findings.contract import AnswerShare, TrendFinding, TrendShare
from csp_consult.findings.errors import FindingError
from csp_consult.findings.phrasing import WHOLE_POPULATION
from csp_consult.findings.question_keys import AskedFor, asked_for, context_of
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.weighting import caveat


@dataclass(frozen=True)
class _Point:
    """One wave that asked the question."""

    wave: Wave
    asked: AskedFor
    shares: dict[str, AnswerShare]
    wording: str
    mode: str
    weighting: str

    def of(self, option: str) -> TrendPoint:
        """An option of it, as the statistics take it."""
        return TrendPoint(self.wave.title, self.shares[option].share, self.wording, self.mode)


def trend(session: Session, survey: Survey, question: str, *, rules: BaseRules = DEFAULT_RULES) -> TrendFinding:
    """The weighted share of every option of a question, wave by wave, each compared with the wave before.

    ``question`` is a question's id, ``grid.row`` or ``rank.place``. Raises FindingError where no wave asked it.
    """
    points = [point for wave in survey.waves if (point := _point(session, wave, question, rules)) is not None]
    if not points:
        raise FindingError(
            f"No wave of {survey.slug} that has answers asked {question!r}: give a question's id, or grid.row."
        )
    latest = points[-1]
    return TrendFinding(
        survey=survey.slug,
        survey_title=survey.title,
        question=question,
        question_text=latest.asked.text,
        points=tuple(share for option in latest.asked.shared for share in _shares(points, option)),
        weighting={point.wave.key: point.weighting for point in points},
        caveat=WHOLE_POPULATION if of_parishes(latest.wave) else caveat(latest.wave),
        synthetic=any(point.wave.synthetic for point in points),
    )


def _point(session: Session, wave: Wave, key: str, rules: BaseRules) -> _Point | None:
    """The wave as a point; None where it did not ask the question or cannot be weighted yet."""
    try:
        asked = asked_for(questionnaire_for(session, wave), key, context_of(session, wave))
        read = read_totals(session, wave, key, rules=rules)
    except FindingError:
        return None
    return _Point(
        wave=wave,
        asked=asked,
        shares={one.option: one for one in shares(read, asked)},
        wording=f"{asked.text} {list(asked.titles)}",
        mode=_mode(session, wave),
        weighting=read.weighting,
    )


def _mode(session: Session, wave: Wave) -> str:
    """How people answered, in words."""
    if of_parishes(wave):
        return "by the council"
    modes = session.scalars(select(Response.mode).where(Response.wave_id == wave.id).distinct().order_by(Response.mode))
    return words.listing(modes)


def _shares(points: list[_Point], option: str) -> list[TrendShare]:
    held = [point for point in points if option in point.shares]
    steps: list[TrendStep | None] = [None, *steps_of([point.of(option) for point in held])]
    return [_share(point, option, step) for point, step in zip(held, steps, strict=True)]


def _share(point: _Point, option: str, step: TrendStep | None) -> TrendShare:
    difference = step.comparison.difference if step else None
    return TrendShare(
        option=option,
        option_title=point.asked.titles[option],
        wave=point.wave.key,
        wave_title=point.wave.title,
        period=words.period(point.wave.opens_on, point.wave.closes_on),
        share=point.shares[option].share,
        change=difference.estimate if difference else None,
        change_lower=difference.lower if difference else None,
        change_upper=difference.upper if difference else None,
        p=difference.p_holm if difference else None,
        significant=difference.significant if difference else None,
        smallest_significant=difference.smallest_significant if difference else None,
        detectable=difference.detectable if difference else None,
        breaks=step.breaks if step else (),
        reason=step.comparison.reason if step else None,
    )
