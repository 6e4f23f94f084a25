"""What a process that answers councils loads: no statistics and no charts."""

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask
from parish_world import PASSWORD

TESTS = Path(__file__).resolve().parent.parent
SCRIPT = f"""
import sys
from quick_app import quick_app
from walker import Walker
walker = Walker(quick_app({{url!r}}).test_client())
walker.get("/sign-in")
walker.submit({{{{"email": "glen@example.org", "password": {PASSWORD!r}}}}})
assert walker.heading == "Your parishes", walker.text
print(sorted({{{{"altair", "numpy", "pandas", "scipy", "duckdb", "statsmodels", "vl_convert"}}}} & set(sys.modules)))
"""


def test_answering_a_clerk_loads_no_statistics_and_no_charts(site: Flask, database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(url=database_url)],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.strip() == "[]", done.stdout + done.stderr
