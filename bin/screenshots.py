"""Take pictures of the demo's pages in headless Chromium.

``python bin/screenshots.py`` writes the two of the README into docs/screenshots, and every page of officers and public,
small, into docs/screenshots/pages; ``python bin/screenshots.py --all FOLDER`` writes every page, large, into a folder.
A page is what the table of routes lets somebody open: a new one is in as soon as it is reachable without a number.
Needs Debian's chromium, which ``bin/test`` installs. Uses a demo database of its own.
"""

import argparse
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from flask import Flask
from flask_migrate import upgrade
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.exceptions import HTTPException
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
SHOWN = {"officer", "public", "results", "guidance"}
"""The doors whose every page is shown."""
SMALL = {"phone": 130, "desktop": 430}
"""Pixels across of a small picture."""
GAP, LONGEST = 12, 900
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
def served_demo() -> Iterator[tuple[str, Flask]]:
    """A demo of its own on a free loopback port: its address, and the application."""
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
        yield f"http://localhost:{server.server_port}", app
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


def every_page(page: Page, address: str, app: Flask) -> dict[str, str]:
    """An address of every page of officers and public that links lead to, by endpoint; says which none leads to."""
    routes = app.url_map.bind("localhost")
    wanted = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint.partition(".")[0] in SHOWN and not _is_file(rule.rule)
    }
    found: dict[str, str] = {}
    waiting = ["/", "/results", "/help/glossary", "/help/officer", "/officer/waves/new", *OFFICER.values()]
    while waiting:
        path = waiting.pop(0)
        with suppress(HTTPException):
            endpoint, _ = routes.match(urlsplit(path).path)
            if endpoint not in wanted or endpoint in found:
                continue
            answer = page.goto(address + path)
            if answer is None or answer.status != 200 or "html" not in answer.headers["content-type"]:
                continue
            found[endpoint] = path
            waiting += page.eval_on_selector_all(
                "a[href^='/']", "links => links.map(link => link.getAttribute('href'))"
            )
    print("No link leads to:", ", ".join(sorted(wanted - set(found))) or "none left out")
    return found


def _is_file(rule: str) -> bool:
    return "." in rule.rpartition("/")[2] or rule.startswith("/api/") or "/file" in rule


def shrink(folder: Path, target: Path, names: dict[str, str]) -> None:
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
    with served_demo() as (address, app), sync_playwright() as playwright, TemporaryDirectory() as own:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        sign_in(page, address, "administrator")
        page.get_by_role("heading", name="Surveys", exact=True).wait_for()
        pages = every_page(page, address, app)
        context.close()
        folder = everything or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        for width in WIDTHS.values():
            take(browser, address, "administrator", pages, width=width, folder=folder)
        if not everything:
            pictures = ROOT / "docs" / "screenshots"
            shrink(folder, pictures / "pages", pages)
            for name in ("ranking", "gap"):
                take(browser, address, "officer", {name: OFFICER[name]}, width=1000, folder=pictures, height=1100)
                (pictures / f"{name}-1000.png").rename(pictures / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
