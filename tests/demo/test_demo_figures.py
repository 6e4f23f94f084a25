"""Every figure that the commands give out of the demo is held to the rules of ``check-figures``."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask

from csp_consult.analysis.integrity import check
from csp_consult.analysis.printed_figures import figures_from
from csp_consult.commands.findings import crosstab, gap, rank, trend
from csp_consult.commands.release import release
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.papers.chapter import chapter
from csp_consult.papers.contents import Paper
from csp_consult.papers.kinds import Making
from csp_consult.papers.publishing import publish
from csp_consult.papers.results import results

RESIDENTS, COUNCILS = "vrn-community-safety/2022-autumn", "parish-councils/2022-12"
COMMANDS = {
    "ranking": (rank, RESIDENTS),
    "ranking by age": (rank, RESIDENTS, "--by", "age"),
    "ranking by sex": (rank, RESIDENTS, "--by", "sex"),
    "ranking by beat": (rank, RESIDENTS, "--by", "beat"),
    "ranking of councils": (rank, COUNCILS),
    "blend": (rank, "--blend"),
    "gaps": (gap, RESIDENTS),
    "gaps by beat": (gap, RESIDENTS, "--by", "beat"),
    "trend": (trend, "vrn-community-safety", "safe_night"),
    "crosstab": (crosstab, RESIDENTS, "safe_night", "sex"),
    "release": (release, "make", RESIDENTS, "--table", "asb_change:sex", "--table", "age", "--preview"),
}


def given_out(app: Flask, name: str) -> dict[str, Any]:
    command, *arguments = COMMANDS[name]
    result = app.test_cli_runner().invoke(command, [*arguments, "--format", "json"])
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def rows_in(document: Any) -> Iterator[Mapping[str, Any]]:
    """Every row of every list of a document."""
    if isinstance(document, Mapping):
        for value in document.values():
            yield from rows_in(value)
    elif isinstance(document, list):
        for row in document:
            if isinstance(row, Mapping):
                yield row
                yield from rows_in(row)


def printed(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The figures of a document as a page prints them."""
    for number, row in enumerate(rows_in(document)):
        words = {"text": f"{row.get('verdict') or ''} {row.get('perception') or ''}"}
        for key in ("estimate", "perceived_up", "perceived_down", "contrary_share", "unweighted_estimate"):
            # Only shares are percentages: not a gap in points, nor an index that is 100 for the average topic.
            if row.get(key) is not None and not (key == "estimate" and {"recorded_change_pct", "mean_rank"} & {*row}):
                yield {
                    "id": f"{number} {key}",
                    "value": f"{100 * row[key]:.1f}",
                    "unit": "%",
                    **({"n": str(row["base"])} if row.get("base") else {}),
                    "weighted": "no" if key == "unweighted_estimate" else "yes",
                    **words,
                }
        if row.get("share") is not None:
            yield {"id": f"{number} share", "value": str(row["share"]), "unit": "%", "n": "100", "weighted": "yes"}
        if row.get("recorded_change_pct") is not None:
            yield {
                "id": f"{number} recorded",
                "change_pct": f"{row['recorded_change_pct']:.1f}",
                **{
                    ours: str(row[theirs])
                    for ours, theirs in (
                        ("value", "recorded_count"),
                        ("previous", "recorded_previous_count"),
                        ("period", "recorded_period"),
                        ("previous_period", "recorded_previous_period"),
                    )
                    if row.get(theirs) is not None
                },
                **words,
            }


def columns(document: Mapping[str, Any], rows_under: str) -> Iterator[dict[str, Any]]:
    """The shares of each column of a table, which must make up the whole."""
    rows = document[rows_under]
    for name in dict.fromkeys((row.get("table"), row["column"]) for row in rows):
        inside = [row for row in rows if (row.get("table"), row["column"]) == name and row["row"]]
        shares = {
            row["row"]: str(row["share"]) if rows_under == "figures" else f"{100 * row['estimate']:.3f}"
            for row in inside
            if row.get("share" if rows_under == "figures" else "estimate") is not None
        }
        if shares:
            yield {"id": f"column {name}", "n": "100", "weighted": "yes", "mix_pct": shares}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_figure_of_the_product_breaks_a_rule_it_holds_others_to(app: Flask, name: str) -> None:
    document = given_out(app, name)
    figures = list(printed(document))
    if name in {"crosstab", "release"}:
        figures += columns(document, "cells" if name == "crosstab" else "figures")

    if name == "blend":
        shares = {f"{row['group']} {row['source']}": f"{100 * row['weight']:.4f}" for row in document["sources"]}
        figures.append({"id": "weights", "n": "100", "weighted": "yes", "mix_pct": shares})
        assert sum(map(float, shares.values())) == pytest.approx(100, abs=0.01)

    assert figures
    assert check(figures_from({"figures": figures})) == []


def test_a_trend_says_of_every_fallen_base_what_the_rule_would_say(app: Flask) -> None:
    points = given_out(app, "trend")["trend"]
    first = [row for row in points if row["option"] == points[0]["option"]]
    figures = [
        {"id": now["wave"], "value": "50", "unit": "%", "n": str(now["base"]), "previous_n": str(before["base"])}
        for before, now in pairwise(first)
    ]

    fallen = {fault.figure for fault in check(figures_from(figures)) if fault.rule == "base fell"}

    assert fallen
    for row in first:
        assert (row["wave"] in fallen) == any("base fell" in text for text in row["breaks"])


def rows_of(paper: Paper) -> Iterator[dict[str, Any]]:
    """Every row of every table of a paper, by the names of its columns; every sentence as a row of its own."""
    for table in paper.tables():
        # A mean rating or points are said out of 100, and are no share of people.
        scored = any("out of 100" in (column.heading or "") for column in table.columns)
        for row in table.rows:
            values = {column.name: cell.value for column, cell in zip(table.columns, row, strict=True) if column.name}
            if scored:
                values = {name: value for name, value in values.items() if "estimate" not in name}
            shares = [values[name] for name in ("percent", "say_up_percent", "say_down_percent") if values.get(name)]
            yield values
            yield from ({"share": share} for share in shares)
    yield from ({"verdict": one.text, "share": 100} for section in paper.sections for one in section.paragraphs)


@pytest.mark.parametrize("kind", ["results", "consultation"])
def test_no_figure_of_a_paper_breaks_a_rule_that_others_are_held_to(app: Flask, kind: str) -> None:
    with app.app_context():
        session, today, body = db.session(), date.today(), "The Partnership"
        if kind == "results":
            wave = waves.find(session, RESIDENTS)
            paper = results(session, wave, today, organisation=body, rules=DEFAULT_RULES)
        else:
            making = Making(today, body, "E07000131", DEFAULT_RULES)
            publish(session, "results", RESIDENTS, making, by="o", signed_off_by="Chair")
            paper = chapter(session, today, organisation=body, rules=DEFAULT_RULES)

    figures = list(printed({"rows": list(rows_of(paper))}))

    assert len(figures) > 20
    assert check(figures_from({"figures": figures})) == []
