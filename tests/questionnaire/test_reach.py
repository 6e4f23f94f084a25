"""What no answers lead to is found, however many ways the answers combine in."""

from collections.abc import Iterator
from itertools import combinations, permutations, product
from math import prod
from typing import Any

import pytest
from hypothesis import assume, given, settings
from questionnaire.made_questionnaires import given_as, page_of, single, source_of, sources

from csp_consult.questionnaire.faults import ADVICE
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import check, compiled, load
from csp_consult.questionnaire.path import path
from csp_consult.questionnaire.questions.base import Answer, Question
from csp_consult.questionnaire.questions.choice import Choosing, Multiple, Single
from csp_consult.questionnaire.questions.grid import Grid
from csp_consult.questionnaire.questions.rank import Rank
from csp_consult.questionnaire.reach import Reach, UnknownError
from csp_consult.questionnaire.routes import routes, too_many
from csp_consult.resources import resource_folder

MOST_TRIED = 3_000


def every_answer(question: Question) -> list[Answer]:
    """Everything that a person can answer to a question that conditions look at; None for leaving it open."""
    assert isinstance(question, Choosing)
    free = [option.code for option in question.options if not option.exclusive]
    alone = [option.code for option in question.options if option.exclusive]
    if isinstance(question, Grid):
        rows = [row.code for row in question.rows]
        filled = product([None, *free, *alone], repeat=len(rows))
        return [{row: code for row, code in zip(rows, one, strict=True) if code} or None for one in filled]
    if isinstance(question, Rank):
        return [None, *([code] for code in alone), *_some_of(permutations, free, question.places)]
    if isinstance(question, Multiple):
        return [None, *([code] for code in alone), *_some_of(combinations, free, len(free))]
    assert isinstance(question, Single)
    return [None, *free, *alone]


def _some_of(how: Any, codes: list[str], most: int) -> Iterator[list[str]]:
    for number in range(1, most + 1):
        yield from map(list, how(codes, number))


def shown_by_trying(questionnaire: Questionnaire) -> set[tuple[str, str]]:
    """The questions, options and rows that some combination of answers shows, by trying every one."""
    tried = {one: every_answer(questionnaire.question(one)) for one in sorted(questionnaire.deciding)}
    assume(prod(map(len, tried.values())) <= MOST_TRIED)
    seen: set[tuple[str, str]] = set()
    for combination in product(*tried.values()):
        answers = {one: answer for one, answer in zip(tried, combination, strict=True) if answer is not None}
        for page in path(questionnaire, answers):
            for question in page.questions:
                seen |= {(question.id, ""), *((question.id, one.code) for one in question.offered_by_answers())}
    return seen


@settings(max_examples=60, deadline=None)
@given(sources())
def test_what_is_found_to_be_shown_is_what_trying_every_answer_shows(source: str) -> None:
    questionnaire = compiled(source)
    tried = shown_by_trying(questionnaire)

    reach = Reach(questionnaire)

    assert {(one.question.id, one.code) for one in reach.shown if reach.leading_to(one.when) is not None} == tried


def thirty_that_decide(*after: dict[str, Any]) -> str:
    """Thirty questions with four outcomes each: more combinations than there are grains of sand."""
    deciding = [page_of(f"page-{number}", single(f"q{number}")) for number in range(30)]
    every = {"all": [given_as(f"q{number}", "a", "b") for number in range(30)]}
    return source_of([*deciding, page_of("all", single("all_of_them"), show_if=every), *after])


def test_where_answers_combine_in_too_many_ways_what_nobody_can_see_is_still_named_by_line() -> None:
    never = {"all": [given_as("q7", "a"), given_as("q7", "b")]}
    options = {"a": "Apple", "b": "Berry", "c": {"text": "Cherry", "show_if": given_as("never", "a")}}
    source = thirty_that_decide(
        page_of("last", single("never", show_if=never), single("asked")),
        page_of("end", single("filtered", options=options), show_if={"not": given_as("all_of_them", "c")}),
    )
    assert too_many(compiled(source))
    lines = source.splitlines()

    found = [(fault.severity, fault.message, lines[fault.line : fault.line + 1]) for fault in check(source)]

    assert found == [
        ("fault", "No answers lead to question never: its conditions rule one another out.", ['     "id": "never",']),
        (
            "fault",
            "Nobody can choose 'c' of question filtered: its conditions rule one another out.",
            ['     "id": "filtered",'],
        ),
    ]


