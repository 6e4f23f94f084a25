from typing import Any

import pytest
from small_survey import SOURCE

from csp_consult.fieldwork.cells import Cell, cell_of
from csp_consult.questionnaire.parse import load

QUESTIONNAIRE = load(SOURCE)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"age": "16-24", "sex": "female", "ward": "E05011957"}, Cell("16-24", "female", "E05011957")),
        ({}, Cell("", "", "")),
        ({"age": "pns", "sex": "pns", "ward": "pns", "connection": "live"}, Cell("", "", "")),
        ({"connection": "work"}, Cell("", "", "outside")),
        ({"connection": "visit", "ward": "pns"}, Cell("", "", "outside")),
        ({"connection": "live", "ward": "outside"}, Cell("", "", "outside")),
        ({"connection": "work", "ward": "E05011957"}, Cell("", "", "E05011957")),
        ({"connection": "live"}, Cell("", "", "")),
    ],
)
def test_a_cell_holds_what_was_said_and_marks_people_from_outside(answers: dict[str, Any], expected: Cell) -> None:
    assert cell_of(QUESTIONNAIRE, answers) == expected


def test_a_cell_is_stored_as_its_parts_and_read_back() -> None:
    cell = Cell("16-24", "", "outside")

    assert cell.key == "16-24||outside"
    assert Cell.parse(cell.key) == cell


def test_a_key_without_three_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="needs three parts"):
        Cell.parse("16-24|female")
