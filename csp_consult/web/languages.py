"""The language a resident reads: chosen on a start page, kept in a cookie, and held by Flask-Babel for the request."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, g, request
from flask_babel import Babel
from werkzeug.wrappers import Response

from csp_consult.catalogues import ENGLISH, catalogue, counted, direction, languages, own_name, say_forms
from csp_consult.questionnaire.model import Questionnaire

COOKIE = "language"
ASKED = "language"
"""What an address names a language by."""
KEPT = timedelta(days=365)


@dataclass(frozen=True)
class Offer:
    """A language as a page offers it."""

    code: str
    name: str
    """What the language calls itself."""
    direction: str
    chosen: bool
    """Whether the page is in it."""


def init_languages(app: Flask) -> None:
    """Let pages be read in the language that was chosen; English where none was, or none is offered."""
    Babel(app, locale_selector=lambda: g.get("language", ENGLISH))
    # Said straight from the catalogues: a page says some thirty things, and each way round costs as much as a query.
    said: Any = app.jinja_env
    said.install_gettext_callables(gettext, _ngettext, newstyle=True)
    said.globals["_"] = said.globals["gettext"]

    @app.context_processor
    def _language() -> dict[str, Any]:
        language = g.get("language", ENGLISH)
        return {"page_language": language, "page_direction": direction(language)}

    # Macros are imported without the page's own variables, so what they call is known everywhere.
    app.jinja_env.globals["character_counts"] = _character_counts

    @app.after_request
    def _keep(response: Response) -> Response:
        chosen = request.args.get(ASKED)
        if chosen and chosen == g.get("language"):
            secure = app.config["SESSION_COOKIE_SECURE"]
            response.set_cookie(COOKIE, chosen, max_age=KEPT, httponly=True, samesite="Lax", secure=secure)
        return response


def _character_counts() -> list[tuple[str, str]]:
    """What the script that counts characters says, by its own names; nothing in English, which it speaks."""
    language = g.get("language", ENGLISH)
    if language == ENGLISH:
        return []
    left = counted("You have %(count)s character remaining", "You have %(count)s characters remaining")
    over = counted("You have %(count)s character too many", "You have %(count)s characters too many")
    told = [("characters-at-limit", gettext("You have 0 characters remaining"))]
    for name, (one, many) in (("characters-under-limit", left), ("characters-over-limit", over)):
        forms = say_forms(one, many, language, {"count": "%{count}"})
        told += [(f"{name}.{form}", words) for form, words in forms.items()]
    return told


def gettext(message: str) -> str:
    """A message in the language of the request."""
    language = g.get("language", ENGLISH)
    return message if language == ENGLISH else catalogue(language).translations.gettext(message)


def _ngettext(one: str, many: str, number: int) -> str:
    return catalogue(g.get("language", ENGLISH)).translations.ngettext(one, many, number)


def choose(offered: Collection[str] | None = None) -> str:
    """Put the request into the language asked for, else the one kept, out of those offered; English otherwise."""
    offered = languages() if offered is None else offered
    wanted = (request.args.get(ASKED), request.cookies.get(COOKIE))
    g.language = next((language for language in wanted if language in offered), ENGLISH)
    return str(g.language)


def offers(codes: Collection[str]) -> list[Offer]:
    """These languages, each by its own name; none where there is only English."""
    chosen = g.get("language", ENGLISH)
    return [Offer(code, own_name(code), direction(code), code == chosen) for code in codes] if len(codes) > 1 else []


def public_page() -> dict[str, Any]:
    """What a public page needs to be read in the language asked for, out of all that the platform speaks."""
    choose()
    return {"offers": offers(languages()), "unchecked": own_words_unchecked()}


def own_words_unchecked() -> bool:
    """Whether no native reader has found the platform's words right yet, in the language of the request."""
    language = g.get("language", ENGLISH)
    return language != ENGLISH and not catalogue(language).checked_by


def is_unchecked(questionnaire: Questionnaire, language: str) -> bool:
    """Whether some words of the page have not been found right by a native reader yet."""
    if language == ENGLISH:
        return False
    translation = questionnaire.translations.get(language)
    return not catalogue(language).checked_by or (translation is not None and not translation.checked_by)
