import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_survey import SOURCE, TODAY, give, make_wave
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.fieldwork import exports, imports
from csp_consult.fieldwork.imports import ColumnMapping, ImportFaultError, ImportReceipt
from csp_consult.fieldwork.models import Response, Wave
from csp_consult.fieldwork.responses import withdraw
from csp_consult.fieldwork.row_files import RowFileError, read_rows
from csp_consult.places.models import Area
from csp_consult.questionnaire.parse import load

QUESTIONNAIRE = load(SOURCE)
ANSWERS: dict[str, Any] = {
    "problem": {"asb": "big", "speeding": "dk"},
    "top": ["asb", "burglary"],
    "victim": "yes",
    "reported": "no",
    "ward": "E05011957",
    "age": "16-24",
}


def take(session: Session, wave: Wave, rows: Any, mapping: ColumnMapping | None = None) -> ImportReceipt:
    return imports.import_rows(session, wave, QUESTIONNAIRE, rows, mapping or ColumnMapping(), today=TODAY)


def stored(session: Session, wave: Wave) -> list[dict[str, Any]]:
    return list(session.scalars(select(Response.answers).where(Response.wave_id == wave.id)))


def test_what_is_exported_comes_back_the_same(session: Session, wave: Wave, tmp_path: Path) -> None:
    session.add(Area(code="E05011957", kind="ward", name="Fleckney", source="test"))
    give(session, wave, ANSWERS, "one", base_weight=1.5)
    file = tmp_path / "responses.csv"
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, exports.columns(QUESTIONNAIRE))
        writer.writeheader()
        writer.writerows(exports.rows(session, wave, QUESTIONNAIRE))
    other = make_wave(session, "2028")

    receipt = take(session, other, read_rows(file))

    assert (receipt.rows, receipt.stored, receipt.unused) == (1, 1, ())
    assert stored(session, other) == [ANSWERS]
    response = session.scalars(select(Response).where(Response.wave_id == other.id)).one()
    assert (response.base_weight, response.mode) == (1.5, "imported")


def test_an_erased_response_stays_erased_when_its_file_comes_again(session: Session, wave: Wave) -> None:
    rows = [{"victim": "no"}, {"victim": "no"}]
    take(session, wave, rows)
    withdraw(session, session.scalars(select(Response.reference).where(Response.wave_id == wave.id)).first() or "")

    again = take(session, wave, rows)

    assert (again.stored, again.known, again.erased) == (0, 1, 1)
    assert stored(session, wave) == [{"victim": "no"}]


def test_an_export_holds_no_reference(session: Session, wave: Wave) -> None:
    reference = give(session, wave, ANSWERS, "one").reference

    assert reference not in json.dumps(list(exports.rows(session, wave, QUESTIONNAIRE)))


@given(st.text() | st.text("' =+x"))
def test_no_exported_text_can_be_a_formula_and_every_one_comes_back(text: str) -> None:
    written = exports.for_spreadsheet(text)

    assert not written.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert exports.from_spreadsheet(written) == text


def test_importing_again_stores_nothing_twice_but_two_who_agree_both_count(session: Session, wave: Wave) -> None:
    rows = [{"victim": "no"}, {"victim": "no"}]

    assert take(session, wave, rows).stored == 2
    again = take(session, wave, rows)

    assert (again.stored, again.known) == (0, 2)


def test_a_file_that_has_grown_adds_its_new_rows_only(session: Session, wave: Wave) -> None:
    take(session, wave, [{"response": "a", "victim": "no"}])

    receipt = take(session, wave, [{"response": "a", "victim": "no"}, {"response": "b", "victim": "no"}])

    assert (receipt.stored, receipt.known) == (1, 1)


def test_other_headings_and_codes_are_mapped(session: Session, wave: Wave) -> None:
    mapping = ColumnMapping.read("columns: {Q1: victim, id: response}\nvalues: {victim: {1: 'yes', 2: 'no'}}")

    take(session, wave, [{"Q1": "2", "id": "7"}], mapping)

    assert stored(session, wave) == [{"victim": "no"}]


@pytest.mark.parametrize("source", ["[1]", "columns: 3", "a: [", "colums: {a: b}", "values: {victim: yes}"])
def test_a_mapping_that_cannot_be_read_is_refused_in_words(source: str) -> None:
    with pytest.raises(ImportFaultError, match="mapping"):
        ColumnMapping.read(source)


def test_a_fault_in_one_row_stores_none_and_names_row_and_column(session: Session, wave: Wave) -> None:
    rows = [{"victim": "no"}, {"victim": "perhaps", "base_weight": "-1"}]

    with pytest.raises(ImportFaultError) as refusal:
        take(session, wave, rows)

    assert "Nothing was imported." in str(refusal.value)
    assert "Row 3, column victim: " in str(refusal.value)
    assert "Row 3, column base_weight: '-1' is not a number above 0." in str(refusal.value)
    assert stored(session, wave) == []


def test_a_row_named_twice_is_refused(session: Session, wave: Wave) -> None:
    with pytest.raises(ImportFaultError, match="'a' stands in column response of more than one row"):
        take(session, wave, [{"response": "a", "victim": "no"}, {"response": "a", "victim": "yes"}])


def test_a_file_about_something_else_is_refused(session: Session, wave: Wave) -> None:
    with pytest.raises(ImportFaultError, match="No column of the file is a question"):
        take(session, wave, [{"crime": "burglary"}])


def test_columns_that_no_question_has_are_named(session: Session, wave: Wave) -> None:
    assert take(session, wave, [{"victim": "no", "shoe_size": "9"}]).unused == ("shoe_size",)


def test_excel_and_spss_files_are_read_like_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (("victim", "age"), (1, "16-24"), (None, None), (2, None)):
        book.worksheets[0].append(line)
    book.save(tmp_path / "a.xlsx")
    pyreadstat.write_sav(pd.DataFrame({"victim": [1.0, 2.0], "age": ["16-24", ""]}), tmp_path / "a.sav")
    (tmp_path / "a.csv").write_text("\ufeffvictim,age\r\n1,16-24\r\n2,\r\n", encoding="utf-8")

    read = [list(read_rows(tmp_path / name)) for name in ("a.csv", "a.xlsx", "a.sav")]

    assert read == [[{"victim": "1", "age": "16-24"}, {"victim": "2", "age": ""}]] * 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"victim"),
        ("a.xlsx", b"not a workbook"),
        ("a.sav", b"not SPSS"),
        ("a.csv", b"victim\n\xff\xfe"),
        ("b.csv", b"victim\nno,yes,perhaps\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(RowFileError, match=name):
        list(read_rows(tmp_path / name))
