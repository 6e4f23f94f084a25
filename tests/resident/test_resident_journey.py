import re

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from walker import Walker

from csp_consult.db import db, writing
from csp_consult.fieldwork import responses
from csp_consult.fieldwork.models import Draft, Response

REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


def stored(app: Flask) -> list[Response]:
    with app.app_context():
        return list(db.session().scalars(select(Response)))


def drafts_kept(app: Flask) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count()).select_from(Draft)) or 0


def answer_all(resident: Walker, survey: str) -> None:
    """From the start page to the check page."""
    resident.get(survey)
    resident.follow("Start now")
    resident.submit({"problem.speeding": "big", "problem.asb": "little", "top.1": "speeding"}, button="Continue")
    resident.submit({"victim": "yes"}, button="Continue")
    resident.submit({"reported": "no"}, button="Continue")
    resident.submit({"connection": "live", "ward": "E05011958", "age": "16-24", "sex": "female"}, button="Continue")


def reference_of(resident: Walker) -> str:
    found = REFERENCE.search(resident.text)
    assert found, resident.text
    return found.group()


def test_a_survey_is_answered_checked_and_sent(app: Flask, resident: Walker, open_wave: str) -> None:
    answer_all(resident, open_wave)
    assert resident.heading == "Check your answers"
    assert "Speeding: Very big" in resident.text
    assert "Glen" in resident.text

    resident.submit(button="Send my answers")

    assert resident.heading == "Thank you, your answers are in"
    [response] = stored(app)
    assert reference_of(resident) == response.reference
    assert response.answers == {
        "problem": {"speeding": "big", "asb": "little"},
        "top": ["speeding"],
        "victim": "yes",
        "reported": "no",
        "connection": "live",
        "ward": "E05011958",
        "age": "16-24",
        "sex": "female",
    }
    assert response.cell == "16-24|female|E05011958"
    assert response.mode == "online"


def test_the_start_page_says_who_asks_how_long_it_takes_and_what_becomes_of_the_answers(
    resident: Walker, open_wave: str
) -> None:
    resident.get(open_wave)

    for words in ("The Partnership asks", "about 2 minutes", "Each adult of a household", "visitors", "erase", "paper"):
        assert words in resident.text
    assert resident.page.select('main a[href="/privacy"]')
    assert not resident.client.get_cookie("draft", path=open_wave)


def test_every_question_can_be_left_open(app: Flask, resident: Walker, open_wave: str) -> None:
    resident.get(open_wave)
    resident.follow("Start now")
    while resident.heading != "Check your answers":
        resident.submit(button="Continue")

    resident.submit(button="Send my answers")

    assert stored(app)[0].answers == {}


def test_back_keeps_what_was_put_in_and_going_on_again_changes_nothing(resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"problem.asb": "big"}, button="Continue")

    resident.submit({"victim": "yes", "form-go": "back"}, button="Continue")
    assert resident.path.endswith("/questions/concerns")
    assert resident.filled()["problem.asb"] == ["big"]

    resident.submit(button="Continue")
    assert resident.path.endswith("/questions/crime")
    assert resident.filled()["victim"] == ["yes"]


