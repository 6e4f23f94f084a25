"""What changed between two versions, in plain words, and which trends it breaks; every way through a version."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from questionnaire.made_questionnaires import answered

from csp_consult.questionnaire.comparing import BROKEN, DISTURBED, KEPT, compared
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.parse import load
from csp_consult.questionnaire.path import path
from csp_consult.questionnaire.questions.base import Answer
from csp_consult.questionnaire.routes import routes, too_many

FOLDER = Path(__file__).resolve().parents[1] / "questionnaires"
ROUTING = (FOLDER / "routing.yaml").read_text()


@pytest.mark.parametrize(
    ("before", "after", "question", "sentence", "trend"),
    [
        ("text: Was it reported?", "text: Was it told?", "reported", "is worded differently: was “Was it rep", BROKEN),
        ("options: {yes: Yes, no: No}", "options: {no: No, yes: Yes}", "reported", "in another order", BROKEN),
        ("options: {yes: Yes, no: No}", "options: {yes: Yes, no: No, dk: Unsure}", "reported", "new option", BROKEN),
        ("options: {yes: Yes, no: No}", "options: {yes: Yes, no: Not}", "reported", "‘no’ is worded differ", BROKEN),
        (
            "show_if: {question: victim, is: yes}\n",
            "show_if: {question: victim, is: [yes, no]}\n",
            "reported",
            "others",
            BROKEN,
        ),
        ("text: Was it reported?", "text: Was it reported?\n        hint: To them.", "reported", "hint", DISTURBED),
        ("text: Was it reported?", "text: Was it reported?\n        required: yes", "reported", "must now", DISTURBED),
        ("title: Telling the police", "title: The police", "", "is now called “The police”", KEPT),
        ("title: Conditions", "title: Other", "", "The title was “Conditions” and is “Other”.", KEPT),
    ],
)
def test_a_change_is_told_in_words_with_what_it_does_to_the_trend(
    before: str, after: str, question: str, sentence: str, trend: str
) -> None:
    assert before in ROUTING

    found = compared(load(ROUTING), load(ROUTING.replace(before, after)))

    assert any(
        (change.question, change.trend) == (question, trend) and sentence in change.sentence for change in found.changes
    ), found.changes


def test_the_same_words_under_another_code_break_the_trend() -> None:
    single = (FOLDER / "single.yaml").read_text()

    [change] = compared(load(single), load(single.replace("unsafe: {text", "not_safe: {text"))).changes

    assert change.sentence == "the option “Unsafe” has another code: ‘unsafe’ became ‘not_safe’"
    assert change.trend == BROKEN


def test_questions_that_come_go_and_move_are_named() -> None:
    lines = ROUTING.split("      - id: why_not\n")
    anything = lines[1][lines[1].index("      - id: anything") :]
    why_not = lines[1][: lines[1].index("      - id: anything")]
    swapped = f"{lines[0]}{anything}      - id: why_not\n{why_not}"

    gone = compared(load(ROUTING), load(lines[0] + anything))
    come = compared(load(lines[0] + anything), load(ROUTING))
    moved = compared(load(ROUTING), load(swapped))

    assert gone.broken == ["why_not"]
    assert [(change.question, change.trend) for change in come.changes] == [("why_not", KEPT)]
    assert [change.trend for change in moved.changes] == [DISTURBED]
    assert "stands elsewhere" in moved.changes[0].sentence


@settings(max_examples=30, deadline=None)
@given(answered())
def test_nothing_changed_between_a_questionnaire_and_itself(case: tuple[Questionnaire, dict[str, Answer]]) -> None:
    questionnaire, _ = case

    found = compared(questionnaire, questionnaire)

    assert not found.changes
    assert found.same == len(questionnaire.questions)


@settings(max_examples=30, deadline=None)
@given(answered())
def test_whatever_somebody_answers_their_way_is_among_those_listed(
    case: tuple[Questionnaire, dict[str, Answer]],
) -> None:
    questionnaire, given_answers = case
    if too_many(questionnaire):
        return

    listed = {route.asked for route in routes(questionnaire)}

    walked = path(questionnaire, given_answers)
    assert tuple((page.id, tuple(question.id for question in page.questions)) for page in walked) in listed
