"""What every chart is made of: sizes, inks, axes, the row with its interval, title and synthetic mark.

Imported by the helper process alone (altair is slow to import). What colour shows, shape or position shows too, so
that the charts stand in greyscale and for colour-blind readers.
"""

import textwrap
from collections.abc import Mapping, Sequence
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
EDGE = 14
"""Room at both ends of a panel for half of an axis label."""
SYNTHETIC = "SYNTHETIC: nobody gave these responses"

# What a reader points at (``over``) and has chosen to see (``only``): the label of a row, or nothing.
PARAMETERS = ("over", "only")
_LIT = " && ".join(f"({name} == '' || datum.label == {name})" for name in PARAMETERS)


def lit(opacity: float) -> Any:
    """The opacity of a mark that grows faint while another row is pointed at or chosen; by itself just ``opacity``."""
    return alt.condition(_LIT, alt.value(opacity), alt.value(opacity / 5))


def interval_panel(
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
    y = rows_axis(rows, size, labels=labels)
    base = alt.Chart(alt.InlineData(rows))
    scale = alt.Scale(domain=list(domain), nice=False)
    x = alt.X(
        "value:Q", title=wrapped(axis["title"], width // 8), scale=scale, axis=number_axis(axis["format"], count=5)
    )
    layers: list[alt.Chart] = []
    if zero_line:
        layers.append(alt.Chart(alt.InlineData([{"value": 0}])).mark_rule(strokeWidth=2, color=QUIET).encode(x=x))
    layers += [
        base.mark_rule(strokeWidth=5, color=colour)
        .transform_filter("isValid(datum.lower) && isValid(datum.upper)")
        .encode(x=alt.X("lower:Q", scale=scale), x2="upper:Q", y=y, opacity=lit(0.45), tooltip="tip:N"),
        base.mark_point(filled=True, size=110, color=colour, shape=shape)
        .transform_filter("isValid(datum.value)")
        .encode(x=x, y=y, opacity=lit(1), tooltip="tip:N"),
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
    return alt.layer(*layers, width=width, height=height_of(rows, size))


def rows_axis(rows: Sequence[Row], size: Size, *, labels: bool = True) -> alt.Y:
    """A row for each label, named beside the panel on a desk; on a phone the names stand above their rows."""
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


def number_axis(number_format: str, *, count: int = 5, values: list[int] | None = None) -> alt.Axis:
    """An axis of figures; a format with a sign leaves zero without one."""
    given: dict[str, Any] = {"values": values} if values is not None else {"tickCount": count}
    if number_format.startswith("+"):
        # The format alone would put a sign before zero.
        given["labelExpr"] = f"datum.value == 0 ? '0' : format(datum.value, '{number_format}')"
    return alt.Axis(format=number_format, labelFontSize=SMALL, titleFontSize=SMALL, titleFontWeight="normal", **given)


def height_of(rows: Sequence[Row], size: Size) -> int:
    """Pixels for so many rows."""
    return max(1, len(rows)) * (48 if size == "narrow" else 30)


def _ends(rows: Sequence[Row]) -> list[float]:
    return [row[key] for row in rows for key in ("value", "lower", "upper") if row.get(key) is not None]


def from_zero(rows: Sequence[Row]) -> tuple[float, float]:
    """From nothing to a little over the largest value: a share starts at zero, or lengths would mislead."""
    return 0, max(_ends(rows), default=1) * 1.04


def around_zero(rows: Sequence[Row]) -> tuple[float, float]:
    """As far below zero as above, so that the middle of the panel is no change."""
    reach = max((abs(value) for value in _ends(rows)), default=0) * 1.15 or 1
    return -reach, reach


def finished(chart: alt.TopLevelMixin, data: Data, size: Size) -> Spec:
    """The specification with title, subtitle and the synthetic mark, set in the house style."""
    letters = TOTAL[size] // 8
    subtitle = wrapped(data["subtitle"], letters)
    if data["synthetic"]:
        subtitle = [SYNTHETIC, *subtitle]
    spec: Spec = chart.to_dict()
    spec["title"] = {
        "text": wrapped(data["title"], letters - 4),
        "subtitle": subtitle,
        "anchor": "start",
        "frame": "bounds",
        "offset": 16,
        "fontSize": 17,
        "subtitleFontSize": SMALL,
        "subtitlePadding": 6,
        "subtitleColor": SYNTHETIC_INK if data["synthetic"] else QUIET,
    }
    spec["params"] = [{"name": name, "value": ""} for name in PARAMETERS]
    spec["background"] = "white"
    spec["padding"] = 4
    spec["config"] = {
        "aria": False,  # the drawing is one image with one name; the table beside it holds the figures
        "font": FONT,
        "view": {"stroke": None},
        "axis": {"gridColor": GRID, "labelColor": "#0b0c0c", "titleColor": "#0b0c0c", "domainColor": QUIET},
    }
    return spec


def wrapped(text: str, letters: int) -> list[str]:
    """The text in lines of so many letters."""
    return textwrap.wrap(text, max(12, letters)) or [""]