def test_back_from_the_first_page_is_the_start_page_which_offers_to_carry_on(resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")

    resident.submit({"problem.asb": "big", "form-go": "back"}, button="Continue")

    assert resident.path == open_wave
    resident.follow("Carry on")
    assert resident.path.endswith("/questions/concerns")
    assert resident.filled()["problem.asb"] == ["big"]


def test_back_keeps_even_what_cannot_be_an_answer_yet(resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({}, button="Continue")
    resident.get(f"{open_wave}/questions/concerns")

    resident.submit({"top.1": "asb", "top.2": "asb", "form-go": "back"}, button="Continue")
    resident.get(f"{open_wave}/questions/concerns")

    assert resident.filled()["top.2"] == "asb"


def test_a_refused_page_says_why_and_loses_nothing(app: Flask, resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")

    resident.submit({"problem.asb": "big", "top.1": "asb", "top.2": "asb"}, button="Continue")

    assert resident.status == 422
    assert len(resident.errors) == 1
    assert resident.filled()["problem.asb"] == ["big"]
    resident.get(f"{open_wave}/check")
    assert resident.path.endswith("/questions/concerns")


def test_a_change_from_the_check_page_returns_there(resident: Walker, open_wave: str) -> None:
    answer_all(resident, open_wave)

    resident.follow("Change How old are you?")
    resident.submit({"age": "25-34"}, button="Continue")

    assert resident.heading == "Check your answers"
    assert "25 to 34" in resident.text


def test_a_change_that_asks_more_asks_it_before_the_check_page(resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    for fields in ({}, {"victim": "no"}, {}):
        resident.submit(fields, button="Continue")
    assert resident.heading == "Check your answers"

    resident.follow("Change Has anyone committed a crime against you in the last 12 months?")
    resident.submit({"victim": "yes"}, button="Continue")
    assert resident.path.endswith("/questions/report?came=check")
    resident.submit({"reported": "yes"}, button="Continue")

    assert resident.heading == "Check your answers"


def test_answers_off_the_path_are_kept_in_the_draft_and_not_sent(app: Flask, resident: Walker, open_wave: str) -> None:
    answer_all(resident, open_wave)

    resident.follow("Change Has anyone committed a crime against you in the last 12 months?")
    resident.submit({"victim": "no"}, button="Continue")
    assert "Was it reported" not in resident.text
    resident.follow("Change Has anyone committed a crime against you in the last 12 months?")
    resident.submit({"victim": "yes"}, button="Continue")
    assert "Was it reported" in resident.text

    resident.follow("Change Has anyone committed a crime against you in the last 12 months?")
    resident.submit({"victim": "no"}, button="Continue")
    resident.submit(button="Send my answers")

    assert "reported" not in stored(app)[0].answers


def test_no_page_can_be_skipped(resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/you")
    assert resident.path.endswith("/questions/concerns")

    resident.get(f"{open_wave}/check")
    assert resident.path.endswith("/questions/concerns")

    resident.get(f"{open_wave}/questions/no-such-page")
    assert resident.path.endswith("/questions/concerns")


def test_sending_again_however_it_happens_gives_the_same_reference(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    answer_all(resident, open_wave)
    form = resident.filled(button="Send my answers")
    check = f"{open_wave}/check"
    resident.submit(button="Send my answers")
    reference = reference_of(resident)

    again = [resident.client.post(check, data=form, follow_redirects=True) for _ in range(2)]
    refreshed = resident.client.get(f"{open_wave}/thanks")
    back = resident.client.get(f"{open_wave}/questions/crime", follow_redirects=True)
    old_page = resident.client.post(f"{open_wave}/questions/crime", data=form, follow_redirects=True)

    assert all(reference in page.text for page in (*again, refreshed, back, old_page))
    assert len(stored(app)) == 1


def test_after_sending_no_answers_are_left_in_the_draft(app: Flask, resident: Walker, open_wave: str) -> None:
    answer_all(resident, open_wave)
    with app.app_context():
        before = len(db.session().scalars(select(Draft.sealed)).one())

    resident.submit(button="Send my answers")

    with app.app_context():
        assert len(db.session().scalars(select(Draft.sealed)).one()) < before / 2


def test_a_household_can_answer_twice_on_one_device(app: Flask, resident: Walker, open_wave: str) -> None:
    for _ in range(2):
        answer_all(resident, open_wave)
        resident.submit(button="Send my answers")
        resident.submit(button="Clear this device")
        assert resident.path == open_wave

    assert len({response.reference for response in stored(app)}) == 2


def test_the_next_persons_answers_are_kept_where_the_browser_never_heard_that_it_was_cleared(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    references = set()
    for _ in range(2):
        answer_all(resident, open_wave)
        cookie = resident.client.get_cookie("draft", path=open_wave)
        assert cookie
        resident.submit(button="Send my answers")
        references.add(reference_of(resident))
        resident.submit(button="Clear this device")
        # The page that takes the cookie away was lost on its way.
        resident.client.set_cookie("draft", cookie.value, path=open_wave)

    assert {response.reference for response in stored(app)} == references
    assert len(references) == 2


def test_a_device_is_cleared_only_by_its_own_form(resident: Walker, open_wave: str) -> None:
    answer_all(resident, open_wave)

    resident.client.post(f"{open_wave}/finish", data={"csrf_token": "forged"})

    resident.get(f"{open_wave}/check")
    assert resident.heading == "Check your answers"


def test_beginning_again_forgets_the_draft(app: Flask, resident: Walker, open_wave: str) -> None:
    answer_all(resident, open_wave)
    resident.get(open_wave)

    resident.submit(button="Delete these answers and start again")
    assert resident.heading == "Delete these answers?"
    resident.follow("No, keep my answers")
    resident.submit(button="Delete these answers and start again")
    assert drafts_kept(app) == 1
    resident.submit(button="Delete these answers and start again")

    assert drafts_kept(app) == 0
    assert "Start now" in resident.text


def test_two_tabs_lose_nothing_of_one_another(app: Flask, resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    first_tab = resident.filled({"problem.asb": "big"})
    resident.submit({"top.1": "asb"}, button="Continue")
    second_tab = resident.filled({"victim": "no"})

    resident.client.post(f"{open_wave}/questions/concerns", data=first_tab)
    resident.client.post(f"{open_wave}/questions/crime", data=second_tab)
    resident.get(f"{open_wave}/questions/you")
    resident.submit({"age": "25-34"}, button="Continue")
    resident.submit(button="Send my answers")

    # What a tab leaves as it was when its page was made takes nothing from what the other tab saved since.
    assert stored(app)[0].answers == {"problem": {"asb": "big"}, "top": ["asb"], "victim": "no", "age": "25-34"}


def test_a_page_of_a_draft_that_was_lost_is_all_taken(app: Flask, resident: Walker, open_wave: str) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"problem.asb": "big", "top.1": "asb"}, button="Continue")
    resident.get(f"{open_wave}/questions/concerns")
    with app.app_context(), writing() as session:
        session.execute(delete(Draft))

    resident.submit({"top.1": "burglary"}, button="Continue")

    resident.get(f"{open_wave}/questions/concerns")
    assert resident.filled()["problem.asb"] == ["big"]
    assert resident.filled()["top.1"] == "burglary"


def test_of_two_tabs_that_change_the_same_answer_the_last_is_taken(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"top.1": "asb"}, button="Continue")
    resident.get(f"{open_wave}/questions/concerns")
    first_tab, second_tab = resident.filled({"top.1": "burglary"}), resident.filled({"top.1": None})

    for tab in (first_tab, second_tab):
        resident.client.post(f"{open_wave}/questions/concerns", data=tab)

    resident.get(f"{open_wave}/questions/concerns")
    assert resident.filled()["top.1"] == ""


def test_withdrawing_erases_the_response_and_the_thanks_page_says_so(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    answer_all(resident, open_wave)
    resident.submit(button="Send my answers")
    reference = reference_of(resident)

    resident.follow("Withdraw your answers")
    resident.submit({"reference": reference.lower().replace("-", " ")}, button="Erase my answers")
    assert resident.heading == "Erase these answers?"
    assert len(stored(app)) == 1
    resident.submit(button="Erase my answers")

    assert resident.heading == "Your answers are erased"
    assert stored(app) == []
    resident.get(f"{open_wave}/thanks")
    assert resident.heading == "These answers were withdrawn"


def test_with_the_reference_and_only_with_it_one_sees_what_is_held(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    resident.get(f"{open_wave}/questions/concerns")
    resident.submit({"problem.asb": "big"}, button="Continue")
    for _ in range(2):
        resident.submit(button="Continue")
    resident.submit(button="Send my answers")
    reference = resident.text.partition("Your reference: ")[2][:9]
    elsewhere = Walker(app.test_client())
    elsewhere.get("/s/withdraw")

    elsewhere.submit({"reference": "ZZZZ-ZZZZ"}, button="See what was sent")
    assert elsewhere.errors == ["We hold no answers with this reference. Check it, or they were erased already."]
    elsewhere.submit({"reference": reference.lower()}, button="See what was sent")

    assert elsewhere.heading == "What you sent"
    assert "Anti-social behaviour: Very big" in elsewhere.text
    elsewhere.submit(button="Erase my answers")
    assert elsewhere.heading == "Erase these answers?", "asked first, and the reference is not typed again"
    with app.app_context():
        assert db.session().scalar(select(func.count()).select_from(Response)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Enter the reference"), ("ZZZZ-ZZZZ", "hold no answers"), ("\x00';--", "hold no answers")],
)
def test_a_reference_that_is_not_one_is_refused_in_words(
    resident: Walker, open_wave: str, typed: str, words: str
) -> None:
    resident.get("/s/withdraw")

    resident.submit({"reference": typed}, button="Erase my answers")

    assert words in resident.errors[0]


def test_withdrawing_from_another_site_is_refused_and_keeps_the_reference(
    app: Flask, resident: Walker, open_wave: str
) -> None:
    answer_all(resident, open_wave)
    resident.submit(button="Send my answers")
    reference = reference_of(resident)

    resident.get("/s/withdraw")
    resident.send({"reference": reference, "csrf_token": "forged"}, button="Erase my answers")

    assert "Nothing was erased" in resident.errors[0]
    assert resident.filled()["reference"] == reference
    assert len(stored(app)) == 1


def test_a_withdrawn_response_cannot_be_sent_again_by_replay(app: Flask, resident: Walker, open_wave: str) -> None:
    answer_all(resident, open_wave)
    form = resident.filled(button="Send my answers")
    resident.submit(button="Send my answers")
    with app.app_context():
        responses.withdraw(db.session(), stored(app)[0].reference)
        db.session.commit()

    replayed = resident.client.post(f"{open_wave}/check", data=form, follow_redirects=True)

    assert "These answers were withdrawn" in replayed.text
    assert stored(app) == []
