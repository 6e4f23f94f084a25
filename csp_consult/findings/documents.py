"""Findings as plain documents: the keys of the command line's JSON, stable and in snake_case.

Shares are 0 to 1. Every figure carries estimate, se, lower, upper, base and effective_base; a refused one is null
with a reason.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from csp_consult.analysis.figures import ConcernRanking, Estimate, RankedTopic
from csp_consult.findings.contract import (
    AnswerShare,
    BlendFinding,
    CrosstabFinding,
    RankingFinding,
    TrendFinding,
    Weighting,
)
from csp_consult.findings.gap_contract import GapFinding, TargetsFinding
from csp_consult.findings.small_counts import hidden_inside

Document = dict[str, Any]

RANKING_METHOD: Final = (
    "Concern measure by topic; rank intervals hold for all topics at once: pairwise tests with Holm's rule at 5%."
)
GAP_METHOD: Final = (
    "estimate is 100 (B - R): balance of those who say up and down, less the symmetric recorded change. Our own "
    "construction, read only beside the two figures it comes from."
)


def figure(estimate: Estimate | None) -> Document:
    """An estimate's keys; all null where there is none."""
    if estimate is None:
        return dict.fromkeys(("estimate", "se", "lower", "upper", "base", "effective_base", "se_method", "reason"))
    # A printed figure without a base is on nobody's count: 0 would be wrong.
    told = not hidden_inside(estimate.base) and (estimate.base > 0 or estimate.estimate is None)
    return {
        "estimate": estimate.estimate,
        "se": estimate.se,
        "lower": estimate.lower,
        "upper": estimate.upper,
        "base": estimate.base if told else None,
        "effective_base": estimate.effective_base if told else None,
        "se_method": estimate.se_method,
        "indicative": estimate.indicative,
        "reason": estimate.reason,
    }


def weighting(found: Weighting, shares: Sequence[AnswerShare], date: str) -> Document:
    """A weighting run with the shares of every answer."""
    summary = found.summary
    return {
        "wave": found.wave,
        "wave_title": found.wave_title,
        "weighting": summary.description,
        "method": "raked to the targets on weighting cells",
        "source": "; ".join(dict.fromkeys(target.source for target in found.targets)),
        "date": date,
        "base": summary.base,
        "effective_base": summary.effective_base,
        "design_effect": summary.design_effect,
        "weight_range": list(summary.weight_range),
        "cap": found.cap,
        "least": found.least,
        "trimmed": summary.trimmed,
        "merges": list(summary.merges),
        "kept_share": list(found.kept_share),
        "converged": summary.converged,
        "largest_margin_error": summary.largest_margin_error,
        "outside": found.outside,
        "targets": [asdict(target) for target in found.targets],
        "margins": [
            {
                "variable": margin.variable,
                "category": margin.title,
                "population": margin.population,
                "target_share": margin.target_share,
                "responses": margin.responses,
                "response_share": margin.response_share,
                "weighted_share": margin.weighted_share,
            }
            for margin in found.margins
        ],
        "caveat": found.caveat,
        "synthetic": found.synthetic,
        "estimates": [_answer(share) for share in shares],
    }


def rankings(found: Sequence[RankingFinding], by: str | None, date: str) -> Document:
    """One ranking, or those of every group of a kind; each row has its group where there are several."""
    first = found[0]
    summary = first.weighting_summary
    return {
        "wave": first.wave,
        "wave_title": first.wave_title,
        "question": first.question,
        "question_text": first.question_text,
        "measure": first.ranking.measure,
        "by": by,
        "weighting": first.weighting,
        "method": RANKING_METHOD,
        "source": first.wave_title,
        "date": date,
        "period": [day.isoformat() for day in first.period],
        "subset": first.subset if by is None else None,
        "base": first.ranking.base if by is None else None,
        "effective_base": first.ranking.effective_base if by is None else None,
        "design_effect": summary.design_effect if summary else None,
        "coverage": first.coverage,
        "caveat": first.caveat,
        "synthetic": any(one.synthetic for one in found),
        "reason": first.ranking.reason if by is None else None,
        "ranking": [row for one in found for row in _ranking_rows(one, by)],
    }


