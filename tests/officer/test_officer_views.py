"""Every view can be bookmarked, cited and taken along: as a file in three forms, with the same figures in each."""

import csv
import io

import pytest
from openpyxl import load_workbook
from walker import Walker

from csp_consult.reports.workbook import ABOUT
from csp_consult.version import code_version

WAVE = "/officer/waves/residents-test/2022"
GAP = "/officer/gap?wave=residents-test/2022&topic=asb"
FILES = (
    f"{WAVE}/ranking.csv",
    f"{WAVE}/ranking.csv?by=age&weights=equal",
    f"{WAVE}/crosstab.csv?row=asb_change&column=age",
    "/officer/surveys/residents-test/trend.csv?question=asb_change",
    "/officer/blend.csv",
    "/officer/gaps.csv?wave=residents-test/2022",
    GAP.replace("/gap?", "/gap.csv?"),
    "/officer/gaps/all.csv?wave=residents-test/2022",
    "/officer/published.csv",
    "/officer/plan.csv",
)


def said(value: object) -> str:
    """A value as all three forms can say it."""
    if value is None or value == "":
        return ""
    if isinstance(value, int | float):
        return f"{value:.9g}"
    try:
        return f"{float(str(value)):.9g}"
    except ValueError:
        return str(value)


@pytest.mark.parametrize("path", FILES)
def test_a_table_has_the_same_figures_as_csv_as_workbook_and_as_json(olive: Walker, path: str) -> None:
    lines = list(csv.DictReader(io.StringIO(olive.client.get(path).text.removeprefix("\ufeff"))))
    workbook = olive.client.get(path.replace(".csv", ".xlsx", 1))
    document = olive.client.get(path.replace(".csv", ".json", 1))

    assert workbook.headers["Content-Disposition"].endswith(".xlsx")
    sheet = load_workbook(io.BytesIO(workbook.get_data())).worksheets[0]
    heads, *rows = sheet.iter_rows(values_only=True)
    in_sheet = [{str(head): said(value) for head, value in zip(heads, row, strict=True)} for row in rows]
    table = document.json["tables"][0] if document.json else {}
    in_json = [{name: said(value) for name, value in row.items()} for row in table["rows"]]
    names = [str(head) for head in heads if head != "synthetic"]

    assert in_json == [{name: row[name] for name in names} for row in in_sheet]
    assert in_json == [{name: said(line[name]) for name in names} for line in lines]
    assert {line["synthetic"] for line in lines} <= {"yes" if table["synthetic"] else "no"}
    assert table["about"]["code_version"] == code_version()


def test_a_page_links_to_its_table_in_each_form(olive: Walker) -> None:
    olive.get(f"{WAVE}/ranking?weights=equal")
    links = [str(link["href"]) for link in olive.page.select("main p a[download]")]
    assert links == [f"{WAVE}/ranking.{kind}?weights=equal" for kind in ("csv", "xlsx", "json")]


def test_a_workbook_of_several_tables_has_a_sheet_for_each(olive: Walker) -> None:
    blend = load_workbook(io.BytesIO(olive.client.get("/officer/blend.xlsx").get_data()))
    assert len(blend.sheetnames) == 4
    assert blend.sheetnames[-1] == ABOUT


def cited(walker: Walker) -> str:
    heading = walker.page.select_one("#cite")
    assert heading is not None, walker.text
    found = heading.find_next("p")
    assert found is not None
    return " ".join(found.get_text().split())


def test_a_view_is_cited_with_its_address_the_day_and_what_made_it(olive: Walker) -> None:
    for path in (f"{WAVE}/ranking?by=age&weights=equal", GAP, "/officer/blend"):
        olive.get(path)
        text = cited(olive)
        assert f"http://localhost{path}." in text
        assert "Read on " in text
        assert text.endswith(f"code {code_version()}.")


def test_the_citation_of_other_figures_has_another_mark(olive: Walker) -> None:
    marks = []
    for query in ("", "?weights=equal", ""):
        olive.get(f"{WAVE}/ranking{query}")
        marks.append(cited(olive).rpartition("Figures ")[2][:8])
    assert marks[0] == marks[2]
    assert marks[0] != marks[1]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (f"{WAVE}/ranking?by=shoe-size", "cannot be broken down by 'shoe-size'"),
        (f"{WAVE}/ranking?area=E99", "E99"),
        (f"{WAVE}/ranking?theme=weather", "no topic of a theme 'weather'"),
        (f"{WAVE}/ranking?weights=heavy", "Weights are one of"),
        (f"{WAVE}/ranking?weights=electorate", "Weights of a survey of residents are population or equal"),
        ("/officer/gaps?wave=residents-test/2022&by=colour", "'colour'"),
        ("/officer/gap?wave=residents-test/2022&topic=weather", "weather"),
        ("/officer/record?topic=weather", "weather"),
    ],
)
def test_a_choice_that_does_not_exist_is_answered_by_a_sentence(olive: Walker, path: str, sentence: str) -> None:
    olive.get(path)
    assert olive.status in {200, 400, 404}, path
    assert sentence in olive.text
    assert "Traceback" not in olive.text
