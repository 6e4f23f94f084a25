"""Who took what out: every file that somebody signed in downloads is in the audit trail, whichever page gave it."""

from flask import Flask, request
from flask_security import current_user
from werkzeug.wrappers import Response

from csp_consult.people import audit

WRITES_IT_DOWN_ITSELF = {"officer.response_file"}
"""Answers of respondents: written down before the file is even made, and shown on its page."""


def register(app: Flask) -> None:
    """Look at every answer on its way out. Where the trail cannot be written, no file is given."""

    @app.after_request
    def _write_down(response: Response) -> Response:
        given = response.status_code == 200 and response.headers.get("Content-Disposition", "").startswith("attachment")
        if not given or request.endpoint in WRITES_IT_DOWN_ITSELF or not current_user.is_authenticated:
            return response
        audit.record_taken(request.full_path.rstrip("?"))
        return response
