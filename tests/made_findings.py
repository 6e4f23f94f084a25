"""Findings made by hand, for tests of what shows them: no database, no statistics."""

from dataclasses import replace
from datetime import date

import numpy as np

from csp_consult.analysis.figures import ConcernRanking, Estimate, RankedTopic
from csp_consult.findings.contract import RankingFinding, WeightingSummary
from csp_consult.findings.gap_contract import GapFinding, RecordedChange

TITLES = {
    "speeding": "Speeding",
    "cyclists-horse-riders": "Awareness of cyclists and horse riders",
    "burglary": "House burglary",
    "hate-crime": "Hate crime",
}
WAVE_TITLE = "VRN Community Safety Survey, autumn 2022"


def made_estimate(
    value: float | None,
    half: float = 0.06,
    *,
    base: int = 214,
    effective_base: float = 166.0,
    indicative: bool = False,
    reason: str | None = None,
) -> Estimate:
    """An estimate with an interval of ``half`` to both sides; without a value, a refused one."""
    return Estimate(
        estimate=value,
        se=None if value is None else half / 1.96,
        lower=None if value is None else value - half,
        upper=None if value is None else value + half,
        base=base,
        effective_base=effective_base,
        se_method="linearised",
        indicative=indicative,
        reason=reason,
    )


def made_topic(topic: str, value: float, rank: int, lower: int, upper: int, ties: tuple[str, ...]) -> RankedTopic:
    """A ranked topic whose index is twice its share in per cent."""
    return RankedTopic(
        topic=topic,
        concern=made_estimate(value),
        index=made_estimate(200 * value, 12),
        rank=rank,
        rank_lower=lower,
        rank_upper=upper,
        ties_with=ties,
    )


def made_ranking(measure: str = "problem share") -> ConcernRanking:
    """Four topics; the first two tie, the last is refused."""
    refused = made_estimate(None, effective_base=22, reason="Not shown: the effective base is under 30.")
    topics = (
        made_topic("speeding", 0.6, 1, 1, 2, ("cyclists-horse-riders",)),
        made_topic("cyclists-horse-riders", 0.55, 2, 1, 2, ("speeding",)),
        made_topic("burglary", 0.3, 3, 3, 4, ("hate-crime",)),
        replace(made_topic("hate-crime", 0.1, 4, 3, 4, ("burglary",)), concern=refused, index=refused),
    )
    return ConcernRanking(
        measure=measure,
        topics=topics,
        covariance=np.zeros((4, 4)),
        base=214,
        effective_base=166.0,
        se_method="linearised",
    )


def made_ranking_finding(*, measure: str = "problem share", synthetic: bool = True) -> RankingFinding:
    """A residents' wave, ranked."""
    return RankingFinding(
        wave="vrn-css/2022-autumn",
        wave_title=WAVE_TITLE,
        question="problem",
        question_text="How much of a problem is each of these where you live?",
        period=(date(2022, 9, 1), date(2022, 11, 30)),
        subset="All residents",
        ranking=made_ranking(measure),
        unweighted=made_ranking(measure),
        weighting="Weighted to age by sex and to beat (ONS mid-2020 estimates).",
        weighting_summary=WeightingSummary(
            description="Raked to age by sex and to beat (ONS mid-2020 estimates), cap 5.",
            base=214,
            design_effect=1.29,
            effective_base=166.0,
            weight_range=(0.4, 2.6),
            trimmed=0,
            merges=("Aged 16 to 24 joined with 25 to 34",),
            converged=True,
            largest_margin_error=0.0,
        ),
        coverage=None,
        caveat="Anybody could answer; the intervals hold if weighting made the answers like the district's.",
        synthetic=synthetic,
        topic_titles=TITLES,
    )


def made_record(change: float | None = -33.4) -> RecordedChange:
    """The record as the plan prints it: a change without counts."""
    return RecordedChange(
        text="Recorded ASB incidents in Harborough fell by 33.4% between April to December 2021 and 2022.",
        change_pct=change,
        lower_pct=None,
        upper_pct=None,
        count=None,
        previous_count=None,
        source="Leicestershire Police",
        citation="Three Year Partnership Plan 2023-2026",
        period="April to December 2022",
        previous_period="April to December 2021",
        direction_only=True,
        recording_note="A fall in the record may be a change in recording.",
    )


def made_gap() -> GapFinding:
    """Residents say ASB rose while the record fell."""
    up, down = made_estimate(0.38), made_estimate(0.12, 0.04)
    return GapFinding(
        wave="vrn-css/2022-autumn",
        wave_title=WAVE_TITLE,
        topic="asb",
        topic_title="Anti-social behaviour",
        area="E07000131",
        area_name="Harborough",
        question_text="Compared with a year ago, has anti-social behaviour here gone up or down?",
        perceived_up=up,
        perceived_down=down,
        balance=made_estimate(0.26, 0.09),
        contrary_share=up,
        contrary_adults=29_600,
        recorded=made_record(),
        gap_points=None,
        classification="reassure",
        class_probabilities={"reassure": 1.0, "act": 0.0, "alert": 0.0, "maintain": 0.0},
        grade="C",
        grade_reasons=("The record is a published change without counts.",),
        verdict="38% of adults say anti-social behaviour rose while recorded incidents fell by 33.4%.",
        perception_text="38% (32% to 44%) of residents say it went up; 12% (8% to 16%) that it went down.",
        synthetic=True,
    )


def made_published_gap() -> GapFinding:
    """Another body's published share beside the record: no base, so no interval."""
    return replace(
        made_gap(),
        wave=None,
        wave_title="Leicestershire Community Insight Survey, September 2022",
        perceived_up=None,
        perceived_down=None,
        balance=None,
        contrary_share=None,
        contrary_adults=None,
        classification="",
        class_probabilities={},
        verdict="Agreement fell from 94% to 77% while recorded incidents fell by 33.4%.",
        perception_text="77% agreed that ASB had decreased or stayed the same, down from 94% a year before.",
        synthetic=False,
    )
