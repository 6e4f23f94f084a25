import re
import threading
from unittest.mock import patch
from uuid import UUID

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from small_survey import TODAY, give, make_wave
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from troubled import SOURCE as WITH_OWN_WORDS

from csp_consult.db import writing
from csp_consult.fieldwork import responses
from csp_consult.fieldwork.models import CareFlag, Response, Wave
from csp_consult.fieldwork.references import ALPHABET, new_reference, tidy_reference
from csp_consult.fieldwork.responses import Given


def test_a_submission_is_stored_with_its_cell_and_no_time_of_day(session: Session, wave: Wave) -> None:
    stored = give(session, wave, {"age": "16-24", "sex": "female", "victim": "no"}, "one")

    assert stored.cell == "16-24|female|"
    assert stored.answers == {"age": "16-24", "sex": "female", "victim": "no"}
    assert stored.submitted_on == TODAY
    assert stored.id.version == 4
    assert not stored.folded


def test_answers_off_the_path_are_not_submitted(session: Session, wave: Wave) -> None:
    stored = give(session, wave, {"victim": "no", "reported": "yes"}, "one")

    assert stored.answers == {"victim": "no"}


def test_a_repeated_submission_stores_nothing_and_gives_the_first(session: Session, wave: Wave) -> None:
    first = give(session, wave, {"victim": "no"}, "one")
    session.commit()

    again = give(session, wave, {"victim": "yes"}, "one")

    assert (again.id, again.reference, again.answers) == (first.id, first.reference, {"victim": "no"})
    assert session.scalar(select(func.count()).select_from(Response)) == 1


def test_a_reference_that_is_taken_is_drawn_again(session: Session, wave: Wave) -> None:
    first = give(session, wave, {}, "one")

    with patch.object(responses, "new_reference", side_effect=[first.reference, "7KQ4-M2TX"]):
        second = give(session, wave, {}, "two")

    assert second.reference == "7KQ4-M2TX"


def test_many_presses_at_once_store_one_response(app: Flask) -> None:
    with app.app_context(), writing() as session:
        wave_id = make_wave(session).id
    given_references: list[str] = []

    def press() -> None:
        with app.app_context(), writing() as session:
            given_references.append(give(session, session.get_one(Wave, wave_id), {}, "one").reference)

    presses = [threading.Thread(target=press) for _ in range(6)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert len(given_references) == 6
    assert len(set(given_references)) == 1
    with app.app_context(), writing() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 1


def test_an_import_that_looked_before_the_same_one_was_stored_adds_nothing(session: Session) -> None:
    wave = make_wave(session, source=WITH_OWN_WORDS)
    given = [Given(str(n), {"mark": "I want to end my life"}, "en") for n in range(3)]
    assert responses.submit_many(session, wave, given, mode="imported", today=TODAY) == 3
    session.commit()

    # When it looked, nothing was there yet; when it looks for what it stored, all is there.
    with patch.object(responses, "_submitted", side_effect=[set(), {one.submission for one in given}]):
        again = responses.submit_many(session, wave, given, mode="imported", today=TODAY)

    assert again == 0
    assert session.scalar(select(func.count()).select_from(Response)) == 3
    assert session.scalar(select(func.count()).select_from(CareFlag)) == 3


def test_a_response_is_found_by_its_reference_however_that_is_typed(session: Session, wave: Wave) -> None:
    stored = give(session, wave, {}, "one")

    found = responses.find(session, f" {stored.reference.lower().replace('-', ' ')} ")

    assert found is stored


def test_withdrawing_erases_the_response_and_says_whether_there_was_one(session: Session, wave: Wave) -> None:
    stored = give(session, wave, {}, "one")

    assert responses.withdraw(session, stored.reference)
    assert not responses.withdraw(session, stored.reference)
    assert responses.find(session, stored.reference) is None


@given(st.text())
def test_nothing_that_is_typed_as_a_reference_can_upset_the_database(typed: str) -> None:
    assert re.fullmatch(r"[\w-]{0,20}", tidy_reference(typed))


def test_references_are_eight_letters_nobody_confuses() -> None:
    assert not set("01OILU") & set(ALPHABET)
    assert all(re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", new_reference()) for _ in range(200))


def test_ids_say_nothing_about_order(session: Session, wave: Wave) -> None:
    ids = [give(session, wave, {}, str(number)).id for number in range(20)]

    assert ids != sorted(ids)
    assert all(isinstance(one, UUID) for one in ids)
