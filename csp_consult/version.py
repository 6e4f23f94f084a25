"""Which code made a figure: the release, and a mark that changes with whatever decides figures."""

import hashlib
from functools import cache
from pathlib import Path

from csp_consult import __version__

DECIDING = ("analysis", "fieldwork", "findings", "parishes", "places", "questionnaire", "recorded", "sources", "topics")
"""The rooms that a figure passes through from an answer or a file to a page."""
_PACKAGE = Path(__file__).resolve().parent


@cache
def code_version() -> str:
    """For example ``0.1.0-3f9a2c1b``: equal where every figure is computed by the same code."""
    digest = hashlib.sha256()
    for room in DECIDING:
        for path in sorted((_PACKAGE / room).rglob("*.py")):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}-{digest.hexdigest()[:8]}"
