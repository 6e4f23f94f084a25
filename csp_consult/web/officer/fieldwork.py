"""Fieldwork so far: who has answered, against who lives here."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby

from flask import abort, render_template, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.db import db
from csp_consult.fieldwork.doubts import doubts
from csp_consult.fieldwork.waves import state
from csp_consult.findings.contract import Progress, ProgressGroup
from csp_consult.findings.fieldwork_progress import progress
from csp_consult.findings.reading import of_parishes
from csp_consult.findings.small_counts import ON_COUNTS
from csp_consult.reports.chart_data import fieldwork_chart
from csp_consult.reports.finding_tables import cell_table, progress_table
from csp_consult.reports.provenance import fieldwork_rests_on
from csp_consult.reports.readings import evenness_reading, progress_reading
from csp_consult.reports.tables import Table
from csp_consult.web.officer import board, traced
from csp_consult.web.officer.door import download, pictures, wave_called

CAPTIONS = {
    "age": "Responses by age",
    "sex": "Responses by sex",
    "age x sex": "Responses by age and sex",
    "area": "Responses by ward",
}
_CHARTED = {"age x sex", "area"}


def fieldwork(survey: str, wave: str) -> str:
    """Responses against population, the effective base so far, and where ten more would help most."""
    found = wave_called(survey, wave)
    if of_parishes(found):
        return board.show(found)
    so_far = progress(db.session(), found)
    return render_template(
        "officer/fieldwork.html",
        wave=found,
        state=state(found, date.today()),
        progress=so_far,
        reading=progress_reading(so_far),
        helped=most_helpful(so_far),
        sections=[_section(so_far, groups) for groups in _by_variable(so_far)],
        csv=partial(url_for, ".fieldwork_csv", survey=survey, wave=wave),
        on_counts=ON_COUNTS,
        cells=cell_table(so_far) if so_far.cells else None,
        evenness=evenness_reading(so_far),
        rests_on=fieldwork_rests_on(so_far) + traced.of_wave(found) + traced.of_code(),
        doubts=doubts(db.session(), found.id),
        synthetic=so_far.synthetic,
    )


def fieldwork_csv(survey: str, wave: str) -> WerkzeugResponse:
    """The same counts as a file."""
    found = wave_called(survey, wave)
    if of_parishes(found):
        return board.board_csv(survey, wave)
    so_far = progress(db.session(), found)
    tables = [_table(so_far, groups) for groups in _by_variable(so_far)]
    tables += [cell_table(so_far)] if so_far.cells else []
    return download(*tables) if tables else abort(404, "Nobody has answered yet, so there is nothing to download.")


def most_helpful(so_far: Progress) -> list[ProgressGroup]:
    """The three groups in which ten more responses would raise the effective base the most."""
    worth = [
        (group.effective_base_with_ten_more, group)
        for group in so_far.groups
        if group.effective_base_with_ten_more is not None
        and group.effective_base_with_ten_more > (so_far.effective_base or 0)
    ]
    return [group for _, group in sorted(worth, key=lambda pair: -pair[0])[:3]]


def _by_variable(so_far: Progress) -> Iterator[list[ProgressGroup]]:
    for _, groups in groupby(so_far.groups, key=lambda group: group.variable):
        yield list(groups)


def _table(so_far: Progress, groups: list[ProgressGroup]) -> Table:
    variable = groups[0].variable
    caption = CAPTIONS.get(variable, f"Responses by {variable}")
    return progress_table(so_far, groups, caption, f"fieldwork-{variable.replace(' ', '-')}")


def _section(so_far: Progress, groups: list[ProgressGroup]) -> dict[str, object]:
    table, variable = _table(so_far, groups), groups[0].variable
    return {
        "title": table.caption,
        "drawing": pictures(fieldwork_chart(so_far, groups, table.caption)) if variable in _CHARTED else None,
        "table": table,
        "charted": variable in _CHARTED,
    }
