"""Keyed forms: routing as online, one response a form, nothing kept past its date."""

from collections.abc import Mapping
from datetime import date

import pytest
from small_survey import TODAY, make_wave
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from csp_consult.fieldwork import form_batches, keying, notices, retention, tally
from csp_consult.fieldwork.form_batches import BatchError
from csp_consult.fieldwork.keying import Keying
from csp_consult.fieldwork.models import FormEntry, KeyedForm, Response, Wave
from csp_consult.questionnaire.keying import left_out, not_asked, read_keyed
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.questions.base import NO_CONTEXT
from csp_consult.questionnaire.store import questionnaire_of


def desk(session: Session, wave: Wave, officer: str = "olive", *, again_every: int = 1, today: date = TODAY) -> Keying:
    """An officer at the wave's one batch, of which every form is keyed twice unless told otherwise."""
    found = form_batches.listed(session, wave)
    batch = (
        found[0].batch
        if found
        else form_batches.make(
            session,
            wave,
            name="Library",
            mode="paper",
            language="en",
            received=3,
            again_every=again_every,
            notice=notices.current(),
            made_by="olive",
            today=today,
        )
    )
    questionnaire = questionnaire_of(session.get_one(QuestionnaireVersion, wave.questionnaire_id))
    return Keying(session, wave, batch, questionnaire, officer, today)


def test_places_are_keyed_by_letter_and_rows_by_number(session: Session, wave: Wave) -> None:
    at = desk(session, wave)
    keyed = MultiDict({"top.1": "d", "top.2": "A", "problem.asb": "2", "victim": "prefer"})

    read = read_keyed(at.questionnaire, keyed, NO_CONTEXT, "en")

    assert read.errors == []
    assert read.answers == {"top": ["burglary", "speeding"], "problem": {"asb": "fairly"}, "victim": "pns"}


@pytest.mark.parametrize(
    ("keyed", "message"),
    [
        ({"top.2": "A"}, "Question 2: Fill the places in order"),
        ({"top.1": "A", "top.2": "A"}, "Question 2: You chose “Speeding” twice"),
        ({"top.1": "1"}, "Question 2: There is no answer “1” here. Key one of A to D"),
        ({"victim": "1 2"}, "Question 3: There is no answer “1 2” here"),
    ],
)
def test_what_is_keyed_is_held_to_what_is_taken_online(
    session: Session, wave: Wave, keyed: Mapping[str, str], message: str
) -> None:
    read = read_keyed(desk(session, wave).questionnaire, MultiDict(keyed), NO_CONTEXT, "en")

    assert [error.message[: len(message)] for error in read.errors] == [message]


def test_answers_that_others_lead_past_are_named_and_never_stored(session: Session, wave: Wave) -> None:
    at = desk(session, wave, again_every=0)
    answers = {"victim": "no", "reported": "yes"}

    assert left_out(at.questionnaire, answers) == ["reported"]
    assert not_asked(at.questionnaire, answers) == ["reported"]
    keying.key_first(at, 1, answers, once="a")

    assert session.scalars(select(Response.answers)).all() == [{"victim": "no"}]


def test_a_form_that_waits_is_neither_response_nor_count_and_goes_on_the_wave_s_date(
    session: Session, wave: Wave
) -> None:
    at = desk(session, wave)
    keying.key_first(at, 1, {"victim": "no"}, once="a")

    assert tally.fold_all(session, wave.id) == 0
    assert session.scalars(select(FormEntry.answers)).all() == [{"victim": "no"}]
    gone = retention.let_go(session, date(2029, 4, 1), months=24)

    assert gone.waves == [("small/2027", 0)]
    assert session.scalars(select(FormEntry.answers)).all() == []
    late = desk(session, wave, today=date(2029, 4, 1))
    for refused in (
        lambda: keying.key_first(late, 2, {"victim": "no"}, once="b"),
        lambda: keying.key_again(desk(session, wave, "oscar", today=date(2029, 4, 1)), 1, {"victim": "no"}),
        lambda: keying.take_back(late, 1),
    ):
        with pytest.raises(BatchError, match="were erased on their date"):
            refused()


def test_nobody_keys_a_form_twice_themselves(session: Session, wave: Wave) -> None:
    at = desk(session, wave)
    keying.key_first(at, 1, {"victim": "no"}, once="a")

    with pytest.raises(BatchError, match="Somebody else has to key it"):
        keying.key_again(at, 1, {"victim": "no"})
    with pytest.raises(BatchError, match="does not wait"):
        keying.key_again(desk(session, wave, "oscar"), 2, {"victim": "no"})


def test_settling_names_the_answers_that_what_was_chosen_leads_past(session: Session, wave: Wave) -> None:
    keying.key_first(desk(session, wave), 1, {"victim": "yes", "reported": "yes"}, once="a")
    oscar = desk(session, wave, "oscar")
    keying.key_again(oscar, 1, {"victim": "no"})

    dropped = keying.settle(oscar, 1, {"victim": "second", "reported": "first"}, {})

    assert dropped == ["reported"]
    assert session.scalars(select(Response.answers)).all() == [{"victim": "no"}]
    with pytest.raises(BatchError, match="Somebody else may have settled it"):
        keying.settle(oscar, 1, {"victim": "second", "reported": "first"}, {})


def test_a_repeat_of_the_second_keying_changes_nothing(session: Session, wave: Wave) -> None:
    keying.key_first(desk(session, wave), 1, {"victim": "yes"}, once="a")
    oscar = desk(session, wave, "oscar")

    for _ in range(2):
        keying.key_again(oscar, 1, {"victim": "yes"})

    assert len(session.scalars(select(Response.id)).all()) == 1
    assert session.scalars(select(KeyedForm.state)).all() == ["done"]


def test_a_sample_has_one_form_in_ten_wherever_it_starts(session: Session, wave: Wave) -> None:
    batch = desk(session, wave, again_every=10).batch

    assert 0 <= batch.again_from < 10
    assert sum(form_batches.is_keyed_twice(batch, number) for number in range(1, 81)) == 8


def test_nothing_is_keyed_before_a_wave_opens(session: Session) -> None:
    wave = make_wave(session, "later", opens_on=date(2028, 1, 1), closes_on=date(2028, 2, 1))

    with pytest.raises(BatchError, match="has not opened yet"):
        desk(session, wave)


def test_a_repeat_of_the_first_keying_changes_nothing(session: Session, wave: Wave) -> None:
    at = desk(session, wave, again_every=0)

    for _ in range(2):
        keying.key_first(at, 1, {"victim": "yes"}, once="a")

    assert session.scalars(select(Response.answers)).all() == [{"victim": "yes"}]


@pytest.mark.parametrize("again_every", [0, 1])
def test_another_form_keyed_on_the_page_of_one_that_was_saved_is_not_thrown_away(
    session: Session, wave: Wave, again_every: int
) -> None:
    at = desk(session, wave, again_every=again_every)
    keying.key_first(at, 1, {"victim": "yes"}, once="a")

    with pytest.raises(BatchError, match="enter its own number"):
        keying.key_first(at, 1, {"victim": "no"}, once="a")
    form = keying.key_first(at, 2, {"victim": "no"}, once="a")

    assert form.number == 2
    table = FormEntry if again_every else Response
    assert session.scalars(select(table.answers)).all() == [{"victim": "yes"}, {"victim": "no"}]
