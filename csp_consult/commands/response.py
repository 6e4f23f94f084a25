"""Take responses in from files and give them out."""

from contextlib import ExitStack
from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.commands.output import emit, format_option, progress_bar, ticking
from csp_consult.db import db, mark_reading, writing
from csp_consult.fieldwork import exports, imports, notices, waves
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.fieldwork.row_files import RowFileError, read_rows
from csp_consult.people.models import User
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.reports import response_files

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
@click.option(
    "--notice",
    metavar="DAY",
    default=notices.NOT_KNOWN,
    show_default=True,
    help="The version of our privacy notice under which they were given, by its day.",
)
@with_appcontext
def import_file(key: str, file: Path, mapping_file: Path | None, synthetic: bool, notice: str) -> None:
    """Store each row of FILE (.csv, .xlsx, .sav) as a response, or none when any row is at fault.

    Importing a file again stores nothing twice; rows of a file that has grown are known by a column ``response``.
    """
    try:
        version = notices.named(notice)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--notice") from error
    try:
        mapping = imports.ColumnMapping.read(mapping_file.read_text(encoding="utf-8") if mapping_file else "")
        receipt = _import(key, file, mapping, synthetic=synthetic, notice=version)
    except (RowFileError, imports.ImportFaultError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{receipt.rows} rows read, {receipt.stored} stored, {receipt.known} known from an earlier import.")
    if receipt.stored:
        click.echo(f"Privacy notice under which they were given: {notice}.")
    if receipt.erased:
        click.echo(f"{receipt.erased} not taken: these responses were erased, and stay so.")
    if receipt.unused:
        click.echo(f"Columns that no question has: {', '.join(receipt.unused)}.")


def _import(
    key: str, file: Path, mapping: imports.ColumnMapping, *, synthetic: bool, notice: str | None
) -> imports.ImportReceipt:
    """Look through the file before the transaction, so that nobody who answers meanwhile waits for a long read."""
    today = date.today()
    with ExitStack() as stack:
        _, questionnaire = _wave(db.session(), key)
        bar = stack.enter_context(progress_bar(file.stat().st_size, "Reading"))
        rows = read_rows(file, bar.update)
        read = stack.enter_context(imports.look_through(db.session(), questionnaire, rows, mapping, today=today))
        db.session.rollback()
        bar = stack.enter_context(progress_bar(read.rows, "Storing"))
        with writing() as session:
            wave, _ = _wave(session, key)
            return imports.store_rows(
                session, wave, read, today=today, synthetic=synthetic, notice=notice, progress=bar.update
            )


@response.command()
@click.argument("key", metavar="WAVE")
@click.option("--to", "to", type=click.Choice(list(response_files.FORMATS)), required=True, help="What to write.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@click.option("--by", metavar="EMAIL", required=True, help="The officer who takes them; it is written down.")
@with_appcontext
def export(key: str, to: str, output: Path, by: str) -> None:
    """Write the responses of a wave to a file for an officer who analyses them elsewhere.

    There are no references in it, wards become police beats, ages three groups, days months; words are withheld unless
    an officer has read them and found that they point at nobody. Synthetic responses are marked.
    """
    with writing() as writer:
        wave, questionnaire = _wave(writer, key)
        exports.log_export(writer, wave, by=officer_of(writer, by), what=f"responses as {to}")
    mark_reading(True)
    session = db.session()
    wave, questionnaire = _wave(session, key)
    file = response_files.of_wave(session, wave, questionnaire, today=date.today())
    held = session.scalar(select(func.count()).where(Response.wave_id == wave.id)) or 0
    with progress_bar(held, "Writing") as bar:
        rows = ticking(exports.coarse_rows(session, wave, questionnaire), bar)
        made = response_files.write(to, output, file, rows)
    click.echo(f"{made.rows} responses of {wave.key} written to {' and '.join(map(str, made.files))}.")


@response.command("exports")
@click.argument("key", metavar="WAVE")
@format_option
@with_appcontext
def list_exports(key: str, output_format: str) -> None:
    """Show who has taken responses of a wave, and when."""
    mark_reading(True)
    session = db.session()
    wave, _ = _wave(session, key)
    rows = [
        {"date": one.at.date().isoformat(), "by": one.actor, "what": one.detail["what"]}
        for one in reversed(exports.exports_of(session, wave))
    ]
    emit({"wave": wave.key, "exports": rows}, "exports", output_format)


def officer_of(session: Session, email: str) -> str:
    """The address of an officer's account; responses are given to nobody else."""
    found = session.scalar(select(User).where(func.lower(User.email) == email.strip().lower(), User.active))
    if found is None or not found.may("officer", "administrator"):
        raise click.ClickException(f"{email} is not an officer's account; responses are given to officers only.")
    return found.email


def _wave(session: Session, key: str) -> tuple[Wave, Questionnaire]:
    try:
        wave = waves.find(session, key)
    except waves.WaveError as error:
        raise click.ClickException(str(error)) from error
    if wave.survey.audience != "residents":
        raise click.ClickException(f"{key} asks parish councils; their responses are kept by council, not here.")
    return wave, questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
