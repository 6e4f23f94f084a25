"""``csp-consult survey translations``: a questionnaire's words out to a translator, and back into its file."""

from pathlib import Path

import click

from csp_consult.questionnaire.entry import LANGUAGE
from csp_consult.questionnaire.faults import QuestionnaireError
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.translations import rows, take_in
from csp_consult.reports import translation_files

SURVEY = click.argument("survey", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def translations() -> None:
    """Send a questionnaire's words to a translator, and take them back."""


@translations.command("export")
@SURVEY
@click.argument("language")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(survey: Path, language: str, file: Path) -> None:
    """Write what the questionnaire SURVEY says, with its words so far in LANGUAGE, to FILE (.po or .xlsx)."""
    found = rows(_load(survey, language)[1], language)
    writers = {".po": translation_files.to_po, ".xlsx": translation_files.to_xlsx}
    writer = writers.get(file.suffix.lower())
    if writer is None:
        raise click.ClickException("Name a file that ends in .po or .xlsx.")
    file.write_bytes(writer(found, language))
    click.echo(f"{file}: {len(found)} texts, {sum(not row.words for row in found)} without words in '{language}'.")


@translations.command("import")
@SURVEY
@click.argument("language")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(survey: Path, language: str, file: Path) -> None:
    """Put the words in FILE (.po or .xlsx) into the questionnaire SURVEY as its translation into LANGUAGE."""
    source, questionnaire = _load(survey, language)
    try:
        taken = take_in(source, questionnaire, language, translation_files.read(file.name, file.read_bytes()))
        load(taken.source)
    except (translation_files.TranslationFileError, QuestionnaireError) as error:
        raise click.ClickException(f"Nothing was changed. {error}") from error
    survey.write_text(taken.source, encoding="utf-8")
    for english in taken.unknown:
        click.echo(f"Left out, since the questionnaire does not say it: {english}")
    missing = len(questionnaire.said) - taken.words
    click.echo(f"{survey}: {taken.words} texts have words in '{language}', {max(0, missing)} have none.")


def _load(survey: Path, language: str) -> tuple[str, Questionnaire]:
    if not LANGUAGE.fullmatch(language) or language == "en":
        raise click.ClickException(f"'{language}' is not the code of a further language, such as cy or pl.")
    try:
        source = survey.read_text(encoding="utf-8-sig")
        return source, load(source)
    except (UnicodeDecodeError, QuestionnaireError) as error:
        raise click.ClickException(f"{survey} cannot be used yet; see csp-consult survey check. {error}") from error
