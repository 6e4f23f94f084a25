"""The oracle's survey, answered as a wave, comes out with the oracle's numbers."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from findings_world import TODAY, make_world
from sqlalchemy.orm import Session

from csp_consult.fieldwork import responses, waves
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.findings.base_rules import BaseRules
from csp_consult.findings.groups import EVERYBODY
from csp_consult.findings.perception import perceive
from csp_consult.findings.ranking import ranking
from csp_consult.findings.targets import PopulationTarget
from csp_consult.findings.weighting import Weighed, WeightingOptions, weighed
from csp_consult.questionnaire.store import store

TOPICS = ("speeding", "asb", "burglary", "vehicle", "drugs", "flytip")
ROWS = ", ".join(f"{topic}: {topic}" for topic in TOPICS)
SURVEY = """
questionnaire: oracle
version: "1"
title: Oracle
organisation: R
audience: residents
minutes: 1
intro: {purpose: To test., decides: Nobody., after: Nothing.}
cell: {age: age, sex: sex, area: ward}
pages:
  - page: all
    title: Everything
    questions:
      - id: CONCERN
      - id: asb_change
        kind: single
        text: More or less?
        options: {up: Up, same: Same, down: Down, dk: {text: No idea, role: dont_know}}
        change: {topic: asb, up: up, same: same, down: down, reference: 12 months, area: local}
      - id: age
        kind: single
        text: Age?
        options: {1: One, 2: Two, 3: Three, pns: {text: Prefer not to say, role: prefer_not}}
      - id: sex
        kind: single
        text: Sex?
        options: {1: One, 2: Two, pns: {text: Prefer not to say, role: prefer_not}}
      - id: ward
        kind: area
        of: ward
        text: Ward?
        options: {pns: {text: Prefer not to say, role: prefer_not}}
"""
GRID = f"""id: problem
        kind: grid
        text: A problem?
        rows: {{{ROWS}}}
        options: {{0: None, 1: Little, 2: Fairly big, 3: Big}}
        concern: {{MEASURE}}
"""
RANK = f"""id: top
        kind: rank
        text: The first three?
        choose: 3
        options: {{{ROWS}}}
        concern: {{MEASURE}}
"""
CONCERNS = {
    "wave1_problem": GRID.replace("MEASURE", "kind: problem share, counts: ['2', '3']"),
    "wave1_mean_rating": GRID.replace("MEASURE", "kind: mean rating"),
    "wave1_mention": RANK.replace("MEASURE", "kind: mention share"),
    "wave1_ranked_points": RANK.replace("MEASURE", "kind: rank points"),
}


@dataclass(frozen=True)
class Oracle:
    """The oracle's numbers, and its survey as a wave."""

    numbers: dict[str, Any]
    wave: Wave
    weights: Weighed


def _load(session: Session, folder: Path, concern: str) -> Oracle:
    make_world(session)
    version = store(session, SURVEY.replace("id: CONCERN\n", CONCERNS[concern]), today=TODAY)
    survey = waves.create_survey(session, slug="oracle", title="Oracle", organisation="R", audience="residents")
    wave = waves.create(
        session, survey, "1", title="Oracle", questionnaire=version, opens_on=TODAY, cleared_on=TODAY, closes_on=TODAY
    )
    with (folder / "wave1.csv").open() as lines:
        for row in csv.DictReader(lines):
            _answer(session, wave, row)
    margins = json.loads((folder / "margins.json").read_text())
    return Oracle(
        numbers=json.loads((folder / "oracle.json").read_text()),
        wave=wave,
        weights=weighed(
            session,
            wave,
            options=WeightingOptions(cap=None, least=0),
            targets=[_target("age", margins["age"]), _target("sex", margins["sex"]), _target("area", margins["ward"])],
        ),
    )


