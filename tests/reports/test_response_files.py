"""Responses in the formats of other programs, each read back by a reader that is not ours."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyreadstat
import pytest
from journeys import all_stored, everything
from small_survey import SOURCE, TODAY, give, make_wave
from sqlalchemy.orm import Session

from csp_consult.fieldwork import exports
from csp_consult.places.models import Area
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.questions.base import Column
from csp_consult.questionnaire.texts import Text
from csp_consult.reports import response_files
from csp_consult.reports.codebook import variables
from csp_consult.reports.tables import harmless

QUESTIONNAIRE = load(SOURCE)
GIVEN: list[dict[str, Any]] = [
    {"problem": {"asb": "big", "speeding": "dk"}, "top": ["asb", "burglary"], "victim": "yes", "age": "16-24"},
    {"victim": "pns"},
]


@pytest.fixture
def written(session: Session, tmp_path: Path) -> Any:
    """``written(format)`` writes two responses in it and gives the files."""
    session.add(Area(code="E05011957", kind="ward", name="Fleckney", source="test"))
    wave = make_wave(session, "files")
    for number, answers in enumerate(GIVEN):
        give(session, wave, answers, str(number))
    about = response_files.of_wave(session, wave, QUESTIONNAIRE, today=TODAY)

    def write(to: str) -> list[Path]:
        rows = exports.coarse_rows(session, wave, QUESTIONNAIRE)
        made = response_files.write(to, tmp_path / f"out.{to}", about, rows)
        assert made.rows == 2
        return list(made.files)

    return write


def test_spss_reads_labels_and_leaves_out_who_did_not_say(written: Any) -> None:
    [file] = written("sav")

    frame, meta = pyreadstat.read_sav(file, user_missing=True)
    substantive, _ = pyreadstat.read_sav(file)

    assert meta.column_names_to_labels["victim"] == "Has anyone committed a crime against you in the last 12 months?"
    assert meta.variable_value_labels["victim"] == {1: "Yes", 2: "No", 3: "Prefer not to say"}
    assert sorted(frame["victim"]) == [1, 3]
    assert list(substantive["victim"].dropna()) == [1]
    assert list(frame["problem.speeding"].dropna()) == [5]
    assert meta.variable_value_labels["age"][1] == "16 to 34"
    assert "synthetic: no" in meta.notes


def test_excel_holds_responses_and_their_dictionary(written: Any) -> None:
    [file] = written("xlsx")

    book = openpyxl.load_workbook(file)

    assert book.sheetnames == ["Responses", "Data dictionary", "About"]
    header, *rows = book["Responses"].iter_rows(values_only=True)
    assert header == tuple(exports.columns(QUESTIONNAIRE))
    assert sorted(str(row[header.index("victim")]) for row in rows) == ["pns", "yes"]
    told = {(row[0], row[4]): (row[6], row[7]) for row in book["Data dictionary"].iter_rows(values_only=True)}
    assert told["victim", "pns"] == ("Prefer not to say", "yes")
    assert ("synthetic", "no") in set(book["About"].iter_rows(values_only=True))


def test_csv_comes_with_a_dictionary_of_every_column(written: Any) -> None:
    data, dictionary = written("csv")

    with data.open(newline="") as opened:
        header = next(csv.reader(opened))
    with dictionary.open(newline="") as opened:
        told = list(csv.DictReader(opened))

    assert {row["column"] for row in told} == set(header)


def test_triple_s_data_mean_what_the_definition_says(written: Any) -> None:
    definition, data = written("sss")

    survey = ElementTree.parse(definition).getroot()
    record = survey.find("survey/record")
    assert record is not None
    assert (survey.get("version"), record.get("href"), record.get("format")) == ("2.0", data.name, "csv")
    with data.open(newline="") as opened:
        lines = list(csv.reader(opened))[int(record.get("skip", "0")) :]
    victim = next(one for one in record if one.findtext("name") == "victim")
    position = victim.find("position")
    assert position is not None
    codes = {value.get("code"): value.text for value in victim.iterfind("values/value")}
    assert sorted(codes[line[int(position.get("start", "0")) - 1]] or "" for line in lines) == [
        "Prefer not to say",
        "Yes",
    ]
    assert [one.get("ident") for one in record] == [str(n) for n in range(1, len(lines[0]) + 1)]


def test_json_says_of_which_wave_it_is(written: Any) -> None:
    [file] = written("json")

    held = json.loads(file.read_text())

    assert (held["wave"], held["synthetic"], len(held["responses"])) == ("small/files", False, 2)


def test_the_same_codes_stand_in_every_format(written: Any) -> None:
    with written("csv")[0].open(newline="") as opened:
        from_csv = sorted(row["victim"] for row in csv.DictReader(opened))
    labels, _ = pyreadstat.read_sav(written("sav")[0], user_missing=True, apply_value_formats=True)
    from_json = sorted(row["victim"] for row in json.loads(written("json")[0].read_text())["responses"])

    assert from_csv == from_json == ["pns", "yes"]
    assert sorted(labels["victim"]) == ["Prefer not to say", "Yes"]


@pytest.fixture
def every_type(tmp_path: Path) -> tuple[response_files.ResponseFile, list[dict[str, Any]], Path]:
    """A file with every type of question, in two languages: one response with all answers, and one with none."""
    questions = load(everything()).questions.values()
    stored = all_stored()
    given = {name: one for asked in questions for name, one in asked.export(stored.get(asked.id)).items()}
    ward = {"E05011958": Text({"en": "Glen"})}  # Places come from the database, not from the questionnaire.
    columns = [
        replace(column, labels={**column.labels, **ward}) if "E05011958" in str(given.get(column.name)) else column
        for question in questions
        for column in question.columns()
    ]
    rows = [
        given,
        dict.fromkeys(given),
    ]
    about = {"wave": f"{'s' * 60}/{'w' * 30}", "questionnaire": "small 1", "date": TODAY.isoformat()}
    assert {column.kind for column in columns} == {"code", "flag", "number", "date", "text"}
    return response_files.ResponseFile("Types", about, columns, synthetic=True), rows, tmp_path


def in_words(file: response_files.ResponseFile, row: dict[str, Any]) -> list[str]:
    """The answers of a row as they are said: labels of codes, Yes and No of flags, numbers bare."""
    said = []
    for column in file.columns:
        value = row[column.name]
        if value is None or value == "":
            said.append("")
        elif column.kind == "flag":
            said.append("Yes" if value else "No")
        elif column.kind == "number":
            said.append(f"{float(value):g}")
        else:
            said.append(column.labels[value]() if value in column.labels else str(value))
    return said


def test_spss_has_every_type_of_answer_under_its_question(every_type: Any) -> None:
    file, rows, folder = every_type
    [made] = response_files.write("sav", folder / "out.sav", file, rows).files

    frame, meta = pyreadstat.read_sav(made, user_missing=True)

    for row, (_, read) in zip(rows, frame.iterrows(), strict=True):
        labels = [meta.variable_value_labels.get(name, {}) for name in frame.columns]
        values = ["" if value != value else known.get(value, value) for known, value in zip(labels, read, strict=True)]
        assert [f"{one:g}" if isinstance(one, float) else one for one in values] == in_words(file, row)
    # Rows of a grid and options that are ticked are told apart from those of other questions.
    assert len(set(meta.column_names_to_labels.values())) == len(file.columns)


def test_triple_s_has_every_type_of_answer_as_its_definition_says(every_type: Any) -> None:
    file, rows, folder = every_type
    definition, data = response_files.write("sss", folder / "out.sss", file, rows).files
    variables_told = ElementTree.parse(definition).getroot().findall("survey/record/variable")
    with data.open(newline="") as opened:
        lines = list(csv.reader(opened))[1:]

    def read(told: ElementTree.Element, text: str) -> str:
        kind = told.get("type")
        codes = {value.get("code"): value.text or "" for value in told.iterfind("values/value")}
        if not text or kind == "character":
            return text
        flags: dict[str | None, str] = {"1": "Yes", "0": "No"}
        return f"{float(text):g}" if kind == "quantity" else (flags if kind == "logical" else codes)[text]

    for row, line in zip(rows, lines, strict=True):
        assert [read(told, text) for told, text in zip(variables_told, line, strict=True)] == in_words(file, row)


def test_csv_and_excel_have_every_type_of_answer_and_its_words(every_type: Any) -> None:
    file, rows, folder = every_type
    data, dictionary = response_files.write("csv", folder / "out.csv", file, rows).files
    [book] = response_files.write("xlsx", folder / "out.xlsx", file, rows).files
    with dictionary.open(newline="") as opened:
        told = {(one["column"], one["code"]): one["answer"] for one in csv.DictReader(opened)}

    with data.open(newline="") as opened:
        in_csv = list(csv.DictReader(opened))
    header, *in_book = openpyxl.load_workbook(book)["Responses"].iter_rows(values_only=True)

    for row, line in zip(rows, in_csv, strict=True):
        plain = ["" if row[name] is None else str(harmless(row[name])) for name in line]
        assert list(line.values()) == plain
        if row is rows[0]:
            assert [list(header), ["" if cell is None else str(cell) for cell in in_book[0]]] == [list(line), plain]
        for column in file.columns:
            if column.kind == "code" and column.labels and row[column.name] is not None:
                assert told[column.name, row[column.name]] == column.labels[row[column.name]]()


def test_names_stay_apart_when_made_plain_and_number_codes_stay() -> None:
    words = Text({"en": "x"})
    columns = [
        Column("a-b", words, "code", {"5": words, "1": words}),
        Column("A_b", words, "text"),
        Column("1", words, "text"),
    ]

    made = variables(columns)

    assert [one.plain_name for one in made] == ["a_b", "A_b_2", "q1"]
    assert [value.number for value in made[0].values] == [5, 1]
