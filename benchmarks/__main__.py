"""Run every benchmark, write the results and the page made from them."""

import json
import os
import platform
from datetime import date
from pathlib import Path

from benchmarks import answering, officer_pages, ranking
from benchmarks.page import RESULTS, write_page


def main() -> None:
    """Measure, print, and write ``benchmarks/results.json`` and ``docs/performance.md``."""
    rows = [*answering.measure(), *officer_pages.measure(), *ranking.measure()]
    results = {
        "measured_on": date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "benchmarks": rows,
    }
    for row in rows:
        print(f"{row['name']}: {row['cpu_ms']} ms CPU, {row['ratio']} x {row['against']} ({row['against_cpu_ms']} ms)")
    Path(RESULTS).write_text(json.dumps(results, indent=2) + "\n")
    write_page()


if __name__ == "__main__":
    main()
