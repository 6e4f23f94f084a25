"""``csp-consult plan targets`` gives the audiences of a topic, ward by age, and says why there are none."""

import json
from collections.abc import Iterator

import pytest
from findings_world import World, printed_change
from flask import Flask
from flask.testing import FlaskCliRunner

from csp_consult.commands.plan import plan
from csp_consult.db import mark_reading

RESIDENTS = "residents-test/2022"


@pytest.fixture
def runner(app: Flask, crowd: World) -> Iterator[FlaskCliRunner]:
    crowd.add(printed_change())
    crowd.session.commit()
    yield app.test_cli_runner()
    mark_reading(False)


def test_audiences_are_listed_under_targets_with_the_chosen_ones_marked(runner: FlaskCliRunner) -> None:
    result = runner.invoke(plan, ["targets", RESIDENTS, "--topic", "asb", "--share", "0.2", "--format", "json"])

    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert len(document["targets"]) == 4 * 7
    chosen = [row for row in document["targets"] if row["chosen"]]
    assert document["wanted_share"] == 0.2
    assert document["covered_share"] == pytest.approx(sum(row["share_of_all"] for row in chosen))
    assert {"wave", "weighting", "method", "source", "date", "caveat", "grade"} <= document.keys()


def test_a_table_names_each_audience_in_words(runner: FlaskCliRunner) -> None:
    result = runner.invoke(plan, ["targets", RESIDENTS, "--topic", "asb"])

    assert "Ward W1 ward, aged 16 to 24" in result.stdout


@pytest.mark.parametrize(
    ("wave", "topic", "message"),
    [(RESIDENTS, "ghosts", "ghosts"), ("residents-test/1999", "asb", "1999")],
)
def test_a_topic_or_wave_that_is_not_there_is_a_sentence(
    runner: FlaskCliRunner, wave: str, topic: str, message: str
) -> None:
    result = runner.invoke(plan, ["targets", wave, "--topic", topic])

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert message in result.stderr
