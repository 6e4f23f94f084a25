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


def test_a_wave_that_is_not_cleared_takes_no_answer_on_its_days_nor_by_hand(session: Session, wave: Wave) -> None:
    wave.cleared_on = None

    assert waves.state(wave, TODAY) is WaveState.NOT_YET_OPEN
    assert waves.open_waves(session, "residents", TODAY) == []
    with pytest.raises(WaveError, match="Have its checks signed off before you open it"):
        waves.open_now(wave, TODAY)


@pytest.mark.parametrize(("day", "first"), [(date(2027, 2, 20), date(2027, 3, 1)), (TODAY, TODAY)])
def test_once_cleared_a_wave_opens_by_itself_on_its_first_day_or_at_once_where_that_is_past(
    session: Session, day: date, first: date
) -> None:
    planned = make_wave(session, "planned")
    planned.cleared_on = None

    waves.clear(planned, day)

    assert [planned.cleared_on, planned.opens_on] == [day, first]
    assert waves.state(planned, first) is WaveState.OPEN


def test_what_was_cleared_keeps_its_days_and_what_is_over_is_not_cleared(wave: Wave) -> None:
    waves.clear(wave, TODAY)
    assert wave.opens_on == date(2027, 3, 1)

    wave.cleared_on = None
    with pytest.raises(WaveError, match="last day of A small survey, 2027 is past: change its dates first"):
        waves.clear(wave, date(2027, 4, 1))


@pytest.mark.parametrize(
    ("today", "opens", "closes", "fault"),
    [
        (date(2027, 2, 1), date(2027, 2, 3), date(2027, 2, 9), None),
        (date(2027, 2, 1), date(2027, 1, 31), date(2027, 2, 9), "first day is past"),
        (date(2027, 2, 1), date(2027, 2, 9), date(2027, 2, 8), "cannot close"),
        (TODAY, date(2027, 3, 1), date(2027, 4, 9), None),
        (TODAY, date(2027, 3, 1), date(2027, 3, 9), "last day is past"),
        (TODAY, date(2027, 3, 2), date(2027, 4, 9), "has opened, so its first day stays 1 March 2027"),
        (date(2027, 4, 2), date(2027, 3, 1), date(2027, 4, 9), "has closed, so its dates stay"),
    ],
)
def test_the_days_of_a_wave_change_before_it_opens_and_while_it_is_open_its_last_one(
    wave: Wave, today: date, opens: date, closes: date, fault: str | None
) -> None:
    if fault:
        with pytest.raises(WaveError, match=fault):
            waves.change_dates(wave, opens, closes, today)
        assert (wave.opens_on, wave.closes_on) == (date(2027, 3, 1), date(2027, 3, 31))
    else:
        waves.change_dates(wave, opens, closes, today)
        assert (wave.opens_on, wave.closes_on) == (opens, closes)


def test_a_planned_wave_is_cancelled_and_one_that_holds_anything_is_not(session: Session, wave: Wave) -> None:
    planned = make_wave(session, "2028")
    planned.opens_on, planned.closes_on = date(2027, 4, 10), date(2027, 4, 20)

    with pytest.raises(WaveError, match="has opened, so it cannot be cancelled"):
        waves.cancel(session, wave, TODAY)
    waves.cancel(session, planned, TODAY)
    assert waves.lookup(session, "small", "2028") is None

    wave.cleared_on = None
    give(session, wave, {}, "one")
    session.commit()
    with pytest.raises(WaveError, match="holds forms, answers or a place in a plan already"):
        waves.cancel(session, wave, TODAY)
    assert waves.lookup(session, "small", "2027") is not None


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
