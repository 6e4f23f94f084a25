"""The page on reliability, made from the results of the failure tests and nothing else."""

import json
from pathlib import Path
from typing import Any

from benchmarks.curve import curve

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "reliability.json"
PAGE = ROOT / "docs" / "reliability.md"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
NEARLY_HALF = 0.48
"""Of the capacity: a rate below it was held up by something else, and is not what was to be tried."""

CLAIMS = [
    ("The tally equals a rebuild after any submissions, withdrawals and folds", "fieldwork/test_fieldwork_tally"),
    ("Restores erase what is past its date; backups can be tried out", "fieldwork/test_fieldwork_retention"),
    ("Figures of a replaced database are forgotten by running workers", "ground/test_ground_edition"),
    ("No internet address in any table or log", "ground/test_ground_watching"),
    ("Double click, retry, Back, a replayed request: one response, one reference", "resident/test_resident_journey"),
    ("… pressed many times in a real browser", "resident/test_resident_browser"),
    ("On SIGTERM a request under way is finished and stored", "reliability/test_shutdown"),
    ("A mail is sent once, whoever is killed meanwhile", "mail/test_mail_outbox"),
    (
        "A restore brings back neither what is past its date nor what was withdrawn",
        "fieldwork/test_fieldwork_retention",
    ),
    (
        "Whatever is sent to any address is no fault of ours and leaves nothing half stored",
        "attacks/test_naughty_input",
    ),
    ("Spoilt and hostile files are taken or refused in words, by every way in", "attacks/test_hostile_files"),
    ("Nobody in any role reads or changes what is another's", "attacks/test_attacker"),
    ("Published JSON keeps to its description", "officer/test_published_json"),
    ("Every page, form and cookie is protected, read off all addresses there are", "ground/test_ground_protections"),
]

Results = dict[str, dict[str, Any]]


def page() -> str:
    """The text of ``docs/reliability.md``, from ``benchmarks/reliability.json``."""
    results = json.loads(RESULTS.read_text())
    lines = [
        "# Reliability",
        "",
        "Made by `make reliability`, which runs the long tests below and then writes this page. Each part names the",
        "command for its figures alone.",
        "",
        *_exactly_once(results["exactly_once"]),
        *_soak(results.get("soak", {})),
        *_removed(results.get("controls", {})),
        "## Other claims, each with the test that fails when it is no longer true",
        "",
        "| claim | test |",
        "| --- | --- |",
        *(f"| {claim} | `tests/{test}.py` |" for claim, test in CLAIMS),
        "",
        "What is done against attackers, line by line: [security.md](security.md).",
        "",
    ]
    return "\n".join(lines)


def _exactly_once(results: Results) -> list[str]:
    lines = [
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
    return [
        *lines,
        "",
        "Command: `bin/long tests/reliability/test_exactly_once.py`; a short version is part of the suite.",
        "On SQLite a full disk is `PRAGMA max_page_count` at the present size; on PostgreSQL it is a small disk",
        "of its own, filled up (which needs root; without it only the kills are done). The server runs with",
        "`fsync=off`, so this shows what survives the death of processes, not of the machine.",
        "",
    ]


def _soak(results: Results) -> list[str]:
    if not results:
        return []
    lines = [
        "## Steady answers for half an hour",
        "",
        "The same site and respondents, and a survey of one page with four questions. First they answer without a",
        "pause, which gives the capacity (in such surveys a second); then they are to answer at half of that rate.",
        "Memory is the proportional set size of all processes of the web app, every five seconds; its growth is the",
        "mean of the last quarter less the second's. Pages shared with other processes weigh more when those end.",
        "",
        "| database | measured on | minutes | capacity | rate reached | of it | requests | errors | memory | growth |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for database, found in sorted(results.items(), reverse=True):
        reached = found["surveys"] / found["minutes"] / 60
        lines.append(
            f"| {NAMES[database]} | {found['measured_on']} | {found['minutes']:g} | {found['capacity']:.1f} "
            f"| {reached:.1f} | {reached / found['capacity']:.0%} | {found['requests']:,} | {found['failures']} "
            f"| {found['mean_mb']:.0f} MB | {found['growth_mb']:+.1f} MB |"
        )
    for database, found in sorted(results.items(), reverse=True):
        lines += [
            "",
            f"![Memory in the course of the soak on {NAMES[database]}]({_file(database).name})",
        ]
        lines += ["", f"{NAMES[database]}: {found['machine']}."]
        if found["surveys"] / found["minutes"] / 60 < NEARLY_HALF * found["capacity"]:
            lines += ["The rate reached is all that was tried: nothing is shown of half of the capacity."]
    return [*lines, "", "Command: `bin/long tests/reliability/test_soak.py`.", ""]


def _removed(results: Results) -> list[str]:
    if not results:
        return []
    lines = [
        "## What fails when a protection is taken away",
        "",
        "In a copy of the program one protection at a time is removed, and the test that [security.md](security.md)",
        "names for it is run: first with the protection, then without it.",
        "",
        "| protection | removed from | test | with it | without it |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, found in sorted(results.items()):
        lines.append(
            f"| {name} | `{found['file']}` | `{found['test']}` | {found['with']} | {found['without']} |",
        )
    return [*lines, "", "Command: `bin/long tests/reliability/test_controls_removed.py`.", ""]


def plots() -> dict[Path, str]:
    """The drawing of each soak, by its file."""
    soaks: Results = json.loads(RESULTS.read_text()).get("soak", {})
    return {_file(database): curve(found["memory"], "minutes", "MB") for database, found in soaks.items()}


def _file(database: str) -> Path:
    return PAGE.parent / f"soak-{database}.svg"


def main() -> None:
    """Write the page and its drawings."""
    PAGE.write_text(page())
    for file, drawing in plots().items():
        file.write_text(drawing)


if __name__ == "__main__":
    main()
