"""The weight of a survey's first page, as a phone that comes for the first time fetches it.

Run it with ``python -m benchmarks.first_page``.

A body counts as gzip at its usual level packs it, whether or not the web server in front does so. LimeSurvey's sample
survey needs 490 KB in 23 requests.
"""

import gzip
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright
from werkzeug.serving import make_server

from benchmarks.answering import SURVEY, application

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


def main() -> None:
    """Print the weight of the first page of the residents' survey."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = make_server("localhost", 0, application(Path(folder)), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found = weight(browser.new_page(), f"http://localhost:{server.server_port}/s/{SURVEY}/now")
        browser.close()
        server.shutdown()
    print(
        f"{found.requests} requests (at most {MOST_REQUESTS}), {found.bytes / 1000:.1f} KB gzip (at most 60), ", end=""
    )
    print(f"largest font {found.largest_font / 1000:.1f} KB (at most 40): {'met' if found.light else 'NOT met'}")


if __name__ == "__main__":
    main()
