"""What a figure rests on, as rows of key and words: source, base, weighting, method and date."""

from collections.abc import Iterable, Sequence

from csp_consult import words
from csp_consult.analysis.gap import LEAST_CLASS_PROBABILITY
from csp_consult.findings.contract import (
    BlendFinding,
    CrosstabFinding,
    Progress,
    RankingFinding,
    TrendFinding,
    WeightingSummary,
)
from csp_consult.findings.gap_contract import GapFinding, RecordedChange
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
    rows += [{"key": "Asked", "value": gap.asked}] if gap.asked else []
    if gap.perceived_up is not None:
        base, effective = gap.perceived_up.base, gap.perceived_up.effective_base
        rows.append({"key": "Base", "value": f"{words.number(base)}; effective base {words.number(effective)}"})
    rows += [{"key": "Weighting", "value": gap.weighting}] if gap.weighting else []
    if gap.recorded is not None:
        rows += [
            {"key": "Record from", "value": f"{gap.recorded.source}. {gap.recorded.citation}"},
            {"key": "Record covers", "value": _recorded_periods(gap.recorded)},
        ]
        if gap.other_pairs:
            rows.append({"key": "Other periods", "value": f"{gap.other_pairs} other pairs overlap less well"})
        if gap.recorded.recording_note:
            rows.append({"key": "On recording", "value": gap.recorded.recording_note})
    method = "The shares that say up and down, beside the change of the record. Lines are 95% intervals."
    named = f"A class is named where its chance is {words.percent(LEAST_CLASS_PROBABILITY)} or more."
    rows.append({"key": "Method", "value": [method, named]})
    if gap.direct_up is not None and gap.direct_down is not None:
        own = f"By its own answers alone: up {share(gap.direct_up)}; down {share(gap.direct_down)}"
        rows.append({"key": "Small area", "value": f"Drawn towards the areas around it. {own}"})
    if gap.caveat:
        rows.append({"key": "Mind", "value": gap.caveat})
    return rows + ([{"key": "Data", "value": SYNTHETIC}] if gap.synthetic else [])


def gaps_rest_on(gaps: Sequence[GapFinding]) -> Rows:
    """What holds for all of several gaps drawn in one picture; what they differ in, from the least to the most."""
    said = [gap.perceived_up for gap in gaps if gap.perceived_up is not None]
    records = [gap.recorded for gap in gaps if gap.recorded is not None]
    drawn = any(gap.direct_up is not None for gap in gaps)
    method = [
        "Say up less say down, beside the change of the record in per cent. Lines are 95% intervals.",
        f"A class is named where its chance is {words.percent(LEAST_CLASS_PROBABILITY)} or more.",
        *(["Wards are drawn towards the areas around them, because few answered in each."] if drawn else []),
    ]
    told = {
        "Perception from": _distinct(gap.wave_title for gap in gaps),
        "Asked": _distinct(gap.asked for gap in gaps),
        "Base": [
            f"{_span(one.base for one in said)} answered; effective base {_span(one.effective_base for one in said)}"
        ]
        if said
        else [],
        "Weighting": _distinct(gap.weighting for gap in gaps),
        "Record from": _distinct(one.source for one in records),
        "Record covers": _distinct(_recorded_periods(one) for one in records),
        "Placed in areas by": _distinct(one.placed_by for one in records),
        "Method": method,
        "Mind": _distinct(gap.caveat for gap in gaps),
        "Data": [SYNTHETIC] if any(gap.synthetic for gap in gaps) else [],
    }
    return [{"key": key, "value": value[0] if len(value) == 1 else value} for key, value in told.items() if value]


def blend_rests_on(blend: BlendFinding) -> Rows:
    """How a blend was worked out, and what its intervals cover."""
    rows = [("Method", blend.method), ("Intervals", blend.interval_note), ("Mind", blend.caveat)]
    return [{"key": key, "value": value} for key, value in rows if value]


def fieldwork_rests_on(so_far: Progress) -> Rows:
    """Whose responses are counted, and against what."""
    rows: Rows = [
        {"key": "Source", "value": f"{so_far.wave_title} ({so_far.wave})"},
        {"key": "Asked", "value": words.period(*so_far.period)},
        {"key": "Base", "value": f"{words.number(so_far.responses)} responses"},
        {"key": "Weighting", "value": "None: responses are counted as they came."},
        {
            "key": "Method",
            "value": "Each group’s share of the responses, beside its share of the population that weights aim at.",
        },
    ]
    return rows + ([{"key": "Data", "value": SYNTHETIC}] if so_far.synthetic else [])


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
        {"key": "Asked", "value": _distinct(f"{one.wave_title}: {one.period}" for one in found.points)},
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


def _recorded_periods(recorded: RecordedChange) -> str:
    return f"{recorded.period} against {recorded.previous_period}" if recorded.previous_period else recorded.period


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _span(values: Iterable[float]) -> str:
    """The least and the greatest, as words."""
    ordered = sorted(values)
    low, high = words.number(ordered[0]), words.number(ordered[-1])
    return low if low == high else f"{low} to {high}"
