"""One protection after the other is taken out of a copy of the program, and the test that is named for it fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from records import keep_record
from reliability.controls import CONTROLS

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "benchmarks", "bin", "csp_consult", "deploy", "docs", "languages", "migrations", "static", "surveys", "templates",
    "tests", "setup.cfg", "pyproject.toml", "requirements.lock", "requirements-dev.lock",
    "requirements-scale.lock", "wsgi.py",
)  # fmt: skip
FAILED = 1
"""What pytest ends with where a test failed."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program and its tests."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def run(copy: Path, *tests: str) -> "subprocess.CompletedProcess[str]":
    """Run tests of the copy, on SQLite."""
    options = ["-q", "-rpf", "--database", "sqlite", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *options, *tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def with_all(copy: Path, request: pytest.FixtureRequest) -> str:
    """What is said of the tests of all chosen protections while every one stands."""
    chosen = {item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")}
    return run(copy, *sorted({control.test for name, control in CONTROLS.items() if name in chosen})).stdout


@pytest.mark.parametrize("name", CONTROLS)
def test_every_control_stands_where_it_is_said_to(name: str) -> None:
    control = CONTROLS[name]

    assert (ROOT / control.file).read_text().count(control.stands) == 1
    assert f"{control.test.removeprefix('tests/')}`" in (ROOT / "docs" / "security.md").read_text()


@pytest.mark.long
@pytest.mark.parametrize("name", CONTROLS)
def test_without_a_control_its_test_fails(name: str, copy: Path, with_all: str) -> None:
    control, file = CONTROLS[name], copy / CONTROLS[name].file
    whole = file.read_text()
    # Also a test of several cases passed only where none of them failed.
    passed = f"PASSED {control.test}" in with_all and f"FAILED {control.test}" not in with_all

    file.write_text(whole.replace(control.stands, control.gone))
    try:
        without = run(copy, "-x", control.test)
    finally:
        file.write_text(whole)

    failed = without.returncode == FAILED and f"FAILED {control.test}" in without.stdout
    said = {"with": "passes" if passed else "fails", "without": "fails" if failed else "passes"}
    keep_record("controls", name, {"file": control.file, "test": control.test, **said})
    assert said == {"with": "passes", "without": "fails"}, without.stdout[-2_000:]
