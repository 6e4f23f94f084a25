"""After the wave has closed: the council beside the others, what it changed, and what was done about it."""

import logging
from datetime import date

from flask import abort, flash, g, redirect, render_template
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.jobs import JobError
from csp_consult.papers import published
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import COUNCILS_OWN
from csp_consult.parishes.versions import minuted, versions
from csp_consult.plan import council_receipt
from csp_consult.settings import current_settings
from csp_consult.web.agendas import NO_FILE
from csp_consult.web.clerk.desk import Desk
from csp_consult.web.clerk.door import ANSWERS, blueprint
from csp_consult.web.paper_files import paper_file

log = logging.getLogger(__name__)


@blueprint.get(f"{ANSWERS}/outcome")
def outcome() -> str | Response:
    """How the council compares with the others, once nobody can answer any more; what changed; what was done."""
    desk: Desk = g.desk
    store = db.session()
    response = next((one for one in versions(store, desk.wave, desk.parish.code) if minuted(one)), None)
    if response is None or not desk.closed(date.today()):
        return redirect(desk.url("overview"))
    return render_template(
        "clerk/outcome.html",
        desk=desk,
        response=response,
        compared=council_receipt.compared(store, desk.wave, response),
        before=council_receipt.before(store, desk.wave, response),
        done=council_receipt.done(store, desk.wave, desk.parish.code, current_settings().district),
        fewest=council_receipt.FEWEST,
        small=council_receipt.SMALL,
        sheet=_sheet(desk),
    )


@blueprint.get(f"{ANSWERS}/outcome.docx")
def outcome_docx() -> Response:
    """What the partnership signed off for the council, for a word processor."""
    return _file(g.desk, "docx")


@blueprint.get(f"{ANSWERS}/outcome.pdf")
def outcome_pdf() -> Response:
    """What the partnership signed off for the council, for printing."""
    return _file(g.desk, "pdf")


def _sheet(desk: Desk) -> Publication | None:
    found = published.versions(db.session(), COUNCILS_OWN, f"{desk.wave.key}/{desk.parish.code}")
    return next(iter(found), None)


def _file(desk: Desk, to: str) -> Response:
    sheet = _sheet(desk) or abort(404)
    try:
        return paper_file(published.paper_of(sheet), sheet.about, to)
    except JobError:
        log.exception("The council's sheet could not be made as %s.", to)
        flash(NO_FILE, "important")
        return redirect(desk.url("outcome"))
