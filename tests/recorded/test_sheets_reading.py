"""Sheets as analysts keep them: what is understood of them, and what becomes of every cell."""

import io
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded.sheet_files import CROSSTAB, Line, csv_sheet, workbook

from csp_consult.places.csv_lines import FileError, RowError
from csp_consult.recorded.reading import District
from csp_consult.recorded.sheets.area_names import AreaNames, NamedArea
from csp_consult.recorded.sheets.grid import open_sheets
from csp_consult.recorded.sheets.guess import fingerprint, guess
from csp_consult.recorded.sheets.mapping import MappingError, SheetMapping, Where, check, mapping_from
from csp_consult.recorded.sheets.period_words import read_period
from csp_consult.recorded.sheets.reading import SheetReading, read_sheet

DISTRICT = District("D1", "Harborough", frozenset(), "2026-11")
NAMES = AreaNames(
    [
        NamedArea("D1", "district", "Harborough"),
        NamedArea("B1", "beat", "Beat one"),
        NamedArea("B2", "beat", "Beat & two"),
        NamedArea("W1", "ward", "Glen", date(2003, 5, 1), date(2019, 5, 2)),
        NamedArea("W2", "ward", "Glen", date(2019, 5, 2)),
        NamedArea("P1", "parish", "Beat one"),
    ]
)


def guessed(content: bytes, name: str = "sheet.csv") -> SheetMapping:
    return replace(guess(open_sheets(content, name), NAMES, "Harborough", name), recorded_by="The force")


def read(content: bytes, mapping: SheetMapping | None = None) -> SheetReading:
    mapping = mapping or guessed(content)
    grid = next(grid for grid in open_sheets(content, "sheet.csv") if grid.name == mapping.worksheet)
    check(mapping, grid)
    return read_sheet(grid, mapping, NAMES, DISTRICT, "sheet.csv")


def figures(found: SheetReading) -> dict[str, tuple[str, str, str, int]]:
    """Cell to period, area, what is counted and the figure."""
    return {one.cell: (one.key[0], one.key[2], one.category, one.n) for one in found.kept}


def reasons(found: SheetReading) -> dict[str, str]:
    return {one.cell: one.reason for one in found.reading.receipt.refusals}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Q1 2021/22", "2021-Q2"),
        ("2021/22 Q4", "2022-Q1"),
        ("Q3 21/22", "2021-Q4"),
        ("FY21/22 Q2", "2021-Q3"),
        ("Quarter 2 2021/2022", "2021-Q3"),
        ("Q4 (Jan-Mar) 2021/22", "2022-Q1"),
        ("Q1 Apr-Jun 2021", "2021-Q2"),
        ("Jan to Mar 2022", "2022-Q1"),
        ("Apr-21", "2021-04"),
        ("Sept 2021", "2021-09"),
        ("Feb 2021/22", "2022-02"),
        ("2021-04-01", "2021-04"),
        ("30/04/2021", "2021-04"),
        ("2011-12", "2011-12"),
    ],
)
def test_a_month_or_quarter_is_read_as_people_write_it(text: str, period: str) -> None:
    assert read_period(text) == period


def test_quarter_one_of_a_single_year_begins_in_april_or_january_as_the_officer_says() -> None:
    assert (read_period("Q4 2021", "financial"), read_period("Q4 2021", "calendar")) == ("2022-Q1", "2021-Q4")


@pytest.mark.parametrize(
    "text",
    ["2021/22", "2021", "Q1", "May", "15/04/2021", "Q5 2021/22", "Q1 Jul-Sep 2021/22", "Feb to Apr 2021", "Glen", ""],
)
def test_what_is_no_month_or_quarter_is_none(text: str) -> None:
    with pytest.raises(RowError):
        read_period(text)


@given(st.integers(2000, 2040), st.integers(1, 4))
def test_a_financial_quarter_lies_in_its_financial_year(year: int, number: int) -> None:
    found = read_period(f"Q{number} {year}/{(year + 1) % 100:02d}")

    assert f"{year}-Q2" <= found <= f"{year + 1}-Q1"


def test_a_list_is_read() -> None:
    found = read(
        csv_sheet(
            ["Area", "Period", "Category", "Count"],
            ["Beat one", "Apr 2021", "ASB", 12],
            ["BEAT AND TWO", "Apr-21", "ASB", 0],
            ["Beat one", "Apr 2021", "Noise", "1,204"],
        )
    )

    assert figures(found) == {
        "D2": ("2021-04", "B1", "ASB", 12),
        "D3": ("2021-04", "B2", "ASB", 0),
        "D4": ("2021-04", "B1", "Noise", 1204),
    }


