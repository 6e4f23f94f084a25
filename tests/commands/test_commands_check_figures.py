"""``check-figures``: what it reads, what it prints, and how it exits."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from csp_consult.commands.check_figures import check_figures

HATE = "figures:\n- {id: hate, value: 119, mix_pct: {racial: 43.9, sexual orientation: 29.5}}\n"


def run(tmp_path: Path, name: str, text: str, *options: str) -> Result:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(check_figures, [str(file), *options])


def test_faults_are_listed_by_figure_and_the_exit_is_not_zero(tmp_path: Path) -> None:
    result = run(tmp_path, "plan.yaml", HATE)

    assert result.exit_code == 1
    assert "racial: 43.9% of 119 is not possible" in result.output


def test_sound_figures_exit_with_zero(tmp_path: Path) -> None:
    result = run(tmp_path, "plan.yaml", HATE.replace("43.9", "43.7").replace("29.5", "29.4"))

    assert result.exit_code == 0
    assert "figures checked: 1" in result.output


def test_json_is_one_object_with_the_faults_under_their_noun(tmp_path: Path) -> None:
    document = json.loads(run(tmp_path, "plan.yaml", HATE, "--format", "json").output)

    assert (document["figures_checked"], document["faults_found"]) == (1, 3)
    assert set(document["faults"][0]) == {"figure", "rule", "message"}


def test_a_sheet_with_a_byte_order_mark_is_read_alike(tmp_path: Path) -> None:
    sheet = "\ufeffid,value,mix_pct\nhate,119,racial=43.9; sexual orientation=29.5\n"

    in_csv = json.loads(run(tmp_path, "plan.csv", sheet, "--format", "json").output)
    in_yaml = json.loads(run(tmp_path, "plan.yaml", HATE, "--format", "json").output)

    assert in_csv["faults"] == in_yaml["faults"]


def test_last_zeros_are_kept(tmp_path: Path) -> None:
    # 45 of 103 is 43.689: it prints as 43.7, never as 43.70.
    figure = "- {id: a, value: 43.7, unit: '%', n: 103}\n"

    assert run(tmp_path, "one.yaml", figure).exit_code == 0
    assert run(tmp_path, "two.yaml", figure.replace("43.7", "43.70")).exit_code == 1


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("plan.yaml", "figures: [", "it is not YAML that can be read"),
        ("plan.yaml", "title: a plan\n", "There is no figure in the file"),
        ("plan.csv", "id,n\na,many\n", "a: n is “many”, which is not a number"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    result = run(tmp_path, name, text)

    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_sheet_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes("id,text\na,Café\n".encode("latin-1"))

    result = CliRunner().invoke(check_figures, [str(file)])

    assert "save it again as “CSV UTF-8”" in result.output


def test_the_plan_s_own_figures_have_the_faults_we_know(shared: Path) -> None:
    result = CliRunner().invoke(check_figures, [str(shared / "seed" / "seed_figures.yaml"), "--format", "json"])
    found = {(fault["figure"], fault["rule"]) for fault in json.loads(result.output)["faults"]}

    assert {
        ("hate_rolling12", "impossible percentage"),
        ("vrn_css.cohesion", "base fell"),
        ("vrn_css.cohesion", "not the earlier wave"),
        ("serious_violence", "unequal periods"),
        ("community_insight.asb_decreased_or_same", "missing base"),
    } <= found


def test_the_help_s_own_example_has_the_faults_it_was_chosen_for(tmp_path: Path) -> None:
    text = str(check_figures.help)
    example = text[text.index("  figures:") : text.index("CSV:")].replace("\b", "")

    document = json.loads(run(tmp_path, "help.yaml", example, "--format", "json").output)

    assert {fault["figure"] for fault in document["faults"]} == {"hate", "asb", "safety-survey.get-on"}
