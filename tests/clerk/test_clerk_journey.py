"""The clerks' door as a clerk walks it: from the first page to the receipt, with everything that goes wrong."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from parish_world import GLEN, KIBWORTH, WAVE
from sqlalchemy import func, select
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.models import ParishDraft, ParishResponse

AT = f"/clerk/{GLEN}/{WAVE}"
MEETING = date.today() - timedelta(days=3)
MANDATE = {
    "mandate": "full council",
    "meeting-day": str(MEETING.day),
    "meeting-month": str(MEETING.month),
    "meeting-year": str(MEETING.year),
    "minute_reference": "2026/87",
}
RATINGS = {"ratings.speeding": "5", "ratings.burglary": "1"}


def draft(site: Flask) -> dict[str, Any] | None:
    with site.app_context():
        row = db.session.scalar(select(ParishDraft).where(ParishDraft.parish_code == GLEN))
        return None if row is None else row.answers


def responses(site: Flask) -> list[ParishResponse]:
    with site.app_context():
        return list(db.session.scalars(select(ParishResponse).order_by(ParishResponse.version)))


def change_wave(site: Flask, **values: Any) -> None:
    with site.app_context():
        wave = db.session.scalars(select(Wave)).one()
        for name, value in values.items():
            setattr(wave, name, value)
        db.session.commit()


def answer(walker: Walker) -> None:
    """Answer everything up to the check."""
    walker.get(f"{AT}/page/worries")
    walker.submit(RATINGS)
    walker.submit({"met_police": "not_met"})
    assert walker.heading == "Check the council’s answers", walker.text


def submit(walker: Walker, **fields: str) -> None:
    walker.get(f"{AT}/submit")
    walker.submit({**MANDATE, **fields})


def test_a_clerk_answers_checks_states_the_mandate_and_gets_a_receipt(site: Flask, gill: Walker) -> None:
    gill.follow("Open First test consultation for Great Glen")
    assert "Answer by" in gill.text
    gill.follow("Start")
    assert gill.heading == "What worries the council"
    gill.submit(RATINGS)
    assert gill.heading == "The police"
    gill.submit({"met_police": "met", "top.1": "talks", "top.2": "patrols"})
    assert gill.heading == "The meeting with the police"
    gill.submit({"meeting_note": "They will come again."})
    assert gill.heading == "Check the council’s answers"
    for shown in ("Speeding: Very much", "1. Talks", "2. Patrols", "They will come again."):
        assert shown in gill.text
    gill.follow("Continue to the council’s mandate")
    gill.submit(MANDATE)

    (response,) = responses(site)
    assert gill.path == f"{AT}/receipt/1"
    assert gill.heading == "Response of Great Glen received"
    for shown in (response.reference, "2026/87", "Full council", "They will come again."):
        assert shown in gill.text
    assert response.answers == {
        "ratings": {"speeding": "5", "burglary": "1"},
        "met_police": "met",
        "top": ["talks", "patrols"],
        "meeting_note": "They will come again.",
    }
    assert (response.parish_code, response.version, response.mandate, response.meeting_on) == (
        GLEN,
        1,
        "full council",
        MEETING,
    )
    assert draft(site) is None


def test_the_home_page_tells_the_state_and_the_reference(site: Flask, gill: Walker) -> None:
    assert "Not started" in gill.text
    answer(gill)
    gill.get("/clerk/")
    assert "Draft Last saved by Gill Glen" in gill.text
    submit(gill)
    gill.get("/clerk/")
    assert "Submitted Version 1, " in gill.text
    assert responses(site)[0].reference in gill.text


def test_a_draft_waits_for_days_with_gaps_and_cannot_be_submitted_with_them(site: Flask, gill: Walker) -> None:
    gill.get(f"{AT}/page/worries")
    gill.submit({"ratings.speeding": "5"}, button="Save and come back later")
    assert gill.heading == "First test consultation"
    assert draft(site) == {"ratings": {"speeding": "5"}}

    assert "What worries the council 0 of 1 answered in full" in gill.text
    gill.follow("Check the answers")
    assert "Before the council can submit" in gill.text
    gill.get(f"{AT}/submit")
    assert gill.heading == "Check the council’s answers"

    gill.follow("How much of a worry is each?")
    assert gill.filled()["ratings.speeding"] == ["5"], "the page shows what was saved"


def test_a_back_link_leads_to_the_page_before_with_its_answers(gill: Walker) -> None:
    gill.get(f"{AT}/page/worries")
    gill.submit(RATINGS)

    gill.follow("Back")

    assert gill.heading == "What worries the council"
    assert gill.filled()["ratings.burglary"] == ["1"]


def test_an_answer_that_cannot_be_is_explained_and_nothing_typed_or_right_is_lost(site: Flask, gill: Walker) -> None:
    gill.get(f"{AT}/page/police")

    gill.submit({"met_police": "met", "top.1": "talks", "top.2": "talks"})

    assert gill.errors == ["You chose “Talks” twice. Choose another answer here."]
    assert gill.filled()["top.2"] == "talks"
    assert draft(site) == {"met_police": "met"}
    gill.submit({"top.2": "cameras"})
    assert draft(site) == {"met_police": "met", "top": ["talks", "cameras"]}


def test_the_change_link_of_the_check_leads_to_the_question(gill: Walker) -> None:
    answer(gill)

    link = gill.page.select_one("a[href*='/page/police#met_police']")

    assert link is not None
    assert " ".join(link.get_text().split()) == "Change Has the council met the police this year?"


def test_two_people_on_one_page_are_told_and_choose(
    site: Flask, gill: Walker, sign_in: Callable[[str], Walker]
) -> None:
    councillor = sign_in("glen")
    for walker in (gill, councillor):
        walker.get(f"{AT}/page/police")
    councillor.submit({"met_police": "not_met"})

    gill.submit({"met_police": "met", "top.1": "talks"})
    assert gill.heading == "Somebody else changed this page"
    for shown in ("Saved by Gill Glen It has not", "Yours It has"):
        assert shown in gill.text
    assert draft(site) == {"met_police": "not_met"}

    gill.submit()
    assert gill.errors == ["Select which answer to keep: Has the council met the police this year?"]
    assert draft(site) == {"met_police": "not_met"}

    gill.submit({"form-keep.met_police": "mine"})
    assert gill.heading == "The meeting with the police"
    assert draft(site) == {"met_police": "met", "top": ["talks"]}


def test_choosing_the_others_answer_keeps_it_and_ones_own_other_answers(
    site: Flask, gill: Walker, sign_in: Callable[[str], Walker]
) -> None:
    councillor = sign_in("glen")
    for walker in (gill, councillor):
        walker.get(f"{AT}/page/police")
    councillor.submit({"met_police": "not_met"})
    gill.submit({"met_police": "met", "top.1": "talks"})

    gill.submit({"form-keep.met_police": "theirs"})

    assert draft(site) == {"met_police": "not_met", "top": ["talks"]}


def test_a_third_change_during_the_choice_is_told_again(
    site: Flask, gill: Walker, sign_in: Callable[[str], Walker]
) -> None:
    councillor = sign_in("glen")
    for walker in (gill, councillor):
        walker.get(f"{AT}/page/police")
    councillor.submit({"top.1": "talks"})
    gill.submit({"top.1": "patrols"})
    assert gill.heading == "Somebody else changed this page"
    councillor.get(f"{AT}/page/police")
    councillor.submit({"top.1": "cameras"})

    gill.submit({"form-keep.top": "mine"})

    assert gill.heading == "Somebody else changed this page"
    assert draft(site) == {"top": ["cameras"]}


def test_an_empty_mandate_is_explained_field_by_field_and_keeps_what_was_typed(site: Flask, gill: Walker) -> None:
    answer(gill)

    submit(gill, **{"meeting-year": str(MEETING.year + 2), "minute_reference": "", "mandate": "committee"})

    assert len(gill.errors) == 2
    assert gill.filled()["mandate"] == ["committee"]
    assert gill.filled()["meeting-year"] == str(MEETING.year + 2)
    assert responses(site) == []


def test_pressing_submit_twice_gives_one_response_and_the_same_receipt(site: Flask, gill: Walker) -> None:
    answer(gill)
    gill.get(f"{AT}/submit")
    fields = gill.filled(MANDATE)
    mandate_page = gill.page

    gill.send(fields)
    first = gill.text
    gill.page, gill.path = mandate_page, f"{AT}/submit"
    gill.send(fields)

    assert gill.path == f"{AT}/receipt/1"
    assert gill.text == first
    assert len(responses(site)) == 1


def test_a_draft_changed_after_the_check_is_checked_again(
    site: Flask, gill: Walker, sign_in: Callable[[str], Walker]
) -> None:
    answer(gill)
    gill.get(f"{AT}/submit")
    councillor = sign_in("glen")
    councillor.get(f"{AT}/page/police")
    councillor.submit({"met_police": "met"})

    gill.submit(MANDATE)

    assert gill.heading == "Check the council’s answers"
    assert "changed after you checked them" in gill.text
    assert responses(site) == []


def test_an_amendment_has_a_number_and_a_reason_and_both_versions_stay_readable(site: Flask, gill: Walker) -> None:
    answer(gill)
    submit(gill)
    gill.get(f"{AT}/")
    gill.submit(button="Make an amendment")
    assert "Amendment, version 2" in gill.text
    gill.get(f"{AT}/page/police")
    assert gill.filled()["met_police"] == ["not_met"], "it begins from what was submitted"
    gill.submit({"met_police": "met"})

    submit(gill)
    assert gill.errors == ["Enter why the response is amended"]
    gill.submit({"reason": "The council met them on Thursday."})

    assert gill.path == f"{AT}/receipt/2"
    assert "The council met them on Thursday." in gill.text
    first, second = responses(site)
    assert (first.answers["met_police"], second.answers["met_police"]) == ("not_met", "met")
    assert (first.version, second.version, second.reason) == (1, 2, "The council met them on Thursday.")
    gill.get(f"{AT}/receipt/1")
    assert f"version 2, reference {second.reference}" in gill.text


def test_after_submission_the_pages_of_the_draft_lead_to_the_overview(site: Flask, gill: Walker) -> None:
    gill.get(f"{AT}/page/worries")
    old_page = gill.page
    answer(gill)
    submit(gill)

    gill.page, gill.path = old_page, f"{AT}/page/worries"
    gill.submit(RATINGS)
    assert "To change it, make an amendment." in gill.errors[0]
    assert draft(site) is None

    for page in ("page/worries", "check", "submit"):
        gill.get(f"{AT}/{page}")
        assert gill.path == f"{AT}/"


def test_a_wave_to_come_and_a_closed_one_say_their_dates(site: Flask, gill: Walker) -> None:
    today = date.today()
    gill.get(f"{AT}/page/worries")
    change_wave(site, opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1))
    gill.submit(RATINGS)
    assert "Answers can no longer be changed" in gill.errors[0]
    assert gill.filled()["ratings.speeding"] == ["5"]
    assert draft(site) is None
    gill.get(f"{AT}/page/worries")
    assert "This closed on" in gill.text
    assert "No response of this council was received" in gill.text

    change_wave(site, opens_on=today + timedelta(days=1), closes_on=today + timedelta(days=9))
    gill.get(f"{AT}/")
    assert "Answers can be given from" in gill.text
    change_wave(site, cleared_on=None)
    gill.get(f"{AT}/")
    assert "This is not open yet." in gill.text
    assert "Answers can be given from" not in gill.text
    with site.app_context():
        assert db.session.scalar(select(func.count()).select_from(ParishDraft)) == 0


def test_an_earlier_answer_is_found_on_the_home_page_after_the_wave_closed(site: Flask, gill: Walker) -> None:
    answer(gill)
    submit(gill)
    change_wave(site, closes_on=date.today() - timedelta(days=1), ended=True)

    gill.get("/clerk/")
    gill.follow("First test consultation for Great Glen")

    assert gill.heading == "Response of Great Glen received"


def test_a_page_that_an_answer_took_off_the_path_is_not_saved_and_says_so(site: Flask, gill: Walker) -> None:
    gill.get(f"{AT}/page/police")
    gill.submit({"met_police": "met"})
    meeting = gill.page
    gill.get(f"{AT}/page/police")
    gill.submit({"met_police": "not_met"})

    gill.page, gill.path = meeting, f"{AT}/page/meeting"
    gill.submit({"meeting_note": "Too late."})

    assert "no longer asked" in gill.text
    assert draft(site) == {"met_police": "not_met"}


@pytest.mark.parametrize("field", ["form-revision", "form-decided", "form-submission"])
@pytest.mark.parametrize("value", ["", "-1", "²", "9" * 400, "<script>"])
def test_a_form_with_nonsense_in_its_hidden_fields_is_never_a_fault_of_ours(
    gill: Walker, field: str, value: str
) -> None:
    answer(gill)
    for path in (f"{AT}/page/worries", f"{AT}/submit"):
        gill.get(path)
        gill.submit({**MANDATE, field: value})
        assert gill.status == 200


def test_every_address_of_another_parish_is_not_found_and_changes_nothing(
    site: Flask, gill: Walker, sign_in: Callable[[str], Walker]
) -> None:
    answer(gill)
    other = sign_in("kibworth")
    other.get(f"/clerk/{KIBWORTH}/{WAVE}/page/worries")
    token = other.filled()["csrf_token"]
    place = dict(zip(("parish_code", "survey", "wave"), (GLEN, *WAVE.split("/")), strict=True))
    with site.test_request_context():
        tried = [
            (method, site.url_map.bind("localhost").build(rule.endpoint, {**place, **extra}))
            for rule in site.url_map.iter_rules()
            if "parish_code" in rule.arguments and rule.endpoint.startswith("clerk.")
            for extra in [{"page_id": "worries", "version": 1}]
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]

    assert len(tried) == 21
    before = draft(site)
    for method, path in tried:
        fields = {"csrf_token": token, **RATINGS, **MANDATE}
        response = other.client.open(path, method=method, data=fields if method == "POST" else None)
        assert response.status_code == 404, (method, path)
        own = path.replace(GLEN, KIBWORTH)
        if method == "GET" and "receipt" not in path and "outcome." not in path:
            assert other.client.get(own).status_code in {200, 302}, own
    assert draft(site) == before
    assert responses(site) == []


def test_an_unknown_wave_page_or_version_is_not_found(gill: Walker) -> None:
    for path in (
        f"/clerk/{GLEN}/parish-test/nothing/",
        f"/clerk/{GLEN}/nothing/first/",
        f"{AT}/page/nothing",
        f"{AT}/receipt/1",
        f"/clerk/nowhere/{WAVE}/",
    ):
        gill.get(path)
        assert gill.status == 404, path
