"""From a gap to an activity of the communication plan, and what becomes of it."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import delete
from walker import Walker

from csp_consult.db import db
from csp_consult.recorded.models import PublishedComparison

GAP = "/officer/gap?wave=residents-test/2022&topic=asb"
ADD = "Add to the plan"


def new_activity(olive: Walker) -> Walker:
    olive.get(GAP)
    olive.follow("Plan an activity for this gap")
    olive.submit({"channel": "Parish newsletters", "owner": "Community Safety Officer"}, button=ADD)
    return olive


def test_a_gap_becomes_an_activity_that_quotes_it(olive: Walker) -> None:
    olive.get(GAP)
    verdict = olive.page.select_one(".csp-verdict")
    assert verdict is not None
    olive.follow("Plan an activity for this gap")
    message = olive.page.select_one("#message")
    assert message is not None
    assert " ".join(verdict.get_text().split()) in message.text

    olive.submit({"channel": "Parish newsletters", "owner": "Community Safety Officer"}, button=ADD)

    assert olive.status == 200
    assert "is in the communication plan" in olive.text
    olive.follow("Communication plan")
    assert "Parish newsletters" in olive.text
    assert "Planned" in olive.text


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(olive: Walker) -> None:
    olive.get(GAP)
    olive.follow("Plan an activity for this gap")

    olive.submit(
        {"owner": "", "channel": "Market stall", "starts_on-day": "31", "starts_on-month": "2", "ends_on-day": "x"},
        button=ADD,
    )

    assert olive.errors == [
        "Enter who is responsible",
        "Enter a first day that is in the calendar",
        "Enter the last day in numbers, with a year of four digits, for example 27 3 2027",
    ]
    kept = olive.filled(button=ADD)
    assert (kept["channel"], kept["starts_on-day"], kept["ends_on-day"]) == ("Market stall", "31", "x")
    olive.get("/officer/plan")
    assert "There is no activity yet" in olive.text


def test_an_activity_moves_on_and_keeps_its_gap(olive: Walker) -> None:
    new_activity(olive)
    aimed_at = olive.page.select_one(".govuk-summary-list")

    olive.submit({"status": "under way", "engagement": "Drop-in at the library"}, button="Save")

    assert "is saved" in olive.text
    assert olive.filled(button="Save")["engagement"] == "Drop-in at the library"
    assert olive.page.select_one(".govuk-summary-list") == aimed_at
    olive.get("/officer/plan")
    assert "Under way" in olive.text


def test_an_activity_whose_first_day_has_passed_asks_for_attention(olive: Walker) -> None:
    new_activity(olive)
    past = date.today() - timedelta(days=1)
    olive.submit({"starts_on-day": past.day, "starts_on-month": past.month, "starts_on-year": past.year}, button="Save")

    olive.get("/officer/")

    assert "and is still planned" in olive.text


def test_the_plan_can_be_taken_away_with_what_it_is_aimed_at(olive: Walker) -> None:
    new_activity(olive)

    text = olive.client.get("/officer/plan.csv").get_data(as_text=True)

    assert "Parish newsletters" in text
    assert "fell by 33.4%" in text


def test_no_activity_is_aimed_at_a_gap_that_cannot_be_compared(site: Flask, olive: Walker) -> None:
    with site.app_context():
        db.session.execute(delete(PublishedComparison))
        db.session.commit()

    olive.get(GAP)
    assert "No activity can be aimed at it" in olive.text
    olive.get("/officer/plan/new?wave=residents-test/2022&topic=asb")

    assert (olive.status, olive.heading) == (400, "This cannot be shown")
    assert "Cannot be compared, because" in olive.text


def test_cost_partner_and_kind_of_engagement_are_kept_and_what_changed_is_told(olive: Walker) -> None:
    new_activity(olive)

    olive.submit(
        {"engagement_type": "conversation", "partner": "Beat team", "cost": "£1,250", "audience_age": "16-24"},
        button="Save",
    )

    kept = olive.filled(button="Save")
    assert (kept["engagement_type"], kept["partner"], kept["cost"]) == (["conversation"], "Beat team", "1250")
    assert "Kind of engagement: from “broadcast” to “conversation”" in olive.text
    assert "by olive@example.org" in olive.text


def test_a_cost_that_is_no_number_of_pounds_is_asked_for_again(olive: Walker) -> None:
    new_activity(olive)
    for typed in ("a lot", "12.50", "9" * 5000):
        olive.submit({"cost": typed}, button="Save")
        assert olive.errors == ["Enter the cost in whole pounds, for example 250, or leave it empty"]
        assert olive.filled(button="Save")["cost"] == typed


def test_a_role_approves_an_activity_until_it_is_changed(olive: Walker) -> None:
    new_activity(olive)
    here = olive.path
    assert "Not approved" in olive.text

    olive.follow("Record an approval")
    olive.submit({"role": " "}, button="Record the approval")
    assert olive.errors == ["Enter the role that approved it, in at most 200 characters"]
    olive.submit({"role": "Chair of the Strategy Group"}, button="Record the approval")
    assert "Approved by Chair of the Strategy Group" in olive.text

    olive.get(here)
    olive.submit({"owner": "Another officer"}, button="Save")

    assert "Not approved" in olive.text
    assert "Approval reopened" in olive.text
