"""Files that somebody signed in sends are held to what is kept of one account in a day, whichever page takes them."""

import os
from collections.abc import Iterable

from flask import Flask, request
from flask_security import current_user
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

from csp_consult.db import db, is_reading
from csp_consult.people import uploads
from csp_consult.settings import current_settings

SAYS_IT_BESIDE_THE_FIELD = {"clerk.send", "clerk.minuted", "officer.paper_reply"}
"""Pages where more is typed than a file, which ask ``kept_today`` themselves and lose nothing of it."""


class EnoughForTodayError(HTTPException):
    """One account sent more files than are kept in a day."""

    code = 413


def init_uploads(app: Flask) -> None:
    """Hold every request with files to the limit, once it is known that its sender may make it."""

    @app.before_request
    def _hold() -> None:
        # What only reads, or writes apart as the residents' door does, takes no files; nor does who is not signed in.
        if is_reading() or request.endpoint in SAYS_IT_BESIDE_THE_FIELD or not current_user.is_authenticated:
            return
        if not kept_today(request.files.values()):
            raise EnoughForTodayError


def kept_today(files: Iterable[FileStorage]) -> bool:
    """Count files as kept for whoever is signed in; False where that is more than may be kept in a day."""
    sizes = [_size(file) for file in files if file.filename]
    settings = current_settings()
    return not sizes or uploads.count(
        db.session(),
        current_user.id,
        sizes,
        most_files=settings.files_a_day,
        most_megabytes=settings.megabytes_a_day,
    )


def _size(file: FileStorage) -> int:
    """In bytes."""
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    return size
