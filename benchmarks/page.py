"""The page on speed, made from the results and nothing else."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "performance.md"


def page() -> str:
    """The text of ``docs/performance.md``, from ``benchmarks/results.json``."""
    results = json.loads(RESULTS.read_text())
    lines = [
        "# Performance",
        "",
        f"Made by `make benchmarks` on {results['measured_on']} ({results['machine']}). Medians over interleaved",
        "repetitions; CPU of the serving process. Trust the ratios more than the milliseconds: machines are noisy.",
        "",
        "| what | CPU | wall | against | its CPU | ratio | goal | met |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row['name']} | {row['cpu_ms']} ms | {row['wall_ms']} ms | {row['against']} | {row['against_cpu_ms']} ms "
        f"| {row['ratio']} | {row['goal']} | {'yes' if row['met'] else 'no'} |"
        for row in results["benchmarks"]
    ]
    return "\n".join([*lines, ""])


def write_page() -> None:
    """Write the page."""
    PAGE.write_text(page())
