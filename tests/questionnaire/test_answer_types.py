"""Each answer type makes one journey: typed, kept, counted, shown, exported, read back."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questionnaire.made_questionnaires import CONTEXT, answers, questionnaires
from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import ANSWERED, AnswerError

QuestionnaireFor = Callable[[str], Questionnaire]

# feature, question, what a browser sends, answer, words, tally, export
JOURNEYS: list[tuple[str, str, list[tuple[str, str]], Any, str, list[tuple[str, str]], dict[str, Any]]] = [
    ("single", "safe", [("safe", "unsafe")], "unsafe", "Unsafe", [("safe", "unsafe")], {"safe": "unsafe"}),
    (
        "multiple",
        "seen",
        [("seen", "noise"), ("seen", "litter")],
        ["litter", "noise"],
        "Litter\nNoise",
        [("seen", ANSWERED), ("seen", "litter"), ("seen", "noise")],
        {"seen.litter": 1, "seen.noise": 1, "seen.none": 0},
    ),
    (
        "grid",
        "rated",
        [("rated.parking", "3")],
        {"parking": "3"},
        "Parking: 3 – a great concern",
        [("rated.parking", "3")],
        {"rated.speeding": None, "rated.parking": "3"},
    ),
    (
        "rank",
        "top",
        [("top.1", "drugs"), ("top.2", "asb"), ("top.3", "")],
        ["drugs", "asb"],
        "1. Drugs\n2. Anti-social behaviour",
        [("top.1", "drugs"), ("top.2", "asb")],
        {"top.1": "drugs", "top.2": "asb", "top.3": None},
    ),
    (
        "other",
        "heard",
        [("heard", "other"), ("heard-said", "  The\tpub ")],
        {"chosen": "other", "said": "The pub"},
        "Somewhere else: The pub",
        [("heard", "other")],
        {"heard": "other", "heard-said": "The pub"},
    ),
    (
        "other",
        "heard",
        [("heard", "poster"), ("heard-said", "The pub")],
        "poster",
        "A poster",
        [("heard", "poster")],
        {"heard": "poster", "heard-said": None},
    ),
    (
        "other",
        "wanted",
        [("wanted-said", "A bench")],
        {"chosen": ["other"], "said": "A bench"},
        "Something else: A bench",
        [("wanted", ANSWERED), ("wanted", "other")],
        {"wanted.lights": 0, "wanted.other": 1, "wanted.none": 0, "wanted-said": "A bench"},
    ),
    (
        "scales",
        "get_on",
        [("get_on", "strongly_agree")],
        "strongly_agree",
        "Strongly agree",
        [("get_on", "strongly_agree")],
        {"get_on": "strongly_agree"},
    ),
    (
        "street",
        "where",
        [("where", "High  Street"), ("where-area", "E2")],
        {"name": "High Street", "area": "E2"},
        "High Street, Thurnby",
        [("where.area", "E2")],
        {"where": "High Street", "where-area": "E2"},
    ),
    ("number", "years", [("years", " 12 ")], 12, "12 years", [], {"years": 12}),
    ("number", "miles", [("miles", "1,200.5")], 1200.5, "1,200.5 miles", [], {"miles": 1200.5}),
    (
        "date",
        "seen_on",
        [("seen_on-day", "5"), ("seen_on-month", "09"), ("seen_on-year", "2022")],
        "2022-09-05",
        "5 September 2022",
        [],
        {"seen_on": "2022-09-05"},
    ),
    (
        "date",
        "moved",
        [("moved-month", "9"), ("moved-year", "2022")],
        "2022-09",
        "September 2022",
        [],
        {"moved": "2022-09"},
    ),
    ("text", "street", [("street", "  High \t Street ")], "High Street", "High Street", [], {"street": "High Street"}),
    (
        "text",
        "comment",
        [("comment", "Dark\r\nlane 🙂")],
        "Dark\nlane 🙂",
        "Dark\nlane 🙂",
        [],
        {"comment": "Dark\nlane 🙂"},
    ),
    ("area", "ward", [("ward", "E2")], "E2", "Thurnby", [("ward", "E2")], {"ward": "E2"}),
    (
        "area",
        "ward",
        [("ward", "outside")],
        "outside",
        "I live outside the district",
        [("ward", "outside")],
        {"ward": "outside"},
    ),
]


@pytest.mark.parametrize(("feature", "question_id", "sent", "answer", "words", "tally", "export"), JOURNEYS)
def test_an_answer_keeps_its_meaning_from_form_to_export(
    questionnaire_for: QuestionnaireFor,
    feature: str,
    question_id: str,
    sent: list[tuple[str, str]],
    answer: Any,
    words: str,
    tally: list[tuple[str, str]],
    export: dict[str, Any],
) -> None:
    question = questionnaire_for(feature).question(question_id)

    assert question.parse(MultiDict(sent), CONTEXT) == answer
    assert question.display(answer, "en", CONTEXT) == words
    assert question.tally(answer) == tally
    assert question.export(answer) == export
    assert [column.name for column in question.columns()] == list(export)


# feature, question, what a browser sends, field at fault, part of the message
REFUSALS: list[tuple[str, str, list[tuple[str, str]], str, str]] = [
    ("single", "safe", [], "safe", "Choose an answer"),
    ("single", "safe", [("safe", "forged")], "safe", "one of the answers shown"),
    ("single", "safe", [("safe", "safe"), ("safe", "unsafe")], "safe", "only one"),
    ("multiple", "seen", [("seen", "none"), ("seen", "noise")], "seen", "either “None of these” or other"),
    ("multiple", "seen", [("seen", "forged")], "seen", "one of the answers shown"),
    ("grid", "rated", [("rated.parking", "9")], "rated.parking", "one of the answers shown"),
    ("rank", "top", [("top.1", "asb"), ("top.2", "asb")], "top.2", "“Anti-social behaviour” twice"),
    ("rank", "top", [("top.2", "asb")], "top.1", "choose an answer for “First”"),
    ("rank", "top", [("top.1", "none"), ("top.2", "asb")], "top.2", "either “None of these” or other"),
    ("number", "years", [("years", "a few")], "years", "digits only"),
    ("number", "years", [("years", "1.5")], "years", "whole number"),
    ("number", "years", [("years", "121")], "years", "from 0 to 120"),
    ("number", "miles", [("miles", "1.55")], "miles", "at most 1 digit"),
    ("number", "miles", [("miles", "-1")], "miles", "at least 0"),
    ("date", "seen_on", [("seen_on-day", "5")], "seen_on", "must include a month"),
    (
        "date",
        "seen_on",
        [("seen_on-day", "30"), ("seen_on-month", "2"), ("seen_on-year", "2022")],
        "seen_on",
        "no such date",
    ),
    (
        "date",
        "seen_on",
        [("seen_on-day", "3"), ("seen_on-month", "2"), ("seen_on-year", "2019")],
        "seen_on",
        "from 1 January 2020 to 31 December 2029",
    ),
    ("date", "moved", [("moved-month", "9"), ("moved-year", "22")], "moved", "year in full"),
    ("text", "street", [("street", "x" * 43)], "street", "by 3 characters"),
    ("text", "comment", [("comment", "x" * 1_000_000)], "comment", "by 999,900 characters"),
    ("area", "ward", [("ward", "E99")], "ward", "areas in the list"),
    ("other", "heard", [("heard", "other"), ("heard-said", "x" * 201)], "heard-said", "by 1 character."),
    ("street", "where", [("where", "x" * 123)], "where", "by 3 characters"),
    ("street", "where", [("where-area", "E99")], "where-area", "areas in the list"),
]


@pytest.mark.parametrize(("feature", "question_id", "sent", "field", "message"), REFUSALS)
def test_what_cannot_be_an_answer_is_refused_with_what_to_do(
    questionnaire_for: QuestionnaireFor,
    feature: str,
    question_id: str,
    sent: list[tuple[str, str]],
    field: str,
    message: str,
) -> None:
    question = questionnaire_for(feature).question(question_id)

    with pytest.raises(AnswerError) as refused:
        question.parse(MultiDict(sent), CONTEXT)

    assert refused.value.field == field
    assert message in refused.value.message


@pytest.mark.parametrize("name", ["multiple", "grid", "rank", "number", "date", "text", "area", "other", "street"])
def test_an_optional_question_left_open_has_no_answer(questionnaire_for: QuestionnaireFor, name: str) -> None:
    for question in questionnaire_for(name).questions.values():
        blank = MultiDict(dict.fromkeys(question.fields(), "  "))

        assert question.parse(MultiDict(), CONTEXT) is None
        assert question.parse(blank, CONTEXT) is None
        assert set(question.export(None).values()) == {None}


def test_information_asks_nothing_and_keeps_its_paragraphs(questionnaire_for: QuestionnaireFor) -> None:
    notice = questionnaire_for("information").question("notice")

    assert notice.parse(MultiDict({"notice": "forged"})) is None
    assert notice.columns() == []


def test_text_loses_only_what_cannot_be_printed_or_stored(questionnaire_for: QuestionnaireFor) -> None:
    comment = questionnaire_for("text").question("comment")

    assert comment.parse(MultiDict({"comment": "Nul\x00 bell\x07 half\ud83d é 🙂 اردو"})) == "Nul bell half é 🙂 اردو"


def test_words_are_shown_in_the_language_asked_for_and_in_english_where_it_is_missing(
    questionnaire_for: QuestionnaireFor,
) -> None:
    known = questionnaire_for("languages").question("known")

    assert known.display("yes", "cy") == "Ydw"
    assert known.display("yes", "pl") == "Yes"


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_form_and_export_are_each_read_back_to_the_same_answer(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    for question in questionnaire.questions.values():
        if not question.fields():
            continue
        answer = data.draw(answers(question))
        exported = {name: "" if value is None else str(value) for name, value in question.export(answer).items()}

        assert question.parse(MultiDict(question.fill(answer)), CONTEXT) == answer
        assert list(exported) == [column.name for column in question.columns()]
        assert question.knowing(CONTEXT).restore(exported) == answer


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_only_declared_question_keys_and_options_are_counted(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    for question in questionnaire.questions.values():
        if not question.fields() or question.area_kind():  # areas are not known to a file
            continue
        for key, option in question.tally(data.draw(answers(question))):
            assert option in question.domain()[key]
