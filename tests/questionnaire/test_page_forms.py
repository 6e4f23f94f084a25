"""A page's form: whatever is sent, the page can be shown again with it and says what to do."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questionnaire.made_questionnaires import CONTEXT, questionnaires
from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.pages import Showing, read_page

NAUGHTY = [
    "",
    " ",
    "\x00",
    "\ud800",
    "🙂" * 40,
    "undefined",
    "NaN",
    "-1e309",
    "1" * 5000,
    "٣",
    "%(x)s %s {0}",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "a.b",
    "yes",
    "x" * 1_000_000,
    "\u202eevil",
    "2022-13-45",
]


@settings(max_examples=50, deadline=None)
@given(questionnaires(), st.data())
def test_nothing_a_browser_can_send_makes_a_page_fail(questionnaire: Questionnaire, data: st.DataObject) -> None:
    values = st.lists(st.one_of(st.sampled_from(NAUGHTY), st.text(max_size=20), st.sampled_from(["a", "none", "E1"])))
    for page in questionnaire.pages:
        names = [field for question in page.questions for field in question.fields()]
        form: MultiDict[str, str] = MultiDict({name: data.draw(values) for name in [*names, "unknown"]})

        result = read_page(page, form, CONTEXT)

        assert not result.answers.keys() & {error.question_id for error in result.errors}
        assert result.typed == {name: form.getlist(name) for name in names if form.getlist(name)}
        for question_id, answer in result.answers.items():
            question = questionnaire.question(question_id)
            again = question.parse(MultiDict(question.fill(answer)), CONTEXT)
            assert again == answer


def test_one_wrong_answer_does_not_lose_the_others(questionnaire_for: Callable[[str], Questionnaire]) -> None:
    page = questionnaire_for("number").pages[0]

    result = read_page(page, MultiDict({"years": "long", "miles": "3.5"}))

    assert result.answers == {"miles": 3.5}
    assert [(error.question_id, error.field_id) for error in result.errors] == [("years", "years")]
    assert result.typed == {"years": ["long"], "miles": ["3.5"]}


@pytest.mark.parametrize("name", ["single", "rank"])
def test_what_was_typed_is_shown_with_its_error(questionnaire_for: Callable[[str], Questionnaire], name: str) -> None:
    page = questionnaire_for(name).pages[0]
    field = page.questions[0].fields()[-1]
    result = read_page(page, MultiDict({field: "forged"}))
    showing = Showing(typed=result.typed, errors=result.errors)

    assert showing.value(field) == "forged"
    assert showing.error(result.errors[0].field_id) == result.errors[0].message
