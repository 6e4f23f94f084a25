"""Questionnaire versions are kept as written and never change; the command line says what it did."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.commands.survey import survey
from csp_consult.db import db
from csp_consult.questionnaire.faults import QuestionnaireError
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of, store

SourceOf = Callable[[str], str]
TODAY = date(2026, 11, 22)


def test_the_same_text_is_kept_once(session: Session, source_of: SourceOf) -> None:
    first = store(session, source_of("grid"), today=TODAY)
    again = store(session, source_of("grid"), today=date(2027, 1, 1))

    assert again is first
    assert (first.slug, first.version, first.loaded_on) == ("grid", "1", TODAY)


def test_other_words_under_a_kept_version_are_refused(session: Session, source_of: SourceOf) -> None:
    store(session, source_of("grid"), today=TODAY)

    with pytest.raises(QuestionnaireError, match="A version never changes"):
        store(session, source_of("grid").replace("Parking", "Car parks"), today=TODAY)


def test_a_new_version_stands_beside_the_old(session: Session, source_of: SourceOf) -> None:
    old = store(session, source_of("grid"), today=TODAY)
    new = store(session, source_of("grid").replace('version: "1"', 'version: "2"'), today=TODAY)

    assert new.id != old.id
    assert questionnaire_of(old).version == "1"


def test_a_faulty_file_is_not_kept(session: Session, source_of: SourceOf) -> None:
    with pytest.raises(QuestionnaireError):
        store(session, source_of("grid").replace("options: rating", "options: none"), today=TODAY)

    assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == 0


def test_a_kept_version_is_read_once(session: Session, source_of: SourceOf) -> None:
    version = store(session, source_of("grid"), today=TODAY)

    assert questionnaire_of(version) is questionnaire_of(version)
    assert questionnaire_of(version).question("rated").text() == "How much does each of these concern you?"


@pytest.fixture
def files(tmp_path: Path, source_of: SourceOf) -> list[str]:
    """A sound file and one with a fault on its line 13."""
    sound, faulty = tmp_path / "sound.yaml", tmp_path / "faulty.yaml"
    sound.write_text(source_of("single"), encoding="utf-8")
    faulty.write_text(source_of("multiple").replace("kind: multiple", "kind: many"), encoding="utf-8")
    return [str(sound), str(faulty)]


def test_check_explains_faults_by_line_and_fails(app: Flask, files: list[str]) -> None:
    result = app.test_cli_runner().invoke(survey, ["check", *files])

    assert result.exit_code != 0
    assert f"{files[0]} is sound." in result.output
    assert f"{files[1]} line 13: 'many' is not a kind of question" in result.output
    assert "1 of 2 files cannot be used yet." in result.output


def test_load_keeps_all_or_none(app: Flask, files: list[str]) -> None:
    runner = app.test_cli_runner()

    refused = runner.invoke(survey, ["load", *files])
    with app.app_context():
        kept_then = db.session.scalar(select(func.count()).select_from(QuestionnaireVersion))
    loaded = runner.invoke(survey, ["load", files[0]])
    with app.app_context():
        kept_now = db.session.scalars(select(QuestionnaireVersion.slug)).all()

    assert (refused.exit_code, kept_then) == (1, 0)
    assert (loaded.exit_code, kept_now) == (0, ["single"])


def test_load_says_when_a_version_would_change(app: Flask, files: list[str]) -> None:
    runner = app.test_cli_runner()
    runner.invoke(survey, ["load", files[0]])
    path = Path(files[0])
    path.write_text(path.read_text(encoding="utf-8").replace("after dark", "by day"), encoding="utf-8")

    result = runner.invoke(survey, ["load", files[0]])

    assert result.exit_code == 1
    assert "give this one a new 'version'" in result.output


def test_a_file_that_is_not_text_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    picture = tmp_path / "picture.yaml"
    picture.write_bytes(b"\x89PNG\xff\xfe")

    result = app.test_cli_runner().invoke(survey, ["check", str(picture)])

    assert result.exit_code == 1
    assert "is not UTF-8 text" in result.output
