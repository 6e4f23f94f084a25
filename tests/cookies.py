"""Every cookie that the application gives in any test, held against what the page on cookies tells."""

from typing import Any

from flask import Flask, Response, request_finished
from playwright.sync_api import BrowserContext

from csp_consult.web.languages import COOKIE as LANGUAGE
from csp_consult.web.resident.door import COOKIE as DRAFT
from csp_consult.web.resident.door import LINK_COOKIE as LINK

TOLD = frozenset({"session", DRAFT, LINK, LANGUAGE})
"""Names of the cookies of the page on cookies; a test of that page holds it to them."""
SEEN: set[str] = set()
"""Names of the cookies that applications of this process gave, whoever asked: a test's client, or a browser."""


def watch(app: Flask) -> None:
    """Note the cookies of every answer."""
    request_finished.connect(_note, app)


def _note(_app: Flask, response: Response, **_: Any) -> None:
    SEEN.update(cookie_name(header) for header in response.headers.getlist("Set-Cookie"))


def cookie_name(header: str) -> str:
    """The name in a Set-Cookie header."""
    return header.partition("=")[0]


def untold(context: BrowserContext) -> set[str]:
    """Names of cookies that a browser keeps, given by us or made by a script, and that the page does not tell of."""
    return {cookie.get("name", "") for cookie in context.cookies()} - TOLD
