"""Each file holds every figure of its page, and a public one no other: page by page, on the demo.

A page says figures as people read them (``41% (35% to 47%)``, ``down 33.4%``); its files hold values (0.4123, -33.4).
A figure of the page is in its file where a value of the same row gives it when rounded as the page rounds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from bs4 import Tag
from demo.every_page import LATEST, furnish
from demo.test_demo_journey import RESIDENTS
from flask import Flask
from passlib.totp import TOTP
from walker import Walker, downloaded

from csp_consult.db import db
from csp_consult.demo.sign_ins import SIGN_INS
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.findings.small_counts import FEW
from csp_consult.papers.kinds import Making
from csp_consult.papers.publishing import publish
from csp_consult.reports.chart_data import Chart

Row = Mapping[str, Any]
WAVE = f"/officer/waves/{LATEST}"
GAP = f"wave={LATEST}&topic=asb"
OFFICERS_PAGES = (
    f"/officer/waves/{RESIDENTS}/fieldwork",
    f"{WAVE}/ranking",
    f"{WAVE}/ranking?by=age",
    "/officer/waves/parish-councils/2022-12/ranking?weights=equal",
    f"{WAVE}/crosstab?row=safe_night&column=sex",
    f"{WAVE}/releases",
    "/officer/surveys/vrn-community-safety/trend?question=safe_night",
    "/officer/blend",
    f"/officer/gaps?wave={LATEST}",
    f"/officer/gaps?wave={LATEST}&by=ward",
    f"/officer/gap?{GAP}",
    "/officer/gaps/all",
    "/officer/gaps/safety",
    f"/officer/gap/audiences?{GAP}",
    f"/officer/gap/planning?{GAP}&area=NR42",
    "/officer/published",
    "/officer/plan",
    "/officer/plan/1/evaluation",
)
NOT_WALKED = {
    "officer.board_csv": "states, not figures",
    "officer.own_words_csv": "nobody has sorted words in the demo",
    "officer.places_csv": "no month is held in the demo",
    "officer.placing_csv": "no incident is held in the demo",
    "officer.recorded_csv": "no month is held in the demo",
    "officer.recorded_spans_csv": "no month is held in the demo",
    "officer.trail_csv": "deeds, not figures",
}
PAPERS = (
    ("results", "parish-councils/2022-12"),
    ("three-year-plan", "2023-2026"),
    ("plan-review", "2022-23"),
    ("consultation", ""),
)
ONLY_FOR_PROGRAMS = re.compile(
    r"se|p|index_lower|index_upper|.*_title|rank|version|effective_base|base|perceived_.*|recorded_.*_pct|balance.*"
    r"|residents_lower|residents_upper|institution_weight|smallest_significant_change|change_lower|change_upper"
)
"""Columns of officers' files that stand in words, or on another page."""


RESTS_ON = {"Asked", "Weighting", "Method"}
COUNCILS_OWN = re.compile(r"se|index_lower|index_upper")
"""Of councils, who answer in public, the files say a little more than the page."""