def blend(found: BlendFinding, date: str) -> Document:
    """A blend: its topics under ``ranking``, its sources and what would change the order beside them."""
    return {
        "level": found.level,
        "level_reason": found.level_reason,
        "weighting": f"Institutions weigh {found.institution_weight:g}, residents {1 - found.institution_weight:g}.",
        "method": found.method,
        "source": "; ".join(source.title for source in found.sources),
        "date": date,
        "institution_weight": found.institution_weight,
        "robustness": found.robustness,
        "interval_note": found.interval_note,
        "caveat": found.caveat,
        "synthetic": found.synthetic,
        "reason": found.reason,
        "sources": [asdict(source) for source in found.sources],
        "crossings": [asdict(crossing) for crossing in found.crossings],
        "orders": [{"institution_weight": weight, "order": list(order)} for weight, order in found.orders],
        "left_out": {source: list(order) for source, order in found.left_out.items()},
        "without_baseless": list(found.without_baseless) if found.without_baseless is not None else None,
        "ranking": [
            {
                "topic": topic.topic,
                "title": topic.title,
                "rank": topic.rank,
                "rank_lower": topic.rank_lower,
                "rank_upper": topic.rank_upper,
                **figure(topic.index),
                "mean_rank": topic.mean_rank,
                "ties_with": list(topic.ties_with),
            }
            for topic in found.topics
        ],
    }


def gaps(found: Sequence[GapFinding], date: str) -> Document:
    """Perception gaps, one row a topic and area."""
    first = found[0] if found else None
    return {
        "wave": first.wave if first else None,
        "wave_title": first.wave_title if first else None,
        "method": GAP_METHOD,
        "source": "; ".join(dict.fromkeys(gap.recorded.source for gap in found if gap.recorded)) or None,
        "date": date,
        "caveat": first.caveat if first else None,
        "synthetic": any(gap.synthetic for gap in found),
        "gaps": [_gap(gap) for gap in found],
    }


def crosstab(found: CrosstabFinding, date: str) -> Document:
    """A table of two questions, one row a cell, then one a row total."""
    titles = {cell.row: cell.row_title for cell in found.cells}
    return {
        "wave": found.wave,
        "wave_title": found.wave_title,
        "row_question": found.row_question,
        "row_text": found.row_text,
        "column_question": found.column_question,
        "column_text": found.column_text,
        "weighting": found.weighting,
        "method": "Column shares; marks are against everybody else, Holm's rule over the whole table at 5%.",
        "source": found.wave_title,
        "date": date,
        "base": found.base,
        "caveat": found.caveat,
        "synthetic": found.synthetic,
        "cells": [
            *(
                {
                    "row": cell.row,
                    "row_title": cell.row_title,
                    "column": cell.column,
                    "column_title": cell.column_title,
                    **figure(cell.share),
                    "p": cell.p,
                    "mark": cell.mark,
                }
                for cell in found.cells
            ),
            *(
                {
                    "row": row,
                    "row_title": titles[row],
                    "column": None,
                    "column_title": "Everybody",
                    **figure(share),
                    "p": None,
                    "mark": None,
                }
                for row, share in found.totals.items()
            ),
        ],
    }


def trend(found: TrendFinding, date: str) -> Document:
    """A question over the waves of a survey, one row an option and wave."""
    return {
        "survey": found.survey,
        "survey_title": found.survey_title,
        "question": found.question,
        "question_text": found.question_text,
        "weighting": found.weighting,
        "method": "Difference from the wave before, Holm's rule over the waves of each option at 5%.",
        "source": found.survey_title,
        "date": date,
        "caveat": found.caveat,
        "synthetic": found.synthetic,
        "trend": [
            {
                "option": point.option,
                "label": point.option_title,
                "wave": point.wave,
                "wave_title": point.wave_title,
                "period": point.period,
                **figure(point.share),
                "change": point.change,
                "change_lower": point.change_lower,
                "change_upper": point.change_upper,
                "p": point.p,
                "significant": point.significant,
                "smallest_significant": point.smallest_significant,
                "detectable": point.detectable,
                "breaks": list(point.breaks),
                "change_reason": point.reason,
            }
            for point in found.points
        ],
    }


def targets(found: TargetsFinding, date: str) -> Document:
    """The audiences of a topic, one row a ward and age group."""
    return {
        "wave": found.wave,
        "wave_title": found.wave_title,
        "topic": found.topic,
        "title": found.topic_title,
        "weighting": found.weighting,
        "method": found.method,
        "source": found.recorded.source if found.recorded else None,
        "date": date,
        "total_residents": found.total_residents,
        "eligible_residents": found.eligible_residents,
        "wanted_share": found.wanted_share,
        "covered_share": found.covered_share,
        "grade": found.grade,
        "reason": "; ".join(found.grade_reasons) or None,
        "note": found.note,
        "caveat": found.caveat,
        "synthetic": found.synthetic,
        "targets": [
            {
                "area": one.area,
                "area_name": one.area_name,
                "age": one.age,
                "title": one.title,
                "adults": one.adults,
                "rate": one.rate,
                "lift": one.lift,
                "residents": one.residents,
                "lower": one.lower,
                "upper": one.upper,
                "share_of_all": one.share_of_all,
                "class": one.classification,
                "chosen": one.chosen,
                "channel": one.channel,
            }
            for one in found.segments
        ],
    }


