"""The page on speed, made from the results and nothing else."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
PROFILE = ROOT / "benchmarks" / "profile.json"
PAGE = ROOT / "docs" / "performance.md"
_MET = {True: "yes", False: "**no**", None: ""}


def page() -> str:
    """The text of ``docs/performance.md``, from ``benchmarks/results.json`` and ``benchmarks/profile.json``."""
    results = json.loads(RESULTS.read_text())
    lines = [
        "# Performance",
        "",
        f"Made by `make benchmarks` ({results['machine']}). Each table says when it was measured, and how many",
        "processes wanted the machine's two cores meanwhile: above 2 it was shared with other work, which makes",
        "everything slower and wall times mean little. Medians over interleaved repetitions; times are CPU of the",
        "serving process unless they are called wall. Trust the ratios more than the milliseconds.",
        "",
    ]
    for found in results["modules"].values():
        lines += _section(found)
    lines += _profile(json.loads(PROFILE.read_text()))
    return "\n".join(lines)


def _section(found: dict[str, Any]) -> list[str]:
    missed = [row for row in found["rows"] if row["why"]]
    lines = [
        f"## {found['title']}",
        "",
        *found["about"].strip().splitlines(),
        f"Measured on {found['measured_on']}; load of the machine {found['load']}.",
        "",
        "| what | figure | wall | against | its figure | ratio | goal | met |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in found["rows"]:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:g}"
        cells = [row["name"], row["figure"], row["wall"], row["against"], row["against_figure"], ratio, row["goal"]]
        lines.append(f"| {' | '.join(cells)} | {_MET[row['met']]} |")
    if missed:
        lines += ["", "Where the goal was missed, and what would help:", ""]
        lines += [f"- *{row['name']}*: {row['why']}" for row in missed]
    return [*lines, ""]


def _profile(profile: dict[str, Any]) -> list[str]:
    """Where the time of a question page goes, before and after it was made faster."""
    lines = [
        "## Where the time of a question page goes",
        "",
        "Share of the profiled time spent in each part, and function calls a page, by `python -m benchmarks.profile`,",
        f"which wrote *before* at {profile['before']['commit']} and *after* at the commit of this page.",
        "",
        "| part | GET before | GET after | POST before | POST after |",
        "| --- | --- | --- | --- | --- |",
    ]
    columns = [profile[when][way] for way in ("get", "post") for when in ("before", "after")]
    parts = sorted({part for column in columns for part in column["calls"]}, key=lambda one: -columns[0]["calls"][one])
    for part in parts:
        told = [f"{column['calls'].get(part, 0):,} calls, {column['share'].get(part, 0):.0%}" for column in columns]
        lines.append(f"| {part} | {' | '.join(told)} |")
    totals = [f"{sum(column['calls'].values()):,} calls" for column in columns]
    lines.append(f"| all | {' | '.join(totals)} |")
    return [*lines, ""]


def write_page() -> None:
    """Write the page."""
    PAGE.write_text(page())
