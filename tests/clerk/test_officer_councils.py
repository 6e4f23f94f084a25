"""What officers do for councils: the board, more time, paper replies, who speaks for a parish, a vacant post."""

import io
from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from parish_world import GLEN, WAVE
from sqlalchemy import select
from walker import Walker, downloaded

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.mail.bounces import flag
from csp_consult.mail.models import Message
from csp_consult.parishes.models import ParishResponse

BOARD = f"/officer/waves/{WAVE}/fieldwork"
AT = f"/officer/waves/{WAVE}/parishes/{GLEN}"
PAPER = {"ratings.speeding": "5", "ratings.burglary": "1", "met_police": "not_met", "meeting_note": "Off the path."}
MEETING = date.today() - timedelta(days=3)
MINUTE = {
    "mandate": "full council",
    "meeting-day": str(MEETING.day),
    "meeting-month": str(MEETING.month),
    "meeting-year": str(MEETING.year),
    "minute_reference": "2026/87",
}


def close_wave(site: Flask) -> None:
    with site.app_context():
        db.session.scalars(select(Wave)).one().closes_on = date.today() - timedelta(days=1)
        db.session.commit()


def test_the_board_names_every_council_and_reminds_the_late_ones(site: Flask, olive: Walker) -> None:
    with site.app_context():
        flag(db.session(), "glen@example.org", reason="no such mailbox", today=date.today())
        db.session.commit()

    olive.get(BOARD)
    assert "0 of 3 councils have answered." in olive.text
    assert "Mail came back" in olive.text
    olive.submit(button="Remind 2 late councils")
    assert olive.heading == "Remind 2 councils?"
    assert "2 mails will go out today" in olive.text
    assert "Kibworth: " in olive.text
    assert "(kibworth@example.org)" in olive.text
    with site.app_context():
        assert db.session.scalars(select(Message)).all() == []
    olive.submit(button="Send 2 mails")

    assert "2 councils are reminded" in olive.text
    with site.app_context():
        mails = db.session.scalars(select(Message)).all()
        assert {mail.recipient for mail in mails} == {"kibworth@example.org"}
        assert "Kibworth has not yet answered First test consultation" in mails[0].body
    assert {row["parish_name"]: row["state"] for row in downloaded(olive, f"/officer/waves/{WAVE}/parishes.csv")} == {
        "Great Glen": "not started",
        "Kibworth": "not started",
        "Tur Langton": "not started",
    }


def test_a_council_that_waits_for_more_time_stands_on_the_first_page_until_it_is_decided(
    site: Flask, olive: Walker, gill: Walker
) -> None:
    said = "1 council asks for more time for First test consultation"
    until = date.today() + timedelta(days=20)
    wanted = {"until-day": str(until.day), "until-month": str(until.month), "until-year": str(until.year)}
    gill.get(f"/clerk/{GLEN}/{WAVE}/more-time")
    gill.submit({**wanted, "reason": "Our meeting is later."})

    olive.get("/officer/")
    assert said in olive.text

    olive.get(AT)
    olive.submit({**wanted, "reason": "Granted."}, button="Give more time")
    olive.get("/officer/")
    assert said not in olive.text


def test_an_officer_gives_more_time_after_the_close_and_the_clerk_sees_why(
    site: Flask, olive: Walker, sign_in: Callable[[str], Walker]
) -> None:
    close_wave(site)
    until = date.today() + timedelta(days=10)
    olive.get(AT)
    day = {"until-day": str(until.day), "until-month": str(until.month), "until-year": str(until.year)}
    olive.submit(day, button="Give more time")
    assert olive.errors == ["Enter a reason. The council is shown it."]

    olive.submit({**day, "reason": "Your meeting was cancelled."}, button="Give more time")

    assert "may answer until the new day" in olive.text
    gill = sign_in("glen")
    gill.follow("Open First test consultation for Great Glen")
    assert "Your meeting was cancelled." in gill.text
    gill.get(f"/clerk/{GLEN}/{WAVE}/page/worries")
    assert gill.heading == "What worries the council"


def test_a_reply_on_paper_becomes_a_version_that_says_so(
    site: Flask, olive: Walker, sign_in: Callable[[str], Walker]
) -> None:
    olive.get(f"{AT}/paper")
    olive.submit({**PAPER, "ratings.burglary": None, "mandate": "full council"})
    assert len(olive.errors) == 2
    assert olive.filled()["ratings.speeding"] == ["5"]
    olive.submit({**PAPER, **MINUTE, "attachment": (io.BytesIO(b"%PDF-1.7"), "letter.pdf")})

    assert "kept as version 1" in olive.text
    assert "On paper, put in by an officer." in olive.text
    assert olive.client.get(f"{AT}/files/1").data == b"%PDF-1.7"
    with site.app_context():
        response = db.session.scalars(select(ParishResponse)).one()
        assert (response.mode, response.minute_reference) == ("paper", "2026/87")
        assert "meeting_note" not in response.answers
    gill = sign_in("glen")
    gill.get(f"/clerk/{GLEN}/{WAVE}/receipt/1")
    assert "on paper; put in by an officer" in gill.text


def test_a_paper_that_leaves_open_what_must_be_answered_is_not_kept(olive: Walker) -> None:
    olive.get(f"{AT}/paper")

    olive.submit({**MINUTE, "met_police": "met"})

    assert olive.errors == ["Some questions must be answered before the response can be submitted. Check the answers."]
