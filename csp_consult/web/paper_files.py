"""A paper as a download: set by the helper process, so that no web worker loads what sets type."""

import base64
import re
from typing import Final

from flask import Response

from csp_consult.jobs import helper
from csp_consult.papers.contents import Paper, as_data
from csp_consult.web.files import file_response

TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def paper_file(paper: Paper, about: str, to: str) -> Response:
    """The paper as ``docx`` or ``pdf``; its name says what it is about, and that it is synthetic where it is.

    Raises JobError where this machine cannot make it.
    """
    made = helper.call("csp_consult.papers.files:make", to, as_data(paper))
    parts = ["synthetic"] * paper.synthetic + [paper.kind] + [re.sub(r"[^A-Za-z0-9-]+", "-", about)] * bool(about)
    return file_response(base64.b64decode(made), f"{'-'.join(parts)}.{to}", TYPES[to])
