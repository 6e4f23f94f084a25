"""Numbers too large for a date or a weight are refused in words."""

import io

import pytest
from docx import Document
from flask import Flask, request
from walker import Walker

from csp_consult.findings.errors import FindingError
from csp_consult.typed_dates import DateError, read_date
from csp_consult.web.officer.blend import Choice


@pytest.mark.parametrize("digits", [5, 30, 5000])
def test_a_day_or_month_of_many_digits_is_no_date(digits: int) -> None:
    for part in ("day", "month"):
        typed = {"on-day": "1", "on-month": "2", "on-year": "2027", f"on-{part}": "9" * digits}
        with pytest.raises(DateError):
            read_date(typed, "on", "first day")


@pytest.mark.parametrize("weight", ["101", "9" * 5000, "-1", "1e1"])
def test_a_weight_that_is_no_per_cent_is_refused(app: Flask, weight: str) -> None:
    with app.test_request_context(query_string={"weight": weight}), pytest.raises(FindingError, match="0 to 100"):
        Choice.read()


@pytest.mark.parametrize("digits", [10, 20, 5000])
def test_a_number_that_no_row_can_have_leads_nowhere(olive: Walker, digits: int) -> None:
    for address in ("/officer/plan/{}", "/officer/record/imports/{}"):
        olive.get(address.format("9" * digits))
        assert (olive.status, olive.heading) == (404, "Page not found")


def test_no_door_takes_what_would_keep_a_document_from_being_opened(app: Flask) -> None:
    odd = "Caf\u00e9\x00\x0b \uffff\ufffe\x1bfor\r\nall\t\U0001f642"
    with app.test_request_context(
        "/officer/?q=a%00b%EF%BF%BF", method="POST", data={"name": odd, "many": ["\x01a", "b"]}
    ):
        assert request.form["name"] == "Caf\u00e9 for\r\nall\t\U0001f642"
        assert request.form.getlist("many") == ["a", "b"]
        assert request.args["q"] == "ab"
        written = io.BytesIO()
        document = Document()
        document.add_paragraph(request.form["name"])
        document.save(written)
