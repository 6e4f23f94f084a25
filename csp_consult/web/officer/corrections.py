"""Figures that have changed since they were signed off, where they stand, and what was corrected before."""

from datetime import date

from flask import render_template

from csp_consult.db import db
from csp_consult.papers import changed_since
from csp_consult.papers.kinds import Making
from csp_consult.settings import current_settings
from csp_consult.web.officer.door import base_rules, district


def corrections() -> str:
    """Every signed-off paper that would read otherwise today, and the log of corrections."""
    session = db.session()
    making = Making(date.today(), current_settings().partnership, district(), base_rules())
    return render_template(
        "officer/corrections.html",
        stale=changed_since.changed(session, making),
        corrected=changed_since.corrections(session),
    )
