"""Every figure that the commands give out of the demo is held to the rules of ``check-figures``."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from recorded.street_files import street_file, street_row

from csp_consult.analysis.integrity import check
from csp_consult.analysis.printed_figures import figures_from
from csp_consult.cli import _commands
from csp_consult.commands.analyse import analyse
from csp_consult.commands.findings import crosstab, gap, rank, trend, weigh
from csp_consult.commands.nation import nation
from csp_consult.commands.plan import plan
from csp_consult.commands.recorded import recorded
from csp_consult.commands.release import release
from csp_consult.commands.source import source
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.findings.base_rules import DEFAULT_RULES
from csp_consult.findings.recorded_spans import spans
from csp_consult.papers.chapter import chapter
from csp_consult.papers.contents import Paper
from csp_consult.papers.kinds import Making
from csp_consult.papers.publishing import publish
from csp_consult.papers.results import results
from csp_consult.recorded.periods import year_before
from csp_consult.recorded.series import series

LATEST = "vrn-community-safety/2023-winter"
RESIDENTS, COUNCILS = "vrn-community-safety/2022-autumn", "parish-councils/2022-12"
COMMANDS: dict[str, tuple[click.Command, *tuple[str, ...]]] = {
    "ranking": (rank, RESIDENTS),
    "ranking by age": (rank, RESIDENTS, "--by", "age"),
    "ranking by sex": (rank, RESIDENTS, "--by", "sex"),
    "ranking of rural and urban wards": (rank, RESIDENTS, "--by", "rural"),
    "ranking by beat": (rank, RESIDENTS, "--by", "beat"),
    "ranking of councils": (rank, COUNCILS),
    "blend": (rank, "--blend"),
    "weights": (weigh, RESIDENTS),
    "gaps": (gap, RESIDENTS),
    "gaps by beat": (gap, RESIDENTS, "--by", "beat"),
    "trend": (trend, "vrn-community-safety", "safe_night"),
    "crosstab": (crosstab, RESIDENTS, "safe_night", "sex"),
    "audiences": (plan, "targets", RESIDENTS, "--topic", "asb"),
    "plan": (plan, "list"),
    "evaluations": (plan, "evaluate"),
    "release": (release, "make", RESIDENTS, "--table", "asb_change:sex", "--table", "age", "--preview"),
}


SHARES = (
    *("estimate", "perceived_up", "perceived_down", "contrary_share", "unweighted_estimate", "unweighted"),
    *("rate", "share_of_all", "target_share", "response_share", "weighted_share"),
)
"""Keys under which a document gives a share of people, 0 to 1."""
READ_ELSEWHERE = {
    "analyse": "test_no_figure_of_a_survey_file_breaks_a_rule",
    # Gives out what was made.
    "release show": "test_no_figure_of_the_product_breaks_a_rule_it_holds_others_to",
    "recorded series": "test_no_recorded_figure_breaks_a_rule",
    "recorded published": "test_what_others_printed_is_given_out_with_the_faults_it_was_printed_with_and_no_more",
    "source show": "test_what_others_printed_is_given_out_with_the_faults_it_was_printed_with_and_no_more",
    "nation shares": "test_no_figure_over_many_partnerships_breaks_a_rule",
}
PRINTED_FAULTS = {
    ("vrn_css.cohesion", "impossible percentage"),
    ("vrn_css.vehicle_crime_seen", "impossible percentage"),
    ("community_insight.asb_decreased_or_same", "missing base"),
    ("community_insight.safe_after_dark", "missing base"),
    ("community_insight.cohesion", "missing base"),
}
"""What the plan printed and cannot be, or cannot be read as printed."""
WITHOUT_FIGURES = {
    **dict.fromkeys(("place list", "place lookup"), "places"),
    **dict.fromkeys(("survey export", "wave list", "wave status"), "questionnaires and waves"),
    **dict.fromkeys(("recorded list", "source list", "response exports"), "files and receipts"),
    **dict.fromkeys(("mail list", "mail bounced", "user list", "user audit"), "accounts and mail"),
    "check-figures": "faults of figures",
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
    scored = document.get("measure") in {"mean rating", "rank points"}
    for number, row in enumerate(rows_in(document)):
        words = {"text": " ".join(str(row.get(key) or "") for key in ("verdict", "perception", "message", "text"))}
        for key in SHARES:
            # Only shares are percentages: not a gap in points, nor an index that is 100 for the average topic.
            if (
                row.get(key) is not None
                and not (scored and key == "unweighted")
                and not (key == "estimate" and {"recorded_change_pct", "mean_rank"} & {*row})
            ):
                yield {
                    "id": f"{number} {key}",
                    "value": f"{100 * row[key]:.1f}",
                    "unit": "%",
                    "n": str(row.get("base") or document.get("base") or 100),
                    "weighted": "no" if key in {"unweighted_estimate", "unweighted", "response_share"} else "yes",
                    **words,
                }
        if row.get("share") is not None:
            yield {"id": f"{number} share", "value": str(row["share"]), "unit": "%", "n": "100", "weighted": "yes"}
        if row.get("effect") is not None:
            yield {
                "id": f"{number} effect",
                "change_abs": f"{100 * row['effect']:.1f}",
                "direction": row["text"],
                **words,
            }
        if words["text"].strip():
            yield {"id": f"{number} words", **words}
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


@pytest.mark.skipif(
    find_spec("ibis") is None,
    reason="the optional extra is not installed: pip install --require-hashes -r requirements-scale.lock",
)
def test_no_figure_over_many_partnerships_breaks_a_rule(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    published = runner.invoke(nation, ["publish", RESIDENTS, "--output", str(tmp_path), "--by", "officer@example.org"])
    assert published.exit_code == 0, published.output

    result = runner.invoke(nation, ["shares", str(tmp_path), "safe_night", "--by", "sex", "--format", "json"])

    assert result.exit_code == 0, result.output
    figures = list(printed(json.loads(result.stdout)))
    assert figures
    assert check(figures_from({"figures": figures})) == []


def commands(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for one in group.list_commands(context):
        found = group.get_command(context, one)
        assert found is not None
        if isinstance(found, click.Group):
            yield from commands(found, f"{name}{one} ")
        else:
            yield f"{name}{one}", found


def test_every_command_that_reads_is_held_to_the_rules_or_gives_out_no_figure() -> None:
    covered = {
        f"{command.name} {arguments[0]}" if isinstance(command, click.Group) else str(command.name)
        for command, *arguments in COMMANDS.values()
    }

    reading = {name for name, found in commands(_commands) if any("--format" in one.opts for one in found.params)}

    assert reading == covered | READ_ELSEWHERE.keys() | WITHOUT_FIGURES.keys()
    assert set(READ_ELSEWHERE.values()) <= globals().keys()


@pytest.mark.parametrize("variable", ["age x sex", "area"])
def test_the_answers_of_a_weighting_target_are_all_there_are(app: Flask, variable: str) -> None:
    document = given_out(app, "weights")
    rows = [row for row in document["margins"] if row["variable"] == variable]
    figures: list[dict[str, Any]] = [{"id": "all", "value": str(document["base"]), "complete": "yes"}]
    figures += [{"id": row["category"], "value": str(row["responses"]), "part_of": "all"} for row in rows]
    for key in ("target_share", "weighted_share"):
        shares = {row["category"]: f"{100 * row[key]:.4f}" for row in rows}
        figures.append({"id": key, "n": "100", "weighted": "yes", "mix_pct": shares})
        assert sum(map(float, shares.values())) == pytest.approx(100, abs=0.01)

    assert check(figures_from(figures)) == []


def test_the_audiences_add_up_to_what_the_plan_says_of_them(app: Flask) -> None:
    document = given_out(app, "audiences")
    rows = document["targets"]
    whole = {"id": "all", "value": str(sum(row["adults"] for row in rows)), "complete": "yes"}
    parts = [{"id": f"{row['area']} {row['age']}", "value": str(row["adults"]), "part_of": "all"} for row in rows]

    assert check(figures_from([whole, *parts])) == []
    assert sum(row["residents"] for row in rows) == pytest.approx(document["total_residents"])
    assert sum(row["residents"] for row in rows if row["chosen"]) == pytest.approx(
        document["covered_share"] * document["eligible_residents"]
    )
    assert all(row["residents"] == pytest.approx(row["adults"] * row["rate"]) for row in rows)


def test_no_recorded_figure_breaks_a_rule(app: Flask, tmp_path: Path) -> None:
    months = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 12)]
    rows = [street_row(month=month) for i, month in enumerate(months) for _ in range(1 + i % 5)]
    (tmp_path / "street.csv").write_bytes(street_file(rows))
    runner = app.test_cli_runner()
    assert runner.invoke(recorded, ["import", str(tmp_path / "street.csv")]).exit_code == 0
    result = runner.invoke(recorded, ["series", "asb", "--area", "E07000131", "--format", "json"])
    document = json.loads(result.stdout)
    with app.app_context():
        found = spans(db.session(), series(db.session(), "asb", "E07000131"))

    figures = [{"id": "all", "value": str(document["total"]), "complete": "yes"}]
    figures += [
        {"id": row["period"], "period": row["period"], "value": str(row["count"]), "part_of": "all"}
        for row in document["series"]
    ]
    figures += [
        {
            "id": f"{one.kind} {one.title}",
            "value": str(one.count),
            "period": f"{one.months[0]} to {one.months[-1]}",
            **(
                {
                    "previous": str(one.before),
                    "previous_period": f"{year_before(one.months[0])} to {year_before(one.months[-1])}",
                    "change_pct": f"{one.change.change_pct:.1f}",
                }
                if one.before is not None and one.change is not None
                else {}
            ),
        }
        for one in found.spans
    ]

    assert {one.kind for one in found.spans} == {"Quarter", "Financial year to date"}
    assert any("change_pct" in one for one in figures)
    assert check(figures_from(figures)) == []


def test_what_others_printed_is_given_out_with_the_faults_it_was_printed_with_and_no_more(app: Flask) -> None:
    runner = app.test_cli_runner()
    record = json.loads(runner.invoke(recorded, ["published", "--format", "json"]).stdout)["comparisons"]
    listed = json.loads(runner.invoke(source, ["list", "--format", "json"]).stdout)["sources"]
    shown = [json.loads(runner.invoke(source, ["show", one["source"], "--format", "json"]).stdout) for one in listed]

    rows = [*record, *({**row, "n": one["base"]} for one in shown for row in one["results"])]
    kept = ("id", "text", "value", "unit", "period", "previous_period", "change_pct", "change_abs", "direction", "n")
    figures = [
        {
            **{key: str(row[key]) for key in kept if row.get(key) is not None},
            **({"previous": str(row["previous_value"])} if row.get("previous_value") is not None else {}),
        }
        for row in rows
    ]

    faults = check(figures_from(figures))

    assert {(fault.figure, fault.rule) for fault in faults} == PRINTED_FAULTS


def test_no_figure_of_a_survey_file_breaks_a_rule(tmp_path: Path) -> None:
    rows = [f"{'abc'[i % 3]},{'yes' if i % 7 < 3 else 'no'},{1 + i % 4}" for i in range(119)]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(["group,safe,w", *rows]))

    for options in ((), ("--weights-column", "w"), ("--by", "group")):
        result = CliRunner().invoke(analyse, [str(path), "--question", "safe", *options, "--format", "json"])
        document = json.loads(result.stdout)
        figures = list(printed(document))
        for group in {row.get("group") for row in document["estimates"]}:
            inside = [row for row in document["estimates"] if row.get("group") == group]
            shares = {row["option"]: f"{100 * row['estimate']:.3f}" for row in inside}
            figures.append({"id": f"all {group}", "n": "100", "weighted": "yes", "mix_pct": shares})
            assert sum(map(float, shares.values())) == pytest.approx(100, abs=0.01)

        assert len(figures) > 2
        assert check(figures_from(figures)) == []


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
            publish(session, "results", LATEST, making, by="o", signed_off_by="Chair")
            paper = chapter(session, today, organisation=body, rules=DEFAULT_RULES)

    figures = list(printed({"rows": list(rows_of(paper))}))

    assert len(figures) > 20
    assert check(figures_from({"figures": figures})) == []
