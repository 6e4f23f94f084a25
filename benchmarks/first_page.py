"""The weight of a survey's first page, as a phone that comes for the first time fetches it.

A body counts as gzip at its usual level packs it, whether or not the web server in front does so.
"""

import gzip
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response, sync_playwright
from werkzeug.serving import make_server

from benchmarks.answering import SURVEY, application
from benchmarks.measure import row

TITLE = "The weight of a survey's first page"
ABOUT = """
What Chromium fetches for the residents' survey with nothing kept from before; every body counts as gzip packs it. For
comparison: LimeSurvey's sample survey. The limits are also held by `tests/resident/test_resident_weight.py`.
"""
MOST_BYTES = 60_000
MOST_REQUESTS = 8
LARGEST_FONT = 40_000


@dataclass(frozen=True)
class Weight:
    """What one page needs."""

    requests: int
    bytes: int
    """All bodies together, each packed by gzip."""
    largest_font: int
    """As it is sent: fonts are packed already."""

    @property
    def light(self) -> bool:
        """Whether it keeps to the limits."""
        return self.requests <= MOST_REQUESTS and self.bytes <= MOST_BYTES and self.largest_font <= LARGEST_FONT


def weight(page: Page, address: str) -> Weight:
    """What the browser fetches for an address, with nothing kept from before."""
    seen: list[Response] = []

    def note(response: Response) -> None:
        seen.append(response)

    page.on("response", note)
    page.goto(address, wait_until="networkidle")
    bodies = [(response.request.resource_type, response.body()) for response in seen]
    fonts = [len(body) for kind, body in bodies if kind == "font"]
    return Weight(len(bodies), sum(len(gzip.compress(body)) for _, body in bodies), max(fonts, default=0))


def measure() -> list[dict[str, Any]]:
    """Requests, bytes and largest font of the first page of the residents' survey."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = make_server("localhost", 0, application(Path(folder)), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found = weight(browser.new_page(), f"http://localhost:{server.server_port}/s/{SURVEY}/now")
        browser.close()
        server.shutdown()
    return [
        row(
            "requests",
            str(found.requests),
            against="LimeSurvey 6",
            against_figure="23",
            ratio=found.requests / 23,
            goal=f"at most {MOST_REQUESTS}",
            met=found.requests <= MOST_REQUESTS,
        ),
        row(
            "bytes of all bodies, packed",
            f"{found.bytes / 1000:.1f} KB",
            against="LimeSurvey 6",
            against_figure="490 KB",
            ratio=found.bytes / 490_000,
            goal=f"at most {MOST_BYTES / 1000:g} KB",
            met=found.bytes <= MOST_BYTES,
        ),
        row(
            "largest font",
            f"{found.largest_font / 1000:.1f} KB",
            goal=f"at most {LARGEST_FONT / 1000:g} KB",
            met=found.largest_font <= LARGEST_FONT,
        ),
    ]
