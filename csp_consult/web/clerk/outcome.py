"""After the wave has closed: the council beside the others, what it changed, and what was done about it."""

from datetime import date
from importlib import import_module

from flask import g, redirect, render_template
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.parishes.versions import minuted, versions
from csp_consult.settings import current_settings
from csp_consult.web.clerk.desk import Desk
from csp_consult.web.clerk.door import ANSWERS, blueprint


@blueprint.get(f"{ANSWERS}/outcome")
def outcome() -> str | Response:
    """How the council compares with the others, once nobody can answer any more; what changed; what was done."""
    desk: Desk = g.desk
    store = db.session()
    response = next((one for one in versions(store, desk.wave, desk.parish.code) if minuted(one)), None)
    if response is None or not desk.closed(date.today()):
        return redirect(desk.url("overview"))
    # Loads statistics, which clerks who only answer do not wait for.
    receipt = import_module("csp_consult.plan.council_receipt")
    return render_template(
        "clerk/outcome.html",
        desk=desk,
        response=response,
        compared=receipt.compared(store, desk.wave, response),
        before=receipt.before(store, desk.wave, response),
        done=receipt.done(store, desk.wave, desk.parish.code, current_settings().district),
        fewest=receipt.FEWEST,
        small=receipt.SMALL,
    )