def test_where_it_cannot_be_told_the_question_is_named_and_the_file_may_still_be_used() -> None:
    deciding = [page_of(f"page-{number}", single(f"q{number}")) for number in range(150)]
    hard = {"all": [given_as(f"q{number}", "a", "b", "c") for number in range(150)]}
    options = {"a": "Apple", "b": "Berry", "c": {"text": "Cherry", "show_if": hard}}
    source = source_of(
        [*deciding, page_of("last", single("hard", show_if=hard)), page_of("end", single("part", options=options))]
    )

    found = check(source)

    assert [fault.severity for fault in found] == [ADVICE, ADVICE]
    assert "it was not found out whether anybody can reach question hard" in found[0].message
    assert "whether anybody can choose 'c' of question part" in found[1].message
    assert "hard" in load(source).questions


def chained(length: int) -> str:
    """Questions of which each offers an option only to those who chose that of the question before."""
    pages = [page_of("page-0", single("q0"))]
    for number in range(1, length):
        when = {"all": [{"not": {"not": given_as(f"q{number - 1}", "c")}}]}
        options = {"a": "Apple", "b": "Berry", "c": {"text": "Cherry", "show_if": when}}
        pages.append(page_of(f"page-{number}", single(f"q{number}", options=options)))
    return source_of(pages)


def test_options_that_hang_on_one_another_for_hundreds_of_questions_are_followed_to_the_end() -> None:
    reach = Reach(compiled(chained(300)))

    assert len(reach.leading_to(reach.shown[-1].when) or ()) == 299


def test_a_check_ends_however_much_hangs_together_and_still_knows_what_everybody_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("csp_consult.questionnaire.reach.MOST_WORK", 2_000)
    reach = Reach(compiled(chained(700)))
    unknown: list[tuple[str, str]] = []

    for one in reach.shown:
        try:
            assert reach.leading_to(one.when) is not None
        except UnknownError:
            unknown.append((one.question.id, one.code))

    assert {code for _, code in unknown} == {"c"}
    assert ("q699", "c") in unknown
    assert ("q5", "c") not in unknown


def test_a_question_that_offers_nothing_but_ways_out_is_asked_of_nobody() -> None:
    options = {
        "dk": {"text": "Don't know", "role": "dont_know"},
        "not": {"text": "Prefer not to say", "role": "prefer_not", "show_if": given_as("first", "a")},
    }
    source = source_of([page_of("one", single("first")), page_of("two", single("second", options=options))])

    assert [fault.message for fault in check(source)] == [
        "No answers lead to question second: its conditions rule one another out."
    ]


def test_an_option_that_is_never_offered_leads_nowhere() -> None:
    options = {"a": "Apple", "b": "Berry", "c": {"text": "Cherry", "show_if": given_as("first", "a")}}
    source = source_of(
        [
            page_of("one", single("first")),
            page_of("two", single("second", options=options)),
            page_of("three", single("third", show_if={"all": [given_as("first", "b"), given_as("second", "c")]})),
        ]
    )

    assert [fault.message for fault in check(source)] == [
        "No answers lead to question third: its conditions rule one another out."
    ]


def test_two_questions_that_wait_for_each_other_are_refused_as_a_loop_would_be() -> None:
    source = source_of(
        [
            page_of("one", single("first", show_if=given_as("second", "a"))),
            page_of("two", single("second", show_if=given_as("first", "a"))),
        ]
    )

    assert "names question 'second', which is not on an earlier page; move it before" in check(source)[0].message


def test_the_paths_that_stand_for_too_many_show_every_question_and_option() -> None:
    some = {"a": "Apple", "b": "Berry", "c": {"text": "Cherry", "show_if": given_as("all_of_them", "b")}}
    made = load(thirty_that_decide(page_of("end", single("filtered", options=some))))
    vrn = load((resource_folder("surveys") / "vrn-community-safety.yaml").read_text(encoding="utf-8"))

    for questionnaire in (made, vrn):
        assert too_many(questionnaire)
        found = routes(questionnaire)
        walked = [question for route in found for page in route.pages for question in page.questions]
        shown = {(question.id, choice.code) for question in walked for choice in question.choices()}
        assert {question.id for question in walked} == set(questionnaire.questions)
        assert shown == {
            (question.id, choice.code) for question in questionnaire.questions.values() for choice in question.choices()
        }
