"""The application factory: settings in, a Flask application out."""

import secrets
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask_wtf import CSRFProtect
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as WerkzeugResponse

import csp_consult.models  # noqa: F401 - every table must be known before the first query
from csp_consult.db import Migrations, db, mark_reading, prepare_engine
from csp_consult.people.setup import init_people
from csp_consult.resources import resource_folder
from csp_consult.settings import Settings
from csp_consult.web import (
    account,
    clerk,
    councillor,
    entering,
    errors,
    exports_taken,
    guidance,
    languages,
    officer,
    public,
    resident,
    results,
    signing_in,
    standing,
    uploads,
    watching,
    words,
)
from csp_consult.web.numbers import RowNumber
from csp_consult.web.permissions import init_permissions
from csp_consult.web.typed import PrintableRequest
from csp_consult.web.watching import Site, init_watching

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# Doors whose forms read first and write through a short transaction of their own, so that readers never queue as
# writers. It must be known before anything, such as who is signed in, is looked up.
WRITE_APART = {"resident"}

csrf = CSRFProtect()


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Make the application.

    ``settings`` default to the environment; ``overrides`` go into Flask's own configuration (tests).
    Raises SettingsError when the settings cannot be used.
    """
    settings = settings or Settings.from_environment()
    app = Site(
        "csp_consult",
        template_folder=str(resource_folder("templates")),
        static_folder=str(resource_folder("static")),
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # What somebody typed must not stand in the words of an error.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        # With this prefix browsers take the cookie from this very host over TLS only.
        SESSION_COOKIE_NAME="__Host-session" if settings.environment == "production" else "session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.environment == "production",
        WTF_CSRF_TIME_LIMIT=None,
        **overrides,
    )
    app.request_class = PrintableRequest
    app.extensions["csp_consult_settings"] = settings
    app.url_map.converters["int"] = RowNumber
    _open_database(app, settings)
    # First of all, since what comes after may already look something up for the request.
    init_watching(app, settings)
    _serve(app, settings)
    csrf.init_app(app)
    languages.init_languages(app)
    standing.init_standing(app)
    init_people(app, settings)
    init_permissions(app)
    uploads.init_uploads(app)
    words.register(app)
    exports_taken.register(app)
    errors.register(app)
    for door in (
        watching,
        public,
        results,
        resident,
        councillor,
        clerk,
        officer,
        signing_in,
        entering,
        account,
        guidance,
    ):
        app.register_blueprint(door.blueprint)
    signing_in.init_signing_in(app)
    return app


def _open_database(app: Flask, settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    app.extensions["migrate"] = Migrations(app, resource_folder("migrations"))
    with app.app_context():
        prepare_engine(db.engine)


def _self_if(allowed: object) -> str:
    return "'self'" if allowed else "'none'"


def _serve(app: Flask, settings: Settings) -> None:
    @app.before_request
    def _begin() -> None:
        g.csp_nonce = secrets.token_urlsafe(16)
        mark_reading(request.method in SAFE_METHODS or request.blueprint in WRITE_APART)

    @app.after_request
    def _secure(response: WerkzeugResponse) -> WerkzeugResponse:
        nonce = g.get("csp_nonce", "")
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; "
            f"script-src 'nonce-{nonce}' 'strict-dynamic'; "
            "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            "manifest-src 'self'; form-action 'self'; base-uri 'none'; "
            # Only the preview of a questionnaire's page stands in a frame, and only within our own page.
            f"frame-src {_self_if(g.get('frames'))}; frame-ancestors {_self_if(g.get('framed'))}",
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.endpoint != "static":
            # A shared tablet must not show the last person's answers from its cache.
            response.headers.setdefault("Cache-Control", "no-store")
        if settings.environment == "production":
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response

    @app.context_processor
    def _everywhere() -> dict[str, Any]:
        return {"settings": settings, "csp_nonce": g.get("csp_nonce", ""), "today": date.today()}
