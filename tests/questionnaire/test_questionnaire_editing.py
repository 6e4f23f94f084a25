"""What the editor writes is what a person would write: one part changes, every other line stays as it was."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from csp_consult.questionnaire.editing import data_at, inserted, moved, place_of_line, removed, replaced
from csp_consult.questionnaire.entry import compose
from csp_consult.questionnaire.parse import check
from csp_consult.questionnaire.writing import written

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    [*(ROOT / "tests" / "questionnaires").glob("*.yaml"), *(ROOT / "surveys").glob("[!tb]*.yaml")],
    key=lambda path: path.name,
)
SAMPLE = """\
# A note at the top.
questionnaire: sample
pages:
  - page: one
    title: First
    # Asked every year.
    questions:
      - id: safe  # the headline
        kind: single
        text: How safe do you feel?
        options: {yes: Yes, no: No}

  # About noise.
  - page: two
    title: Second  # to be shortened
    questions:
      - id: noise
        kind: long_text
        text: >-
          What did
          you hear?
"""

words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), min_size=1).map(
    lambda text: " ".join(text.split()) or "x"
)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
data = st.recursive(
    words | st.lists(words, min_size=1, max_size=3).map("\n".join),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(keys, inner, min_size=1, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(keys, data, min_size=1, max_size=5))
def test_what_is_written_reads_back_the_same(document: dict[str, Any]) -> None:
    assert data_at(written(document)) == document


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_survey_written_anew_says_the_same_and_is_as_sound(path: Path) -> None:
    source = path.read_text()

    anew = written(data_at(source))  # type: ignore[arg-type]  # a questionnaire file is a mapping

    assert data_at(anew) == data_at(source)
    assert [fault.message for fault in check(anew)] == [fault.message for fault in check(source)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_writing_what_is_there_already_changes_no_letter(path: Path) -> None:
    source = path.read_text()
    pages: Any = data_at(source, ("pages",))

    for number, page in enumerate(pages):
        for place, question in enumerate(page["questions"]):
            for key, value in question.items():
                assert replaced(source, ("pages", number, "questions", place, key), value) == source


@settings(max_examples=15, deadline=None)
@given(data_=st.data(), text=words)
def test_changed_words_leave_every_other_part_and_every_note(data_: st.DataObject, text: str) -> None:
    source = (ROOT / "surveys" / "vrn-community-safety.yaml").read_text()
    pages: Any = data_at(source, ("pages",))
    page = data_.draw(st.integers(0, len(pages) - 1))
    place = data_.draw(st.integers(0, len(pages[page]["questions"]) - 1))
    key = data_.draw(st.sampled_from(["text", "hint", "reason"]))

    changed = replaced(source, ("pages", page, "questions", place, key), text)

    expected: Any = data_at(source)
    expected["pages"][page]["questions"][place][key] = text
    assert data_at(changed) == expected
    assert [line for line in changed.split("\n") if line.lstrip().startswith("#")] == [
        line for line in source.split("\n") if line.lstrip().startswith("#")
    ]


@settings(max_examples=15, deadline=None)
@given(data_=st.data())
def test_moving_there_and_back_gives_the_same_file(data_: st.DataObject) -> None:
    source = (ROOT / "surveys" / "vrn-community-safety.yaml").read_text()
    pages: Any = data_at(source, ("pages",))
    place = data_.draw(st.integers(0, len(pages) - 1))
    to = data_.draw(st.integers(0, len(pages) - 1))

    there = moved(source, ("pages", place), to - place)

    assert data_at(there, ("pages", to)) == pages[place]
    assert moved(there, ("pages", to), place - to) == source


def test_what_is_put_in_and_taken_out_again_leaves_no_trace() -> None:
    item: Any = {"page": "new", "title": "New", "questions": [{"id": "q", "kind": "long_text", "text": "What?"}]}

    for place in range(3):
        grown = inserted(SAMPLE, ("pages",), place, item)
        assert data_at(grown, ("pages", place)) == item
        assert "# About noise.\n  - page: two" in grown
        assert removed(grown, ("pages", place)) == SAMPLE


def test_the_note_after_a_value_stays_with_it() -> None:
    assert "    title: Short  # to be shortened\n" in replaced(SAMPLE, ("pages", 1, "title"), "Short")


def test_long_words_are_folded_as_a_person_would() -> None:
    changed = replaced(SAMPLE, ("pages", 0, "questions", 0, "text"), " ".join(["How safe or unsafe do you feel"] * 5))

    assert "        text: >-\n          How safe" in changed
    assert max(map(len, changed.split("\n"))) <= 120


def test_options_on_one_line_get_a_line_each_when_one_has_more_to_say() -> None:
    options: Any = {"yes": "Yes", "no": {"text": "No", "role": "none"}}

    changed = replaced(SAMPLE, ("pages", 0, "questions", 0, "options"), options)

    assert "        options:\n          yes: Yes\n          no: {text: No, role: none}\n" in changed


def test_a_page_moves_with_the_note_above_it() -> None:
    assert moved(SAMPLE, ("pages", 1), -1).index("# About noise.") < moved(SAMPLE, ("pages", 1), -1).index("First")


def test_a_removed_key_takes_its_note_along() -> None:
    without = replaced(SAMPLE, ("pages", 0, "questions"), None)

    assert "Asked every year" not in without
    assert isinstance(compose(without), yaml.MappingNode)


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        data_at(SAMPLE, ("pages", 7, "title"))


def test_a_line_is_traced_to_its_page_and_question() -> None:
    source = (ROOT / "tests" / "questionnaires" / "routing.yaml").read_text()
    lines = source.splitlines()

    def place_of(start: str) -> tuple[int, int | None] | None:
        return place_of_line(source, next(number for number, line in enumerate(lines, 1) if start in line))

    assert place_of("title: Conditions") is None
    assert place_of("page: reported") == (1, None)
    assert place_of("text: Was it reported?") == (1, 0)
    assert place_of("id: anything") == (2, 1)
    assert place_of_line(f"{source}translations: {{}}\n", len(lines) + 1) is None
    assert place_of_line("{}\n", 1) is None