def test_a_crosstab_is_read_with_all_that_stands_round_its_figures() -> None:
    found = read(CROSSTAB)

    assert {cell: one[0] for cell, one in figures(found).items()} == {
        **{f"{column}5": f"2021-Q{n}" for column, n in (("B", 2), ("C", 3), ("D", 4))},
        "E5": "2022-Q1",
        "F5": "2022-Q2",
        "G5": "2022-Q3",
        "E6": "2022-Q1",
        "G6": "2022-Q3",
    }
    assert figures(found)["E6"] == ("2022-Q1", "B2", "Anti-social behaviour incidents, Harborough", 0)
    assert figures(found)["G6"][3] == 1204


def test_what_is_not_taken_of_a_crosstab_is_named_by_cell_and_reason() -> None:
    found = read(CROSSTAB)

    told = reasons(found)
    assert told["B6"] == "a dash, which may mean none or not known"
    assert told["C6"] == told["D6"] == "withheld or not available, so not known"
    assert told["F6"] == "not a count: a whole number without a sign"
    assert told["H5"] == told["B9"] == "a total of other figures"
    assert told["B8"] == "the area is not known here"
    assert told["A10"] == "words, not figures"
    assert found.unknown_areas == ["Nowhere"]


def test_a_dash_is_a_zero_where_the_officer_says_so() -> None:
    assert figures(read(CROSSTAB, replace(guessed(CROSSTAB), dashes="zero")))["B6"][3] == 0


def test_a_name_is_given_its_area_or_left_out() -> None:
    given_b1 = replace(guessed(CROSSTAB), areas={"Nowhere": "W2"})
    left_out = replace(guessed(CROSSTAB), areas={"Nowhere": ""})

    assert figures(read(CROSSTAB, given_b1))["B8"][1] == "W2"
    assert reasons(read(CROSSTAB, left_out))["B8"] == "left out, as the mapping says"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([["", "Beat one", "Beat & two"], ["Q1 2021/22", 1, 2], ["Q2 2021/22", 3, 4]], {"B2": 1, "C2": 2, "C3": 4}),
        (
            [
                ["Beat", "ASB", "", "Noise", ""],
                ["", "Apr 2021", "May 2021", "Apr 2021", "May 2021"],
                ["Beat one", 1, 2, 3, 4],
                ["Beat & two", 5, 6, 7, 8],
            ],
            {"B3": 1, "E4": 8},
        ),
        (
            [
                ["Year", "Quarter", "Beat", "Type", "Number"],
                ["2021/22", "Q1", "Beat one", "ASB", 4],
                ["", "Q2", "Beat one", "ASB", 5],
            ],
            {"E2": 4, "E3": 5},
        ),
        (
            [["Beat", "Type", "Apr 2021", "May 2021"], ["Beat one", "ASB", 1, 2], ["", "Noise", 3, 4]],
            {"C2": 1, "D3": 4},
        ),
    ],
    ids=["areas across", "two storeys", "year and quarter apart", "blank labels below"],
)
def test_other_ways_round_are_guessed_too(lines: list[Line], expected: dict[str, int]) -> None:
    kept = {cell: one[3] for cell, one in figures(read(csv_sheet(*lines))).items()}

    assert expected.items() <= kept.items()
    assert len({one[:3] for one in figures(read(csv_sheet(*lines))).values()}) == len(kept)


def test_headings_over_merged_cells_count_for_all_of_them_and_a_merged_figure_for_none() -> None:
    content = workbook(
        {"S": [["Beat", "2021/22", None], [None, "Q1", "Q2"], ["Beat one", 7, None], ["Beat & two", 1, 2]]},
        merged=["B1:C1", "B3:C3"],
    )

    found = read(content)

    assert {cell: one[0] for cell, one in figures(found).items()} == {"B4": "2021-Q2", "C4": "2021-Q3"}
    assert reasons(found)["B3"] == "one figure for several cells"


def test_quarters_beside_their_own_months_are_not_counted_twice() -> None:
    found = read(csv_sheet(["Beat", "Apr 2021", "May 2021", "Jun 2021", "Q1 2021/22"], ["Beat one", 1, 2, 3, 6]))

    assert len(found.kept) == 3
    assert reasons(found) == {"E2": "a quarter beside its own months"}


def test_a_quarter_that_is_not_over_is_not_taken() -> None:
    found = read(csv_sheet(["Beat", "Q2 2026/27", "Q3 2026/27"], ["Beat one", 1, 2]))

    assert reasons(found) == {"C2": "the month or quarter is not over"}


def test_a_ward_is_the_one_of_the_day() -> None:
    found = read(csv_sheet(["Ward", "Apr 2019", "Jun 2019"], ["Glen", 1, 2]))

    assert [one[1] for one in figures(found).values()] == ["W1", "W2"]


def test_the_same_figure_twice_is_taken_once_and_a_withheld_one_stays_withheld() -> None:
    lines: list[Line] = [["Area", "Period", "Count"], ["Beat one", "Apr 2021", "<5"], ["Beat one", "Apr 2021", 4]]

    found = read(csv_sheet(*lines))

    assert found.kept == []
    assert reasons(found)["C3"] == "the same figure stands in C2"


