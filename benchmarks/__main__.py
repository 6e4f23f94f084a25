"""Run every benchmark, or those named, and write the results and the page made from them.

``python -m benchmarks`` runs all; ``python -m benchmarks ranking peers`` runs two and keeps what the others found.
A module that is added has a ``TITLE``, an ``ABOUT`` and a ``measure()`` that gives rows, and stands in ``MODULES``.
"""

import json
import os
import platform
import sys
import time
from datetime import date
from importlib import import_module

from benchmarks.page import RESULTS, write_page

MODULES = (
    "answering",
    "journey",
    "starting",
    "first_page",
    "ranking",
    "folding",
    "freshness",
    "moving",
    "peers",
    "officer_pages",
    "nation",
)


def main() -> None:
    """Measure, print, and write ``benchmarks/results.json`` and ``docs/performance.md``."""
    asked = sys.argv[1:] or MODULES
    if unknown := set(asked) - set(MODULES):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}.")
    for name in asked:
        module = import_module(f"benchmarks.{name}")
        print(f"{time.strftime('%H:%M:%S')} {name}: {module.TITLE}", flush=True)
        rows = module.measure()
        if not rows:
            # It has said why; what was found before stays.
            continue
        results = json.loads(RESULTS.read_text())
        results["machine"] = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        found = results["modules"] | {
            name: {
                "title": module.TITLE,
                "about": module.ABOUT,
                "measured_on": date.today().isoformat(),
                "load": round(os.getloadavg()[1], 1),
                "rows": rows,
            }
        }
        results["modules"] = {one: found[one] for one in MODULES if one in found}
        for row in rows:
            print(
                f"  {row['name']}: {row['figure']}; {row['against']}: {row['against_figure']}; {row['ratio']}",
                flush=True,
            )
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")
        write_page()


if __name__ == "__main__":
    main()
