"""Every question of the bank can be put into a questionnaire as it stands."""

import pytest

from csp_consult.questionnaire.bank import BankQuestion, bank, trial
from csp_consult.questionnaire.parse import check, load

HARMONISED = {
    *("age", "sex", "gender_identity", "ethnicity", "religion", "orientation", "condition", "restriction"),
    *("marital_status", "tenure", "economic_activity", "carer"),
}


@pytest.mark.parametrize("question", bank(), ids=lambda question: question.id)
def test_a_question_of_the_bank_is_sound_and_says_where_it_comes_from(question: BankQuestion) -> None:
    faults = [fault.message for fault in check(trial(question)) if fault.severity == "fault"]

    assert not faults
    assert question.source


def test_ids_of_the_bank_are_its_own() -> None:
    ids = [question.id for question in bank()]

    assert len(ids) == len(set(ids))


def test_the_harmonised_set_says_its_standard_why_it_asks_and_leaves_a_way_out() -> None:
    found = {
        question.id: load(trial(question)).question(question.id) for question in bank() if question.id in HARMONISED
    }

    assert found.keys() == HARMONISED
    for question in found.values():
        assert question.standard
        assert question.reason()
        assert question.way_out()
        assert not question.required
