"""``csp-consult survey``: check questionnaire files, load them, exchange them with other programs."""

from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from csp_consult.commands.survey_translations import translations
from csp_consult.db import writing
from csp_consult.questionnaire.exchange.building import ExchangeError
from csp_consult.questionnaire.exchange.reading import imported
from csp_consult.questionnaire.exchange.xlsform_out import xlsform
from csp_consult.questionnaire.faults import FAULT, QuestionnaireError
from csp_consult.questionnaire.parse import check, load
from csp_consult.questionnaire.store import store
from csp_consult.reports.questionnaire_files import dictionary_table
from csp_consult.resources import resource_folder
from csp_consult.topics import taxonomy

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))

TAXONOMY = "topics.yaml"


@click.group()
def survey() -> None:
    """Questionnaires: check, load and exchange their files."""


@survey.command("check")
@FILES
def check_files(files: tuple[Path, ...]) -> None:
    """Explain every fault in questionnaire FILES by line; exit non-zero when there are any.

    The taxonomy of themes and topics (topics.yaml) may be among them.
    """
    faulty = sum((_report_taxonomy if path.name == TAXONOMY else _report)(path, _read(path)) for path in files)
    if faulty:
        raise click.ClickException(f"{faulty} of {len(files)} files cannot be used yet.")


@survey.command("load")
@FILES
@with_appcontext
def load_files(files: tuple[Path, ...]) -> None:
    """Keep the questionnaire versions in FILES, all or none. A version once kept never changes."""
    sources = {path: _read(path) for path in files}
    if sum(_report(path, source) for path, source in sources.items()):
        raise click.ClickException("Nothing was loaded. Put the faults right and try again.")
    with writing() as session:
        for path, source in sources.items():
            try:
                version = store(session, source, today=date.today())
            except QuestionnaireError as error:
                raise click.ClickException(f"Nothing was loaded. {path}: {error.faults[0].message}") from error
            click.echo(f"{path}: {version.slug} version {version.version} is kept.")


@survey.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here, not to the screen.")
def import_file(file: Path, output: Path | None) -> None:
    """Make a questionnaire file from FILE: an XLSForm (.xlsx, .xls) or a LimeSurvey structure (.lss).

    What does not come along is named question by question on standard error.
    """
    try:
        found = imported(file.read_bytes(), file.name)
    except ExchangeError as error:
        raise click.ClickException(f"{file}: {error}") from error
    for line in (*map(str, found.notes), *map(str, check(found.source, topics=_topics()))):
        click.echo(f"{file}: {line}", err=True)
    _give(found.source.encode(), output)
    left = sum(note.lost for note in found.notes)
    said = f"{found.questions} questions came along" + (f", {left} did not." if left else ", none was left out.")
    click.echo(f"{file}: {said}", err=True)


@survey.command("export")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["xlsform", "dictionary"]), required=True, help="What to make.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here, not to the screen.")
def export_file(file: Path, form: str, output: Path | None) -> None:
    """Give questionnaire FILE as an XLSForm (.xlsx), or its data dictionary (.csv)."""
    try:
        questionnaire = load(source := _read(file))
    except QuestionnaireError as error:
        raise click.ClickException(f"{file}: {error.faults[0]}") from error
    _give(xlsform(source) if form == "xlsform" else dictionary_table(questionnaire).to_csv().encode(), output)


def _give(content: bytes, output: Path | None) -> None:
    if output is None:
        click.echo(content, nl=False)
    else:
        output.write_bytes(content)


survey.add_command(translations)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8 text; save it as UTF-8 and try again.") from error


def _report(path: Path, source: str) -> bool:
    """Print what is wrong with a file; True when it has faults, not only advice."""
    found = check(source, topics=_topics())
    for fault in found:
        click.echo(f"{path} {fault}")
    faulty = any(fault.severity == FAULT for fault in found)
    if not faulty:
        click.echo(f"{path} is sound.")
    return faulty


def _report_taxonomy(path: Path, source: str) -> bool:
    """Print what is wrong with the taxonomy; True when it cannot be used."""
    try:
        taxonomy.parse(source)
    except taxonomy.TaxonomyError as error:
        click.echo(f"{path}: {error}")
        return True
    click.echo(f"{path} is sound.")
    return False


def _topics() -> set[str]:
    """The slugs of every theme and topic of the taxonomy."""
    source = (resource_folder("surveys") / TAXONOMY).read_text(encoding="utf-8")
    return {entry.slug for entry in taxonomy.parse(source)}
