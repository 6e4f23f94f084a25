"""The commands print what the findings say, in the shapes that are documented."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from findings_world import World, printed_change
from flask import Flask
from sqlalchemy import select

from csp_consult.commands import findings
from csp_consult.db import mark_reading
from csp_consult.findings.models import WeightingRun

RESIDENTS = "residents-test/2022"
FIGURE = {"estimate", "se", "lower", "upper", "base", "effective_base", "se_method", "reason"}


class Console:
    """The command line of the application under test."""

    def __init__(self, app: Flask) -> None:
        self._runner = app.test_cli_runner()

    def run(self, command: str, *arguments: str) -> Result:
        return self._runner.invoke(getattr(findings, command), arguments)

    def json(self, command: str, *arguments: str) -> Any:
        result = self.run(command, *arguments, "--format", "json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def console(app: Flask, crowd: World) -> Iterator[Console]:
    """A command line over the crowd, with a record to hold it against."""
    crowd.add(printed_change())
    for parish in ("P1", "P2"):
        crowd.council(parish, {"road-safety": "4", "acquisitive-crime": "3", "asb": "2"})
    crowd.session.commit()
    yield Console(app)
    mark_reading(False)


def test_rank_gives_each_topic_its_figure_and_its_rank_interval(console: Console) -> None:
    document = console.json("rank", RESIDENTS)

    assert document["wave"] == RESIDENTS
    assert [row["topic"] for row in document["ranking"]] == ["speeding", "fly-tipping", "burglary", "drugs"]
    for row in document["ranking"]:
        assert row.keys() >= FIGURE | {"rank", "rank_lower", "rank_upper", "index"}
        assert 0 <= row["lower"] <= row["estimate"] <= row["upper"] <= 1
    assert {"weighting", "method", "source", "date", "caveat"} <= document.keys()


def test_rank_by_area_names_the_area_of_every_row_and_the_reason_of_a_refused_one(
    console: Console, crowd: World
) -> None:
    document = console.json("rank", RESIDENTS, "--by", "beat")

    assert {row["area"] for row in document["ranking"]} == {"B1", "B2"}

    ages = console.json("rank", RESIDENTS, "--by", "age")["ranking"]
    refused = [row for row in ages if row["estimate"] is None]
    assert refused
    assert all(row["reason"] for row in refused)


def test_rank_of_councils_can_count_them_equally(console: Console) -> None:
    document = console.json("rank", "councils-test/2022", "--weights", "equal")

    assert document["weighting"] == "Each council counts equally."
    assert document["coverage"].startswith("2 of 4 parish councils answered")


def test_rank_blend_shows_what_each_source_weighs(console: Console) -> None:
    document = console.json("rank", "--blend")

    assert sum(source["weight"] for source in document["sources"]) == pytest.approx(1)
    assert document["ranking"][0].keys() >= FIGURE | {"rank", "rank_lower", "rank_upper", "mean_rank"}


def test_weigh_keeps_the_run_and_shows_one_row_an_option(console: Console, crowd: World) -> None:
    document = console.json("weigh", RESIDENTS)

    run = crowd.session.scalars(select(WeightingRun)).one()
    assert document["run"] == run.id
    assert document["effective_base"] == pytest.approx(run.result["effective_base"])
    assert document["estimates"][0].keys() >= FIGURE | {"question", "option", "se_raked", "unweighted"}


def test_weigh_takes_the_targets_of_a_file(console: Console, tmp_path: Path) -> None:
    targets = tmp_path / "targets.yaml"
    targets.write_text("sex: {female: 300, male: 100}")

    document = console.json("weigh", RESIDENTS, "--targets", str(targets))
    women = next(row for row in document["estimates"] if (row["question"], row["option"]) == ("sex", "female"))

    assert women["estimate"] == pytest.approx(0.75)


def test_gap_gives_both_sides_grade_and_verdict(console: Console) -> None:
    (row,) = console.json("gap", RESIDENTS)["gaps"]

    assert (row["topic"], row["area"], row["recorded_change_pct"], row["grade"]) == ("asb", "D1", -33.4, "C")
    assert 0 < row["perceived_down"] < row["perceived_up"] < 1
    assert row["verdict"].startswith("Recorded anti-social behaviour in District D1 fell by 33.4%")
    assert row.keys() >= FIGURE


def test_gap_by_ward_has_a_row_for_each(console: Console) -> None:
    rows = console.json("gap", RESIDENTS, "--by", "ward", "--topic", "asb")["gaps"]

    assert [row["area"] for row in rows] == ["W1", "W2", "W3", "W4"]
    # Only the district's record is held: no ward may be read as if the figure were its own.
    assert {row["recorded_change_pct"] for row in rows} == {None}
    assert all("No record of this area alone fits as well" in row["recorded_reason"] for row in rows)
    assert all("fell by 33.4%" in row["recorded_reason"] for row in rows)


def test_crosstab_and_trend_give_a_figure_a_row(console: Console) -> None:
    cells = console.json("crosstab", RESIDENTS, "asb_change", "sex")["cells"]
    points = console.json("trend", "residents-test", "asb_change")["trend"]

    assert all(row.keys() >= FIGURE for row in [*cells, *points])


@pytest.mark.parametrize(
    "arguments",
    [
        ("rank", RESIDENTS),
        ("rank", "--blend"),
        ("gap", RESIDENTS),
        ("weigh", RESIDENTS),
        ("crosstab", RESIDENTS, "asb_change", "sex"),
        ("trend", "residents-test", "asb_change"),
    ],
)
def test_every_command_prints_a_table_and_a_csv(console: Console, arguments: tuple[str, ...]) -> None:
    for output in ("table", "csv"):
        result = console.run(*arguments, "--format", output)

        assert result.exit_code == 0, result.output
        assert len(result.stdout.splitlines()) > 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("rank", "no/wave"), "There is no wave 'no/wave'."),
        (("rank",), "Name one wave"),
        (("rank", RESIDENTS, "--by", "colour"), "cannot be broken down by 'colour'"),
        (("rank", RESIDENTS, "--theme", "violence"), "ranks no topic of a theme 'violence'"),
        (("gap", RESIDENTS, "--topic", "burglary"), "did not ask whether burglary has risen or fallen"),
        (("gap", "councils-test/2022"), "did not ask whether anything has risen or fallen"),
        (("weigh", "councils-test/2022"), "only residents' waves are weighted"),
        (("weigh", RESIDENTS, "--targets", "nowhere.yaml"), "nowhere.yaml cannot be read"),
        (("trend", "nothing", "asb_change"), "There is no survey 'nothing'; there are: "),
        (("crosstab", RESIDENTS, "seen", "sex"), "takes several answers"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    console: Console, arguments: tuple[str, ...], sentence: str
) -> None:
    result = console.run(*arguments)

    assert result.exit_code != 0
    assert sentence in result.stderr
