"""What commands that take in files of printed figures have in common."""

from pathlib import Path

import click

from csp_consult.commands.output import at_the_command_line
from csp_consult.db import db
from csp_consult.people import audit
from csp_consult.places.csv_lines import FileError
from csp_consult.places.row_files import PrintedImport
from csp_consult.settings import current_settings

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
preview_option = click.option("--preview", is_flag=True, help="Say what the file holds and put nothing on record.")


def take_in(take: PrintedImport, file: Path, action: str, *, preview: bool) -> None:
    """Take the file in and say what became of its rows, or only say it."""
    session = db.session()
    try:
        with file.open("rb") as stream:
            receipt = take(session, stream, file.name, district=current_settings().district)
    except FileError as error:
        session.rollback()
        raise click.ClickException(f"Nothing was taken in. {error}") from error
    for sentence in receipt.sentences():
        click.echo(sentence)
    if preview:
        session.rollback()
        click.echo("This was a preview: nothing has been put on record.")
    else:
        audit.record(session, action, subject=file.name, detail=receipt.numbers(), actor=at_the_command_line())
        session.commit()
