"""Questionnaires come from and go to other programs; what cannot is named, question by question."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from csp_consult.commands.survey import survey
from csp_consult.questionnaire.editing import data_at
from csp_consult.questionnaire.exchange.building import ExchangeError
from csp_consult.questionnaire.exchange.dictionary import dictionary
from csp_consult.questionnaire.exchange.limesurvey import plain
from csp_consult.questionnaire.exchange.reading import imported
from csp_consult.questionnaire.exchange.xlsform_out import xlsform
from csp_consult.questionnaire.parse import load

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    [*(ROOT / "tests" / "questionnaires").glob("*.yaml"), *(ROOT / "surveys").glob("[!tb]*.yaml")],
    key=lambda path: path.name,
)
LSS = """<?xml version="1.0"?>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>606</DBVersion>
<surveys><rows><row><sid>1</sid><language>en</language></row></rows></surveys>
<surveys_languagesettings><rows>
 <row><surveyls_language>en</surveyls_language><surveyls_title>Noise</surveyls_title></row>
 <row><surveyls_language>cy</surveyls_language><surveyls_title>Sŵn</surveyls_title></row>
</rows></surveys_languagesettings>
<groups><rows><row><gid>1</gid><group_order>1</group_order></row></rows></groups>
<group_l10ns><rows><row><gid>1</gid><group_name>Noise</group_name><language>en</language></row></rows></group_l10ns>
<questions><rows>
 <row><qid>1</qid><sid>1</sid><gid>1</gid><type>L</type><title>Heard</title><other>Y</other><mandatory>Y</mandatory></row>
 <row><qid>2</qid><sid>1</sid><gid>1</gid><type>T</type><title>What</title>
  <relevance>((Heard.NAOK == "A1"))</relevance></row>
 <row><qid>3</qid><sid>1</sid><gid>1</gid><type>{kind}</type><title>Third</title></row>
</rows></questions>
<question_l10ns><rows>
 <row><qid>1</qid><question>&lt;p&gt;Did you hear &lt;b&gt;noise&lt;/b&gt;?&lt;/p&gt;</question>
  <language>en</language></row>
 <row><qid>1</qid><question>Glywsoch chi sŵn?</question><language>cy</language></row>
 <row><qid>2</qid><question>What did you hear?</question><language>en</language></row>
 <row><qid>3</qid><question>Where?</question><language>en</language></row>
</rows></question_l10ns>
<answers><rows><row><aid>1</aid><qid>1</qid><code>A1</code></row><row><aid>2</aid><qid>1</qid><code>A2</code></row>
</rows></answers>
<answer_l10ns><rows><row><aid>1</aid><answer>Yes</answer><language>en</language></row>
 <row><aid>2</aid><answer>No</answer><language>en</language></row></rows></answer_l10ns>
</document>"""


def form(*survey_rows: dict[str, Any], choices: tuple[dict[str, Any], ...] = ()) -> bytes:
    """An XLSForm of these rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("survey", survey_rows), ("choices", choices)):
        sheet = book.create_sheet(name)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        for line in (heads, *([row.get(head) for head in heads] for row in rows)):
            sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


YES_NO = ({"list_name": "yn", "name": "yes", "label": "Yes"}, {"list_name": "yn", "name": "no", "label": "No"})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_questionnaire_goes_out_as_an_xlsform_and_comes_back_asking_the_same(path: Path) -> None:
    before = load(path.read_text())

    found = imported(xlsform(path.read_text()), "form.xlsx")

    after = load(found.source)
    assert found.whole
    assert not found.notes
    assert (after.slug, after.title) == (before.slug, before.title)
    assert after.cell == before.cell
    assert [page.id for page in after.pages] == [page.id for page in before.pages]
    for question in before.questions.values():
        again = after.question(question.id)
        assert (again.kind, again.text, again.required) == (question.kind, question.text, question.required)
        assert again.domain() == question.domain()
        assert [(column.name, column.kind, column.label()) for column in again.columns()] == [
            (column.name, column.kind, column.label()) for column in question.columns()
        ]
        assert [choice.text() for choice in again.choices()] == [choice.text() for choice in question.choices()]
        assert (again.concern is None, again.change is None) == (question.concern is None, question.change is None)
        assert bool(again.show_if) == bool(question.show_if)


