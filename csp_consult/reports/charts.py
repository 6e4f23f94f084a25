"""Chart specifications: plain data in, a Vega-Lite specification (a dict) out.

Imported by the helper process alone; ``chart_data`` makes the data. Every chart comes in two widths, for a phone and
for a desk, because a scaled-down chart has unreadable text.
"""

import altair as alt

from csp_consult.reports.chart_parts import (
    CONTRAST,
    EDGE,
    INK,
    LABELS,
    SMALL,
    TOTAL,
    Data,
    Panel,
    Row,
    Size,
    Spec,
    around_zero,
    finished,
    from_zero,
    height_of,
    interval_panel,
    lit,
    number_axis,
    rows_axis,
    wrapped,
)


def ranking(data: Data, size: Size) -> Spec:
    """Topics in order of concern: a dot and its 95% interval, and the places in the order the data allow.

    ``data``: ``rows`` (label, place, value, lower, upper, rank, rank_lower, rank_upper, reason), ``axis``
    (title, format), ``title``, ``subtitle``, ``synthetic``.
    """
    rows = list(data["rows"])
    domain = from_zero(rows)
    if size == "narrow":
        for row in rows:
            row["label_above"] = f"{row['label']}: {row['place']}" if row["place"] else row["label"]
        panel = interval_panel(rows, size, width=TOTAL[size] - 2 * EDGE, axis=data["axis"], domain=domain)
        return finished(panel, data, size)
    places_width = 210
    panel = interval_panel(
        rows, size, width=TOTAL[size] - LABELS - places_width - 5 * EDGE, axis=data["axis"], domain=domain
    )
    return finished(alt.hconcat(panel, _places_panel(rows, places_width), spacing=2 * EDGE), data, size)


def gap(data: Data, size: Size) -> Spec:
    """What residents say above what the record shows, for one topic.

    ``data``: ``perceived`` rows (label, value, lower, upper), ``recorded`` rows likewise, ``axis`` and
    ``recorded_axis`` (title, format), ``title``, ``subtitle``, ``synthetic``.
    """
    width = TOTAL[size] - 2 * EDGE - (LABELS if size == "wide" else 0)
    perceived = interval_panel(list(data["perceived"]), size, width=width, axis=data["axis"], domain=(0, 1))
    recorded = interval_panel(
        list(data["recorded"]),
        size,
        width=width,
        axis=data["recorded_axis"],
        domain=around_zero(data["recorded"]),
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
    width = TOTAL[size] - 2 * EDGE if size == "narrow" else (TOTAL[size] - LABELS - 5 * EDGE) // 2
    drawn = [
        interval_panel(
            rows,
            size,
            width=width,
            axis=axis,
            domain=around_zero(rows),
            zero_line=True,
            colour=colour,
            shape=shape,
            labels=size == "narrow" or shape == "circle",
        )
        for rows, axis, colour, shape in panels
    ]
    joined = alt.vconcat(*drawn, spacing=24) if size == "narrow" else alt.hconcat(*drawn, spacing=2 * EDGE)
    return finished(joined, data, size)


def fieldwork(data: Data, size: Size) -> Spec:
    """Each group's share of the responses (dot) against its share of the population (hollow diamond).

    ``data``: ``rows`` (label, responses, population; shares), ``title``, ``subtitle``, ``synthetic``.
    """
    rows = [
        {**row, "value": row["responses"], "lower": row["responses"], "upper": row["population"]}
        for row in data["rows"]
    ]
    width = TOTAL[size] - 2 * EDGE - (LABELS if size == "wide" else 0)
    axis = {"title": "Share of all (dot: responses, hollow diamond: population)", "format": "%"}
    panel = interval_panel(rows, size, width=width, axis=axis, domain=from_zero(rows))
    population = (
        alt.Chart(alt.InlineData(rows))
        .mark_point(shape="diamond", filled=True, fill="white", stroke=CONTRAST, strokeWidth=2, size=110)
        .encode(x="population:Q", y=rows_axis(rows, size), opacity=lit(1), tooltip="tip:N")
    )
    return finished(alt.layer(panel, population), data, size)


def blend(data: Data, size: Size) -> Spec:
    """Each topic's place in the blended order at every weight of the institutions; a line marks the weight in use.

    ``data``: ``rows`` (label, weight, rank), ``weight`` in use, ``title``, ``subtitle``, ``synthetic``.
    """
    names = 150 if size == "narrow" else LABELS
    rows = [{**row, "lines": "\n".join(wrapped(row["label"], names // 7))} for row in data["rows"]]
    places = len({row["label"] for row in rows})
    x = alt.X("weight:Q", title=wrapped("Weight of the institutions", 30), axis=number_axis(".0%", count=4))
    y = alt.Y(
        "rank:Q",
        title="Place in the order",
        scale=alt.Scale(domain=[1, max(2, places)], reverse=True, nice=False),
        axis=number_axis("d", values=list(range(1, places + 1))),
    )
    base = alt.Chart(alt.InlineData(rows))
    dash = alt.StrokeDash("label:N", legend=None)
    lines = base.mark_line(strokeWidth=2.5, color=INK).encode(
        x=x, y=y, detail="label:N", strokeDash=dash, opacity=lit(1), tooltip="label:N"
    )
    used = (
        alt.Chart(alt.InlineData([{"weight": data["weight"]}]))
        .mark_rule(strokeWidth=2, color=CONTRAST, strokeDash=[2, 3])
        .encode(x="weight:Q")
    )
    labels = (
        base.mark_text(align="left", dx=6, fontSize=SMALL, color="#0b0c0c", lineBreak="\n", baseline="middle")
        .transform_filter(f"datum.weight == {max((row['weight'] for row in rows), default=1)}")
        .encode(x="weight:Q", y="rank:Q", text="lines:N", opacity=lit(1))
    )
    width = TOTAL[size] - names - 4 * EDGE
    return finished(alt.layer(lines, used, labels, width=width, height=max(1, places) * 40), data, size)


def _places_panel(rows: list[Row], width: int) -> Panel:
    base = alt.Chart(alt.InlineData(rows)).transform_filter("isValid(datum.rank)")
    worst = max([2, *(row["rank_upper"] for row in rows if row["rank"] is not None)])
    x = alt.X(
        "rank:Q",
        title="Place in the order",
        scale=alt.Scale(domain=[1, worst], nice=False),
        axis=number_axis("d", values=sorted({1, worst, *range(5, worst - 1, 5)})),
    )
    y = rows_axis(rows, "wide", labels=False)
    bars = base.mark_rule(strokeWidth=11, color=CONTRAST).encode(
        x=alt.X("rank_lower:Q", scale=alt.Scale(domain=[1, worst])),
        x2="rank_upper:Q",
        y=y,
        opacity=lit(0.25),
        tooltip="tip:N",
    )
    marks = base.mark_point(filled=True, shape="square", size=80, color=CONTRAST).encode(
        x=x, y=y, opacity=lit(1), tooltip="tip:N"
    )
    return alt.layer(bars, marks, width=width, height=height_of(rows, "wide"))
