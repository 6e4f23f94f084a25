"""A survey's other languages: what is untranslated, words going out to a translator and coming back, signing off."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from csp_consult.catalogues import Catalogue, catalogue, english_name, languages
from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.people import audit
from csp_consult.questionnaire.entry import LANGUAGE
from csp_consult.questionnaire.faults import QuestionnaireError
from csp_consult.questionnaire.model import Questionnaire, Translation
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.questionnaire.texts import ENGLISH
from csp_consult.questionnaire.translations import rows, take_in, with_blocks
from csp_consult.reports import translation_files
from csp_consult.web.officer.door import wave_called

LONGEST_NAME = 100
FILES = {
    "po": (translation_files.to_po, "text/x-gettext-translation"),
    "xlsx": (translation_files.to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class RefusedError(ValueError):
    """What was sent cannot be taken; the message says what to do, ``field_id`` where."""

    def __init__(self, field_id: str, message: str) -> None:
        self.field_id = field_id
        super().__init__(message)


@dataclass(frozen=True)
class Standing:
    """How one language stands."""

    code: str
    name: str
    survey: Translation | None
    """None where the survey is not in this language."""
    interface: Catalogue
    total: int
    """How many texts the survey has."""


def translations(survey: str, wave: str) -> str | WerkzeugResponse:
    """How each language stands; words taken in, and translations signed off."""
    found = wave_called(survey, wave)
    refused: RefusedError | None = None
    if request.method == "POST":
        try:
            flash(_take_in(found) if request.form.get("then") == "import" else _sign_off(found), "success")
            db.session().commit()
        except RefusedError as error:
            db.session().rollback()
            refused = error
        else:
            return redirect(url_for(".translations", survey=survey, wave=wave), 303)
    return _page(found, refused)


def translations_file(survey: str, wave: str, ending: str) -> Response:
    """The words of a language as a file for a translator."""
    found = wave_called(survey, wave)
    language = request.args.get("language", "").strip()
    if ending not in FILES or not _may_be_added(language):
        abort(404)
    questionnaire = questionnaire_of(_version(found))
    write, kind = FILES[ending]
    name = f"{questionnaire.slug}-{questionnaire.version}-{language}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write(rows(questionnaire, language), language), mimetype=kind, headers=headers)


def _page(wave: Wave, refused: RefusedError | None) -> str:
    questionnaire = questionnaire_of(_version(wave))
    errors = [{"field_id": refused.field_id, "message": str(refused)}] if refused else []
    return render_template(
        "officer/translations.html",
        wave=wave,
        standings=[_standing(code, questionnaire) for code in _known(questionnaire)],
        typed=request.form,
        errors=errors,
        error_of={error["field_id"]: error["message"] for error in errors},
    )


def _known(questionnaire: Questionnaire) -> list[str]:
    return sorted({*languages(), *questionnaire.languages} - {ENGLISH})


def _standing(code: str, questionnaire: Questionnaire) -> Standing:
    translation = questionnaire.translations.get(code)
    return Standing(code, english_name(code), translation, catalogue(code), len(questionnaire.said))


def _take_in(wave: Wave) -> str:
    """Put the words of an uploaded file into the wave's version; says what came of it."""
    language, file = request.form.get("language", "").strip(), request.files.get("file")
    if not _may_be_added(language):
        raise RefusedError("language", "Enter the code of a language other than English, such as cy for Welsh.")
    if file is None or not file.filename:
        raise RefusedError("file", "Choose the file that came back from the translator.")
    version = _version(wave)
    questionnaire = questionnaire_of(version)
    try:
        given = translation_files.read(file.filename, file.stream.read(translation_files.LARGEST + 1))
        taken = take_in(version.source, questionnaire, language, given)
        load(taken.source)
    except translation_files.TranslationFileError as error:
        raise RefusedError("file", f"Nothing was changed. {error}") from error
    except QuestionnaireError as error:
        raise RefusedError("file", f"Nothing was changed. {error.faults[0].message}") from error
    version.source = taken.source
    _note(wave, "translation.import", {"language": language, "texts": taken.words})
    left_out = f" {len(taken.unknown)} rows were left out: the survey does not say them." if taken.unknown else ""
    return f"{taken.words} texts have words in {english_name(language)} now.{left_out}"


def _sign_off(wave: Wave) -> str:
    """Note who found a translation right; the note on residents' pages goes once the interface is checked too."""
    language = request.form.get("language", "")
    name = " ".join(request.form.get(f"name-{language}", "").split())
    version = _version(wave)
    blocks = questionnaire_of(version).translations
    if language not in blocks:
        raise RefusedError("language", "Choose a language that this survey is translated into.")
    if not name or len(name) > LONGEST_NAME:
        raise RefusedError(f"name-{language}", "Enter the name of the native reader who checked the words.")
    checked = replace(blocks[language], checked_by=name, checked_on=date.today().isoformat())
    version.source = with_blocks(version.source, {**blocks, language: checked})
    _note(wave, "translation.checked", {"language": language})
    return f"The {english_name(language)} words are marked as checked by {name}."


def _may_be_added(language: str) -> bool:
    if language == ENGLISH or not LANGUAGE.fullmatch(language):
        return False
    try:
        return bool(english_name(language))
    except ValueError:
        return False


def _note(wave: Wave, action: str, detail: dict[str, Any]) -> None:
    audit.record(db.session(), action, subject=wave.key, detail=detail)


def _version(wave: Wave) -> QuestionnaireVersion:
    return db.session().get_one(QuestionnaireVersion, wave.questionnaire_id)
