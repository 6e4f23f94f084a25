"""What charts of several panels are drawn from: a ranking by group, and a question wave by wave."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from csp_consult import words
from csp_consult.findings.contract import RankingFinding, TrendFinding, TrendShare
from csp_consult.reports.chart_data import Chart, named, point
from csp_consult.reports.readings import MEASURES, share

PANELS = 6
"""Concerns that are drawn by group: those that come first; the table and the files hold all."""


_ON_HIDDEN = " Not shown: hidden, because few answered."


def groups_chart(findings: Sequence[RankingFinding], everybody: RankingFinding, how: str) -> Chart | None:
    """The first concerns of ``everybody`` by group, a panel each; None where no group has a figure.

    ``how`` says by what the groups are told apart: ``by ward``.
    """
    measure = MEASURES[everybody.ranking.measure]
    scale = 1 if measure.share_of_people else 100
    by_group = [(one.subset, {topic.topic: topic.concern for topic in one.ranking.topics}) for one in findings]
    panels = []
    for topic in everybody.ranking.topics[:PANELS]:
        title = everybody.topic_titles.get(topic.topic, topic.topic)
        rows = []
        for subset, concerns in by_group:
            concern = concerns.get(topic.topic)
            said = measure.figures(concern) if concern else "Not shown."
            rows.append({"label": subset, **point(concern, scale), "tip": f"{subset}\n{title}: {said}"})
        whole = point(topic.concern, scale)["value"]
        panels.append({"label": title, "everybody": whole, "rows": rows})
    if not any(row["value"] is not None for panel in panels for row in panel["rows"]):
        return None
    title = f"The first {len(panels)} concerns {how}"
    note = f"{measure.heading}. Lines are 95% intervals; the dashed upright is everybody together."
    data: dict[str, Any] = {
        "panels": panels,
        "axis": {"title": measure.heading, "format": "%" if measure.share_of_people else "d"},
        "title": title,
        "subtitle": f"{everybody.wave_title}. {note}",
        "synthetic": everybody.synthetic,
    }
    return Chart("small_multiples", data, named(title), tuple(subset for subset, _ in by_group))


def trend_chart(found: TrendFinding) -> Chart | None:
    """Every answer's share wave by wave, broken where two waves cannot be compared; None where no share is shown."""
    if not any(one.share.estimate is not None for one in found.points):
        return None
    answers = [
        {"label": title, "points": _joined(list(points))}
        for title, points in groupby(found.points, key=lambda one: one.option_title)
    ]
    hidden = any(one.share.estimate is None for one in found.points)
    note = "Lines are 95% intervals; a dashed upright is a break: not comparable."
    data = {
        "answers": answers,
        "waves": list(dict.fromkeys(_short(one.wave) for one in found.points)),
        "title": found.question_text,
        "subtitle": f"{found.survey_title}. {note}{_ON_HIDDEN if hidden else ''}",
        "synthetic": found.synthetic,
    }
    return Chart("trend", data, named(found.question_text))


def _joined(points: list[TrendShare]) -> list[dict[str, Any]]:
    """The points of one answer; each run of waves that can be compared is one segment."""
    rows: list[dict[str, Any]] = []
    segment = 0
    for place, one in enumerate(points):
        apart = place > 0 and one.change is None
        # A share that is hidden is no break: the two questions may well be the same.
        hidden = one.share.estimate is None or (place > 0 and points[place - 1].share.estimate is None)
        broken = apart and not hidden
        segment += apart
        rows.append(
            {
                "wave": _short(one.wave),
                **point(one.share),
                "segment": segment,
                "broken": broken,
                "tip": f"{one.option_title}\n{one.wave_title}: {share(one.share)}\nBase {words.number(one.share.base)}",
            }
        )
    return rows


def _short(wave: str) -> str:
    """A wave as an axis names it: what comes after the survey in its key."""
    return wave.rpartition("/")[2]
