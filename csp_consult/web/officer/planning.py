"""What the next wave must be like to find that an activity worked."""

from flask import Response, abort, render_template, request, url_for

from csp_consult import words
from csp_consult.db import db
from csp_consult.findings.planning import PlanningFinding
from csp_consult.findings.planning import planning as find
from csp_consult.reports.gap_tables import planning_table
from csp_consult.web.officer.door import base_rules, download, wave_called
from csp_consult.web.officer.gaps import GapAddress


def planning() -> str:
    """How many responses the next wave needs, by the size of the change worth having."""
    address, found = GapAddress.read(request.args), _found()
    return render_template(
        "officer/planning.html",
        found=found,
        reading=_reading(found),
        gap=url_for(".gap", **address.arguments()),
        table=planning_table(found),
        csv=url_for(".planning_csv", **address.arguments()),
        synthetic=found.synthetic,
    )


def planning_csv() -> Response:
    """The same figures as a file."""
    return download(planning_table(_found()))


def _found() -> PlanningFinding:
    address = GapAddress.read(request.args)
    if not address.wave:
        abort(404)
    wave = wave_called(*address.wave.partition("/")[::2])
    return find(db.session(), wave, address.topic, address.area, rules=base_rules())


def _reading(found: PlanningFinding) -> str:
    if found.detectable is None:
        return f"Nothing can be planned from this wave. {found.reason or ''}".strip()
    return (
        f"A next wave as large as this one would find a change of {words.number(100 * found.detectable)} points or "
        f"more in {found.audience}, beyond any change elsewhere, four times in five."
    )
