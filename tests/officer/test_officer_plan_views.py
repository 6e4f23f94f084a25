"""The plan by status and by month, as files, and kept in step with the figures it quotes."""

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import update
from walker import Walker

from csp_consult.db import db
from csp_consult.recorded.models import PublishedComparison

GAP = "/officer/gap?wave=residents-test/2022&topic=asb"


@pytest.fixture
def planned(olive: Walker) -> Walker:
    """The officer, with one activity in the plan, on its page."""
    olive.get(GAP)
    olive.follow("Plan an activity for this gap")
    olive.submit({"channel": "Newsletters; posters", "owner": "Officer"}, button="Add to the plan")
    return olive


def the_record_changes(site: Flask, change_pct: float) -> None:
    with site.app_context():
        db.session.execute(update(PublishedComparison).values(change_pct=change_pct))
        db.session.commit()


def test_an_activity_says_that_its_figures_are_still_the_figures(planned: Walker) -> None:
    assert "Its figures are still the figures of today." in planned.text
    planned.get("/officer/plan")
    assert "Figures have changed" not in planned.text


def test_a_figure_that_the_message_quotes_is_flagged_when_it_changes(site: Flask, planned: Walker) -> None:
    here = planned.path
    the_record_changes(site, -20.5)

    planned.get(here)

    assert (
        "The recorded change was down 33.4% and is now down 20.5%. The message still says what it was." in planned.text
    )
    planned.get("/officer/plan")
    assert "Figures have changed" in planned.text


def test_a_message_that_follows_the_figures_is_no_longer_flagged(site: Flask, planned: Walker) -> None:
    here = planned.path
    the_record_changes(site, -20.5)
    planned.get(here)

    planned.submit({"message": "Recorded incidents fell by 20.5%."}, button="Save")

    assert "is now down 20.5%." in planned.text
    assert "still says what it was" not in planned.text
    planned.get("/officer/plan")
    assert "Figures have changed" not in planned.text


def test_a_record_that_turns_is_flagged_whatever_the_message_quotes(site: Flask, planned: Walker) -> None:
    planned.submit({"message": "Come and talk to us."}, button="Save")
    here = planned.path
    the_record_changes(site, 12)

    planned.get(here)

    assert "The class was reassure and is now act." in planned.text
    planned.get("/officer/plan?view=board")
    assert "Figures have changed" in planned.text


def test_the_board_has_every_status_and_the_calendar_every_month(planned: Walker) -> None:
    start = date(2027, 1, 20)
    typed = {f"starts_on-{part}": getattr(start, part) for part in ("day", "month", "year")}
    end = {"ends_on-day": 3, "ends_on-month": 3, "ends_on-year": 2027}
    planned.submit({**typed, **end}, button="Save")

    page = planned.get("/officer/plan?view=board")
    assert [head.get_text(strip=True) for head in page.select("h2.govuk-heading-m")] == [
        "Planned",
        "Under way",
        "Done",
        "Stopped",
    ]
    page = planned.get("/officer/plan?view=calendar")
    months = [head.get_text(strip=True) for head in page.select("h2.govuk-heading-m")]
    assert months == ["January 2027", "February 2027", "March 2027"]


def test_the_workbook_holds_the_plan_and_says_it_is_synthetic(planned: Walker) -> None:
    content = planned.client.get("/officer/plan.xlsx").get_data()

    head, row = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)

    told = dict(zip(head, row, strict=True))
    assert told["channel"] == "Newsletters; posters"
    assert told["synthetic"] == "yes"


def test_the_calendar_file_has_an_event_of_whole_days_with_its_text_escaped_and_folded(planned: Walker) -> None:
    text = planned.client.get("/officer/plan.ics").get_data(as_text=True)

    lines = text.split("\r\n")
    unfolded = text.replace("\r\n ", "")
    tomorrow = date.today() + timedelta(days=1)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert max(len(line.encode()) for line in lines) <= 75
    assert f"DTEND;VALUE=DATE:{tomorrow:%Y%m%d}" in lines
    assert "By: Newsletters\\; posters\\nOwner: Officer" in unfolded
    assert "SUMMARY:SYNTHETIC: Tell residents" in unfolded
