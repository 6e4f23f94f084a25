"""``csp-consult release``: tables for publication, with what was hidden of them and why."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext

from csp_consult.commands.output import emit, format_option, stray_lines_aside
from csp_consult.db import db, mark_reading, writing
from csp_consult.fieldwork import waves
from csp_consult.findings import releases
from csp_consult.findings.errors import FindingError

WAVE = click.argument("key", metavar="WAVE")
NOTE = "Officers only: to publish, mark all hidden figures alike. The reasons tell which counts are small."


@click.group()
def release() -> None:
    """Tables for publication: small counts, and all that would give them away, are hidden.

    Shares are weighted, in whole percent of their column, whose base is the count of its total.
    """


@release.command("make")
@WAVE
@click.option(
    "--table", "tables", multiple=True, required=True, metavar="ROW[:COLUMN]", help="A table; may be repeated."
)
@click.option("--preview", is_flag=True, help="Show what would be hidden, and keep nothing.")
@format_option
@with_appcontext
def make(key: str, tables: tuple[str, ...], preview: bool, output_format: str) -> None:
    """Protect tables of a closed wave against everything released before, keep them, and show what was hidden."""
    today = date.today()
    asked = [(row, column) for row, _, column in (table.partition(":") for table in tables)]
    try:
        with stray_lines_aside(), writing() as session:
            wave = waves.find(session, key)
            made = releases.release(session, wave, asked, today)
            kept = None if preview else releases.keep(session, wave, made, today).id
    except (FindingError, waves.WaveError) as error:
        raise click.ClickException(str(error)) from error
    about = {"wave": wave.key, "release": kept, "date": today.isoformat(), "synthetic": wave.synthetic, "note": NOTE}
    emit({**about, "figures": _rows(made)}, "figures", output_format)


@release.command("show")
@WAVE
@format_option
@with_appcontext
def show(key: str, output_format: str) -> None:
    """Show all that was released of a wave, and what was hidden and why."""
    mark_reading(True)
    session = db.session()
    try:
        wave = waves.find(session, key)
    except waves.WaveError as error:
        raise click.ClickException(str(error)) from error
    rows = [
        {"release": one.id, "date": one.released_on.isoformat(), **row}
        for one in releases.releases(session, wave)
        for row in _rows(releases.tables_of(one))
    ]
    emit({"wave": wave.key, "synthetic": wave.synthetic, "note": NOTE, "figures": rows}, "figures", output_format)


def _rows(tables: Sequence[releases.ReleasedTable]) -> list[dict[str, Any]]:
    return [
        {
            "table": ":".join(filter(None, table.questions)),
            "row": one.row or None,
            "column": one.column or None,
            "count": one.count,
            "share": one.share and one.share.percent,
            "lower": one.share and one.share.lower,
            "upper": one.share and one.share.upper,
            "reason": one.reason or one.share_reason,
        }
        for table in tables
        for one in table.figures
    ]
