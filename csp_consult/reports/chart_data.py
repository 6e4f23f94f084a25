"""What each chart is drawn from: findings in, a ``Chart`` (plain data with an accessible name) out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csp_consult import words
from csp_consult.analysis.figures import Estimate
from csp_consult.findings.contract import BlendFinding, Progress, ProgressGroup, RankingFinding
from csp_consult.findings.gap_contract import GapFinding
from csp_consult.recorded.periods import in_short
from csp_consult.reports.readings import MEASURES, share


@dataclass(frozen=True)
class Chart:
    """A chart to draw: its kind in ``drawing.CHARTS``, its data (JSON), and what a screen reader calls it."""

    kind: str
    data: dict[str, Any]
    name: str
    choices: tuple[str, ...] = ()
    """Labels of which a reader may choose one to see it alone."""


def ranking_chart(finding: RankingFinding) -> Chart:
    """The concern ranking: estimate, interval and possible places of every topic."""
    ranking = finding.ranking
    measure = MEASURES[ranking.measure]
    scale = 1 if measure.share_of_people else 100
    rows = [
        {
            "label": finding.topic_titles.get(topic.topic, topic.topic),
            "place": words.ranks(topic.rank_lower, topic.rank_upper),
            **point(topic.concern, scale),
            "tip": _tip(
                finding.topic_titles.get(topic.topic, topic.topic),
                f"{measure.figures(topic.concern)} {measure.said}",
                f"Place {words.ordinal(topic.rank)}; could be {words.ranks(topic.rank_lower, topic.rank_upper)}",
                _base(topic.concern),
            ),
            "rank": topic.rank,
            "rank_lower": topic.rank_lower,
            "rank_upper": topic.rank_upper,
        }
        for topic in ranking.topics
    ]
    axis = {"title": measure.heading, "format": "%" if measure.share_of_people else "d"}
    title = f"Concerns in order: {finding.subset[:1].lower()}{finding.subset[1:]}"
    data = {"rows": rows, "axis": axis, "title": title, "synthetic": finding.synthetic}
    return Chart(
        "ranking",
        data | {"subtitle": _ranking_subtitle(finding)},
        named(title),
        tuple(row["label"] for row in rows),
    )


def gap_chart(gap: GapFinding) -> Chart | None:
    """Perception above record for one topic; None where a side has no figure, or the comparison is refused."""
    if gap.perceived_up is None or gap.perceived_down is None or gap.recorded is None:
        return None
    if not _comparable(gap) or gap.perceived_up.estimate is None:
        return None
    perceived = [
        {"label": label, **point(side), "tip": _tip(label, share(side), _base(side))}
        for label, side in (("Say it went up", gap.perceived_up), ("Say it went down", gap.perceived_down))
    ]
    title = f"{gap.topic_title}: what residents say, and what the record shows"
    data = {
        "perceived": perceived,
        "recorded": [_recorded_row("Recorded change", gap)],
        "axis": {"title": "Share of residents", "format": "%"},
        "recorded_axis": {"title": "Recorded change, per cent (right is more)", "format": "+d"},
        "title": title,
        "subtitle": f"{gap.wave_title}; {gap.recorded.source}. Lines are 95% intervals.",
        "synthetic": gap.synthetic,
    }
    return Chart("gap", data, named(title))


def perception_chart(gaps: list[GapFinding]) -> Chart | None:
    """Balance of perception beside recorded change for every topic that has both; None where none has."""
    drawn = [gap for gap in gaps if gap.balance and gap.balance.estimate is not None and _comparable(gap)]
    if not drawn:
        return None
    title = "What residents say, and what the record shows"
    data = {
        "perceived": [
            {"label": gap.topic_title, **point(gap.balance, 100), "tip": _gap_tip(gap, gap.topic_title)}
            for gap in drawn
        ],
        "recorded": [_recorded_row(gap.topic_title, gap) for gap in drawn],
        "axis": {"title": "Say up minus say down, percentage points", "format": "+d"},
        "recorded_axis": {"title": "Recorded change, per cent", "format": "+d"},
        "title": title,
        "subtitle": f"{drawn[0].wave_title}. Right is more in both panels. Lines are 95% intervals.",
        "synthetic": any(gap.synthetic for gap in drawn),
    }
    return Chart("perception_against_record", data, named(title), tuple(gap.topic_title for gap in drawn))


def typology_chart(topics: Sequence[GapFinding], wards: Sequence[GapFinding]) -> Chart | None:
    """Every topic and ward of which both sides have a figure, by class; None where none has."""
    rows = [
        _typology_row(gap, kind)
        for kind, gaps in (("ward", wards), ("topic", topics))
        for gap in gaps
        if gap.balance and gap.balance.estimate is not None and _comparable(gap)
    ]
    if not rows:
        return None
    title = "What each topic calls for"
    hollow = f" Hollow points: {wards[0].topic_title.lower()} in each ward." if wards else ""
    data = {
        "rows": rows,
        "axis": {"title": "Say up minus say down, percentage points", "format": "+d"},
        "recorded_axis": {"title": "Recorded change, per cent", "format": "+d"},
        "title": title,
        "subtitle": f"{topics[0].wave_title}. Lines are 95% intervals; a cross is unclear.{hollow}",
        "synthetic": any(gap.synthetic for gap in (*topics, *wards)),
    }
    return Chart("typology", data, named(title), tuple(str(row["label"]) for row in rows if row["kind"] == "topic"))


def fieldwork_chart(progress: Progress, groups: list[ProgressGroup], title: str) -> Chart:
    """Responses against population over one set of groups."""
    rows = [
        {
            "label": group.title,
            "responses": group.response_share,
            "population": group.population_share,
            "tip": _tip(
                group.title,
                f"{words.percent(group.response_share, 1)} of the responses",
                f"{words.percent(group.population_share, 1)} of the population",
            ),
        }
        for group in groups
        if group.response_share is not None
    ]
    subtitle = f"{progress.wave_title}. {words.number(progress.responses)} responses so far, before weighting."
    data = {"rows": rows, "title": title, "subtitle": subtitle, "synthetic": progress.synthetic}
    return Chart("fieldwork", data, named(title))


def blend_chart(blend: BlendFinding) -> Chart:
    """Each topic's place at every institution weight."""
    rows = [
        {"label": blend.topic_titles.get(topic, topic), "weight": weight, "rank": rank}
        for weight, order in blend.orders
        for rank, topic in enumerate(order, start=1)
    ]
    title = "Place of each concern at every weight of the institutions"
    subtitle = f"Dotted line: the weight in use, {words.percent(blend.institution_weight)}."
    data = {"rows": rows, "weight": blend.institution_weight, "title": title, "subtitle": subtitle}
    return Chart(
        "blend",
        data | {"synthetic": blend.synthetic},
        named(title),
        tuple(dict.fromkeys(str(row["label"]) for row in rows)),
    )


