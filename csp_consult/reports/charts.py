"""Chart specifications: plain data in, a Vega-Lite specification (a dict) out.

Imported by the helper process alone (altair is slow to import); ``chart_data`` makes the data. Every chart
comes in two widths, for a phone and for a desk, because a scaled-down chart has unreadable text. What colour
shows, shape or position shows too, so that the charts stand in greyscale and for colour-blind readers.
"""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import altair as alt

Row = dict[str, Any]
Data = Mapping[str, Any]
Spec = dict[str, Any]
Size = Literal["narrow", "wide"]
Panel = alt.LayerChart | alt.FacetChart

INK, QUIET, GRID = "#0b4f55", "#505a5f", "#d5dadb"
CONTRAST = "#a33c00"
SYNTHETIC_INK = "#5a3d00"
FONT = "Arial, Liberation Sans, sans-serif"
TEXT, SMALL = 14, 13

TOTAL: dict[Size, int] = {"narrow": 338, "wide": 936}
"""Pixels from edge to edge: what is left on a 390 px phone and in a 960 px column."""
LABELS = 290
_EDGE = 14
"""Room at both ends of a panel for half of an axis label."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
_PERIOD_LABEL = (
    "datum.value[5] == 'Q' ? ['Jan–Mar', 'Apr–Jun', 'Jul–Sep', 'Oct–Dec'][toNumber(datum.value[6]) - 1]"
    " + ' ' + slice(datum.value, 0, 4) : timeFormat(timeParse(datum.value, '%Y-%m'), '%b %Y')"
)
_SQUARE = 360
"""Height of a chart of two scales."""
SYNTHETIC = "SYNTHETIC: nobody gave these responses"


def ranking(data: Data, size: Size) -> Spec:
    """Topics in order of concern: a dot and its 95% interval, and the places in the order the data allow.

    ``data``: ``rows`` (label, place, value, lower, upper, rank, rank_lower, rank_upper, reason), ``axis``
    (title, format), ``title``, ``subtitle``, ``synthetic``.
    """
    rows = list(data["rows"])
    domain = _from_zero(rows)
    if size == "narrow":
        for row in rows:
            row["label_above"] = f"{row['label']}: {row['place']}" if row["place"] else row["label"]
        panel = _interval_panel(rows, size, width=TOTAL[size] - 2 * _EDGE, axis=data["axis"], domain=domain)
        return finished(panel, data, size)
    places_width = 210
    panel = _interval_panel(
        rows, size, width=TOTAL[size] - LABELS - places_width - 5 * _EDGE, axis=data["axis"], domain=domain
    )
    return finished(alt.hconcat(panel, _places_panel(rows, places_width), spacing=2 * _EDGE), data, size)


def gap(data: Data, size: Size) -> Spec:
    """What residents say above what the record shows, for one topic.

    ``data``: ``perceived`` rows (label, value, lower, upper), ``recorded`` rows likewise, ``axis`` and
    ``recorded_axis`` (title, format), ``title``, ``subtitle``, ``synthetic``.
    """
    width = TOTAL[size] - 2 * _EDGE - (LABELS if size == "wide" else 0)
    perceived = _interval_panel(list(data["perceived"]), size, width=width, axis=data["axis"], domain=(0, 1))
    recorded = _interval_panel(
        list(data["recorded"]),
        size,
        width=width,
        axis=data["recorded_axis"],
        domain=_around_zero(data["recorded"]),
        zero_line=True,
        colour=CONTRAST,
        shape="diamond",
    )
    return finished(alt.vconcat(perceived, recorded, spacing=20), data, size)


def perception_against_record(data: Data, size: Size) -> Spec:
    """Several topics: the balance of perception beside the recorded change, both with worse to the right.

    ``data`` as for ``gap``, with one perceived and one recorded row a topic under the same label.
    """
    panels = (
        (list(data["perceived"]), data["axis"], INK, "circle"),
        (list(data["recorded"]), data["recorded_axis"], CONTRAST, "diamond"),
    )
    width = TOTAL[size] - 2 * _EDGE if size == "narrow" else (TOTAL[size] - LABELS - 5 * _EDGE) // 2
    drawn = [
        _interval_panel(
            rows,
            size,
            width=width,
            axis=axis,
            domain=_around_zero(rows),
            zero_line=True,
            colour=colour,
            shape=shape,
            labels=size == "narrow" or shape == "circle",
        )
        for rows, axis, colour, shape in panels
    ]
    joined = alt.vconcat(*drawn, spacing=24) if size == "narrow" else alt.hconcat(*drawn, spacing=2 * _EDGE)
    return finished(joined, data, size)


def fieldwork(data: Data, size: Size) -> Spec:
    """Each group's share of the responses (dot) against its share of the population (hollow diamond).

    ``data``: ``rows`` (label, responses, population; shares), ``title``, ``subtitle``, ``synthetic``.
    """
    rows = [
        {**row, "value": row["responses"], "lower": row["responses"], "upper": row["population"]}
        for row in data["rows"]
    ]
    width = TOTAL[size] - 2 * _EDGE - (LABELS if size == "wide" else 0)
    axis = {"title": "Share of all (dot: responses, hollow diamond: population)", "format": "%"}
    panel = _interval_panel(rows, size, width=width, axis=axis, domain=_from_zero(rows))
    population = (
        alt.Chart(alt.InlineData(rows))
        .mark_point(shape="diamond", filled=True, fill="white", stroke=CONTRAST, strokeWidth=2, size=110, opacity=1)
        .encode(x="population:Q", y=_rows_axis(rows, size))
    )
    return finished(alt.layer(panel, population), data, size)


def blend(data: Data, size: Size) -> Spec:
    """Each topic's place in the blended order at every weight of the institutions; a line marks the weight in use.

    ``data``: ``rows`` (label, weight, rank), ``weight`` in use, ``title``, ``subtitle``, ``synthetic``.
    """
    names = 150 if size == "narrow" else LABELS
    rows = [{**row, "lines": "\n".join(_wrapped(row["label"], names // 7))} for row in data["rows"]]
    places = len({row["label"] for row in rows})
    x = alt.X("weight:Q", title=_wrapped("Weight of the institutions", 30), axis=_axis(".0%", count=4))
    y = alt.Y(
        "rank:Q",
        title="Place in the order",
        scale=alt.Scale(domain=[1, max(2, places)], reverse=True, nice=False),
        axis=_axis("d", values=list(range(1, places + 1))),
    )
    base = alt.Chart(alt.InlineData(rows))
    dash = alt.StrokeDash("label:N", legend=None)
    lines = base.mark_line(strokeWidth=2.5, color=INK).encode(x=x, y=y, detail="label:N", strokeDash=dash)
    used = (
        alt.Chart(alt.InlineData([{"weight": data["weight"]}]))
        .mark_rule(strokeWidth=2, color=CONTRAST, strokeDash=[2, 3])
        .encode(x="weight:Q")
    )
    labels = (
        base.mark_text(align="left", dx=6, fontSize=SMALL, color="#0b0c0c", lineBreak="\n", baseline="middle")
        .transform_filter(f"datum.weight == {max((row['weight'] for row in rows), default=1)}")
        .encode(x="weight:Q", y="rank:Q", text="lines:N")
    )
    width = TOTAL[size] - names - 4 * _EDGE
    return finished(alt.layer(lines, used, labels, width=width, height=max(1, places) * 40), data, size)


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
        "count:Q", title="Incidents", scale=alt.Scale(domain=[0, top * 1.1], nice=False), axis=_axis("d", count=4)
    )
    base = alt.Chart(alt.InlineData(rows)).encode(x=x, y=y)
    line = base.mark_line(color=INK, strokeWidth=2, invalid="break-paths-show-path-domains")
    points = base.mark_point(color=INK, filled=True, size=60, opacity=1).transform_filter("isValid(datum.count)")
    width = TOTAL[size] - 6 * _EDGE
    return finished(alt.layer(line, points, width=width, height=240), data, size)


def typology(data: Data, size: Size) -> Spec:
    """Every topic, and wards as hollow points: the balance of perception over the recorded change, in four regions.

    ``data``: ``rows`` (label, kind ``topic`` or ``ward``, x, x_lower, x_upper, y, y_lower, y_upper, sure),
    ``axis`` (of perception), ``recorded_axis`` (title, format), ``title``, ``subtitle``, ``synthetic``. A topic of
    which the class is unclear is a cross.
    """
    rows = list(data["rows"])
    if size == "narrow":
        # Names side by side would run into each other on a phone: numbers stand for them.
        topics = [row for row in rows if row["kind"] == "topic"]
        key = "; ".join(f"{number} {row['label']}" for number, row in enumerate(topics, start=1))
        rows = [row | {"label": str(topics.index(row) + 1) if row in topics else ""} for row in rows]
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
        base.mark_point(shape="circle", filled=False, size=50, color=QUIET).transform_filter("datum.kind == 'ward'"),
        *(
            base.mark_rule(strokeWidth=4, opacity=0.35, color=INK)
            .transform_filter(f"datum.kind == 'topic' && isValid(datum.{axis}_lower)")
            .encode(**{axis: f"{axis}_lower:Q", f"{axis}2": f"{axis}_upper:Q"})
            for axis in ("x", "y")
        ),
        *(
            base.mark_point(shape=shape, filled=sure, size=140, opacity=1, strokeWidth=3, color=INK).transform_filter(
                f"datum.kind == 'topic' && datum.sure == {str(sure).lower()}"
            )
            for sure, shape in ((True, "circle"), (False, "cross"))
        ),
        *(_topic_names(base, side) for side in _SIDES),
    ]
    return finished(alt.layer(*layers, width=TOTAL[size] - 7 * _EDGE, height=_SQUARE), data, size)


CHARTS: dict[str, Callable[[Data, Size], Spec]] = {
    "ranking": ranking,
    "gap": gap,
    "perception_against_record": perception_against_record,
    "fieldwork": fieldwork,
    "blend": blend,
    "series": series,
    "typology": typology,
}


def _topic_names(base: alt.Chart, side: Literal["left", "right"]) -> alt.Chart:
    """Names of the topics, written towards the middle so that none leaves the picture."""
    where, dx = ("datum.x <= 0", 8) if side == "left" else ("datum.x > 0", -8)
    named: alt.Chart = (
        base.mark_text(align=side, dx=dx, dy=-14, fontSize=TEXT, color="#0b0c0c")
        .transform_filter(f"datum.kind == 'topic' && {where}")
        .encode(text="label:N")
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
        title=_wrapped(axis["title"], letters),
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=_axis(axis["format"], count=5),
    )


def _reach(rows: Sequence[Row], axis: str) -> float:
    """How far the farthest point or interval lies from zero, and a little more."""
    ends = (row.get(f"{axis}{end}") for row in rows for end in ("", "_lower", "_upper"))
    return max((abs(value) for value in ends if value is not None), default=0) * 1.25 or 1


def _interval_panel(
    rows: list[Row],
    size: Size,
    *,
    width: int,
    axis: Mapping[str, str],
    domain: tuple[float, float],
    zero_line: bool = False,
    colour: str = INK,
    shape: str = "circle",
    labels: bool = True,
) -> Panel:
    """A row each: interval as a line, estimate as a point; what is not shown says so in its row."""
    y = _rows_axis(rows, size, labels=labels)
    base = alt.Chart(alt.InlineData(rows))
    scale = alt.Scale(domain=list(domain), nice=False)
    x = alt.X("value:Q", title=_wrapped(axis["title"], width // 8), scale=scale, axis=_axis(axis["format"], count=5))
    layers: list[alt.Chart] = []
    if zero_line:
        layers.append(alt.Chart(alt.InlineData([{"value": 0}])).mark_rule(strokeWidth=2, color=QUIET).encode(x=x))
    layers += [
        base.mark_rule(strokeWidth=5, opacity=0.45, color=colour)
        .transform_filter("isValid(datum.lower) && isValid(datum.upper)")
        .encode(x=alt.X("lower:Q", scale=scale), x2="upper:Q", y=y),
        base.mark_point(filled=True, size=110, opacity=1, color=colour, shape=shape)
        .transform_filter("isValid(datum.value)")
        .encode(x=x, y=y),
        base.mark_text(align="left", dx=4, fontSize=SMALL, fontStyle="italic", color=QUIET)
        .transform_filter("!isValid(datum.value)")
        .encode(x=alt.value(0), y=y, text="reason:N"),
    ]
    if size == "narrow":
        text = "label_above" if rows and "label_above" in rows[0] else "label"
        layers.append(
            base.mark_text(align="left", baseline="bottom", dy=-9, fontSize=TEXT, color="#0b0c0c", limit=width).encode(
                x=alt.value(0), y=y, text=f"{text}:N"
            )
        )
    return alt.layer(*layers, width=width, height=_height(rows, size))


def _places_panel(rows: list[Row], width: int) -> Panel:
    base = alt.Chart(alt.InlineData(rows)).transform_filter("isValid(datum.rank)")
    worst = max([2, *(row["rank_upper"] for row in rows if row["rank"] is not None)])
    x = alt.X(
        "rank:Q",
        title="Place in the order",
        scale=alt.Scale(domain=[1, worst], nice=False),
        axis=_axis("d", values=sorted({1, worst, *range(5, worst - 1, 5)})),
    )
    y = _rows_axis(rows, "wide", labels=False)
    bars = base.mark_rule(strokeWidth=11, opacity=0.25, color=CONTRAST).encode(
        x=alt.X("rank_lower:Q", scale=alt.Scale(domain=[1, worst])), x2="rank_upper:Q", y=y
    )
    marks = base.mark_point(filled=True, shape="square", size=80, opacity=1, color=CONTRAST).encode(x=x, y=y)
    return alt.layer(bars, marks, width=width, height=_height(rows, "wide"))


def _rows_axis(rows: Sequence[Row], size: Size, *, labels: bool = True) -> alt.Y:
    axis = alt.Axis(
        title=None,
        labels=labels and size == "wide",
        labelFontSize=TEXT,
        labelLimit=LABELS - 10,
        minExtent=LABELS - 10 if labels and size == "wide" else 0,
        ticks=False,
        domain=False,
        grid=size == "wide",
    )
    # The domain is said in full, or rows without a figure would lose their place in one of two panels.
    return alt.Y("label:N", scale=alt.Scale(domain=[row["label"] for row in rows]), axis=axis)


def _axis(number_format: str, *, count: int = 5, values: list[int] | None = None) -> alt.Axis:
    given: dict[str, Any] = {"values": values} if values is not None else {"tickCount": count}
    if number_format.startswith("+"):
        # The format alone would put a sign before zero.
        given["labelExpr"] = f"datum.value == 0 ? '0' : format(datum.value, '{number_format}')"
    return alt.Axis(format=number_format, labelFontSize=SMALL, titleFontSize=SMALL, titleFontWeight="normal", **given)


def _height(rows: Sequence[Row], size: Size) -> int:
    return max(1, len(rows)) * (48 if size == "narrow" else 30)


def _ends(rows: Sequence[Row]) -> list[float]:
    return [row[key] for row in rows for key in ("value", "lower", "upper") if row.get(key) is not None]


def _from_zero(rows: Sequence[Row]) -> tuple[float, float]:
    """From nothing to a little over the largest value: a share starts at zero, or lengths would mislead."""
    return 0, max(_ends(rows), default=1) * 1.04


def _around_zero(rows: Sequence[Row]) -> tuple[float, float]:
    """As far below zero as above, so that the middle of the panel is no change."""
    reach = max((abs(value) for value in _ends(rows)), default=0) * 1.15 or 1
    return -reach, reach


def finished(chart: alt.TopLevelMixin, data: Data, size: Size) -> Spec:
    """The specification with title, subtitle and the synthetic mark, set in the house style."""
    letters = TOTAL[size] // 8
    subtitle = _wrapped(data["subtitle"], letters)
    if data["synthetic"]:
        subtitle = [SYNTHETIC, *subtitle]
    spec: Spec = chart.to_dict()
    spec["title"] = {
        "text": _wrapped(data["title"], letters - 4),
        "subtitle": subtitle,
        "anchor": "start",
        "frame": "bounds",
        "offset": 16,
        "fontSize": 17,
        "subtitleFontSize": SMALL,
        "subtitlePadding": 6,
        "subtitleColor": SYNTHETIC_INK if data["synthetic"] else QUIET,
    }
    spec["background"] = "white"
    spec["padding"] = 4
    spec["config"] = {
        "aria": False,  # the drawing is one image with one name; the table beside it holds the figures
        "font": FONT,
        "view": {"stroke": None},
        "axis": {"gridColor": GRID, "labelColor": "#0b0c0c", "titleColor": "#0b0c0c", "domainColor": QUIET},
    }
    return spec


def _wrapped(text: str, letters: int) -> list[str]:
    return textwrap.wrap(text, max(12, letters)) or [""]
