"""Charts through time: the record by month or quarter, and a question wave by wave."""

from typing import Any

import altair as alt

from csp_consult.reports.chart_parts import (
    CONTRAST,
    EDGE,
    INK,
    SMALL,
    TEXT,
    TOTAL,
    Data,
    Panel,
    Row,
    Size,
    Spec,
    finished,
    number_axis,
    wrapped,
)

_PERIOD_LABEL = (
    "datum.value[5] == 'Q' ? ['Jan–Mar', 'Apr–Jun', 'Jul–Sep', 'Oct–Dec'][toNumber(datum.value[6]) - 1]"
    " + ' ' + slice(datum.value, 0, 4) : timeFormat(timeParse(datum.value, '%Y-%m'), '%b %Y')"
)


def series(data: Data, size: Size) -> Spec:
    """Recorded incidents by month or quarter; the line breaks where one is not on record.

    ``data``: ``rows`` (period as ``2018-10`` or ``2018-Q4``, count or None), ``title``, ``subtitle``, ``synthetic``.
    """
    rows = list(data["rows"])
    # A quarter's name is longer than a month's.
    by_quarter = any("Q" in row["period"] for row in rows)
    labels = (3 if by_quarter else 4) if size == "narrow" else (8 if by_quarter else 12)
    every = max(1, -(-len(rows) // labels))
    x = alt.X(
        "period:O",
        title=None,
        scale=alt.Scale(domain=[row["period"] for row in rows]),
        axis=alt.Axis(
            values=[row["period"] for row in rows[::every]],
            labelExpr=_PERIOD_LABEL,
            labelAngle=0,
            labelFontSize=SMALL,
        ),
    )
    top = max([1, *(row["count"] for row in rows if row["count"] is not None)])
    y = alt.Y(
        "count:Q", title="Incidents", scale=alt.Scale(domain=[0, top * 1.1], nice=False), axis=number_axis("d", count=4)
    )
    base = alt.Chart(alt.InlineData(rows)).encode(x=x, y=y)
    line = base.mark_line(color=INK, strokeWidth=2, invalid="break-paths-show-path-domains")
    points = (
        base.mark_point(color=INK, filled=True, size=60, opacity=1)
        .transform_filter("isValid(datum.count)")
        .encode(tooltip="tip:N")
    )
    width = TOTAL[size] - 6 * EDGE
    return finished(alt.layer(line, points, width=width, height=240), data, size)


def trend(data: Data, size: Size) -> Spec:
    """An answer's share wave by wave, a panel an answer; the line breaks where two waves cannot be compared.

    ``data``: ``answers`` (label, ``points``: wave, value, lower, upper, segment, broken, reason), in the order of the
    waves; ``waves`` (their short names), ``title``, ``subtitle``, ``synthetic``. Points of one ``segment`` may be
    joined; a ``broken`` point cannot be compared with the one before, which a dashed upright says.
    """
    columns, waves = (1 if size == "narrow" else 2), list(data["waves"])
    width = TOTAL[size] // columns - 6 * EDGE
    ends = [row.get(key) for one in data["answers"] for row in one["points"] for key in ("value", "upper")]
    top = max((end for end in ends if end is not None), default=1)
    panels = [
        _answer_panel(one["label"], list(one["points"]), waves, min(1, top * 1.08), width) for one in data["answers"]
    ]
    return finished(alt.concat(*panels, columns=columns, spacing=24), data, size)


def _answer_panel(label: str, rows: list[Row], waves: list[str], top: float, width: int) -> Panel:
    x: Any = alt.X(
        "wave:O",
        title=None,
        scale=alt.Scale(domain=waves),
        axis=alt.Axis(
            labelExpr="split(datum.label, '-')",  # The year, and below it the season: a phone cuts them in one line.
            labelAngle=0,
            labelFontSize=SMALL,
            labelLimit=width // len(waves),
            labelOverlap=True,
        ),
    )
    y: Any = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=number_axis("%", count=4))
    base = alt.Chart(alt.InlineData(rows))
    shown = base.transform_filter("isValid(datum.value)")
    layers = [
        base.transform_filter("datum.broken")
        .mark_rule(color=CONTRAST, strokeWidth=2, strokeDash=[4, 4], xOffset=-width / len(waves) / 2)
        .encode(x=x),
        shown.mark_line(color=INK, strokeWidth=2.5).encode(x=x, y=y, detail="segment:N"),
        shown.mark_rule(color=INK, strokeWidth=4, opacity=0.45).encode(x=x, y="lower:Q", y2="upper:Q"),
        shown.mark_point(color=INK, filled=True, size=90, opacity=1).encode(x=x, y=y, tooltip="tip:N"),
        base.transform_filter("!isValid(datum.value)")
        .mark_text(fontSize=SMALL, fontStyle="italic", text="not shown", baseline="bottom")
        .encode(x=x, y=alt.value(110)),
    ]
    title = alt.TitleParams(wrapped(label, width // 8), fontSize=TEXT, anchor="start", offset=8)
    return alt.layer(*layers, width=width, height=120, title=title)
