"""The worked examples of the methods pages, recomputed from the pages."""

import doctest
import re
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"


def test_the_one_page_leads_to_every_method() -> None:
    index = (PAGES.parent / "methods.md").read_text(encoding="utf-8")

    linked = set(re.findall(r"\[([^\]]+)\]\(methods/([^#)]+)#([^)]+)\)", index))

    there_are = {
        (heading, page.name, re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
        for page in PAGES.glob("*.md")
        for heading in re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert linked == there_are


@pytest.mark.parametrize("page", sorted(page.name for page in PAGES.glob("*.md")))
def test_every_worked_example_comes_out_as_printed(page: str) -> None:
    failed, tried = doctest.testfile(str(PAGES / page), module_relative=False, encoding="utf-8")

    assert tried > 0
    assert failed == 0
