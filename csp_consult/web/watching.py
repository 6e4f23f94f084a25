"""What those who run the site see of it: whether it lives and is ready, and a line for each request.

No line holds an answer, an address, an account or a cookie: a request is named by its route, not by its path, in which
a private link may stand, and a fault by its kind and place, not by its words, which may quote what somebody typed.
"""

import json
import logging
import re
import secrets
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, g, has_request_context, request
from flask.logging import default_handler
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from csp_consult.db import db, edition
from csp_consult.settings import Settings

blueprint = Blueprint("watching", __name__)
log = logging.getLogger("csp_consult.requests")

_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


@blueprint.get("/health")
def health() -> Response:
    """Whether this process answers at all; nothing else is asked."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/ready")
def ready() -> Response:
    """Whether a visitor would be served: the database answers and has its tables."""
    try:
        edition(db.session())
    except SQLAlchemyError:
        db.session.rollback()
        return Response("the database does not answer\n", 503, content_type="text/plain; charset=utf-8")
    return Response("ready\n", content_type="text/plain; charset=utf-8")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
        line |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__name__
            line["where"] = [part.strip() for part in traceback.format_tb(record.exc_info[2])]
        return json.dumps(line)


class Site(Flask):
    """A Flask application that names a failed request by its route."""

    def ensure_sync(self, func: Any) -> Any:
        """The function itself: none of ours is asynchronous, and asking each of them costs every request."""
        return func

    def log_exception(self, exc_info: Any) -> None:
        """Log what went wrong, without the words of it and without the path."""
        self.logger.error("A request failed.", exc_info=exc_info, extra={"told": _request_told()})


def init_watching(app: Flask, settings: Settings) -> None:
    """Give every request an id, and in production a line in the log (standard error)."""
    ours = logging.getLogger("csp_consult")
    default_handler.setFormatter(JsonLines())
    ours.addHandler(default_handler)
    ours.setLevel(logging.INFO if settings.environment == "production" else logging.WARNING)

    @app.before_request
    def _begin() -> None:
        # The web server in front may have given it an id, by which both logs can be read together.
        given = request.headers.get("X-Request-ID", "") if settings.proxies else ""
        g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint != "static" and log.isEnabledFor(logging.INFO):
            took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
            log.info("answered", extra={"told": _request_told() | {"status": response.status_code, "ms": took}})
        return response


def _request_told() -> dict[str, str]:
    return {"method": request.method, "route": request.url_rule.rule if request.url_rule else ""}
