"""What was sent, version by version, and the file that came with it."""

from flask import abort, g, render_template
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.parishes.attachments import attachment_of
from csp_consult.parishes.models import ParishResponse
from csp_consult.parishes.versions import versions
from csp_consult.web.clerk.desk import Desk
from csp_consult.web.clerk.door import ANSWERS, blueprint, sections
from csp_consult.web.files import file_response


@blueprint.get(f"{ANSWERS}/receipt/<int:version>")
def receipt(version: int) -> str:
    """What was submitted, in full and for the minutes."""
    desk: Desk = g.desk
    response = _version(desk, version)
    return render_template(
        "clerk/receipt.html",
        desk=desk,
        response=response,
        attachment=attachment_of(db.session(), response),
        versions=versions(db.session(), desk.wave, desk.parish.code),
        sections=sections(desk, response.answers),
    )


@blueprint.get(f"{ANSWERS}/receipt/<int:version>/file")
def attachment(version: int) -> Response:
    """The file that was sent with a version, as a download."""
    found = attachment_of(db.session(), _version(g.desk, version))
    if found is None:
        abort(404)
    return file_response(found.content, found.name)


def _version(desk: Desk, version: int) -> ParishResponse:
    kept = versions(db.session(), desk.wave, desk.parish.code)
    return next((one for one in kept if one.version == version), None) or abort(404)
