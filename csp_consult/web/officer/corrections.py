"""Figures that have changed since they were signed off, where they stand, and what was corrected before."""

from datetime import date

from flask import render_template

from csp_consult.db import db
from csp_consult.papers.changed_since import changed
from csp_consult.papers.kinds import KINDS, Making
from csp_consult.papers.published import every_version, paper_of
from csp_consult.settings import current_settings
from csp_consult.web.officer.door import base_rules, district


def corrections() -> str:
    """Every signed-off paper of which a figure would be another today, and the log of corrections."""
    session = db.session()
    making = Making(date.today(), current_settings().partnership, district(), base_rules())
    corrected = [(one, paper_of(one).title) for one in every_version(session, KINDS) if one.reason]
    return render_template("officer/corrections.html", stale=changed(session, making), corrected=corrected)