def series_chart(title: str, subtitle: str, counts: dict[str, int | None]) -> Chart:
    """Recorded incidents by month (``2018-10``) or quarter (``2018-Q4``); None for one that is not on record."""
    rows = [
        {"period": period, "count": count, "tip": _tip(in_short(period), _incidents(count))}
        for period, count in counts.items()
    ]
    data = {"rows": rows, "title": title, "subtitle": subtitle, "synthetic": False}
    return Chart("series", data, named(title))


def named(title: str) -> str:
    """What a screen reader calls a chart of that title."""
    return f"Chart: {title}. The table below holds the same figures."


def point(estimate: Estimate | None, scale: float = 1) -> dict[str, Any]:
    """An estimate as a row of a chart: value, lower, upper times ``scale``, and the reason where there is none."""
    if estimate is None:
        return {"value": None, "lower": None, "upper": None, "reason": "Not asked."}
    figures = {"value": estimate.estimate, "lower": estimate.lower, "upper": estimate.upper}
    scaled = {name: None if figure is None else round(scale * figure, 6) for name, figure in figures.items()}
    return {**scaled, "reason": estimate.reason}


def _recorded_row(label: str, gap: GapFinding) -> dict[str, Any]:
    record = gap.recorded
    if record is None:
        return {"label": label, "value": None, "lower": None, "upper": None, "reason": "No record."}
    figures = {"value": record.change_pct, "lower": record.lower_pct, "upper": record.upper_pct}
    return {"label": label, **figures, "reason": None, "tip": _gap_tip(gap, label)}


def _typology_row(gap: GapFinding, kind: str) -> dict[str, Any]:
    record, balance = _recorded_row("", gap), point(gap.balance, 100)
    ends = {f"{axis}_{end}": side[end] for axis, side in (("x", record), ("y", balance)) for end in ("lower", "upper")}
    sure = gap.classification not in {"", "unclear"}
    label = gap.topic_title if kind == "topic" else gap.area_name
    tip = {"tip": _gap_tip(gap, label)}
    return {"label": label, "kind": kind, "sure": sure, "x": record["value"], "y": balance["value"], **ends, **tip}


def _comparable(gap: GapFinding) -> bool:
    """Whether the two sides may stand side by side: a comparison that was refused is not drawn either."""
    return gap.grade != "D" and gap.recorded is not None and gap.recorded.change_pct is not None


def _ranking_subtitle(finding: RankingFinding) -> str:
    if finding.coverage is not None:
        return f"{finding.wave_title}. {finding.coverage}"
    base = f"Base {words.number(finding.ranking.base)}, effective base {words.number(finding.ranking.effective_base)}."
    return f"{finding.wave_title}. {base} Lines are 95% intervals."


def _gap_tip(gap: GapFinding, label: str) -> str:
    return _tip(label, gap.perception_text, gap.recorded.text if gap.recorded else "No record.")


def _tip(*lines: str) -> str:
    """What is shown of a mark that is pointed at: lines, the empty ones left out."""
    return "\n".join(line for line in lines if line)


def _base(estimate: Estimate | None) -> str:
    if estimate is None or not estimate.base:
        return ""
    return f"Base {words.number(estimate.base)}, effective base {words.number(estimate.effective_base)}"


def _incidents(count: int | None) -> str:
    return "Not on record" if count is None else f"{words.number(count)} incident{'' if count == 1 else 's'}"
