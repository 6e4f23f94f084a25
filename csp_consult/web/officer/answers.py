"""Where the answers of each survey wave can be read: in order, crossed, through time, in words, as files."""

from flask import render_template

from csp_consult.db import db
from csp_consult.fieldwork.waves import listed


def answers() -> str:
    """Every wave, the newest first, with what can be read of its answers."""
    waves = sorted(listed(db.session()), key=lambda wave: wave.closes_on, reverse=True)
    return render_template("officer/answers.html", waves=waves)
