"""``csp-consult analyse``: a survey file in, figures out; a fault is one plain sentence."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from csp_consult.commands.analyse import analyse


def run(*arguments: object) -> Result:
    return CliRunner().invoke(analyse, [str(argument) for argument in arguments])


def figures(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    document: dict[str, Any] = json.loads(result.output)
    return document


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    rows = ["sex,safe,w"] + [
        f"{sex},{safe},{w}" for sex, safe, w in [("m", "yes", 1), ("f", "no", 3)] * 40 + [("f", "", 1)]
    ]
    path = tmp_path / "survey.csv"
    path.write_text("\r\n".join(rows), encoding="utf-8-sig")
    return path


@pytest.fixture
def sav(tmp_path: Path) -> Path:
    path = tmp_path / "survey.sav"
    frame = pd.DataFrame({"sex": [1.0, 2.0, 2.0, 9.0] * 30, "safe": [2.0, 1.0, -9.0, 2.0] * 30})
    pyreadstat.write_sav(
        frame,
        str(path),
        variable_value_labels={"sex": {1: "Male", 2: "Female", 9: "Refused"}, "safe": {1: "Safe", 2: "Unsafe"}},
        column_labels={"safe": "How safe do you feel?"},
        missing_ranges={"sex": [9], "safe": [-9]},
    )
    return path


def test_a_file_with_a_weight_column(csv: Path) -> None:
    found = figures(csv, "--question", "safe", "--weights-column", "w")

    assert [(row["option"], row["estimate"], row["base"]) for row in found["estimates"]] == [
        ("no", 0.75, 80),
        ("yes", 0.25, 80),
    ]
    assert found["base"] == 81
    assert found["effective_base"] == pytest.approx(161**2 / 401)
    assert found["se_method"] == "linearised, weights taken as fixed"
    assert {"se", "lower", "upper", "effective_base", "design_effect", "reason"} <= found["estimates"][0].keys()


def test_a_file_weighted_to_targets(csv: Path, tmp_path: Path) -> None:
    targets = tmp_path / "targets.yaml"
    targets.write_text("source: census\nsex: {m: 300, f: 100}\n")

    found = figures(csv, "--question", "safe", "--targets", targets)

    assert found["converged"]
    assert found["weighting"] == "Weighted to sex."
    # Three quarters of the weight is on men, who all say yes; 1 of 41 women gave no answer: 100 x 40/41 say no.
    assert {row["option"]: row["estimate"] for row in found["estimates"]} == pytest.approx(
        {"yes": 300 / (300 + 100 * 40 / 41), "no": (100 * 40 / 41) / (300 + 100 * 40 / 41)}
    )


def test_an_spss_file_with_labels_and_missing_codes(sav: Path, tmp_path: Path) -> None:
    targets = tmp_path / "targets.yaml"
    targets.write_text("sex: {Male: 50, Female: 50}\n")

    found = figures(sav, "--question", "safe", "--targets", targets)

    assert found["question_text"] == "How safe do you feel?"
    assert [(row["option"], row["label"], row["base"]) for row in found["estimates"]] == [
        ("1", "Safe", 90),
        ("2", "Unsafe", 90),
    ]
    assert found["kept_share"] == ["sex: not said has no target and keeps its 25.0% of the sample."]


def test_groups_carry_their_labels(sav: Path) -> None:
    found = figures(sav, "--question", "safe", "--by", "sex")

    assert {(row["group"], row["group_label"]) for row in found["estimates"]} == {("1", "Male"), ("2", "Female")}


def test_missing_codes_of_a_csv_file_are_named(csv: Path) -> None:
    found = figures(csv, "--question", "safe", "--missing", "no")

    assert [(row["option"], row["base"]) for row in found["estimates"]] == [("yes", 40)]


def test_the_stratified_school_sample_from_its_file(shared: Path) -> None:
    schools = shared / "data" / "survey" / "apistrat.csv"

    found = figures(schools, "--question", "api00", "--weights-column", "pw", "--strata", "stype", "--fpc", "fpc")

    assert found["statistic"] == "mean"
    assert found["estimates"][0]["estimate"] == pytest.approx(662.29, abs=0.005)
    assert found["estimates"][0]["se"] == pytest.approx(9.4089, abs=5e-5)


def test_a_table_shows_what_qualifies_the_figures(csv: Path) -> None:
    printed = run(csv, "--question", "safe", "--weights-column", "w").output

    assert "weighting: Weighted by the column w." in printed
    assert "caveat: Intervals describe sampling variation only" in printed


def test_a_file_saved_by_excel_on_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.csv"
    path.write_bytes(b"place\n" + "Café\nPark\n".encode("cp1252") * 30)

    assert [row["option"] for row in figures(path, "--question", "place")["estimates"]] == ["Café", "Park"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--question", "saf"], "The file has no column 'saf'. It has sex, safe, w."),
        (["--question", "safe", "--targets", "nowhere.yaml"], "nowhere.yaml cannot be read"),
        (["--question", "safe", "--strata", "w", "--psu", "sex"], "single primary unit"),
    ],
)
def test_faults_are_one_plain_sentence(csv: Path, arguments: list[str], message: str) -> None:
    result = run(csv, *arguments)

    assert result.exit_code != 0
    assert message in result.output


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("survey.xls", b"", "is neither .csv nor .sav"),
        ("empty.csv", b"", "is not a table with commas"),
        ("heads.csv", b"a,b\n", "has no respondents"),
        ("torn.csv", b'a,b\n"1,2\n', "is not a table with commas"),
        ("torn.sav", b"not SPSS", "cannot be read as an SPSS file"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    result = run(path, "--question", "a")

    assert result.exit_code != 0
    assert message in result.output


def test_a_missing_file_and_a_broken_targets_file_say_so(csv: Path, tmp_path: Path) -> None:
    broken = tmp_path / "targets.yaml"
    broken.write_text("sex: {m: [")

    assert "There is no file" in run(tmp_path / "gone.csv", "--question", "a").output
    assert "cannot be read as YAML" in run(csv, "--question", "safe", "--targets", broken).output
