"""Charts for a page: drawn once by the helper process, kept on disk under the hash of what they show."""

import hashlib
import json
import logging
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from markupsafe import Markup, escape

from csp_consult.jobs import JobError, helper
from csp_consult.reports.chart_data import Chart

log = logging.getLogger(__name__)

KEPT = 2000
"""Drawings kept on disk (some 20 KB each) before the oldest half goes."""
_OPENING = re.compile(r"<svg ")


def drawn(chart: Chart, folder: Path) -> dict[str, Markup] | None:
    """The chart as SVG for a phone (``narrow``) and a desk (``wide``), each an image with the chart's name.

    Drawings are kept in ``folder``. None when it could not be drawn: the page then shows its table alone.
    """
    path = folder / f"{_fingerprint(chart)}.json"
    pictures = _read(path)
    if pictures is None:
        try:
            pictures = helper.call("csp_consult.reports.drawing:draw", chart.kind, chart.data)
        except JobError:
            log.exception("The chart %s could not be drawn.", chart.kind)
            return None
        _keep(path, pictures)
    return {size: _named(svg, chart.name) for size, svg in pictures.items()}


def _named(svg: str, name: str) -> Markup:
    # The drawing is our own renderer's, which escapes every text; only the name is added here.
    opening = f'<svg role="img" aria-label="{escape(name)}" focusable="false" '
    return Markup(_OPENING.sub(lambda _: opening, svg, count=1))  # noqa: S704 - see the line above


def _fingerprint(chart: Chart) -> str:
    told = json.dumps([chart.kind, chart.data, _drawn_with()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


@cache
def _drawn_with() -> str:
    """What besides the data decides how a chart looks: our specifications and the libraries that draw them."""
    here, files = Path(__file__).parent, ("charts.py", "drawing.py", "maps.py")
    ours = hashlib.sha256(b"".join((here / name).read_bytes() for name in files)).hexdigest()
    return f"{ours} {version('altair')} {version('vl-convert-python')}"


def _read(path: Path) -> dict[str, str] | None:
    try:
        pictures: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return pictures


def _keep(path: Path, pictures: dict[str, str]) -> None:
    """Write whole or not at all, so that another worker never reads half a drawing; a full disk costs speed only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False) as file:
            half = Path(file.name)
            try:
                json.dump(pictures, file)
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
