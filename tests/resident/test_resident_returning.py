"""Saving with a code and coming back by it; limits on how often; what is flagged and never dropped."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db, writing
from csp_consult.fieldwork import limits
from csp_consult.fieldwork.doubts import doubts
from csp_consult.fieldwork.models import Draft, Response, ReturnCode
from csp_consult.people.models import CallCount, DayKey
from csp_consult.web import calling

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


def saved_code(resident: Walker, survey: str) -> str:
    """Answer one page, begin the next, and take a code."""
    resident.get(f"{survey}/questions/concerns")
    resident.submit({"problem.asb": "big"}, button="Continue")
    resident.submit({"victim": "yes"}, button="Save and come back later")
    resident.submit(button="Give me a code")
    found = CODE.search(resident.text)
    assert found, resident.text
    return found.group()


def test_a_code_opens_the_answers_on_another_device_however_it_is_typed(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    code = saved_code(resident, open_wave)
    elsewhere = Walker(app.test_client())

    elsewhere.get(open_wave)
    elsewhere.follow("Come back to them")
    elsewhere.submit({"code": f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "})
    elsewhere.follow("Carry on")

    assert elsewhere.path.endswith("/questions/crime")
    assert elsewhere.filled()["victim"] == ["yes"]


@pytest.mark.parametrize("given", [{}, {"victim": "yes"}])
@pytest.mark.parametrize("button", ["Back", "Save and come back later"])
def test_whoever_carries_on_lands_on_the_first_page_that_they_did_not_go_on_from(
    resident: Walker, open_wave: str, given: dict[str, str], button: str
) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"problem.asb": "big"}, button="Continue")
    left = resident.path

    resident.submit(given, button=button)
    resident.get(open_wave)
    resident.follow("Carry on")

    assert resident.path == left
    assert resident.filled().get("victim") == ([given["victim"]] if given else None)


def test_going_back_from_a_page_gone_on_from_before_does_not_ask_for_it_again(resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"problem.asb": "big"}, button="Continue")
    resident.submit({"victim": "yes"}, button="Continue")
    furthest = resident.path
    resident.get(f"{open_wave}/questions/crime")

    resident.submit({"victim": "yes"}, button="Back")
    resident.get(open_wave)
    resident.follow("Carry on")

    assert resident.path == furthest


def test_the_page_with_the_code_says_until_when_it_opens_and_that_it_cannot_be_found_again(
    resident: Walker, open_wave: str
) -> None:
    saved_code(resident, open_wave)

    last = date.today() + timedelta(days=7)
    assert f"until the end of {last.day} {last:%B %Y}" in resident.text
    assert "nobody can find it again" in resident.text


def test_a_shared_device_forgets_and_the_code_still_opens(app: Flask, resident: Walker, open_wave: str) -> None:
    code = saved_code(resident, open_wave)

    resident.submit(button="Finish and clear this device")

    assert "Carry on" not in resident.text
    resident.follow("Come back to them")
    resident.submit({"code": code})
    assert "Carry on" in resident.text


def test_clearing_without_a_code_deletes_the_answers(app: Flask, resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"problem.asb": "big"}, button="Save and come back later")

    resident.submit(button="Finish and clear this device")

    with app.app_context():
        assert db.session().scalars(select(Draft)).all() == []


def test_the_database_alone_opens_nothing(app: Flask, resident: Walker, open_wave: str) -> None:
    code = saved_code(resident, open_wave).replace("-", "")

    with app.app_context():
        [kept] = db.session().scalars(select(ReturnCode))
    cookie = resident.client.get_cookie("draft", path=open_wave)
    assert cookie is not None
    assert code.encode() not in kept.id.encode() + kept.wrapped
    assert cookie.decoded_value.encode() not in kept.wrapped


@pytest.mark.parametrize("code", ["", "7KQ4", "7KQ4-M2TX-09AB-CDEF", "x" * 5000, "\N{SNOWMAN}" * 16, "' OR 1=1 --"])
def test_a_code_that_opens_nothing_is_refused_in_words(resident: Walker, open_wave: str, code: str) -> None:
    resident.get(f"{open_wave}/return")

    resident.submit({"code": code})

    assert resident.status == 422
    assert "No saved answers have this code" in resident.errors[0]


def test_an_expired_code_opens_nothing(app: Flask, resident: Walker, open_wave: str) -> None:
    code = saved_code(resident, open_wave)
    with app.app_context(), writing() as session:
        session.scalars(select(ReturnCode)).one().expires_on = date.today() - timedelta(days=1)

    resident.get(f"{open_wave}/return")
    resident.submit({"code": code})

    assert resident.status == 422


def test_saving_keeps_even_what_cannot_be_an_answer_yet(resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")

    resident.submit({"top.1": "asb", "top.2": "asb"}, button="Save and come back later")

    assert resident.heading == "Save and come back later"
    resident.get(f"{open_wave}/questions/concerns")
    assert resident.filled()["top.2"] == "asb"


def test_a_code_is_not_given_to_a_form_from_elsewhere(app: Flask, resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"problem.asb": "big"}, button="Save and come back later")

    resident.submit({"csrf_token": "forged"}, button="Give me a code")

    assert resident.status == 400
    with app.app_context():
        assert db.session().scalars(select(ReturnCode)).all() == []


def test_codes_cannot_be_tried_without_end_and_another_caller_is_not_held_up(
    app: Flask, resident: Walker, open_wave: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RETURNING", ("return", 2))
    resident.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    other = Walker(app.test_client())
    other.client.environ_base["REMOTE_ADDR"] = "203.0.113.8"
    for walker in (resident, resident, resident, other):
        walker.get(f"{open_wave}/return")
        walker.submit({"code": "7KQ4-M2TX-09AB-CDEF"})

    assert resident.status == 429
    assert "wait an hour" in resident.errors[0]
    assert other.status == 422


@pytest.mark.parametrize("button", ["Erase my answers", "See what was sent"])
def test_references_cannot_be_tried_without_end(
    resident: Walker, open_wave: str, button: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WITHDRAWING", ("withdraw", 2))
    resident.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    found = []
    for _ in range(3):
        resident.get("/s/withdraw")
        resident.submit({"reference": "7KQ4-M2TX"}, button=button)
        found.append(resident.status)

    assert found == [422, 422, 429]


def test_who_runs_a_site_whose_limits_hold_nobody_is_told_so_once(
    resident: Walker, open_wave: str, caplog: pytest.LogCaptureFixture
) -> None:
    for header in ({}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.8"}):
        resident.client.environ_base.update(header)
        resident.get("/s/withdraw")
        resident.submit({"reference": "7KQ4-M2TX"}, button="See what was sent")

    assert [one.getMessage() for one in caplog.records].count(calling.BEHIND) == 1
    assert "203.0.113" not in caplog.text


def test_no_address_is_stored_and_yesterday_is_forgotten(app: Flask) -> None:
    now = datetime(2027, 3, 10, 23, 30, tzinfo=UTC)
    with app.app_context():
        for moment in (now, now, now + timedelta(hours=1)):
            with writing() as session:
                assert limits.within(session, limits.SENDING, "203.0.113.7", moment)
        session = db.session()
        [key] = session.scalars(select(DayKey))
        [count] = session.scalars(select(CallCount))

    assert key.day == date(2027, 3, 11)
    assert count.n == 1
    assert "203.0.113.7" not in count.mark


def test_what_fills_in_the_hidden_field_is_flagged_and_kept(app: Flask, resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    for _ in range(3):
        resident.submit(button="Continue")

    resident.submit({"form-website": "http://example.org"}, button="Send my answers")

    with app.app_context():
        [response] = db.session().scalars(select(Response))
        [doubt] = doubts(db.session(), response.wave_id)
    assert doubt.responses == [str(response.id)]
    assert "people do not see" in doubt.reason


def test_the_same_answers_twice_are_flagged_and_both_kept(app: Flask, open_wave: str) -> None:
    for _ in range(2):
        walker = Walker(app.test_client())
        walker.get(f"{open_wave}/questions/concerns")
        walker.submit({"problem.asb": "big", "top.1": "asb"}, button="Continue")
        walker.submit({"victim": "yes"}, button="Continue")
        walker.submit({"reported": "no"}, button="Continue")
        walker.submit({"connection": "live", "ward": "E05011958", "age": "16-24", "sex": "female"}, button="Continue")
        walker.submit(button="Send my answers")

    with app.app_context():
        kept = db.session().scalars(select(Response).order_by(Response.id)).all()
        [doubt] = doubts(db.session(), kept[0].wave_id)
    assert doubt.responses == [str(response.id) for response in kept]
    assert len(kept) == 2
