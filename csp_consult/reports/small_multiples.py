"""Small multiples: one panel a concern, in each the same groups in the same order, on one scale."""

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
    from_zero,
    lit,
    number_axis,
    wrapped,
)

_ROW = 22
_NAMES: dict[Size, int] = {"narrow": 120, "wide": 170}
_COLUMNS: dict[Size, int] = {"narrow": 1, "wide": 3}


def small_multiples(data: Data, size: Size) -> Spec:
    """Each concern by group: a dot and its 95% interval a group, and an upright where everybody together stands.

    ``data``: ``panels`` (label, ``everybody`` or None, ``rows``: label, value, lower, upper, reason, with the
    same labels in every panel), ``axis`` (title, format), ``title``, ``subtitle``, ``synthetic``.
    """
    columns, names = _COLUMNS[size], _NAMES[size]
    width = (TOTAL[size] - names - 2 * EDGE * columns - 10) // columns
    domain = from_zero([row for panel in data["panels"] for row in panel["rows"]])
    panels = [
        _panel(panel, data["axis"], domain, width, names if place % columns == 0 else 0)
        for place, panel in enumerate(data["panels"])
    ]
    return finished(alt.concat(*panels, columns=columns, spacing=24), data, size)


def _panel(panel: Row, axis: dict[str, str], domain: tuple[float, float], width: int, names: int) -> Panel:
    rows = list(panel["rows"])
    scale = alt.Scale(domain=list(domain), nice=False)
    x: Any = alt.X("value:Q", title=None, scale=scale, axis=number_axis(axis["format"], count=3))
    y: Any = alt.Y(
        "label:N",
        scale=alt.Scale(domain=[row["label"] for row in rows]),
        axis=alt.Axis(
            title=None,
            labels=names > 0,
            labelFontSize=SMALL,
            labelLimit=names - 8,
            minExtent=max(0, names - 8),
            ticks=False,
            domain=False,
            grid=True,
        ),
    )
    base = alt.Chart(alt.InlineData(rows))
    layers = [
        base.mark_rule(strokeWidth=4, color=INK)
        .transform_filter("isValid(datum.lower) && isValid(datum.upper)")
        .encode(x=alt.X("lower:Q", scale=scale), x2="upper:Q", y=y, opacity=lit(0.45), tooltip="tip:N"),
        base.mark_point(filled=True, size=70, color=INK)
        .transform_filter("isValid(datum.value)")
        .encode(x=x, y=y, opacity=lit(1), tooltip="tip:N"),
        base.mark_text(align="left", dx=4, fontSize=SMALL - 1, fontStyle="italic", text="not shown")
        .transform_filter("!isValid(datum.value)")
        .encode(x=alt.value(0), y=y),
    ]
    if panel["everybody"] is not None:
        everybody = alt.Chart(alt.InlineData([{"value": panel["everybody"]}]))
        layers.insert(0, everybody.mark_rule(strokeWidth=2, strokeDash=[4, 3], color=CONTRAST).encode(x=x))
    title = alt.TitleParams(wrapped(panel["label"], (width + names) // 9), fontSize=TEXT, anchor="start", offset=6)
    return alt.layer(*layers, width=width, height=max(1, len(rows)) * _ROW, title=title)