def test_an_exported_label_that_begins_like_a_formula_stays_words() -> None:
    source = (ROOT / "tests" / "questionnaires" / "single.yaml").read_text().replace("title: One", "title: =1+1 One")

    book = load_workbook(io.BytesIO(xlsform(source)))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


def test_every_xlsform_fixture_comes_in_or_is_refused_in_words(shared: Path) -> None:
    found = {
        path.name: imported(path.read_bytes(), path.name)
        for path in sorted((shared / "data" / "fixtures" / "xlsform").iterdir())
    }

    for one in found.values():
        load(one.source)
    assert {name for name, one in found.items() if one.whole} >= {"yes_or_no_question.xlsx", "or_other.xlsx"}
    lost = {note.question for note in found["widgets.xls"].notes if note.lost}
    assert lost == {
        *("my_time", "my_trigger", "my_geopoint", "my_barcode", "my_image", "my_audio", "my_video"),
        *("locationMap", "dateTime"),
    }


def test_every_limesurvey_fixture_comes_in_or_is_refused_in_words(shared: Path) -> None:
    folder = shared / "data" / "fixtures" / "limesurvey"
    colors = imported((folder / "colors.lss").read_bytes(), "colors.lss")
    sample = imported((folder / "ls205_sample_survey_english.lss").read_bytes(), "sample.lss")

    assert colors.whole
    assert len(load(colors.source).questions) == 4
    assert len(load(sample.source).questions) == 138
    lost = {note.question for note in sample.notes if note.lost}
    assert {"qArrayNumbers", "qFileUpload", "qLanguage", "hidden1"} <= lost
    # Every question of the survey is either there or named.
    assert len(lost) == 20


def test_a_condition_of_an_xlsform_starts_a_page_and_is_kept() -> None:
    found = imported(
        form(
            {"type": "select_one yn", "name": "Heard", "label": "Did you hear noise?"},
            {"type": "text", "name": "what", "label": "What?", "relevant": "${Heard} = 'yes' or ${Heard} = 'no'"},
            choices=YES_NO,
        ),
        "noise.xlsx",
    )

    pages: Any = data_at(found.source, ("pages",))
    assert [page["questions"][0]["id"] for page in pages] == ["heard", "what"]
    assert pages[1]["questions"][0]["show_if"] == {"question": "heard", "is": ["yes", "no"]}
    load(found.source)


def test_a_condition_with_no_counterpart_is_named_and_its_question_may_be_left_open() -> None:
    found = imported(
        form(
            {"type": "integer", "name": "age", "label": "How old are you?"},
            {"type": "text", "name": "job", "label": "Your job?", "relevant": "${age} > 16", "required": "yes"},
        ),
        "age.xlsx",
    )

    said = [str(note) for note in found.notes]
    assert "job: is asked of everybody: the condition '${age} > 16' has no counterpart" in said
    assert not load(found.source).question("job").required


