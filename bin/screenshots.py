"""Take pictures of the demo's pages in headless Chromium.

``make screenshots`` writes the two of the README into docs/screenshots, and every page of every door, small, into
docs/screenshots/pages; ``PYTHONPATH=tests python bin/screenshots.py --all FOLDER`` writes every page, large, into a
folder. The pages are those of ``tests/demo/every_page.py``, in which a test lets no page be missing.
Needs Debian's chromium, which ``bin/test`` installs. Uses a demo database of its own.
"""

import argparse
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from demo.every_page import WALKS, furnish
from demo.test_demo_journey import sign_in
from flask import Flask
from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from csp_consult.app import create_app
from csp_consult.db import db, writing
from csp_consult.demo.build import build
from csp_consult.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {"phone": 390, "desktop": 1280}
SMALL = {"phone": 130, "desktop": 430}
"""Pixels across of a small picture."""
GAP, LONGEST = 12, 900
README = {
    "ranking": "/officer/waves/vrn-community-safety/2022-autumn/ranking",
    "gap": "/officer/gap?wave=vrn-community-safety/2022-autumn&topic=asb",
}


@contextmanager
def served_demo() -> Iterator[tuple[str, Flask, dict[str, str]]]:
    """A demo of its own on a free loopback port: its address, the application, and tokens that stand in addresses."""
    folder = tempfile.mkdtemp(prefix="csp-pictures-")
    app = create_app(Settings(environment="demo", database_url=f"sqlite:///{folder}/demo.db"))
    with app.app_context():
        upgrade()
        with writing() as session:
            build(session, "E07000131", date.today())
            session.flush()
            tokens = furnish(session)
        db.engine.dispose()
    server = make_server("localhost", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}", app, tokens
    finally:
        server.shutdown()
        shutil.rmtree(folder)


def take(
    browser: Browser,
    address: str,
    role: str | None,
    pages: dict[str, str],
    *,
    width: int,
    folder: Path,
    height: int | None = None,
) -> None:
    """Save a picture of each page at a width, signed in as a role: the whole page, or its first ``height`` px."""
    context = browser.new_context(viewport={"width": width, "height": height or 900}, locale="en-GB")
    page = context.new_page()
    if role:
        sign_in(page, address, role)
    for name, path in pages.items():
        page.goto(address + path)
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=height is None)
        print(f"{name} at {width} px")
    context.close()


def pages_of(walk: str, tokens: dict[str, str], app: Flask) -> dict[str, str]:
    """The addresses of a walk by endpoint: the first of each, with the tokens that the demo gave out."""
    routes = app.url_map.bind("localhost")
    found: dict[str, str] = {}
    for path in WALKS[walk][1]:
        *way, end = path.split("/")
        endpoint, _ = routes.match(path.partition("?")[0], method="GET")
        found.setdefault(endpoint, "/".join([*way, tokens.get(end, end)]))
    return found


def shrink(folder: Path, target: Path, names: Iterable[str]) -> None:
    """The pictures of a folder, small: a phone's and a desk's beside each other, cut where they get long."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.webp"):
        old.unlink()
    for name in names:
        sheet = Image.new("RGB", (sum(SMALL.values()) + GAP, LONGEST), "white")
        left, lowest = 0, 0
        for label, width in WIDTHS.items():
            picture = Image.open(folder / f"{name}-{width}.png").convert("RGB")
            height = picture.height * SMALL[label] // picture.width
            picture = picture.resize((SMALL[label], height), Image.Resampling.LANCZOS)
            sheet.paste(picture, (left, 0))
            left, lowest = left + SMALL[label] + GAP, max(lowest, min(height, LONGEST))
        sheet.crop((0, 0, sheet.width, lowest)).save(target / f"{name}.webp", quality=40, method=6)


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page at both widths, into this folder")
    everything = parser.parse_args().all
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with served_demo() as (address, app, tokens), sync_playwright() as playwright, TemporaryDirectory() as own:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        folder = everything or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        taken: set[str] = set()
        for walk, (role, _) in WALKS.items():
            # A page that two doors share is shown as the first of them sees it.
            pages = {name: path for name, path in pages_of(walk, tokens, app).items() if name not in taken}
            for width in WIDTHS.values():
                take(browser, address, role, pages, width=width, folder=folder)
            taken |= set(pages)
        if not everything:
            pictures = ROOT / "docs" / "screenshots"
            shrink(folder, pictures / "pages", sorted(taken))
            for name, path in README.items():
                take(browser, address, "officer", {name: path}, width=1000, folder=pictures, height=1100)
                (pictures / f"{name}-1000.png").rename(pictures / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
