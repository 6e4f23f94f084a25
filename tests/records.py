"""What long tests found, kept for the page that is made of it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

RECORD = Path(__file__).parent.parent / "benchmarks" / "reliability.json"


def keep_record(kind: str, name: str, found: dict[str, Any]) -> None:
    """Keep what was found, in the place of what was found before."""
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    record.setdefault(kind, {})[name] = {"measured_on": date.today().isoformat(), **found}
    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
