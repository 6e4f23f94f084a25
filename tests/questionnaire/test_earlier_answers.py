"""Earlier answers in later pages: quoted in texts, deciding which options there are; and options in a drawn order."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.cautions import cautions
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.pages import in_order, orders, read_page
from csp_consult.questionnaire.parse import check
from csp_consult.questionnaire.path import on_path, path
from csp_consult.questionnaire.questions.base import ANSWERED

QuestionnaireFor = Callable[[str], Questionnaire]


@pytest.mark.parametrize(
    ("answers", "lead", "question"),
    [
        ({}, "You chose nothing.", "What about your dogs?"),
        ({"top": ["noise", "dogs"], "dogs": 1}, "You chose noise.", "What about your 1 dog?"),
        ({"top": ["none"], "dogs": 3}, "You chose nothing.", "What about your 3 dogs?"),
    ],
)
def test_a_text_quotes_an_earlier_answer_and_stays_whole_without_one(
    questionnaire_for: QuestionnaireFor, answers: dict[str, Any], lead: str, question: str
) -> None:
    page = path(questionnaire_for("quoting"), answers)[1]

    assert page.lead() == lead
    assert page.questions[0].text() == question


def test_each_language_has_its_own_plural_forms(questionnaire_for: QuestionnaireFor) -> None:
    texts = [path(questionnaire_for("quoting"), {"dogs": n})[1].questions[0].text("cy") for n in (0, 2, 3, 10)]

    assert texts == ["Beth am 0 ci?", "Beth am 2 gi?", "Beth am 3 chi?", "Beth am 10 ci?"]


def test_a_quoted_answer_is_only_ever_text(questionnaire_for: QuestionnaireFor) -> None:
    hostile = {"top": ["{top.1, none {x}}"]}

    assert path(questionnaire_for("quoting"), hostile)[1].lead() == "You chose nothing."


def test_a_question_away_from_the_path_reads_as_without_an_answer(questionnaire_for: QuestionnaireFor) -> None:
    assert questionnaire_for("quoting").question("more").text() == "What about your dogs?"


def offered(questionnaire: Questionnaire, answers: dict[str, Any]) -> list[str]:
    return [choice.code for choice in path(questionnaire, answers)[1].questions[0].choices()]


def test_options_are_those_an_earlier_answer_left(questionnaire_for: QuestionnaireFor) -> None:
    assert offered(questionnaire_for("filtered"), {"seen": ["litter", "speeding"]}) == ["litter", "speeding", "dk"]


def test_a_question_with_nothing_left_to_choose_is_not_asked(questionnaire_for: QuestionnaireFor) -> None:
    assert [page.id for page in path(questionnaire_for("filtered"), {"seen": ["none"]})] == ["first"]


def test_an_option_that_went_can_neither_be_sent_nor_stay(questionnaire_for: QuestionnaireFor) -> None:
    filtered = questionnaire_for("filtered")
    page = path(filtered, {"seen": ["litter"]})[1]

    assert read_page(page, MultiDict({"worst": "noise"})).errors[0].field_id == "worst"
    changed = {"seen": ["litter"], "worst": "noise"}
    assert on_path(filtered, changed) == {"seen": ["litter"]}


def test_a_drawn_order_is_the_same_on_every_visit_and_keeps_none_of_these_last(
    questionnaire_for: QuestionnaireFor,
) -> None:
    page = questionnaire_for("filtered").pages[0]
    drawn = {tuple(choice.code for choice in in_order(page, str(n)).questions[0].choices()) for n in range(200)}

    assert len(drawn) == 24, "every order of the four options comes up"
    assert {order[-1] for order in drawn} == {"none"}
    assert in_order(page, "7") == in_order(page, "7")


def test_each_option_comes_first_about_equally_often(questionnaire_for: QuestionnaireFor) -> None:
    pages = questionnaire_for("filtered").pages
    firsts = [orders(pages, str(n))["seen"][0] for n in range(2000)]

    assert all(400 < firsts.count(code) < 600 for code in ("litter", "noise", "speeding", "graffiti"))


def test_the_order_does_not_change_what_is_stored_or_counted(questionnaire_for: QuestionnaireFor) -> None:
    question = questionnaire_for("filtered").question("seen")

    assert question.parse(MultiDict([("seen", "noise"), ("seen", "litter")])) == ["litter", "noise"]
    assert question.tally(["litter"]) == [("seen", ANSWERED), ("seen", "litter")]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Write to jo.bloggs@example.org.uk about it", "e-mail address"),
        ("Ring 07700 900123 at night", "telephone number"),
        ("Ring (01858) 821 100", "telephone number"),
        ("Ring +44 7700 900 123", "telephone number"),
        ("a blue van, ab12 cde, parks there", "vehicle’s number"),
        ("a blue van A123 BCD", "vehicle’s number"),
    ],
)
def test_words_that_may_tell_who_somebody_is_draw_a_word_of_caution(words: str, kind: str) -> None:
    (caution,) = cautions(words)

    assert kind in caution()
    assert caution("cy") != caution()


@pytest.mark.parametrize(
    "words", ["", "It cost £1,250.00 in 2024", "The A47 and the A6 at 23:30", "LE16 7AB", "Since 01/02/2023 @ the park"]
)
def test_ordinary_words_draw_none(words: str) -> None:
    assert cautions(words) == []


def test_free_text_asks_not_to_name_people_and_the_check_says_where_it_does_not(
    source_of: Callable[[str], str],
) -> None:
    silent = source_of("text").replace("        hint: Please do not name people.\n", "")
    other = source_of("text").replace("Please do not name people.", "In your own way.")

    assert check(silent) == []
    assert "ask them not to name anybody" in check(other)[0].message
