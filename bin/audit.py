"""Known faults of the locked packages, asked of the OSV database; where it cannot be asked, that is said and no fault.

What is sent are names and versions, which the lock files publish anyway.
"""

import json
import re
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-scale.lock")
ADDRESS = "https://api.osv.dev/v1/querybatch"
PATIENCE = 20
"""Seconds for the answer."""

Package = tuple[str, str]


def locked(lock: str) -> list[Package]:
    """Name and version of every package of a lock file's text."""
    return re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock, re.MULTILINE)


def known_faults(packages: Sequence[Package], address: str) -> dict[Package, list[str]]:
    """The ids of the advisories for each package that has any. Raises OSError or ValueError where nobody answers."""
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in packages]
    request = urllib.request.Request(
        address, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        results = json.load(answer)["results"]
    return {
        package: [fault["id"] for fault in result["vulns"]]
        for package, result in zip(packages, results, strict=True)
        if result.get("vulns")
    }


def main(address: str = ADDRESS) -> int:
    """Look, and say what was found: 1 where a package has a known fault, else 0."""
    packages = sorted({package for lock in LOCKS for package in locked((ROOT / lock).read_text())})
    try:
        found = known_faults(packages, address)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"Not looked for: the database of known faults gave no answer ({type(error).__name__}). Nothing is said")
        print("of the libraries' faults; look where it can be reached: .venv/bin/python bin/audit.py")
        return 0
    for (name, version), ids in found.items():
        print(f"{name} {version} has known faults: {', '.join(ids)}. Lock a version without them (make locks).")
    if not found:
        print(f"{len(packages)} packages, no known fault.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
