"""A workbook and a JSON file hold what the CSV file holds, and a spreadsheet takes nothing in them for a formula."""

import io
import json

import pytest
from made_findings import made_ranking_finding
from openpyxl import load_workbook

from csp_consult.reports.finding_tables import ranking_table
from csp_consult.reports.tables import Cell, Column, Table
from csp_consult.reports.workbook import ABOUT, to_xlsx

SNEAKY = '=HYPERLINK("http://example.org")'


def small(caption: str, value: str = "Speeding", name: str = "small") -> Table:
    return Table(
        id=name,
        caption=caption,
        columns=(Column("Concern", "topic"), Column("Share", "estimate", number=True), Column("Words", None)),
        rows=[(Cell(value, value), Cell("41%", 0.41), Cell("not told"))],
        about={"wave": "a/1", "weighting": value},
        synthetic=True,
    )


def test_a_workbook_holds_the_values_of_the_table_with_base_and_interval() -> None:
    table = ranking_table(made_ranking_finding())

    book = load_workbook(io.BytesIO(to_xlsx(table)))

    sheet = book.worksheets[0]
    heads, first = ([cell.value for cell in row] for row in sheet.iter_rows(max_row=2))
    row = dict(zip(heads, first, strict=True))
    assert {"estimate", "lower", "upper", "base", "effective_base", "weighting"} - set(heads) == {"weighting"}
    assert (row["topic"], row["estimate"], row["base"]) == ("speeding", 0.6, 214)
    assert [row["lower"], row["upper"]] == pytest.approx([0.54, 0.66])
    assert sheet.freeze_panes == "B2"
    assert sheet.max_row == 1 + len(table.rows)
    about = {what: value for _, what, value in book[ABOUT].iter_rows(min_row=2, values_only=True)}
    assert about["weighting"] == made_ranking_finding().weighting
    assert about["question"] == made_ranking_finding().question_text


def test_every_table_has_a_sheet_of_its_own_whose_name_excel_takes() -> None:
    long = "Concerns in order: all residents of the whole district"
    book = load_workbook(io.BytesIO(to_xlsx(small(long), small(long), small("a/b [c]?"), small("About"))))

    titles = book.sheetnames
    assert len(set(titles)) == 5
    assert titles[-1] == ABOUT
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)


def test_no_text_of_a_workbook_starts_a_formula() -> None:
    book = load_workbook(io.BytesIO(to_xlsx(small("Caption", SNEAKY))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(SNEAKY in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    assert not any(str(cell.value).startswith("=") for cell in cells)


def test_json_names_every_value_and_says_once_what_holds_for_all() -> None:
    read = json.loads(json.dumps(small("Caption").document()))
    assert read == {
        "table": "small",
        "caption": "Caption",
        "synthetic": True,
        "about": {"wave": "a/1", "weighting": "Speeding"},
        "rows": [{"topic": "Speeding", "estimate": 0.41}],
    }


def test_the_mark_of_a_table_changes_with_any_of_its_figures_and_with_nothing_else() -> None:
    assert small("One").mark == small("Another").mark
    assert small("One").mark != small("One", "Burglary").mark
    assert len(small("One").mark) == 8