def _answer(share: AnswerShare) -> Document:
    return {
        "question": share.question,
        "question_text": share.question_text,
        "option": share.option,
        "label": share.option_title,
        **figure(share.share),
        "se_raked": share.se_raked,
        "unweighted": share.unweighted,
    }


def _ranking_rows(found: RankingFinding, by: str | None) -> list[Document]:
    group: Document = {}
    if by is not None:
        group = {"group": found.group, "group_title": found.subset}
        if by in {"area", "ward", "beat"}:
            group = {"area": found.group, "area_name": found.subset}
    unweighted = _unweighted(found.unweighted)
    rows = [{**group, **_ranked(found, topic, unweighted.get(topic.topic))} for topic in found.ranking.topics]
    hidden = found.ranking.left_out if found.ranking.topics else tuple(found.topic_titles)
    reason = found.ranking.reason or "Not shown: too few answered on it."
    return rows + [{**group, **_refused(found, topic, reason)} for topic in hidden]


def _unweighted(ranking: ConcernRanking | None) -> dict[str, float | None]:
    return {topic.topic: topic.concern.estimate for topic in ranking.topics} if ranking else {}


def _ranked(found: RankingFinding, topic: RankedTopic, unweighted: float | None) -> Document:
    return {
        "topic": topic.topic,
        "title": found.topic_titles.get(topic.topic, topic.topic),
        "rank": topic.rank,
        "rank_lower": topic.rank_lower,
        "rank_upper": topic.rank_upper,
        **figure(topic.concern),
        "index": topic.index.estimate,
        "index_se": topic.index.se,
        "index_lower": topic.index.lower,
        "index_upper": topic.index.upper,
        "unweighted": unweighted,
        "ties_with": list(topic.ties_with),
    }


def _refused(found: RankingFinding, topic: str, reason: str) -> Document:
    blank = dict.fromkeys(("rank", "rank_lower", "rank_upper"))
    index = dict.fromkeys(("index", "index_se", "index_lower", "index_upper", "unweighted"))
    told = not found.ranking.topics and not hidden_inside(found.ranking.base)
    return {
        "topic": topic,
        "title": found.topic_titles.get(topic, topic),
        **blank,
        **figure(None),
        "base": found.ranking.base if told else None,
        "effective_base": found.ranking.effective_base if told else None,
        "indicative": False,
        "reason": reason,
        **index,
        "ties_with": [],
    }


def _gap(gap: GapFinding) -> Document:
    recorded = gap.recorded
    # A wider area's figure is told in words: in a column of numbers it would read as the area's own.
    own = recorded if recorded and not recorded.wider else None
    return {
        "topic": gap.topic,
        "title": gap.topic_title,
        "area": gap.area,
        "area_name": gap.area_name,
        "subset": gap.subset or None,
        "question_text": gap.question_text,
        "perceived_up": gap.perceived_up.estimate if gap.perceived_up else None,
        "perceived_up_se": gap.perceived_up.se if gap.perceived_up else None,
        "perceived_down": gap.perceived_down.estimate if gap.perceived_down else None,
        "perceived_down_se": gap.perceived_down.se if gap.perceived_down else None,
        "balance": gap.balance.estimate if gap.balance else None,
        "balance_se": gap.balance.se if gap.balance else None,
        "recorded_change_pct": own.change_pct if own else None,
        "recorded_lower_pct": own.lower_pct if own else None,
        "recorded_upper_pct": own.upper_pct if own else None,
        "recorded_count": own.count if own else None,
        "recorded_previous_count": own.previous_count if own else None,
        "recorded_reason": recorded.why_not_own or None if recorded else None,
        "recorded_period": recorded.period if recorded else None,
        "recorded_previous_period": recorded.previous_period if recorded else None,
        "recorded_source": recorded.source if recorded else None,
        "recorded_note": recorded.recording_note if recorded else None,
        "direction_only": recorded.direction_only if recorded else None,
        **figure(gap.gap_points),
        "base": gap.balance.base if gap.balance else None,
        "effective_base": gap.balance.effective_base if gap.balance else None,
        "contrary_share": gap.contrary_share.estimate if gap.contrary_share else None,
        "contrary_adults": gap.contrary_adults,
        "class": gap.classification or None,
        "class_probabilities": gap.class_probabilities,
        "grade": gap.grade,
        "verdict": gap.verdict,
        "reason": "; ".join(gap.grade_reasons) or None,
        "perception": gap.perception_text,
        "other_pairs": gap.other_pairs,
        "synthetic": gap.synthetic,
    }
