"""The chart of two scales: the balance of perception over the recorded change, in four regions."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt

from csp_consult.reports.chart_parts import (
    CONTRAST,
    EDGE,
    INK,
    QUIET,
    TEXT,
    TOTAL,
    Data,
    Row,
    Size,
    Spec,
    finished,
    lit,
    number_axis,
    wrapped,
)

_SQUARE = 360
"""Height of a chart of two scales."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


def typology(data: Data, size: Size) -> Spec:
    """Every topic, and wards as hollow points: the balance of perception over the recorded change, in four regions.

    ``data``: ``rows`` (label, kind ``topic`` or ``ward``, x, x_lower, x_upper, y, y_lower, y_upper, sure),
    ``axis`` (of perception), ``recorded_axis`` (title, format), ``title``, ``subtitle``, ``synthetic``. A topic of
    which the class is unclear is a cross.
    """
    rows: list[Row] = [row | {"name": row["label"] if row["kind"] == "topic" else ""} for row in data["rows"]]
    if size == "narrow":
        # Names side by side would run into each other on a phone: numbers stand for them.
        topics = [row for row in rows if row["kind"] == "topic"]
        key = "; ".join(f"{number} {row['label']}" for number, row in enumerate(topics, start=1))
        rows = [row | {"name": str(topics.index(row) + 1) if row in topics else ""} for row in rows]
        data = {**data, "subtitle": f"{data['subtitle']} {key}."}
    reach_x, reach_y = (_reach(rows, axis) for axis in ("x", "y"))
    x = _signed_axis("x:Q", data["recorded_axis"], reach_x, size)
    y = _signed_axis("y:Q", data["axis"], reach_y, size)
    base = alt.Chart(alt.InlineData(rows)).encode(x=x, y=y)
    known = alt.Chart(alt.InlineData([{"x": 0, "y": 0}])).encode(x=x, y=y)
    layers = [
        known.mark_rule(strokeWidth=2, color=QUIET).encode(y=alt.value(0), y2=alt.value(_SQUARE)),
        known.mark_rule(strokeWidth=2, color=QUIET).encode(x=alt.value(0), x2=alt.value("width")),
        *_regions(x, y, reach_x, reach_y),
        base.mark_point(shape="circle", filled=False, size=50, color=QUIET)
        .transform_filter("datum.kind == 'ward'")
        .encode(opacity=lit(1), tooltip="tip:N"),
        *(
            base.mark_rule(strokeWidth=4, color=INK)
            .transform_filter(f"datum.kind == 'topic' && isValid(datum.{axis}_lower)")
            .encode(opacity=lit(0.35), **{axis: f"{axis}_lower:Q", f"{axis}2": f"{axis}_upper:Q"})
            for axis in ("x", "y")
        ),
        *(
            base.mark_point(shape=shape, filled=sure, size=140, strokeWidth=3, color=INK)
            .transform_filter(f"datum.kind == 'topic' && datum.sure == {str(sure).lower()}")
            .encode(opacity=lit(1), tooltip="tip:N")
            for sure, shape in ((True, "circle"), (False, "cross"))
        ),
        *(_topic_names(base, side) for side in _SIDES),
    ]
    return finished(alt.layer(*layers, width=TOTAL[size] - 7 * EDGE, height=_SQUARE), data, size)


def _topic_names(base: alt.Chart, side: Literal["left", "right"]) -> alt.Chart:
    """Names of the topics, written towards the middle so that none leaves the picture."""
    where, dx = ("datum.x <= 0", 8) if side == "left" else ("datum.x > 0", -8)
    named: alt.Chart = (
        base.mark_text(align=side, dx=dx, dy=-14, fontSize=TEXT, color="#0b0c0c")
        .transform_filter(f"datum.kind == 'topic' && {where}")
        .encode(text="name:N", opacity=lit(1))
    )
    return named


def _regions(x: alt.X, y: alt.Y, reach_x: float, reach_y: float) -> list[alt.Chart]:
    """The names of the classes in the four corners."""
    corners = (("Reassure", -1, 1), ("Act", 1, 1), ("Maintain", -1, -1), ("Alert", 1, -1))
    return [
        alt.Chart(alt.InlineData([{"x": across * reach_x, "y": up * reach_y, "name": name}]))
        .mark_text(
            align="left" if across < 0 else "right",
            baseline="top" if up > 0 else "bottom",
            dx=-6 * across,
            dy=6 * up,
            fontSize=TEXT + 2,
            fontWeight="bold",
            color=CONTRAST,
        )
        .encode(x=x, y=y, text="name:N")
        for name, across, up in corners
    ]


def _signed_axis(field: str, axis: Mapping[str, str], reach: float, size: Size) -> Any:
    made = alt.X if field.startswith("x") else alt.Y
    letters = TOTAL[size] // 9 if field.startswith("x") else 44
    return made(
        field,
        title=wrapped(axis["title"], letters),
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=number_axis(axis["format"], count=5),
    )


def _reach(rows: Sequence[Row], axis: str) -> float:
    """How far the farthest point or interval lies from zero, and a little more."""
    ends = (row.get(f"{axis}{end}") for row in rows for end in ("", "_lower", "_upper"))
    return max((abs(value) for value in ends if value is not None), default=0) * 1.25 or 1
