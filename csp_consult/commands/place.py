"""``csp-consult place``: areas, populations and postcodes."""

from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from csp_consult.commands.output import at_the_command_line, emit, format_option
from csp_consult.db import db, mark_reading, writing
from csp_consult.people import audit
from csp_consult.places import intake
from csp_consult.places.csv_lines import FileError
from csp_consult.places.lookup import PlaceError, areas, around
from csp_consult.places.models import AREA_KINDS
from csp_consult.places.postcodes import PostcodePlace, lookup
from csp_consult.places.ward_links import METHOD, link_lsoas
from csp_consult.settings import current_settings


@click.group()
def place() -> None:
    """Areas, who lives in them, and where a postcode lies."""


@place.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@with_appcontext
def import_(paths: tuple[Path, ...]) -> None:
    """Take in files of areas, lookups, populations, figures of context, postcodes or boundaries.

    CSV files are known by their first line, boundaries by the ending .geojson; the year of the boundaries stands
    in the file name, as in wards_2025.geojson. Of a folder every file is tried, and those of no known layout are
    named. All is taken in, or nothing.
    Beside the files of ONS and Ordnance Survey as they circulate, these columns serve any district:

    \b
    code,kind,name,valid_from,valid_to,source,note      areas
    inner_code,outer_code,method,source                 what lies in what; a ward's beat is replaced
    area_code,sex,age_band,as_at,persons,source         population
    area_code,electors,as_at,source,synthetic           electors of a parish; synthetic is yes or no
    """
    named = [path for path in paths if path.is_file()]
    found = [file for path in paths if path.is_dir() for file in sorted(path.iterdir()) if file.is_file()]
    try:
        with ExitStack() as stack, writing() as session:
            opened = [(path.name, stack.enter_context(path.open("rb"))) for path in [*named, *found]]
            receipts, not_read = intake.import_files(session, opened, district=current_settings().district)
            # A file given by name has to be read; of a folder, what fits no layout is told and passed over.
            if not receipts or any(sentence.startswith(path.name) for path in named for sentence in not_read):
                raise FileError(" ".join(not_read) or "There is no file in the folder.")
            for receipt in receipts:
                audit.record(
                    session,
                    intake.ACTION,
                    subject=receipt.file_name,
                    detail=receipt.numbers(),
                    actor=at_the_command_line(),
                )
    except FileError as error:
        raise click.ClickException(f"Nothing was taken in. {error}") from error
    for receipt in receipts:
        click.echo(receipt.sentence())
        for refusal in receipt.refusals():
            click.echo(f"  {refusal}")
    for sentence in not_read:
        click.echo(f"Passed over: {sentence}")


@place.command("link-wards")
@with_appcontext
def link_wards() -> None:
    """Fit LSOAs to wards that no list puts any in, such as those of before 2019, by the boundaries of both.

    Boundaries and the list of wards have to be taken in first. Lists that were taken in are left alone.
    """
    with writing() as session:
        made = link_lsoas(session, current_settings().district)
    wards = {link.outer_code for link in made}
    click.echo(f"{len(made)} LSOAs put in {len(wards)} wards ({METHOD}).")


@place.command("list")
@click.option(
    "--kind",
    type=click.Choice(AREA_KINDS),
    default="ward",
    show_default=True,
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day on which they exist; today when not given.")
@format_option
@with_appcontext
def list_(kind: str, on: datetime | None, output_format: str) -> None:
    """List the areas of a kind that exist on a day, with the ward or beat each lies in."""
    mark_reading(True)
    day = on.date() if on else date.today()
    outer = {"ward": "beat", "parish": "ward", "lsoa11": "ward", "lsoa21": "ward"}.get(kind)
    rows = []
    for area in areas(db.session(), kind, day):
        placed = around(db.session(), area.code, outer, day) if outer else []
        rows.append(
            {
                "area": area.code,
                "name": area.name,
                "valid_from": area.valid_from,
                "valid_to": area.valid_to,
                "lies_in": [found.area.code for found in placed],
                "method": placed[0].method if placed else None,
                "note": area.note,
                "source": area.source,
            }
        )
    emit({"kind": kind, "on": day, "places": rows}, "places", output_format)


@place.command("lookup")
@click.argument("postcode")
@format_option
@with_appcontext
def lookup_(postcode: str, output_format: str) -> None:
    """Say in which ward, beat and parish a postcode lies."""
    mark_reading(True)
    try:
        found = lookup(db.session(), postcode, date.today())
    except PlaceError as error:
        raise click.ClickException(str(error)) from error
    if not found:
        raise click.ClickException(
            "The postcode is not on the list: it may lie outside the district, be newer than the list, "
            "or no list has been imported (csp-consult place import)."
        )
    emit(
        {"source": found[0].source, "places": [_row(placed) for placed in found]}, "places", output_format, taken=False
    )


def _row(placed: PostcodePlace) -> dict[str, object]:
    return {
        "ward": placed.ward.code,
        "ward_name": placed.ward.name,
        "beat": placed.beat.area.code if placed.beat else None,
        "beat_name": placed.beat.area.name if placed.beat else None,
        "beat_method": placed.beat.method if placed.beat else None,
        "parish": placed.parish.code if placed.parish else None,
        "parishes_of_ward": [parish.code for parish in placed.parishes],
        "parish_names": [parish.name for parish in placed.parishes],
        "lsoa": placed.lsoa.code if placed.lsoa else None,
    }
