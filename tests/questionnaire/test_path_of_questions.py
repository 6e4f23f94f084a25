"""The path: which pages and questions are asked, given the answers so far."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questionnaire.made_questionnaires import CONTEXT, answered, answers
from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.pages import fill_page, read_page
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.path import (
    Length,
    Paths,
    answers_on,
    length_from,
    on_path,
    page_after,
    page_before,
    path,
)
from csp_consult.questionnaire.questions.base import Answer

QuestionnaireFor = Callable[[str], Questionnaire]


def asked(questionnaire: Questionnaire, given_answers: dict[str, Answer]) -> list[str]:
    return [question.id for page in path(questionnaire, given_answers) for question in page.questions]


@pytest.mark.parametrize(
    ("given_answers", "expected"),
    [
        ({}, ["victim", "anything"]),
        ({"victim": "no"}, ["victim", "anything"]),
        ({"victim": "yes"}, ["victim", "reported", "anything"]),
        ({"victim": "yes", "reported": "no"}, ["victim", "reported", "why_not", "anything"]),
        ({"victim": "prefer_not"}, ["victim"]),
    ],
)
def test_conditions_decide_what_is_asked(
    questionnaire_for: QuestionnaireFor, given_answers: dict[str, Answer], expected: list[str]
) -> None:
    assert asked(questionnaire_for("routing"), given_answers) == expected


def test_an_answer_off_the_path_counts_as_not_given_and_is_not_submitted(questionnaire_for: QuestionnaireFor) -> None:
    routing = questionnaire_for("routing")
    changed_their_mind = {"victim": "no", "reported": "no", "why_not": "Nobody came."}

    assert "why_not" not in asked(routing, changed_their_mind)
    assert on_path(routing, changed_their_mind) == {"victim": "no"}


def test_a_page_that_is_not_on_the_path_has_no_neighbours(questionnaire_for: QuestionnaireFor) -> None:
    pages = path(questionnaire_for("routing"), {})

    with pytest.raises(KeyError):
        page_after(pages, "reported")


def test_the_number_of_pages_is_told_as_the_most_while_an_answer_can_still_change_it(
    questionnaire_for: QuestionnaireFor,
) -> None:
    routing = questionnaire_for("routing")
    told = [
        length_from(routing, path(routing, given_answers), page, given_answers)
        for page, given_answers in (("victim", {"victim": "no"}), ("after", {"victim": "no"}))
    ]

    assert told == [Length(3, exact=False), Length(2, exact=True)]


@settings(max_examples=50, deadline=None)
@given(answered())
def test_taking_only_the_answers_on_the_path_twice_is_taking_them_once(
    case: tuple[Questionnaire, dict[str, Answer]],
) -> None:
    questionnaire, given_answers = case
    kept = on_path(questionnaire, given_answers)

    assert on_path(questionnaire, kept) == kept
    assert path(questionnaire, kept) == path(questionnaire, given_answers)


@settings(max_examples=50, deadline=None)
@given(answered(), st.data())
def test_many_peoples_paths_are_those_of_each(
    case: tuple[Questionnaire, dict[str, Answer]], data: st.DataObject
) -> None:
    questionnaire, given_answers = case
    every = [question for question in questionnaire.questions.values() if question.fields()]
    others = [
        {question.id: data.draw(answers(question)) for question in every if data.draw(st.booleans())} for _ in range(3)
    ]
    paths = Paths(questionnaire)

    for said in (given_answers, *others, given_answers):
        assert paths.on_path(said) == on_path(questionnaire, said)


def test_a_place_that_moves_up_when_an_option_is_taken_away_decides_for_each_of_many_people(
    source_of: Callable[[str], str],
) -> None:
    options = """{a: {text: Ash, show_if: {question: victim, is: yes}}, b: Beech, c: Cherry, d: Damson}"""
    top = f"""
  - page: top
    title: Trees
    questions: [{{id: top, kind: rank, text: "Which come first?", options: {options}}}]
  - page: beech
    title: Beeches
    show_if: {{question: top.1, is: b}}
    questions: [{{id: beech, kind: long_text, text: "Why beeches?"}}]
"""
    routing = load(source_of("routing") + top)
    paths = Paths(routing)

    for second in ("c", "b"):
        said = {"victim": "no", "top": ["a", second], "beech": "Because."}
        assert paths.on_path(said) == on_path(routing, said)
    assert paths.on_path(said) == {"victim": "no", "top": ["b"], "beech": "Because."}


@settings(max_examples=50, deadline=None)
@given(answered())
def test_a_path_keeps_the_order_of_the_file_and_asks_nothing_twice(
    case: tuple[Questionnaire, dict[str, Answer]],
) -> None:
    questionnaire, given_answers = case
    on_it = asked(questionnaire, given_answers)

    assert on_it == [question_id for question_id in questionnaire.questions if question_id in set(on_it)]


@settings(max_examples=50, deadline=None)
@given(answered())
def test_back_then_next_is_where_one_was(case: tuple[Questionnaire, dict[str, Answer]]) -> None:
    pages = path(*case)
    for page in pages[1:]:
        before = page_before(pages, page.id)

        assert before is not None
        assert page_after(pages, before.id) == page
    assert page_before(pages, pages[0].id) is None


@settings(max_examples=100, deadline=None)
@given(answered())
def test_the_number_of_pages_told_never_grows_along_a_path_and_is_never_too_small(
    case: tuple[Questionnaire, dict[str, Answer]],
) -> None:
    pages = path(*case)

    told = [length_from(case[0], pages, page.id, case[1]) for page in pages]

    assert [one.pages for one in told] == sorted((one.pages for one in told), reverse=True)
    assert all(one.pages >= len(pages) for one in told)
    assert all(one.pages == len(pages) for one in told if one.exact)


@settings(max_examples=50, deadline=None)
@given(answered(), st.data())
def test_whoever_goes_back_and_forth_ends_and_submits_exactly_the_answers_on_their_path(
    case: tuple[Questionnaire, dict[str, Answer]], data: st.DataObject
) -> None:
    questionnaire, draft = case
    said: dict[str, Answer] = dict(draft)
    page = path(questionnaire, draft)[0]
    steps = 0
    while True:
        steps += 1
        sent: dict[str, list[str]] = {}
        for question in page.questions:
            answer = data.draw(answers(question)) if data.draw(st.booleans()) and question.fields() else None
            said.pop(question.id, None)
            if answer is not None:
                said[question.id] = answer
                sent.update(question.fill(answer))
        result = read_page(page, MultiDict(sent), CONTEXT)
        assert result.errors == []
        draft = {key: value for key, value in draft.items() if key not in {one.id for one in page.questions}}
        draft.update(result.answers)
        assert read_page(page, MultiDict(fill_page(page, draft)), CONTEXT).answers == result.answers
        pages = path(questionnaire, draft)
        goes_back = data.draw(st.booleans()) and steps < 8
        following = (page_before(pages, page.id) if goes_back else None) or page_after(pages, page.id)
        if following is None:
            break
        page = following

    assert steps <= 8 + 2 * len(questionnaire.pages)
    submitted = on_path(questionnaire, draft)
    assert submitted == answers_on(path(questionnaire, draft), draft)
    on_it = [question for one in path(questionnaire, draft) for question in one.questions]
    left = {question.id: question.restricted(said[question.id]) for question in on_it if question.id in said}
    assert submitted == {key: answer for key, answer in left.items() if answer is not None}
