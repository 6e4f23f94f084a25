"""The mandate: what the form must say before a response is the council's own act."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csp_consult.parishes.mandates import Mandate, MandateError, MandateFault, read_mandate

TODAY = date(2026, 11, 22)
FORM = {
    "mandate": "committee",
    "meeting-day": "3",
    "meeting-month": "11",
    "meeting-year": "2026",
    "minute_reference": "2026/87",
}


def faults(form: dict[str, str], *, amending: bool = False) -> dict[str, str]:
    with pytest.raises(MandateError) as caught:
        read_mandate(form, today=TODAY, amending=amending)
    return {fault.field_id: fault.message for fault in caught.value.faults}


def test_a_complete_form_gives_the_mandate() -> None:
    assert read_mandate(FORM, today=TODAY, amending=False) == Mandate("committee", date(2026, 11, 3), "2026/87")


def test_an_empty_form_is_told_every_fault_at_once_in_the_order_of_its_fields() -> None:
    assert list(faults({})) == ["mandate", "meeting", "minute_reference"]
    assert list(faults({}, amending=True)) == ["mandate", "meeting", "minute_reference", "reason"]


@pytest.mark.parametrize("kind", ["", "the clerk alone", "Full council"])
def test_only_the_three_kinds_of_authority_count(kind: str) -> None:
    assert faults({**FORM, "mandate": kind}) == {"mandate": "Select who decided on this response"}


def test_a_meeting_today_counts_and_one_tomorrow_does_not() -> None:
    tomorrow = TODAY + timedelta(days=1)

    read_mandate({**FORM, "meeting-day": str(TODAY.day)}, today=TODAY, amending=False)
    assert "today or in the past" in faults({**FORM, "meeting-day": str(tomorrow.day)})["meeting"]


@pytest.mark.parametrize(
    ("part", "typed", "sentence"),
    [
        ("year", "26", "a year of four digits"),
        ("month", "Nov", "in numbers"),
        ("day", "31", "in the calendar"),
        ("day", "²", "in numbers"),
        ("day", "9" * 30, "in numbers"),
        ("month", "1" * 5000, "in numbers"),
        ("day", "", "in numbers"),
    ],
)
def test_a_date_that_cannot_be_one_is_refused_in_words(part: str, typed: str, sentence: str) -> None:
    assert sentence in faults({**FORM, f"meeting-{part}": typed})["meeting"]


def test_an_amendment_needs_its_reason_and_keeps_it() -> None:
    assert "reason" in faults({**FORM, "reason": "  "}, amending=True)

    mandate = read_mandate({**FORM, "reason": " A rating\nwas wrong. "}, today=TODAY, amending=True)

    assert mandate.reason == "A rating was wrong."


def test_a_text_that_is_too_long_says_how_much_there_is_room_for() -> None:
    assert faults({**FORM, "minute_reference": "x" * 121}) == {
        "minute_reference": "Use 120 characters or fewer; this has 121"
    }


@given(st.dictionaries(st.sampled_from([*FORM, "reason"]), st.text(max_size=8)))
def test_whatever_a_browser_sends_is_a_mandate_or_a_list_of_faults(form: dict[str, str]) -> None:
    faults: list[MandateFault] = []
    try:
        mandate = read_mandate(form, today=TODAY, amending=True)
    except MandateError as error:
        faults = error.faults

    assert all(fault.message for fault in faults)
    assert faults or mandate.kind is None or (mandate.meeting_on and mandate.meeting_on <= TODAY)


def test_a_meeting_of_long_ago_is_taken_for_a_slip_of_the_year() -> None:
    form = {
        "mandate": "full council",
        "meeting-day": "1",
        "meeting-month": "1",
        "meeting-year": "1990",
        "minute_reference": "12/26",
    }

    with pytest.raises(MandateError, match="more than a year ago"):
        read_mandate(form, today=date(2026, 12, 1), amending=False)
