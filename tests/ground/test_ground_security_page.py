"""The checklist names tests that exist, and says why where it names none."""

import ast
import re
from pathlib import Path

from reliability.controls import CONTROLS

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "security.md"
WITHOUT = ("Outside the program: ", "Not applicable", "By document: ", "Not covered")
ROW = re.compile(r"\| ([\d.,–\s]+) \| (.+) \| (.+) \|")


def rows() -> list[tuple[str, str, str]]:
    return [match.groups() for line in PAGE.read_text().splitlines() if (match := ROW.fullmatch(line))]  # type: ignore[misc] # three


def names_in(file: Path) -> set[str]:
    if not file.is_file():
        return set()
    return {node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)}


def test_every_line_names_a_test_that_exists_or_says_why_there_is_none() -> None:
    found = rows()
    assert len(found) > 100
    wrong = []
    for number, asked, held in found:
        named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", held)
        if not named and not held.startswith(WITHOUT):
            wrong.append(f"{number} {asked}: names no test and no reason")
        wrong += [
            f"{number} {asked}: {file} has no {name}" for file, name in named if name not in names_in(TESTS / file)
        ]
    assert wrong == [], "put the test that holds the line now into docs/security.md"


def test_the_page_says_of_how_many_tests_it_was_seen_that_they_fail() -> None:
    page = PAGE.read_text()
    named = set(re.findall(r"`([\w/]+\.py::test_\w+)`", page))
    seen = {control.test.removeprefix("tests/") for control in CONTROLS.values()}

    assert seen <= named
    assert f"{len(CONTROLS)} protections are removed" in " ".join(page.split())
    assert f"{len(seen)} of the {len(named)} tests named here" in " ".join(page.split())


def test_most_lines_are_held_by_tests() -> None:
    held = [line for line in rows() if "::" in line[2]]

    assert len(held) > 0.85 * len(rows())
