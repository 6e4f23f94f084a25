"""``csp-consult survey``: check questionnaire files and load them."""

from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from csp_consult.db import writing
from csp_consult.questionnaire.faults import FAULT, QuestionnaireError
from csp_consult.questionnaire.parse import check
from csp_consult.questionnaire.store import store
from csp_consult.resources import resource_folder
from csp_consult.topics import taxonomy

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))

TAXONOMY = "topics.yaml"


@click.group()
def survey() -> None:
    """Questionnaires: check and load their files."""


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
