from pathlib import Path

from click.testing import CliRunner

from csp_consult.commands.survey import survey

SURVEYS = Path(__file__).resolve().parents[2] / "surveys"


def test_every_file_of_the_project_is_sound() -> None:
    files = sorted(str(path) for path in SURVEYS.glob("*.yaml"))

    result = CliRunner().invoke(survey, ["check", *files])

    assert result.exit_code == 0, result.output
    assert result.output.count("is sound") == len(files)


def test_a_faulty_taxonomy_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "topics.yaml"
    file.write_text("themes:\n  asb: {topics: {}}\n")

    result = CliRunner().invoke(survey, ["check", str(file)])

    assert result.exit_code == 1
    assert "'asb' needs a title" in result.output
