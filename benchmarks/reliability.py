"""The page on reliability, made from the results of the failure tests and nothing else."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


CLAIMS = [
    ("The tally equals a rebuild after any submissions, withdrawals and folds", "fieldwork/test_fieldwork_tally"),
    ("Restores erase what is past its date; backups can be tried out", "fieldwork/test_fieldwork_retention"),
    ("Figures of a replaced database are forgotten by running workers", "ground/test_ground_edition"),
    ("No internet address in any table or log", "ground/test_ground_watching"),
]


def page() -> str:
    """The text of ``docs/reliability.md``, from ``benchmarks/reliability.json``."""
    results = json.loads(RESULTS.read_text())
    lines = [
        "# Reliability",
        "",
        "Made by `make reliability`, which runs the failure test below and then writes this page.",
        "",
        "## Nothing acknowledged is lost or doubled",
        "",
        "A real gunicorn with two workers on the loopback address, and a process that folds responses into the tally.",
        "Six respondents at a time answer, send, and try again whatever fails; one in four sends twice. Meanwhile, at",
        "random moments, processes are ended with SIGKILL and the disk is full for a moment. A response counts as",
        "acknowledged when its thank-you page with the reference was seen. Afterwards every acknowledged reference is",
        "looked for, every mark is counted, and the tally is held against one made anew from the responses.",
        "",
        "| database | measured on | result | what befell it |",
        "| --- | --- | --- | --- |",
    ]
    for database, found in sorted(results.items(), reverse=True):
        troubles = ", ".join(f"{name} {times} times" for name, times in found["troubles"].items())
        lines.append(f"| {NAMES[database]} | {found['measured_on']} | `{found['line']}` | {troubles} |")
    lines += [
        "",
        "Command: `bin/long tests/reliability`; a short version is part of the suite: `pytest tests/reliability`.",
        "On SQLite a full disk is `PRAGMA max_page_count` at the present size; on PostgreSQL it is a small disk",
        "of its own, filled up (which needs root; without it only the kills are done). The server runs with",
        "`fsync=off`, so this shows what survives the death of processes, not of the machine.",
        "",
        "## Other claims, each with the test that fails when it is no longer true",
        "",
        "| claim | test |",
        "| --- | --- |",
        *(f"| {claim} | `tests/{test}.py` |" for claim, test in CLAIMS),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