def test_the_fingerprint_outlives_new_quarters_and_other_figures() -> None:
    def layout(*lines: Line) -> str:
        content = csv_sheet(*lines)
        return fingerprint(guessed(content), open_sheets(content, "s.csv")[0])

    one = layout(["Beat", "Q1 2021/22", "Q2 2021/22"], ["Beat one", 1, 2])

    assert layout(["Beat", "Q1 2021/22", "Q2 2021/22", "Q3 2021/22"], ["Beat one", 9, 9, 9]) == one
    assert layout(["Station", "Q1 2021/22", "Q2 2021/22"], ["Beat one", 1, 2]) != one


def test_a_mapping_survives_being_stored() -> None:
    mapping = replace(guessed(CROSSTAB), areas={"a": "B1"}, topics={"ASB": "asb"})

    assert mapping_from(mapping.document()) == mapping


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"area": Where()}, "area_at"),
        ({"period": Where(("c99",))}, "period_at"),
        ({"category": Where(("x",))}, "category_at"),
        ({"category": Where(same="x" * 121)}, "category_same"),
        ({"recorded_by": ""}, "recorded_by"),
        ({"recorded_by": "x" * 81}, "recorded_by"),
        ({"figures": 3}, "figures"),
        ({"first_row": -1}, "first_row"),
        ({"first_row": 5000}, "first_row"),
        ({"source": "rumour"}, "source"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_by_its_field(change: dict[str, object], field: str) -> None:
    mapping = SheetMapping(**{**vars(guessed(CROSSTAB)), **change})

    with pytest.raises(MappingError) as refused:
        read(CROSSTAB, mapping)

    assert refused.value.field_id == field


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04 and no more", "damaged or unusual"),
        (b"a,b\x00c", "is no text"),
        (workbook({"S": [["x"] + [None] * 300 + ["y"], *[["x"]] * 900]}), "spans more than"),
    ],
    ids=["empty", "PDF", "cut short", "null", "wide"],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(FileError, match=says):
        open_sheets(content, "sheet.xlsx")


def test_a_workbook_with_entities_in_its_xml_is_refused() -> None:
    good, out = zipfile.ZipFile(io.BytesIO(workbook({"S": [["a", 1]]}))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as bad:
        for name in good.namelist():
            body = good.read(name)
            if name == "xl/workbook.xml":
                body = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + body.partition(b"?>")[2]
            bad.writestr(name, body)

    with pytest.raises(FileError, match="damaged or unusual"):
        open_sheets(out.getvalue(), "sheet.xlsx")


def test_a_sheet_saved_by_excel_in_britain_is_read() -> None:
    content = "Ward;Apr 2021;May 2021\nGlen;1;2\nAll – total;3;4\n".encode("cp1252")

    assert [one[3] for one in figures(read(content)).values()] == [1, 2]


CELLS = st.one_of(
    st.integers(-5, 10**9).map(str),
    st.sampled_from(["", "-", "*", "<5", "Total", "Beat one", "Glen", "Q1 2021/22", "Apr-21", "2021/22", "n/a", "7.5"]),
    st.text(max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=8))
def test_every_cell_of_any_sheet_is_kept_once_or_refused_with_a_reason(lines: list[list[str]]) -> None:
    content = csv_sheet(*lines)
    try:
        found = read(content)
    except (FileError, MappingError):
        return

    receipt = found.reading.receipt
    assert receipt.kept + receipt.rows_refused == receipt.rows
    addresses = Counter([*figures(found), *reasons(found)])
    assert set(addresses.values()) <= {1}
    assert sum(found.reading.counts.values()) == sum(one.n for one in found.kept)
    assert len(found.reading.counts) == len(found.kept)


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["Beat one", "Beat & two"]), st.integers(1, 4)), st.integers(0, 9999), min_size=2
    )
)
def test_the_same_figures_come_out_of_a_list_and_of_either_crosstab(figures_of: dict[tuple[str, int], int]) -> None:
    areas, quarters = ["Beat one", "Beat & two"], [1, 2, 3, 4]
    long = csv_sheet(
        ["Area", "Period", "Type", "Count"],
        *[(area, f"Q{quarter} 2021/22", "ASB", n) for (area, quarter), n in figures_of.items()],
    )
    across = csv_sheet(
        ["ASB"],
        ["Beat", *[f"Q{quarter} 2021/22" for quarter in quarters]],
        *[(area, *(figures_of.get((area, quarter)) for quarter in quarters)) for area in areas],
    )
    down = csv_sheet(
        ["ASB"],
        ["Quarter", *areas],
        *[(f"Q{quarter} 2021/22", *(figures_of.get((area, quarter)) for area in areas)) for quarter in quarters],
    )

    counts = [dict(read(content).reading.counts) for content in (long, across, down)]

    assert counts[0] == counts[1] == counts[2]
    assert len(counts[0]) == len(figures_of)
