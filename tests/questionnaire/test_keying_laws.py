"""Laws of keying, for every questionnaire: what is keyed for an answer reads back as it, and nothing makes it fail."""

from hypothesis import given, settings
from hypothesis import strategies as st
from questionnaire.made_questionnaires import CONTEXT, answered, questionnaires
from questionnaire.test_page_forms import NAUGHTY
from werkzeug.datastructures import MultiDict

from csp_consult.questionnaire.keying import differing, keyed_alike, left_out, read_keyed
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.path import on_path
from csp_consult.questionnaire.printed import numbered, printed
from csp_consult.questionnaire.questions.base import Answer

Answered = tuple[Questionnaire, dict[str, Answer]]


@given(answered())
@settings(deadline=None, max_examples=30)
def test_every_answer_can_be_keyed_and_reads_back_the_same(made: Answered) -> None:
    questionnaire, answers = made
    keyed = keyed_alike(questionnaire, answers, answers, CONTEXT)

    read = read_keyed(questionnaire, MultiDict(keyed), CONTEXT, "en")

    assert read.errors == []
    assert read.answers == answers
    assert differing(questionnaire, read.answers, answers) == []


@given(answered())
@settings(deadline=None, max_examples=30)
def test_what_is_left_out_is_what_the_path_does_not_take(made: Answered) -> None:
    questionnaire, answers = made
    dropped = left_out(questionnaire, answers)

    kept = on_path(questionnaire, answers)

    assert {key: value for key, value in answers.items() if key not in dropped} == {
        key: value for key, value in kept.items() if key not in dropped
    }
    assert left_out(questionnaire, kept) == []


@given(questionnaires(), st.data())
@settings(deadline=None, max_examples=30)
def test_nothing_that_is_keyed_makes_a_form_fail_or_is_lost(questionnaire: Questionnaire, data: st.DataObject) -> None:
    lines = [line.name for one in questionnaire.questions.values() for line in one.lines(CONTEXT)]
    texts = (
        st.sampled_from(NAUGHTY) | st.text(max_size=30) | st.sampled_from(["1", "0", "12", "1 1", "A", "zz", ",", "."])
    )
    typed = data.draw(st.dictionaries(st.sampled_from(lines), texts)) if lines else {}

    read = read_keyed(questionnaire, MultiDict(typed), CONTEXT, "en")

    assert {name: values[0] for name, values in read.typed.items() if values[0]} == {
        name: text for name, text in typed.items() if text
    }
    for error in read.errors:
        assert error.field_id in lines
        assert error.message.startswith(f"Question {numbered(questionnaire)[error.question_id]}: ")


@given(questionnaires())
@settings(deadline=None, max_examples=30)
def test_screen_and_print_number_questions_and_options_alike(questionnaire: Questionnaire) -> None:
    items = [item for part in printed(questionnaire, "en", CONTEXT) for item in part.items]

    assert [item.number for item in items if item.lines] == list(range(1, len(numbered(questionnaire)) + 1))
    for item in items:
        for line in item.lines:
            assert not line.options or [one.code for one in line.options.values()] == [
                choice.code for choice in item.options.values()
            ]
