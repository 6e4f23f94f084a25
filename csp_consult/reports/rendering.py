"""Charts for a page: drawn once by the helper process, kept on disk under the hash of what they show.

With the drawing its data is kept, so that a file or a chart to point at can be made of it when somebody asks.
"""

import base64
import hashlib
import json
import logging
import re
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Literal

from markupsafe import Markup, escape

from csp_consult.jobs import JobError, helper
from csp_consult.reports.chart_data import Chart

log = logging.getLogger(__name__)

KEPT = 2000
"""Drawings kept on disk (some 20 KB each) before the oldest half goes."""
_OPENING = re.compile(r"<svg (?:xmlns=\"[^\"]*\" )?")
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Drawing:
    """A chart as a page shows it."""

    key: str
    """Under which it is kept."""
    title: str
    narrow: Markup
    wide: Markup


def drawn(chart: Chart, folder: Path) -> Drawing | None:
    """The chart as SVG for a phone (``narrow``) and a desk (``wide``), each an image with the chart's name.

    Drawings are kept in ``folder``. None when it could not be drawn: the page then shows its table alone.
    """
    key = _fingerprint(chart)
    path = folder / f"{key}.json"
    held = _read(path)
    if held is None:
        try:
            pictures = helper.call("csp_consult.reports.drawing:draw", chart.kind, chart.data)
        except JobError:
            log.exception("The chart %s could not be drawn.", chart.kind)
            return None
        held = {"chart": asdict(chart), "pictures": pictures}
        _keep(path, held)
    narrow, wide = (_named(held["pictures"][size], chart.name) for size in ("narrow", "wide"))
    return Drawing(key, chart.data["title"], narrow, wide)


def kept_chart(key: str, folder: Path) -> Chart | None:
    """The chart of a drawing that is still kept."""
    held = _read(folder / f"{key}.json") if _KEY.fullmatch(key) else None
    return Chart(**held["chart"]) if held else None


def svg_file(key: str, folder: Path) -> str | None:
    """The wide drawing that is kept under the key, as a file of its own."""
    held = _read(folder / f"{key}.json") if _KEY.fullmatch(key) else None
    if held is None:
        return None
    return _OPENING.sub('<svg xmlns="http://www.w3.org/2000/svg" ', str(held["pictures"]["wide"]), count=1)


def png_file(chart: Chart) -> bytes:
    """The chart as a PNG picture. Raises JobError where it cannot be drawn."""
    return base64.b64decode(helper.call("csp_consult.reports.drawing:picture", chart.kind, chart.data))


def lively(chart: Chart, size: Literal["narrow", "wide"]) -> dict[str, Any]:
    """The chart for a browser to draw: its Vega specification, its name, and what may be chosen in it.

    Raises JobError where it cannot be compiled.
    """
    spec = helper.call("csp_consult.reports.drawing:lively", chart.kind, chart.data, size)
    return {"spec": spec, "name": chart.name, "choices": chart.choices}


def _named(svg: str, name: str) -> Markup:
    # The drawing is our own renderer's, which escapes every text; only the name is added here.
    opening = f'<svg role="img" aria-label="{escape(name)}" focusable="false" '
    return Markup(_OPENING.sub(lambda _: opening, svg, count=1))  # noqa: S704 - see the line above


def _fingerprint(chart: Chart) -> str:
    told = json.dumps([asdict(chart), _drawn_with()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def _drawn_with() -> str:
    """What besides the data decides how a chart looks: our specifications and the libraries that draw them."""
    here = Path(__file__).parent
    files = (
        "chart_parts.py",
        "charts.py",
        "drawing.py",
        "maps.py",
        "small_multiples.py",
        "time_charts.py",
        "typology_chart.py",
    )
    ours = hashlib.sha256(b"".join((here / name).read_bytes() for name in files)).hexdigest()
    return f"{ours} {version('altair')} {version('vl-convert-python')}"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return held


def _keep(path: Path, held: dict[str, Any]) -> None:
    """Write whole or not at all, so that another worker never reads half a drawing; a full disk costs speed only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False) as file:
            half = Path(file.name)
            try:
                json.dump(held, file)
                file.flush()
                half.replace(path)
            finally:
                half.unlink(missing_ok=True)
        _thin_out(path.parent)
    except OSError:
        log.exception("The drawing could not be kept in %s.", path.parent)


def _thin_out(folder: Path) -> None:
    kept = list(folder.glob("*.json"))
    if len(kept) > KEPT:
        for path in sorted(kept, key=lambda path: path.stat().st_mtime)[: len(kept) // 2]:
            path.unlink(missing_ok=True)
