"""Take responses in from files and give them out."""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from csp_consult.db import db, mark_reading, writing
from csp_consult.fieldwork import exports, imports, waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.row_files import RowFileError, read_rows
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def response() -> None:
    """Take responses in from files and give them out."""


@response.command("import")
@click.argument("key", metavar="WAVE")
@click.argument("file", type=EXISTING)
@click.option(
    "--mapping", "mapping_file", type=EXISTING, help="YAML that turns the file's headings and codes into ours."
)
@click.option("--synthetic", is_flag=True, help="Nobody gave these responses; they are marked so for ever.")
@with_appcontext
def import_file(key: str, file: Path, mapping_file: Path | None, synthetic: bool) -> None:
    """Store each row of FILE (.csv, .xlsx, .sav) as a response, or none when any row is at fault.

    Importing a file again stores nothing twice; rows of a file that has grown are known by a column ``response``.
    """
    try:
        mapping = imports.ColumnMapping.read(mapping_file.read_text(encoding="utf-8") if mapping_file else "")
        # Before the transaction, so that nobody who answers meanwhile waits for a long read.
        rows = list(read_rows(file))
        with writing() as session:
            wave, questionnaire = _wave(session, key)
            receipt = imports.import_rows(
                session, wave, questionnaire, rows, mapping, today=date.today(), synthetic=synthetic
            )
    except (RowFileError, imports.ImportFaultError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{receipt.rows} rows read, {receipt.stored} stored, {receipt.known} known from an earlier import.")
    if receipt.unused:
        click.echo(f"Columns that no question has: {', '.join(receipt.unused)}.")


@response.command()
@click.argument("key", metavar="WAVE")
@click.option("--to", "to", type=click.Choice(["csv", "json"]), required=True, help="What to write.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@with_appcontext
def export(key: str, to: str, output: Path) -> None:
    """Write the responses of a wave to a file, without references; synthetic ones are marked."""
    mark_reading(True)
    session = db.session()
    wave, questionnaire = _wave(session, key)
    rows = exports.rows(session, wave, questionnaire)
    with output.open("w", encoding="utf-8", newline="") as file:
        written = _write_csv(file, rows, questionnaire) if to == "csv" else _write_json(file, rows, wave, questionnaire)
    click.echo(f"{written} responses of {wave.key} written to {output}.")


def _write_csv(file: TextIO, rows: Iterable[Mapping[str, Any]], questionnaire: Questionnaire) -> int:
    writer = csv.DictWriter(file, fieldnames=exports.columns(questionnaire), lineterminator="\n")
    writer.writeheader()
    written = 0
    for written, row in enumerate(rows, start=1):  # noqa: B007 - how many there were is the result
        writer.writerow({name: exports.for_spreadsheet(value) for name, value in row.items()})
    return written


def _write_json(file: TextIO, rows: Iterable[Mapping[str, Any]], wave: Wave, questionnaire: Questionnaire) -> int:
    found = list(rows)
    about = {
        "wave": wave.key,
        "questionnaire": f"{questionnaire.slug} {questionnaire.version}",
        "date": date.today().isoformat(),
        "synthetic": wave.synthetic,
    }
    json.dump(about | {"responses": found}, file, ensure_ascii=False, indent=1)
    return len(found)


def _wave(session: Session, key: str) -> tuple[Wave, Questionnaire]:
    try:
        wave = waves.find(session, key)
    except waves.WaveError as error:
        raise click.ClickException(str(error)) from error
    if wave.survey.audience != "residents":
        raise click.ClickException(f"{key} asks parish councils; their responses are kept by council, not here.")
    return wave, questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
