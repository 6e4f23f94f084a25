"""Take pictures of the demo's pages in headless Chromium.

``python bin/screenshots.py`` writes the two of the README into docs/screenshots;
``python bin/screenshots.py --all FOLDER`` writes every page at phone and desktop width into a folder.
Needs Debian's chromium, which ``bin/test`` installs. Uses a demo database of its own.
"""

import argparse
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from csp_consult.app import create_app
from csp_consult.db import db, writing
from csp_consult.demo.build import build
from csp_consult.demo.sign_ins import SIGN_INS
from csp_consult.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {"phone": 390, "desktop": 1280}
NOW = f"{date.today():%Y-%m}"
VRN = "vrn-community-safety"
PUBLIC = {
    "home": "/",
    "privacy": "/privacy",
    "cookies": "/cookies",
    "accessibility": "/accessibility",
    "sign-in": "/sign-in",
    "start": f"/s/{VRN}/{NOW}",
    "closed": f"/s/{VRN}/2020",
    "not-found": "/nothing-here",
}
CLERK = {"clerk-home": "/clerk/"}
OFFICER = {
    "officer-home": "/officer/",
    "fieldwork": f"/officer/waves/{VRN}/{NOW}/fieldwork",
    "fieldwork-parishes": f"/officer/waves/parish-councils/{NOW}/fieldwork",
    "ranking": f"/officer/waves/{VRN}/2022-autumn/ranking",
    "ranking-by-age": f"/officer/waves/{VRN}/2022-autumn/ranking?by=age",
    "ranking-parishes": "/officer/waves/parish-councils/2022-12/ranking",
    "blend": "/officer/blend",
    "gaps": f"/officer/gaps?wave={VRN}/2022-autumn",
    "gap": f"/officer/gap?wave={VRN}/2022-autumn&topic=asb",
    "published": "/officer/published",
    "recorded": "/officer/record",
    "plan": "/officer/plan",
}


@contextmanager
def served_demo() -> Iterator[str]:
    """A demo of its own on a free loopback port."""
    folder = tempfile.mkdtemp(prefix="csp-pictures-")
    app = create_app(Settings(environment="demo", database_url=f"sqlite:///{folder}/demo.db"))
    with app.app_context():
        upgrade()
        with writing() as session:
            build(session, "E07000131", date.today())
        db.engine.dispose()
    server = make_server("localhost", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        shutil.rmtree(folder)


def sign_in(page: Page, address: str, role: str) -> None:
    """Sign in with the demo account of a role."""
    who = next(account for account in SIGN_INS if account.role == role)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Email address").fill(who.email)
    page.get_by_label("Password").fill(who.password)
    page.get_by_role("button", name="Sign in").click()
    if who.code_key:
        page.get_by_label("Code").fill(page.locator("#demo-code").inner_text())
        page.get_by_role("button", name="Continue").click()


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


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page at both widths, into this folder")
    everything = parser.parse_args().all
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with served_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        if everything:
            everything.mkdir(parents=True, exist_ok=True)
            for width in WIDTHS.values():
                for role, pages in ((None, PUBLIC), ("clerk", CLERK), ("officer", OFFICER)):
                    take(browser, address, role, pages, width=width, folder=everything)
        else:
            folder = ROOT / "docs" / "screenshots"
            folder.mkdir(parents=True, exist_ok=True)
            for name in ("ranking", "gap"):
                take(browser, address, "officer", {name: OFFICER[name]}, width=1000, folder=folder, height=1100)
                (folder / f"{name}-1000.png").rename(folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