def figures_in(text: str) -> list[str]:
    """The figures of a text as digits, without their signs."""
    return [found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def values_of(row: Row) -> list[float]:
    """The figures of a row of a file: its numbers, and those in its texts."""
    values = []
    for value in row.values():
        values += [float(one) for one in figures_in(str(value))] if isinstance(value, str) else []
        values += [abs(float(value))] if isinstance(value, int | float) else []
    return values


def gives(value: float, figure: str) -> bool:
    """Whether a value is what the page rounds to this figure, as it is or in hundredths."""
    off = 0.5 * 10 ** -len(figure.partition(".")[2]) + 1e-9
    return any(abs(scale * value - float(figure)) <= off for scale in (1, 100))


def said(element: Tag) -> str:
    return " ".join(element.get_text().split())


def lines(table: Tag) -> Iterator[tuple[int, str, list[tuple[str, str]]]]:
    """The rows of a table of a page: where each stands, what it is called, and its cells under their headings."""
    heads = [said(head) for head in table.select("thead th")]
    for place, row in enumerate(table.select("tbody tr")):
        cells = [said(cell) for cell in row.select("th, td")]
        yield place, cells[0], list(zip(heads, cells, strict=True))


def beside(rows: Sequence[Row], place: int, label: str, head: str) -> list[Row]:
    """The rows of a file that a cell of its page is about: of a grid, the line of this row and column."""
    for row, column in (("row_title", "column_title"), ("answer", "among")):
        if rows and {row, column} <= rows[0].keys():
            bases = {"Base", "Effective base"} if row == "row_title" else set()
            named = [one for one in rows if one[row] == label or label in bases]
            return [one for one in named if one[column] == head or head == "Answer"]
    return [rows[place]] if place < len(rows) else []


def missing_from_file(table: Tag, rows: Sequence[Row]) -> Iterator[str]:
    """Every figure of the page's table that no value beside it gives."""
    for place, label, cells in lines(table):
        for head, text in cells:
            found = beside(rows, place, label, head)
            values = [value for row in found for value in values_of(row)]
            texts = {str(value) for row in found for value in row.values()}
            if text not in texts and not text.startswith(("Hidden: ", "Not shown")):
                for figure in figures_in(text.replace(FEW, "")):
                    if not any(gives(value, figure) for value in values):
                        yield f"{label}, {head}: {figure} of {text!r}"


def missing_from_page(table: Tag, rows: Sequence[Row], program: re.Pattern[str]) -> Iterator[str]:
    """Every number of the file that its row of the page does not say, but those that only a program reads."""
    for place, label, cells in lines(table):
        shown = [figure for _, text in cells for figure in figures_in(text)]
        for name, value in rows[place].items() if place < len(rows) else ():
            told = (
                not isinstance(value, int | float) or program.fullmatch(name) or (value == 0 and "no change" in shown)
            )
            if not told and not any(gives(abs(value), figure) for figure in shown):
                yield f"{label}, {name}: {value}"


def untold(drawn: Any, told: Sequence[float]) -> Iterator[float]:
    """Every figure that a chart draws and no table beside it holds, as it is or in hundredths."""
    if isinstance(drawn, Mapping):
        for name, value in drawn.items():
            is_figure = name in {"value", "lower", "upper", "count", "rank"} and isinstance(value, int | float)
            if is_figure and not any(abs(scale * one - value) < 1e-6 for one in told for scale in (1, 100)):
                yield value
            yield from untold(value, told)
    elif isinstance(drawn, list):
        for one in drawn:
            yield from untold(one, told)


def as_numbers(rows: Sequence[Mapping[str, str]]) -> list[Row]:
    """The rows of a CSV file, what reads as a number as one."""

    def read(text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            return text

    return [{name: read(text) for name, text in row.items()} for row in rows]


def as_json(walker: Walker, path: str) -> dict[str, Any]:
    return dict(walker.client.get(path).get_json())


def caption(table: Tag) -> str:
    found = table.select_one("caption")
    return said(found).removesuffix(" (synthetic)") if found else ""


@pytest.fixture
def charts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[Chart]:
    """The demo as its people have used it, every paper public. Nothing is drawn: what would be is kept here."""
    kept: list[Chart] = []
    for page in ("officer.door", "paper_pictures"):
        monkeypatch.setattr(f"csp_consult.web.{page}.drawn", lambda chart, folder: kept.append(chart))
    with app.app_context():
        session, making = db.session(), Making(date.today(), "The Partnership", "E07000131", DEFAULT_RULES)
        furnish(session)
        for kind, about in PAPERS:
            publish(session, kind, about, making, by="olive", signed_off_by="Chair")
        session.commit()
    return kept


@pytest.fixture
def ada(app: Flask, charts: list[Chart]) -> Walker:
    """The administrator, who may open every page of officers."""
    who = next(one for one in SIGN_INS if one.role == "administrator")
    assert who.code_key
    walker = Walker(app.test_client())
    walker.get("/sign-in")
    walker.submit({"email": who.email, "password": who.password})
    walker.submit({"code": str(TOTP(key=who.code_key).generate().token)})
    return walker


def test_every_figure_of_an_officers_page_is_in_its_files(app: Flask, ada: Walker, charts: list[Chart]) -> None:
    faults, reached, drawn = [], set(), set[str]()
    where = app.url_map.bind("localhost")
    for path in OFFICERS_PAGES:
        charts.clear()
        ada.get(path)
        assert ada.status == 200, path
        links = [str(link["href"]) for link in ada.page.select("main a[download]")]
        reached |= {where.match(link.partition("?")[0], method="GET")[0] for link in links}
        files = [one for link in links if ".json" in link for one in as_json(ada, link)["tables"]]
        files += [{"caption": "", "rows": as_numbers(downloaded(ada, link))} for link in links if "/releases/" in link]
        told: list[float] = []
        for table in ada.page.select("main table"):
            rows = [one["rows"] for one in files if one["caption"] == caption(table)] or [
                one["rows"] for one in files if not one["caption"]
            ]
            if not rows:
                faults.append(f"{path}: no file holds {caption(table)!r}")
                continue
            own = [row for row in rows[0] if row.get("question", caption(table)) in caption(table)]
            told += [value for row in own for value in row.values() if isinstance(value, int | float)]
            faults += [f"{path} {caption(table)!r}: {one}" for one in missing_from_file(table, own)]
            if len(table.select("tbody tr")) == len(own) and "among" not in own[0]:
                faults += [
                    f"{path} {caption(table)!r}, only in the file: {one}"
                    for one in missing_from_page(table, own, ONLY_FOR_PROGRAMS)
                ]
        for chart in charts:
            faults += [f"{path}: {one} of the chart {chart.kind} is in no table" for one in untold(chart.data, told)]
            # In words, and with what it rests on: source, question, base, weighting, method, date.
            faults += [] if ada.page.select_one(".csp-verdict") else [f"{path}: nothing says the chart in words"]
            rests_on = {said(key) for key in ada.page.select("dt")}
            # Of a blend each source has a period and a base of its own.
            wanted = RESTS_ON if chart.kind != "blend" else {"Period", "Base", "Method"}
            faults += [f"{path}: the chart {chart.kind} does not say {one!r}" for one in wanted - rests_on]
        drawn |= {chart.kind for chart in charts}
    assert not faults, "\n".join(faults)
    assert drawn >= {"ranking", "gap", "trend", "typology", "fieldwork", "small_multiples", "perception_against_record"}
    files_there_are = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.endswith("_csv")}
    assert {one for one in files_there_are if one.startswith("officer.")} == reached & files_there_are | set(NOT_WALKED)


def test_a_public_file_holds_the_figures_of_its_page_and_no_more(app: Flask, charts: list[Chart]) -> None:
    visitor = Walker(app.test_client())
    faults, walked = [], 0
    listed = as_json(visitor, "/api/papers")["papers"]
    assert {one["kind"] for one in listed} == {"results", "fairness", *(kind for kind, _ in PAPERS)}
    for href in (str(one["href"]) for one in listed):
        data = as_json(visitor, href)
        visitor.get(href.removeprefix("/api"))
        links = [str(link["href"]) for link in visitor.page.select("main a[download]")]
        in_json = [table["table"] for section in data["sections"] for table in section["tables"]]
        assert [table["id"] for table in in_json] == [str(table["id"]) for table in visitor.page.select("main table")]
        for table, told in zip(visitor.page.select("main table"), in_json, strict=True):
            path = next(link for link in links if f"/{table['id']}.csv" in link)
            names = [column["name"] for column in told["columns"]]
            own = [{name: cell["value"] for name, cell in zip(names, row, strict=True) if name} for row in told["rows"]]
            as_file = as_numbers(downloaded(visitor, path))
            faults += [f"{path}: {one}" for one in missing_from_file(table, own)]
            faults += [f"{path}, only in the file: {one}" for one in missing_from_page(table, own, COUNCILS_OWN)]
            assert [{name: line[name] for name in row} for line, row in zip(as_file, own, strict=True)] == [
                {name: "" if value is None else value for name, value in row.items()} for row in own
            ]
            walked += 1
    assert not faults, "\n".join(faults)
    assert walked > 10
