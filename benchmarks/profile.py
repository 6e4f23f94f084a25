"""Where the time of a question page goes: ``python -m benchmarks.profile after`` writes ``benchmarks/profile.json``.

Its ``before`` was written by this same module at the commit before the page was made faster.
"""

import cProfile
import json
import pstats
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.answering import question_page
from benchmarks.page import PROFILE, write_page

PAGES = 200
PARTS = {
    "the database driver and SQLAlchemy": ("/sqlalchemy/", "flask_sqlalchemy", "sqlite3"),
    "templates (Jinja)": ("/jinja2/", "/markupsafe/", "/templates/", "/flask/templating"),
    "translation (Babel)": ("/flask_babel/", "/babel/", "gettext.py"),
    "accounts and forms that residents do not use": (
        "/flask_login/",
        "flask_principal",
        "/flask_security/",
        "/flask_wtf/",
        "/itsdangerous/",
    ),
    "Flask and Werkzeug": ("/flask/", "/werkzeug/", "/blinker/"),
    "this project": ("csp_consult/",),
}


def main() -> None:
    """Profile both ways and keep what was found under the name given: ``before`` or ``after``."""
    when = sys.argv[1]
    kept = json.loads(PROFILE.read_text()) if PROFILE.exists() else {}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory() as folder, question_page(Path(folder)) as calls:
        kept[when] = {"commit": commit.stdout.strip(), "get": _profiled(calls["get"]), "post": _profiled(calls["post"])}
    PROFILE.write_text(json.dumps(kept, indent=2) + "\n")
    if {"before", "after"} <= kept.keys():
        write_page()


def _profiled(call: Callable[[], object]) -> dict[str, Any]:
    for _ in range(20):
        call()
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(PAGES):
        call()
    profile.disable()
    calls: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    stats: Any = pstats.Stats(profile)
    for (file, _line, name), (_primitive, times, own, _cumulative, _callers) in stats.stats.items():
        # What waits for the disk is not the page's work.
        if "commit" in name and file == "~":
            continue
        part = _part(f"{file} {name}")
        calls[part] += times
        seconds[part] += own
    whole = sum(seconds.values())
    return {
        "calls": {part: round(times / PAGES) for part, times in calls.items()},
        "share": {part: round(took / whole, 3) for part, took in seconds.items()},
    }


def _part(place: str) -> str:
    return next((part for part, marks in PARTS.items() if any(mark in place for mark in marks)), "Python's own library")


if __name__ == "__main__":
    main()
