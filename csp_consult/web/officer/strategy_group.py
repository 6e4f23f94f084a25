"""The Strategy Group's paper, quarter by quarter."""

from datetime import date

from flask import redirect, url_for
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.papers.strategy_group import KIND
from csp_consult.reports.strategy import latest_quarter


def strategy_group() -> Response:
    """Leads to the paper of the quarter in which residents were asked last."""
    return redirect(url_for(".paper", kind=KIND, about=latest_quarter(db.session(), date.today())))