def test_translations_come_along_and_english_stands_in_where_one_is_missing() -> None:
    found = imported(
        form(
            {"type": "text", "name": "what", "label::English (en)": "What?", "label::Welsh (cy)": "Beth?"},
            {"type": "text", "name": "where", "label::English (en)": "Where?", "label::Welsh (cy)": None},
        ),
        "two.xlsx",
    )

    questionnaire = load(found.source)
    assert questionnaire.languages == ("en", "cy")
    assert questionnaire.question("what").text("cy") == "Beth?"
    assert questionnaire.question("where").text("cy") == "Where?"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "neither an XLSForm"),
        (b"hello", "neither an XLSForm"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf\x11\xe0 broken", "cannot be read as Excel"),
        (b"<not xml", "cannot be read"),
        (b"<document/>", "no survey structure"),
        (b'<!DOCTYPE d [<!ENTITY a "aaaa">]><document>&a;</document>', "cannot be read"),
        (b"PK\x03\x04" + bytes(6_000_000), "larger than"),
        (b"<" + bytes(6_000_000), "larger than"),
        (form({"type": "begin_group", "name": "open", "label": "Open"}), "not a sound XLSForm"),
        (form({"type": "geopoint", "name": "place", "label": "Where?"}), "None of its questions"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(content: bytes, sentence: str) -> None:
    with pytest.raises(ExchangeError, match=sentence):
        imported(content, "file.xlsx")


def test_a_file_that_unpacks_to_more_than_a_questionnaire_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(60_000_000))

    with pytest.raises(ExchangeError, match="unpacks to more"):
        imported(stream.getvalue(), "bomb.xlsx")


def test_a_limesurvey_file_comes_in_without_its_html_and_with_its_languages() -> None:
    found = imported(LSS.replace("{kind}", "S").encode(), "noise.lss")

    questionnaire = load(found.source)
    heard = questionnaire.question("heard")
    assert heard.text() == "Did you hear noise?"
    assert heard.text("cy") == "Glywsoch chi sŵn?"
    assert heard.required
    assert [choice.code for choice in heard.choices()] == ["a1", "a2", "oth"]
    assert questionnaire.question("what").show_if is not None
    assert found.whole


def test_a_limesurvey_question_that_is_not_asked_here_is_named() -> None:
    found = imported(LSS.replace("{kind}", "|").encode(), "noise.lss")

    assert "Third: left out: a file to send is not asked here" in [str(note) for note in found.notes]


def test_html_leaves_its_words_only() -> None:
    assert plain("<p>One&nbsp;&amp; <b>two</b></p><script></script><ul><li>three</li></ul>") == "One & two\nthree"


def test_the_data_dictionary_names_every_column_and_code_of_an_export() -> None:
    questionnaire = load((ROOT / "tests" / "questionnaires" / "routing.yaml").read_text())

    rows = dictionary(questionnaire)

    assert [(row["variable"], row["code"]) for row in rows[:4]] == [
        ("victim", "yes"),
        ("victim", "no"),
        ("victim", "prefer_not"),
        ("reported", "yes"),
    ]
    asked = {row["variable"]: row["asked_if"] for row in rows}
    assert asked["reported"] == "‘victim’ is ‘Yes’"
    assert asked["why_not"] == "‘victim’ is ‘Yes’ and ‘reported’ is ‘No’"
    assert asked["anything"] == "it is not so that ‘victim’ is ‘Prefer not to say’"


def test_commands_exchange_files(tmp_path: Path) -> None:
    sheet, back, words = tmp_path / "form.xlsx", tmp_path / "back.yaml", tmp_path / "words.csv"
    source = ROOT / "tests" / "questionnaires" / "other.yaml"
    run = CliRunner().invoke

    out = run(survey, ["export", str(source), "--format", "xlsform", "--output", str(sheet)])
    back_in = run(survey, ["import", str(sheet), "--output", str(back)])
    told = run(survey, ["export", str(source), "--format", "dictionary", "--output", str(words)])

    assert (out.exit_code, back_in.exit_code, told.exit_code) == (0, 0, 0), back_in.output
    assert "2 questions came along, none was left out." in back_in.output
    assert load(back.read_text()).question("heard").columns() == load(source.read_text()).question("heard").columns()
    assert {row["variable"] for row in csv.DictReader(words.read_text().splitlines())} >= {
        "heard",
        "heard-said",
        "wanted.lights",
    }


def test_the_import_command_refuses_in_words(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello")

    result = CliRunner().invoke(survey, ["import", str(file)])

    assert result.exit_code == 1
    assert "neither an XLSForm" in result.output
