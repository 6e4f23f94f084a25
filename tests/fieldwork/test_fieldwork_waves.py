from datetime import date
from typing import Any

import pytest
from small_survey import SOURCE, TODAY, give, make_wave
from sqlalchemy.orm import Session

from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveError, WaveState
from csp_consult.questionnaire.store import store


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 2, 28), WaveState.NOT_YET_OPEN),
        (date(2027, 3, 1), WaveState.OPEN),
        (date(2027, 3, 31), WaveState.OPEN),
        (date(2027, 4, 1), WaveState.CLOSED),
    ],
)
def test_a_wave_takes_answers_on_its_first_and_last_day_and_between(
    wave: Wave, today: date, expected: WaveState
) -> None:
    assert waves.state(wave, today) is expected


def test_closing_stops_answers_on_the_same_day(wave: Wave) -> None:
    waves.close_now(wave, TODAY)

    assert waves.state(wave, TODAY) is WaveState.CLOSED
    assert wave.closes_on == TODAY


def test_a_closed_wave_opens_again_only_with_a_later_closing_date(wave: Wave) -> None:
    after = date(2027, 4, 5)

    with pytest.raises(WaveError, match="closed on 31 March 2027; to open it again, give a later closing date"):
        waves.open_now(wave, after)
    waves.open_now(wave, after, closes_on=date(2027, 4, 9))

    assert waves.state(wave, after) is WaveState.OPEN


def test_a_planned_wave_can_open_early(wave: Wave) -> None:
    waves.open_now(wave, date(2027, 2, 1))

    assert waves.state(wave, date(2027, 2, 1)) is WaveState.OPEN


def test_only_an_open_wave_can_be_closed(wave: Wave) -> None:
    with pytest.raises(WaveError, match="small/2027 is not yet open"):
        waves.close_now(wave, date(2027, 2, 1))


def test_the_questionnaire_changes_before_the_first_day_and_never_after(session: Session, wave: Wave) -> None:
    second = store(session, SOURCE.replace('version: "1"', 'version: "2"'), today=TODAY)

    waves.use_questionnaire(session, wave, second, date(2027, 2, 28))
    assert wave.questionnaire_id == second.id

    with pytest.raises(WaveError, match="has opened, so its questionnaire can no longer change"):
        waves.use_questionnaire(session, wave, second, date(2027, 3, 1))


def test_a_wave_with_a_response_keeps_its_questionnaire_whatever_its_dates(session: Session, wave: Wave) -> None:
    second = store(session, SOURCE.replace('version: "1"', 'version: "2"'), today=TODAY)
    give(session, wave, {}, "one")

    with pytest.raises(WaveError, match="can no longer change"):
        waves.use_questionnaire(session, wave, second, date(2027, 2, 28))


def test_open_waves_are_those_of_the_audience_that_can_be_answered_today(session: Session, wave: Wave) -> None:
    make_wave(session, "2028").opens_on = date(2027, 3, 20)

    assert [found.key for found in waves.open_waves(session, "residents", TODAY)] == ["small/2027"]
    assert not waves.open_waves(session, "parishes", TODAY)
    waves.close_now(wave, TODAY)
    assert not waves.open_waves(session, "residents", TODAY)


def test_an_unknown_wave_is_refused_with_the_names_of_those_there_are(session: Session, wave: Wave) -> None:
    with pytest.raises(WaveError, match=r"no wave 'small/2072'.*there are: small/2027"):
        waves.find(session, "small/2072")


def test_a_wave_cannot_close_before_it_opens_nor_share_a_name(session: Session, wave: Wave) -> None:
    facts: Any = {"title": "Again", "questionnaire": store(session, SOURCE, today=TODAY)}

    with pytest.raises(WaveError, match="cannot close"):
        waves.create(session, wave.survey, "x", opens_on=TODAY, closes_on=date(2027, 3, 9), **facts)
    with pytest.raises(WaveError, match="already a wave small/2027"):
        waves.create(session, wave.survey, "2027", opens_on=TODAY, closes_on=TODAY, **facts)


def test_a_survey_of_one_audience_takes_no_wave_of_another(session: Session, wave: Wave) -> None:
    with pytest.raises(WaveError, match="asks residents"):
        waves.create_survey(session, slug="small", title="", organisation="", audience="parishes")
