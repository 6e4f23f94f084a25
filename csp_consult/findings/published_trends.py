"""What other bodies' surveys printed of the same question at two times: a trend as far as it was published."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.analysis.estimates import published_share
from csp_consult.analysis.figures import Estimate
from csp_consult.analysis.waves import TrendPoint
from csp_consult.analysis.waves import trend as steps_of
from csp_consult.findings.contract import TrendFinding, TrendShare
from csp_consult.findings.errors import FindingError
from csp_consult.findings.published_perception import CAVEAT
from csp_consult.sources.models import PublishedResult, PublishedSurvey

AS_PRINTED: Final = "As printed."


def published_trends(session: Session, question: str | None = None) -> list[TrendFinding]:
    """Every printed result that speaks of two times, or those of one of our questions, survey by survey."""
    surveys = session.scalars(select(PublishedSurvey).order_by(PublishedSurvey.slug))
    return [
        _finding(survey, result)
        for survey in surveys
        for result in survey.results
        if _is_trend(result) and question in {None, result.question}
    ]


def published_trend(survey: PublishedSurvey, name: str) -> TrendFinding:
    """One printed result by its name, or by the question of ours that asks the same.

    Raises FindingError, naming the results that speak of two times.
    """
    spoken = [result for result in survey.results if _is_trend(result)]
    for result in spoken:
        if name in {result.id, result.question}:
            return _finding(survey, result)
    there_are = ", ".join(result.id for result in spoken) or "none"
    raise FindingError(f"{survey.slug} printed no trend of {name!r}; there are: {there_are}.")


def _is_trend(result: PublishedResult) -> bool:
    printed_twice = result.kind == "share" and result.value is not None and result.previous_value is not None
    return printed_twice or (result.kind == "direction" and result.direction is not None)


def _finding(survey: PublishedSurvey, result: PublishedResult) -> TrendFinding:
    return TrendFinding(
        survey=survey.slug,
        survey_title=survey.title,
        question=result.id,
        question_text=result.text,
        points=_shares(survey, result),
        weighting={result.period or survey.period: AS_PRINTED},
        caveat=CAVEAT,
        synthetic=False,
    )


def _shares(survey: PublishedSurvey, result: PublishedResult) -> tuple[TrendShare, ...]:
    period = result.period or survey.period
    if result.value is None or result.previous_value is None:
        reason = f"Only a direction was printed ({result.direction}), without the figures, so this cannot be tested."
        return (_point(result, period, Estimate(None, None, None, None, 0, 0.0, "none", reason=reason), reason=reason),)
    # The base that was printed is that of the later survey; the earlier one's was not, whatever a note says.
    earlier, later = (
        published_share(result.previous_value / 100, None),
        published_share(result.value / 100, survey.base),
    )
    before = result.previous_period or "before"
    step = steps_of([TrendPoint(before, earlier, result.text, ""), TrendPoint(period, later, result.text, "")])[0]
    return (_point(result, before, earlier), _point(result, period, later, reason=step.comparison.reason))


def _point(result: PublishedResult, period: str, share: Estimate, *, reason: str | None = None) -> TrendShare:
    return TrendShare(
        option="printed",
        option_title=result.text,
        wave=result.survey_slug,
        wave_title=result.survey.title,
        period=period,
        share=share,
        change=None,
        change_lower=None,
        change_upper=None,
        p=None,
        significant=None,
        smallest_significant=None,
        detectable=None,
        breaks=(),
        reason=reason,
    )
