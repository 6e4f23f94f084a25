"""A partnership's own sheets from the command line: looked over, settled by options, taken in with a receipt."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from recorded.sheet_files import Line, csv_sheet, workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csp_consult.commands.recorded import recorded
from csp_consult.recorded.models import RecordedCount, WaitingSheet
from csp_consult.recorded.series import series

LINES: list[Line] = [
    ["Fly-tipping"],
    ["Beat", "Q1 2021/22", "Q2 2021/22"],
    ["Lutterworth", 10, 11],
    ["The north", 12, "-"],
    ["Total", 22, 11],
]


@pytest.fixture
def path(harborough: Session, tmp_path: Path) -> Path:
    harborough.commit()
    found = tmp_path / "tipping.csv"
    found.write_bytes(csv_sheet(*LINES))
    return found


def run(app: Flask, path: Path, *options: str) -> Result:
    return app.test_cli_runner().invoke(recorded, ["sheet", str(path), *options])


def test_a_preview_says_how_it_is_read_what_is_not_taken_and_puts_nothing_on_record(
    app: Flask, harborough: Session, path: Path
) -> None:
    result = run(app, path, "--recorded-by", "The council", "--preview")

    assert result.exit_code == 0, result.output
    assert "Areas: column A." in result.output
    assert "Periods: row 2." in result.output
    assert "What is counted: 'Fly-tipping' for every figure." in result.output
    assert "2 of 6 cells are figures to keep, of: Fly-tipping." in result.output
    assert "2 not taken: a total of other figures." in result.output
    assert "Not known here: The north. Say what each is with --area 'NAME=CODE'." in result.output
    assert "nothing has been put on record" in result.output
    for model in (RecordedCount, WaitingSheet):
        assert harborough.scalar(select(func.count()).select_from(model)) == 0


def test_the_options_settle_it_the_receipt_accounts_for_every_cell_and_the_topic_has_its_series(
    app: Flask, harborough: Session, path: Path
) -> None:
    options = ("--area", "The north=NR41", "--dashes", "zero", "--topic", "Fly-tipping=fly-tipping")
    result = run(app, path, "--recorded-by", "The council", *options)

    assert result.exit_code == 0, result.output
    assert "tipping.csv: 6 cells: 4 kept, 2 not taken." in result.output
    found = series(harborough, "fly-tipping", "NR41")
    assert [(point.period, point.count) for point in found.points] == [("2021-Q2", 12), ("2021-Q3", 0)]
    again = run(app, path)
    assert "All of it was on record already" in again.output, "what was settled is remembered by its headings"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "Write who keeps these figures, such as the police force (--recorded-by)."),
        (("--recorded-by", "x", "--topic", "Fly-tipping=dragons"), "No topic is called 'dragons'."),
        (("--recorded-by", "x", "--area", "nowhere"), "Write --area as a name and what it is here"),
        (("--recorded-by", "x", "--worksheet", "Other"), "The file has no sheet of that name."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_taken_in(
    app: Flask, harborough: Session, path: Path, options: tuple[str, ...], says: str
) -> None:
    result = run(app, path, *options)

    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("Error: Nothing was taken in. ")
    assert says in result.output
    assert harborough.scalar(select(func.count()).select_from(RecordedCount)) == 0


def test_another_worksheet_of_a_workbook_can_be_read(app: Flask, harborough: Session, tmp_path: Path) -> None:
    harborough.commit()
    book = tmp_path / "book.xlsx"
    book.write_bytes(workbook({"First": LINES, "Second": [["Graffiti"], *LINES[1:3]]}))

    result = run(app, book, "--recorded-by", "The council", "--worksheet", "Second")

    assert "Sheet read: Second, figures from row 3." in result.output
    assert "book.xlsx: 2 cells: 2 kept, 0 not taken." in result.output
