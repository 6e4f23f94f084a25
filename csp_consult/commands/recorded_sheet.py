"""``csp-consult recorded sheet``: a partnership's own sheet, looked over and taken in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from openpyxl.utils import get_column_letter
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.db import db
from csp_consult.places.csv_lines import FileError
from csp_consult.recorded import imports
from csp_consult.recorded.models import WaitingSheet
from csp_consult.recorded.reading import District
from csp_consult.recorded.sheets import waiting
from csp_consult.recorded.sheets.grid import BYTE_LIMIT
from csp_consult.recorded.sheets.mapping import SHEET_SOURCES, MappingError, SheetMapping, Where, mapping_from
from csp_consult.recorded.sheets.reading import SheetReading
from csp_consult.settings import current_settings
from csp_consult.topics.models import Topic


@click.command("sheet")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--recorded-by", help="Who keeps these figures, such as the police force.")
@click.option(
    "--worksheet", help="Which sheet of a workbook; by default the first with months or quarters and figures."
)
@click.option("--topic", "topics", multiple=True, metavar="COUNTED=TOPIC", help="Hold a topic against what is counted.")
@click.option("--area", "areas", multiple=True, metavar="NAME=CODE", help="An area the sheet calls otherwise.")
@click.option("--source", type=click.Choice(list(SHEET_SOURCES)), help="Whose kind of figures these are.")
@click.option("--quarters", type=click.Choice(["financial", "calendar"]), help="Whether Q1 begins in April or January.")
@click.option("--dashes", type=click.Choice(["unknown", "zero"]), help="What a dash in place of a figure means.")
@click.option("--preview", is_flag=True, help="Say how the sheet is read and put nothing on record.")
@with_appcontext
def sheet(
    *,
    file: Path,
    worksheet: str | None,
    topics: tuple[str, ...],
    areas: tuple[str, ...],
    preview: bool,
    **settled: str | None,
) -> None:
    """Take in a sheet of the partnership's own (CSV or XLSX): a list, or a crosstab by area and month or quarter.

    How it is read is what was settled for the last sheet with these headings, else a guess; the options settle it
    otherwise. NAME= without a code leaves an area out. Look with --preview first.
    """
    session, today = db.session(), date.today()
    try:
        place = imports.district_of(session, current_settings().district, today)
        with file.open("rb") as stream:
            waiting_sheet = waiting.put_up(session, stream.read(BYTE_LIMIT + 1), file.name, place, today)
        if worksheet:
            before = waiting.guess_again(session, waiting_sheet, worksheet, place)
        else:
            before = mapping_from(waiting_sheet.mapping)
        mapping = replace(before, **_settled(session, before, topics, areas, settled))
        found = waiting.read_waiting(session, waiting_sheet, mapping, place)
        for sentence in (*_how_it_is_read(mapping), *_what_it_says(found)):
            click.echo(sentence)
        _finish(session, waiting_sheet, mapping, place, preview=preview)
    except (MappingError, FileError) as error:
        session.rollback()
        raise click.ClickException(f"Nothing was taken in. {error}{_option(error)}.".replace("..", ".")) from error


def _finish(session: Session, found: WaitingSheet, mapping: SheetMapping, place: District, *, preview: bool) -> None:
    """Take the sheet in, or let it go. Raises FileError where no figure could be kept."""
    if preview:
        session.rollback()
        click.echo("This was a preview: nothing has been put on record.")
        return
    waiting.settle(session, found, mapping)
    receipt = waiting.take_in(session, found, place, by="the command line", today=date.today())
    session.commit()
    for sentence in receipt.sentences():
        click.echo(sentence)


def _settled(
    session: Session,
    before: SheetMapping,
    topics: Sequence[str],
    areas: Sequence[str],
    settled: Mapping[str, str | None],
) -> dict[str, Any]:
    """What the options change of a mapping. Raises FileError for a topic that is not known."""
    chosen = dict(_pair(one, "--topic") for one in topics)
    known = set(session.scalars(select(Topic.slug)))
    if unknown := sorted(set(chosen.values()) - known):
        raise FileError(f"No topic is called {unknown[0]!r}")
    return {
        **{name: value for name, value in settled.items() if value is not None},
        "topics": {**before.topics, **chosen},
        "areas": {**before.areas, **dict(_pair(one, "--area") for one in areas)},
    }


def _pair(given: str, option: str) -> tuple[str, str]:
    name, sign, meaning = given.rpartition("=")
    if not sign or not name.strip():
        raise FileError(f"Write {option} as a name and what it is here, as in {option} 'Beat one=NR41'")
    return name.strip(), meaning.strip()


def _how_it_is_read(mapping: SheetMapping) -> Iterator[str]:
    """The mapping in words, rows and columns as a spreadsheet counts them."""
    yield f"Sheet read: {mapping.worksheet or 'the only one'}, figures from row {mapping.first_row + 1}."
    for name, where in (("Areas", mapping.area), ("Periods", mapping.period), ("What is counted", mapping.category)):
        yield f"{name}: {_stands(where)}."
    if mapping.figures is not None:
        yield f"Figures: column {get_column_letter(mapping.figures + 1)}."


def _stands(where: Where) -> str:
    if not where.at:
        return f"{where.same!r} for every figure" if where.same else "not known"
    columns = [f"column {get_column_letter(column + 1)}" for column in where.columns]
    return " and ".join([*columns, *(f"row {row + 1}" for row in where.rows)])


def _what_it_says(found: SheetReading) -> Iterator[str]:
    receipt = found.reading.receipt
    counted = ", ".join(found.categories) or "nothing"
    yield f"{receipt.kept:,} of {receipt.rows:,} cells are figures to keep, of: {counted}."
    yield from (f"  {number:,} not taken: {reason}." for reason, number in receipt.refused.items())
    if found.unknown_areas:
        yield f"Not known here: {', '.join(found.unknown_areas)}. Say what each is with --area 'NAME=CODE'."


def _option(error: Exception) -> str:
    """Which option settles it, where one does."""
    named = error.field_id.replace("_", "-") if isinstance(error, MappingError) else ""
    return f" (--{named})" if named in {"recorded-by", "worksheet", "source", "quarters", "dashes"} else ""
