"""The worked examples of the methods pages, recomputed from the pages."""

import doctest
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"


@pytest.mark.parametrize("page", sorted(page.name for page in PAGES.glob("*.md")))
def test_every_worked_example_comes_out_as_printed(page: str) -> None:
    failed, tried = doctest.testfile(str(PAGES / page), module_relative=False, encoding="utf-8")

    assert tried > 0
    assert failed == 0