def _answer(session: Session, wave: Wave, row: dict[str, str]) -> None:
    answers = {
        "problem": {topic: row[f"prob_{topic}"] for topic in TOPICS},
        "top": [TOPICS[int(row[f"top{place}"]) - 1] for place in (1, 2, 3)],
        "asb_change": row["asb_change"],
        "age": row["age"],
        "sex": row["sex"],
        "ward": f"W{row['ward']}",
    }
    asked = questionnaire_for(session, wave).questions
    responses.submit(
        session,
        wave,
        {question: answer for question, answer in answers.items() if question in asked},
        submission=row["id"],
        mode="imported",
        language="en",
        today=TODAY,
        base_weight=float(row["d"]),
    )


def _target(variable: str, people: list[int]) -> PopulationTarget:
    prefix = "W" if variable == "area" else ""
    rows = tuple(((f"{prefix}{i}",), float(n)) for i, n in enumerate(people, start=1))
    return PopulationTarget((variable,), rows, "oracle", None)


@pytest.mark.parametrize("concern", CONCERNS)
def test_a_ranking_has_the_oracles_shares_errors_and_covariance(session: Session, shared: Path, concern: str) -> None:
    oracle = _load(session, shared / "oracle", concern)
    expected = oracle.numbers["from_R"]["concern"][concern]

    found = ranking(session, oracle.wave, weighing=oracle.weights, rules=BaseRules(0, 0)).ranking
    by_topic = {topic.topic: topic.concern for topic in found.topics}

    assert [by_topic[topic].estimate for topic in TOPICS] == pytest.approx(expected["est"], abs=1e-11)
    assert [by_topic[topic].se for topic in TOPICS] == pytest.approx(expected["se"], abs=1e-11)
    place = [found.order().index(topic) for topic in TOPICS]
    for i, row in zip(place, expected["vcov"], strict=True):
        assert [found.covariance[i][j] for j in place] == pytest.approx(row, abs=1e-11)


def test_a_ranking_has_the_oracles_rank_intervals_and_index(session: Session, shared: Path) -> None:
    oracle = _load(session, shared / "oracle", "wave1_problem")
    expected = oracle.numbers["rank_intervals"]["residents_problem"]

    found = ranking(session, oracle.wave, weighing=oracle.weights, rules=BaseRules(0, 0)).ranking
    by_topic = {topic.topic: topic for topic in found.topics}

    assert [by_topic[topic].rank for topic in TOPICS] == expected["rank"]
    assert [[by_topic[t].rank_lower, by_topic[t].rank_upper] for t in TOPICS] == expected["simultaneous_95_holm"]
    assert [by_topic[topic].index.estimate for topic in TOPICS] == pytest.approx(
        oracle.numbers["combined"]["index"]["residents"], abs=1e-9
    )


def test_the_weights_have_the_oracles_design_effect(session: Session, shared: Path) -> None:
    oracle = _load(session, shared / "oracle", "wave1_problem")
    expected = oracle.numbers["from_R"]["rake"]["wave1_age_sex_ward"]

    assert oracle.weights.finding.summary.design_effect == pytest.approx(expected["deff"], abs=1e-9)
    assert oracle.weights.finding.summary.effective_base == pytest.approx(expected["n_eff"], abs=1e-9)


def test_the_balance_of_the_change_question_is_the_oracles(session: Session, shared: Path) -> None:
    oracle = _load(session, shared / "oracle", "wave1_problem")
    questionnaire = questionnaire_for(session, oracle.wave)

    found = perceive(oracle.weights, questionnaire, questionnaire.change[0], EVERYBODY).direct

    expected = oracle.numbers["gap_district"]
    assert found.up.estimate == pytest.approx(expected["p_up"], abs=1e-11)
    assert found.down.estimate == pytest.approx(expected["p_down"], abs=1e-11)
    assert found.balance.estimate == pytest.approx(expected["B"], abs=1e-11)
    assert found.balance.se == pytest.approx(expected["se_B"], abs=1e-11)
