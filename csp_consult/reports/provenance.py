"""What a figure rests on, as rows of key and words: source, base, weighting, method and date."""

from csp_consult import words
from csp_consult.findings.contract import BlendFinding, CrosstabFinding, RankingFinding, TrendFinding, WeightingSummary
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.reports.readings import share

Rows = list[dict[str, str | list[str]]]

SYNTHETIC = "Synthetic: contains responses that nobody gave."


def ranking_rests_on(finding: RankingFinding, *, groups: bool = False) -> Rows:
    """Everything a reader must know to judge or repeat a ranking; of several groups, what holds for all of them."""
    ranking = finding.ranking
    rows: Rows = [
        {"key": "Source", "value": f"{finding.wave_title} ({finding.wave})"},
        {"key": "Question", "value": finding.question_text},
        {"key": "Asked", "value": words.period(*finding.period)},
    ]
    if not groups:
        base = f"{words.number(ranking.base)}; effective base {words.number(ranking.effective_base)}"
        rows.append({"key": "Covers", "value": finding.coverage or finding.subset})
        # Where nothing can be ranked yet the reason says who has answered; a base of 0 beside it would deny that.
        rows += [{"key": "Base", "value": base}] if ranking.base else []
    rows.append({"key": "Weighting", "value": finding.weighting})
    if finding.weighting_summary:
        rows.append({"key": "Weights", "value": _weights(finding.weighting_summary)})
    method = f"Standard errors: {ranking.se_method}. Places: all pairs of topics tested, Holm at 5%."
    rows += [
        {"key": "Method", "value": f"Concern measure: {ranking.measure}. {method}"},
        {"key": "Mind", "value": finding.caveat},
    ]
    return rows + ([{"key": "Data", "value": SYNTHETIC}] if finding.synthetic else [])


def gap_rests_on(gap: GapFinding) -> Rows:
    """Both sources of a gap, with periods and bases."""
    rows: Rows = [{"key": "Perception from", "value": gap.wave_title}, {"key": "Question", "value": gap.question_text}]
    if gap.perceived_up is not None:
        base, effective = gap.perceived_up.base, gap.perceived_up.effective_base
        rows.append({"key": "Base", "value": f"{words.number(base)}; effective base {words.number(effective)}"})
    if gap.recorded is not None:
        compared = f" against {gap.recorded.previous_period}" if gap.recorded.previous_period else ""
        rows += [
            {"key": "Record from", "value": f"{gap.recorded.source}. {gap.recorded.citation}"},
            {"key": "Record covers", "value": f"{gap.recorded.period}{compared}"},
        ]
        if gap.other_pairs:
            rows.append({"key": "Other periods", "value": f"{gap.other_pairs} other pairs overlap less well"})
        if gap.recorded.recording_note:
            rows.append({"key": "On recording", "value": gap.recorded.recording_note})
    if gap.direct_up is not None and gap.direct_down is not None:
        own = f"By its own answers alone: up {share(gap.direct_up)}; down {share(gap.direct_down)}"
        rows.append({"key": "Small area", "value": f"Drawn towards the areas around it. {own}"})
    if gap.caveat:
        rows.append({"key": "Mind", "value": gap.caveat})
    return rows + ([{"key": "Data", "value": SYNTHETIC}] if gap.synthetic else [])


def blend_rests_on(blend: BlendFinding) -> Rows:
    """How a blend was worked out, and what its intervals cover."""
    rows = [("Method", blend.method), ("Intervals", blend.interval_note), ("Mind", blend.caveat)]
    return [{"key": key, "value": value} for key, value in rows if value]


def crosstab_rests_on(found: CrosstabFinding) -> Rows:
    """How a table of two questions was made."""
    rows: Rows = [
        {"key": "Source", "value": f"{found.wave_title} ({found.wave})"},
        {"key": "Base", "value": f"{words.number(found.base)} answered both questions"},
        {"key": "Weighting", "value": found.weighting},
        {
            "key": "Method",
            "value": f"Standard errors: {found.se_method}. Marks: each cell against everybody else, Holm at 5%.",
        },
        {"key": "Mind", "value": found.caveat},
    ]
    return rows + ([{"key": "Data", "value": SYNTHETIC}] if found.synthetic else [])


def trend_rests_on(found: TrendFinding) -> Rows:
    """How the waves of a trend were weighted and compared."""
    rows: Rows = [
        {"key": "Source", "value": found.survey_title},
        {"key": "Weighting", "value": [f"{wave}: {weighting}" for wave, weighting in found.weighting.items()]},
        {
            "key": "Method",
            "value": "Each wave against the one before; Holm’s rule over the waves of each answer at 5%.",
        },
        {"key": "Mind", "value": found.caveat},
    ]
    return rows + ([{"key": "Data", "value": SYNTHETIC}] if found.synthetic else [])


def _weights(summary: WeightingSummary) -> list[str]:
    smallest, largest = summary.weight_range
    lines = [
        f"Design effect {words.number(summary.design_effect, 2)}",
        f"Weights from {words.number(smallest, 2)} to {words.number(largest, 2)} times the mean",
        f"{words.number(summary.trimmed)} weights cut to the cap",
    ]
    if not summary.converged:
        error = words.percent(summary.largest_margin_error, 1)
        lines.append(f"The targets are not met exactly: the largest share is off by {error}")
    return lines
