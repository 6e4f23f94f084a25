"""A questionnaire's other languages: found by the English, no part of the version, out to a translator and back."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from csp_consult.catalogues import say_forms
from csp_consult.db import writing
from csp_consult.questionnaire.faults import QuestionnaireError
from csp_consult.questionnaire.parse import check, load
from csp_consult.questionnaire.store import questionnaire_of, store
from csp_consult.questionnaire.translations import Row, body, rows, take_in, with_blocks, with_words
from csp_consult.reports import translation_files

TODAY = date(2027, 3, 10)
SOURCE = """
questionnaire: tongues
version: "1"
title: A survey
organisation: A test
audience: residents
minutes: 1
intro: {purpose: To try., decides: Nobody., after: Nothing.}
pages:
  - page: only
    title: Your area
    questions:
      - id: known
        kind: single
        text: Do you know your neighbours?
        options: {yes: 'Yes', no: 'No'}
      - id: fine
        kind: single
        text: Is all well?
        options: {yes: 'Yes', no: 'No'}
"""
WELSH = [Row("", "Yes", "Ie"), Row("known", "Yes", "Ydw"), Row("", "Your area", "Eich ardal")]


def translated(source: str = SOURCE, given_rows: list[Row] = WELSH) -> str:
    return with_words(source, load(source), "cy", given_rows)


def test_words_are_found_by_the_english_and_first_for_the_question_itself() -> None:
    found = load(translated())

    assert found.languages == ("en", "cy")
    assert found.pages[0].title("cy") == "Eich ardal"
    assert [found.question(one).choices()[0].text("cy") for one in ("known", "fine")] == ["Ydw", "Ie"]
    assert found.question("known").text("cy") == "Do you know your neighbours?"
    assert [choice.code for choice in found.question("known").choices()] == ["yes", "no"]


def test_a_check_tells_what_is_untranslated_and_what_is_said_nowhere() -> None:
    advice = [fault.message for fault in check(translated(given_rows=[*WELSH, Row("", "Gone", "Wedi mynd")]))]

    assert any("7 texts have no words in the language 'cy'" in message for message in advice)
    assert any("“Gone”, which is said nowhere" in message for message in advice)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("translations: {en: {words: {a: b}}}", "written with the questions"),
        ("translations: {welsh!: {words: {a: b}}}", "not a language code"),
        ("translations: {cy: {wrods: {a: b}}}", "'wrods' is not a key"),
        ("translations: {cy: {words: {a: b}}}\nchannel: known", "must be the last part"),
        ("translations: [cy]", "must be a block"),
    ],
)
def test_a_faulty_block_is_named(block: str, message: str) -> None:
    assert any(message in fault.message for fault in check(f"{SOURCE}\n{block}\n"))


def test_translations_are_no_part_of_a_version_but_its_own_words_are(app: Flask) -> None:
    with app.app_context(), writing() as session:
        first = store(session, SOURCE, today=TODAY)
        again = store(session, translated(), today=TODAY)
        assert again.id == first.id
        assert questionnaire_of(again).languages == ("en", "cy")

        store(session, SOURCE, today=TODAY)
        assert questionnaire_of(first).languages == ("en", "cy"), "a file without translations takes none away"

        with pytest.raises(QuestionnaireError, match="other words"):
            store(session, translated(SOURCE.replace("Is all well?", "Is it well?")), today=TODAY)


def test_what_a_native_reader_checked_gives_way_only_to_what_was_checked(app: Flask) -> None:
    with app.app_context(), writing() as session:
        kept = store(session, translated(), today=TODAY)
        checked = questionnaire_of(kept).translations["cy"]
        kept.source = with_blocks(kept.source, {"cy": type(checked)("cy", checked.words, (), "Ann", "2027-03-10")})

        store(session, translated(given_rows=[Row("", "Yes", "Oes")]), today=TODAY)

        assert questionnaire_of(kept).translations["cy"].words["Yes"] == "Ie"
        assert questionnaire_of(kept).translations["cy"].checked_by == "Ann"


def test_changed_words_are_no_longer_checked() -> None:
    source = translated()
    signed = with_blocks(
        source, {"cy": type(load(source).translations["cy"])("cy", {"Yes": "Ie"}, (), "Ann", "2027-03-10")}
    )

    same = with_words(signed, load(signed), "cy", [Row("", "Yes", "Ie")])
    changed = with_words(signed, load(signed), "cy", [Row("", "Yes", "Oes")])

    assert load(same).translations["cy"].checked_by == "Ann"
    assert not load(changed).translations["cy"].checked_by
    assert body(signed) == SOURCE


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="{}"), min_size=1, max_size=40
)


@settings(deadline=None, max_examples=15)
@given(words=st.lists(WORDS, min_size=3, max_size=3), ending=st.sampled_from(["po", "xlsx"]))
def test_what_goes_out_comes_back_the_same(words: list[str], ending: str) -> None:
    source = translated(
        given_rows=[Row(row.context, row.english, word) for row, word in zip(WELSH, words, strict=True)]
    )
    before = rows(load(source), "cy")
    write = {"po": translation_files.to_po, "xlsx": translation_files.to_xlsx}[ending]

    back = translation_files.read(f"words.{ending}", write(before, "cy"))

    assert take_in(source, load(source), "cy", back).source == source


def test_words_that_begin_like_a_formula_stay_words() -> None:
    back = translation_files.read("a.xlsx", translation_files.to_xlsx([Row("", "Yes", "=1+1")], "cy"))

    assert back == [Row("", "Yes", "=1+1")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b"PK\x03\x04 nothing"),
        ("a.po", b'msgid "a\nmsgstr'),
        ("a.po", b"\xff\xfe\x00"),
        ("a.csv", b"a,b"),
        ("a.po", b"#" * (translation_files.LARGEST + 1)),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(name: str, data: bytes) -> None:
    with pytest.raises(translation_files.TranslationFileError):
        translation_files.read(name, data)


def test_the_plural_forms_of_a_language_are_all_said() -> None:
    forms = say_forms("It takes about %(num)s minute", "It takes about %(num)s minutes", "cy", {"num": "2"})

    assert set(forms) == {"zero", "one", "two", "few", "many", "other"}
    assert forms["two"] == "Mae’n cymryd tua 2 funud"
    assert forms["one"] == "Mae’n cymryd tua 2 munud"
