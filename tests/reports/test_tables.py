"""A table says the same on the page and in its download, and the download can harm nobody."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st
from made_findings import made_gap

from csp_consult.reports.gap_tables import typology_table
from csp_consult.reports.tables import Cell, Column, Table, harmless


def table(*, synthetic: bool = True, title: str = "Speeding") -> Table:
    return Table(
        id="ranking",
        caption="Concerns in order",
        columns=(Column("Topic", "topic"), Column("Share", "estimate", number=True), Column(None, "se")),
        rows=[(Cell(title, title), Cell("41%", 0.414), Cell("", 0.03))],
        about={"wave": "vrn-css/2022"},
        synthetic=synthetic,
    )


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_page_shows_words_and_leaves_out_what_only_programs_need() -> None:
    assert [head["text"] for head in table().heads] == ["Topic", "Share"]
    assert table().texts == [["Speeding", "41%"]]


def test_the_download_carries_plain_values_and_what_holds_for_every_row() -> None:
    assert lines(table().to_csv()) == [
        {"topic": "Speeding", "estimate": "0.414", "se": "0.03", "wave": "vrn-css/2022", "synthetic": "yes"}
    ]


def test_a_synthetic_download_says_so_in_its_name_and_in_every_row() -> None:
    assert table().file_name == "synthetic-ranking"
    assert table(synthetic=False).file_name == "ranking"
    assert lines(table(synthetic=False).to_csv())[0]["synthetic"] == "no"


# Chance alone hardly ever begins a text like a formula.
@example("=1+1")
@example(" @SUM(A1)")
@example("\t-2")
@given(st.text(max_size=20))
def test_no_text_reaches_a_spreadsheet_as_a_formula(text: str) -> None:
    kept = harmless(text)
    assert isinstance(kept, str)
    assert not kept.strip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert kept.endswith(text)


def test_a_negative_number_stays_a_number() -> None:
    assert harmless(-33.4) == -33.4


def test_a_text_with_commas_quotes_and_line_breaks_comes_back_whole() -> None:
    title = 'Heritage crime, "such as lead",\nfrom churches'
    assert lines(table(title=title).to_csv())[0]["topic"] == title


def test_a_class_that_rests_on_a_printed_direction_says_so_beside_its_chance() -> None:
    (row,) = typology_table([made_gap()]).texts

    assert "Reassure (direction only)" in row
