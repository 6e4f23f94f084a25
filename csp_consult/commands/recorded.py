"""``csp-consult recorded``: what was recorded, where and when."""

from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from csp_consult.commands.output import emit, format_option, progress_bar
from csp_consult.commands.published_files import file_argument, preview_option, take_in
from csp_consult.commands.recorded_sheet import sheet
from csp_consult.db import db, mark_reading, writing
from csp_consult.places.csv_lines import FileError
from csp_consult.recorded import imports, published
from csp_consult.recorded.comparison_file import ACTION, import_comparisons
from csp_consult.recorded.reading import Reading
from csp_consult.recorded.series import NoSeriesError, series
from csp_consult.settings import current_settings


@click.group()
def recorded() -> None:
    """Recorded incidents and published comparisons."""


recorded.add_command(sheet)


@recorded.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="Say what the files hold and put nothing on record.")
@with_appcontext
def import_(files: tuple[Path, ...], preview: bool) -> None:
    """Take in police.uk street files, STATS19 files, or ZIP archives of them.

    STATS19 files of casualties and vehicles need the collision file of their year beside them. A month already on
    record is replaced. All files are taken in, or none. A partnership's own sheets: csp-consult recorded sheet.
    """
    try:
        readings = _read(files)
        if not preview:
            with writing() as session:
                imports.store(session, readings, date.today())
    except FileError as error:
        raise click.ClickException(f"Nothing was taken in. {error}") from error
    for reading in readings:
        for sentence in reading.receipt.sentences():
            click.echo(sentence)
    if preview:
        click.echo("This was a preview: nothing has been put on record.")


def _read(files: tuple[Path, ...]) -> list[Reading]:
    """Every file, before anything is written, so that no writer waits for a long read."""
    district = imports.district_of(db.session(), current_settings().district, date.today())
    db.session.rollback()
    with ExitStack() as stack:
        bar = stack.enter_context(progress_bar(sum(path.stat().st_size for path in files), "Reading"))
        opened = [(path.name, stack.enter_context(path.open("rb"))) for path in files]
        return imports.read_files(opened, district, bar.update)


@recorded.command("list")
@format_option
@with_appcontext
def list_(output_format: str) -> None:
    """List the files taken in, the latest first, with what became of their rows."""
    mark_reading(True)
    session = db.session()
    current = imports.current_months(session)
    rows = [
        {
            "import": taken.id,
            "source": taken.source,
            "file_name": taken.file_name,
            "imported_on": taken.imported_on,
            "rows": taken.receipt["rows"],
            "kept": taken.receipt["kept"],
            "outside": sum(taken.receipt["outside"].values()),
            "no_location": taken.receipt["no_location"],
            "unknown_area": taken.receipt["unknown_area"],
            "refused": sum(taken.receipt["refused"].values()),
            "months": sorted({month["period"] for month in taken.receipt["months"]}),
            "current_months": current.get(taken.id, []),
        }
        for taken in imports.imports(session)
    ]
    emit({"imports": rows}, "imports", output_format)


@recorded.command("series")
@click.argument("topic")
@click.option("--area", required=True, help="Code of a district, ward, beat or LSOA.")
@click.option("--from", "start", type=click.DateTime(["%Y-%m"]), help="First month, as 2018-10.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m"]), help="Last month.")
@click.option("--source", help="Recorded source, where the topic is held against several.")
@click.option("--by-point", is_flag=True, help="Place incidents in a ward or beat by their map point, not their LSOA.")
@format_option
@with_appcontext
def series_(
    topic: str,
    *,
    area: str,
    start: datetime | None,
    end: datetime | None,
    source: str | None,
    by_point: bool,
    output_format: str,
) -> None:
    """Show a topic's monthly counts in an area."""
    mark_reading(True)
    try:
        found = series(
            db.session(),
            topic,
            area,
            start.date() if start else None,
            end.date() if end else None,
            source=source,
            by_point=by_point,
        )
    except NoSeriesError as error:
        raise click.ClickException(str(error)) from error
    document = {
        "topic": found.topic,
        "area": found.area,
        "area_name": found.area_name,
        "source": found.source,
        "source_title": found.source_title,
        "categories": list(found.categories),
        "method": found.method,
        "total": found.total,
        "unplaced": found.unplaced,
        "covered": [point.period for point in found.points],
        "missing": list(found.missing),
        "note": found.note,
        "imports": [
            {"import": taken.id, "file_name": taken.file_name, "imported_on": taken.imported_on}
            for taken in found.imports
        ],
        "series": [{"period": point.period, "count": point.count} for point in found.points],
    }
    emit(document, "series", output_format)
    if output_format == "table" and found.missing:
        click.echo(f"Not imported, so not known: {', '.join(found.missing)}.")


@recorded.command("published")
@click.option("--topic", help="Only figures of this topic.")
@format_option
@with_appcontext
def published_(topic: str | None, output_format: str) -> None:
    """List recorded figures known only as published."""
    mark_reading(True)
    rows = [
        {
            "id": row.id,
            "kind": row.kind,
            "topic": row.topic_slug,
            "area": row.area_code,
            "text": row.text,
            "period": row.period,
            "value": row.value,
            "previous_value": row.previous_value,
            "change_pct": row.change_pct,
            "change_abs": row.change_abs,
            "unit": row.unit,
            "source": row.source,
            "citation": row.citation,
        }
        for row in published.comparisons(db.session(), topic=topic)
    ]
    emit({"comparisons": rows}, "comparisons", output_format)


@recorded.command("import-published")
@file_argument
@preview_option
@with_appcontext
def import_published(file: Path, preview: bool) -> None:
    """Take in a CSV file of recorded figures known only as somebody printed them, one a row."""
    take_in(import_comparisons, file, ACTION, preview=preview)
