"""A survey that others ran, known by its file, stands in the blend beside the waves held here."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from click.testing import Result
from findings_world import World
from flask import Flask

from csp_consult.analysis.microdata import Plan, analyse, concern
from csp_consult.commands.source import source
from csp_consult.findings.blending import blend
from csp_consult.sources.registered import concern_of, document, registered
from csp_consult.sources.survey_file import read_survey_file

ABOUT = ("--slug", "panel", "--title", "County panel", "--period", "2022", "--recruitment", "invited")
QUESTIONS = ("--question", "speeding=a", "--question", "burglary=b", "--question", "drugs=c", "--counts", "1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two hundred people; speeding worries most of them, drugs few. Some leave a question open."""
    dealt, path = Random(3), tmp_path / "panel.csv"
    lines = ["a,b,c,w"]
    for _ in range(200):
        said = (str(dealt.choices(["1", "2", ""], [odds, 1 - odds, 0.05])[0]) for odds in (0.7, 0.4, 0.1))
        lines.append(f"{','.join(said)},{dealt.choice(['0.5', '1', '2'])}")
    path.write_text("\n".join(lines))
    return path


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(source, arguments)


def test_each_topic_s_concern_is_the_share_that_analyse_gives(file: Path) -> None:
    survey = read_survey_file(file)

    found = concern(survey.frame, {"speeding": "a", "drugs": "c"}, ["1"], Plan(weights="w"))

    for i, column in enumerate(("a", "c")):
        row = analyse(survey.frame, column, Plan(weights="w")).rows[0]
        assert found.values[i] == pytest.approx(row.figure.estimate, abs=1e-12)
        assert found.covariance is not None
        assert found.covariance[i, i] ** 0.5 == pytest.approx(row.figure.se, abs=1e-12)
        assert found.bases[i] == row.figure.base


def test_a_registered_file_is_blended_with_its_own_error(app: Flask, crowd: World, file: Path) -> None:
    crowd.session.commit()
    made = run(app, "register", str(file), *ABOUT, *QUESTIONS, "--weights-column", "w")

    found = blend(crowd.session)

    assert made.exit_code == 0, made.output
    by_name = {one.source: one for one in found.sources}
    assert by_name["panel"].kind == "survey file"
    assert by_name["panel"].base == 200
    assert by_name["panel"].effective_base is not None
    assert sum(one.weight for one in found.sources) == pytest.approx(1)
    assert {topic.topic for topic in found.topics} == {"speeding", "burglary", "drugs"}
    assert "panel" in run(app, "list").output


def test_what_is_kept_is_the_measure_and_no_answer(app: Flask, crowd: World, file: Path) -> None:
    crowd.session.commit()
    run(app, "register", str(file), *ABOUT, *QUESTIONS)
    run(app, "register", str(file), *ABOUT, *QUESTIONS)

    (kept,) = registered(crowd.session)

    assert document(concern_of(kept)) == kept.concern
    covariance = np.array(kept.concern["covariance"])
    np.testing.assert_allclose(covariance, covariance.T, rtol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--slug", "Big Panel"), "cannot name a source"),
        (("--question", "ghosts=a"), "no topic 'ghosts'"),
        (("--question", "asb"), "names no column"),
        (("--question", "asb=zz"), "has no column 'zz'"),
        (("--weights-column", "zz"), "has no column 'zz'"),
        (("--missing", "1"), "Nobody answered 'a' with 1"),
    ],
)
def test_a_file_that_cannot_be_registered_says_why(
    app: Flask, crowd: World, file: Path, arguments: tuple[str, ...], message: str
) -> None:
    crowd.session.commit()

    refused = run(app, "register", str(file), *ABOUT, *QUESTIONS, *arguments)

    assert refused.exit_code == 1
    assert message in refused.output
    assert registered(crowd.session) == []
