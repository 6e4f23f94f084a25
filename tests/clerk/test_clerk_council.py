"""Around the council's meeting: papers, councillors' comments, more time, officer drafts and files."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from docx import Document
from flask import Flask
from parish_world import GLEN, KIBWORTH, TUR_LANGTON, WAVE
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.bodies import set_body
from csp_consult.parishes.comments import LAST_DAYS
from csp_consult.parishes.models import CommentLink, ParishExtension, ParishResponse
from csp_consult.places.models import Area

AT = f"/clerk/{GLEN}/{WAVE}"
MEETING = date.today() - timedelta(days=3)
MINUTE = {
    "mandate": "full council",
    "meeting-day": str(MEETING.day),
    "meeting-month": str(MEETING.month),
    "meeting-year": str(MEETING.year),
    "minute_reference": "2026/87",
}
RATINGS = {"ratings.speeding": "5", "ratings.burglary": "1"}
PDF = b"%PDF-1.7 <script>alert(1)</script>"


def answer(walker: Walker) -> None:
    walker.get(f"{AT}/page/worries")
    walker.submit(RATINGS)


def send_officer_draft(walker: Walker) -> None:
    answer(walker)
    walker.get(f"{AT}/submit")
    walker.submit({"mandate": "officer draft"})


def comment_link(walker: Walker) -> str:
    walker.get(f"{AT}/comments")
    walker.submit(button="Make a link")
    shown = walker.page.select_one("main a[href*='/councillors/']")
    assert shown is not None, walker.text
    return urlsplit(str(shown["href"])).path


@pytest.fixture
def passer_by(site: Flask) -> Walker:
    """Somebody who has not signed in."""
    return Walker(site.test_client())


def test_anybody_can_print_the_blank_questions_and_only_the_clerk_the_paper_with_the_draft(
    site: Flask, gill: Walker, passer_by: Walker
) -> None:
    answer(gill)

    blank = passer_by.client.get(f"/parish-councils/{WAVE}/questions.docx")
    drafted = gill.client.get(f"{AT}/paper.docx")

    for response in (blank, drafted):
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "Draft answer" not in "".join(p.text for p in Document(io.BytesIO(blank.data)).paragraphs)
    text = "".join(p.text for p in Document(io.BytesIO(drafted.data)).paragraphs)
    assert "Great Glen" in text
    assert "Speeding: Very much" in text
    assert passer_by.client.get(f"/parish-councils/{WAVE}/questions.pdf").data.startswith(b"%PDF-")
    assert passer_by.client.get("/parish-councils/nothing/first/questions.pdf").status_code == 404


def test_a_councillor_reads_the_draft_by_the_link_and_the_clerk_alone_sees_the_comment(
    gill: Walker, passer_by: Walker, sign_in: Callable[[str], Walker]
) -> None:
    answer(gill)
    link = comment_link(gill)

    passer_by.get(link)
    assert "Speeding: Very much" in passer_by.text
    passer_by.submit({"name": "", "words": "Say more about <b>lorries</b>."})
    assert passer_by.errors == ["Enter your name, so that the clerk knows who wrote"]
    assert passer_by.filled()["words"] == "Say more about <b>lorries</b>."
    passer_by.submit({"name": "Cllr Carter"})

    assert "Thank you" in passer_by.text
    assert "lorries" not in passer_by.text
    gill.get(f"{AT}/comments")
    assert "Say more about <b>lorries</b>." in gill.text
    other = sign_in("kibworth")
    other.get(f"/clerk/{KIBWORTH}/{WAVE}/comments")
    assert "There are none yet" in other.text


def test_a_link_ends_with_its_days_or_when_the_clerk_closes_it_and_is_kept_as_a_digest(
    site: Flask, gill: Walker, passer_by: Walker
) -> None:
    closed, expired = comment_link(gill), comment_link(gill)
    with site.app_context():
        links = db.session.scalars(select(CommentLink).order_by(CommentLink.id)).all()
        assert not any(link.digest in closed + expired for link in links)
        links[1].expires_on = date.today() - timedelta(days=1)
        db.session.commit()

    gill.get(f"{AT}/comments")
    assert f"Opens until {date.today() + timedelta(days=LAST_DAYS):%-d %B %Y}" in gill.text
    gill.send({**gill.filled(button=close_button(gill))}, button=close_button(gill))

    for link in (closed, expired, "/councillors/guessed"):
        passer_by.get(link)
        assert passer_by.status == 404, link


def close_button(walker: Walker) -> str:
    return next(
        button.get_text(strip=True) for button in walker.page.select("button") if "Close this link" in button.get_text()
    )


def test_more_time_is_asked_for_and_the_answer_stands_on_the_page(site: Flask, gill: Walker) -> None:
    until = date.today() + timedelta(days=20)
    gill.get(f"{AT}/more-time")
    gill.submit({"until-day": "31", "until-month": "2", "until-year": "2027", "reason": "We meet late."})
    assert gill.errors == ["Enter a last day you ask for that is in the calendar"]
    assert gill.filled()["reason"] == "We meet late."

    gill.submit({"until-day": str(until.day), "until-month": str(until.month), "until-year": str(until.year)})

    assert "We have not decided on that yet." in gill.text
    with site.app_context():
        request = db.session.scalars(select(ParishExtension)).one()
        assert (request.asked_until, request.asked_reason) == (until, "We meet late.")
        request.until, request.decided_on, request.decision_reason = until, date.today(), "Gladly."
        wave = db.session.scalars(select(Wave)).one()
        wave.closes_on = date.today() - timedelta(days=1)
        db.session.commit()
    gill.get(f"{AT}/")
    assert "Gladly." in gill.text
    answer(gill)
    assert gill.heading == "The police", "the wave is closed for others, open for this council"


def test_an_officer_draft_is_sent_without_a_minute_and_gets_it_later(site: Flask, gill: Walker) -> None:
    send_officer_draft(gill)
    assert gill.heading == "Officer draft of Great Glen received"
    gill.follow("Add the minute")
    gill.submit({"mandate": "full council"})
    assert [error[:5] for error in gill.errors] == ["Enter", "Enter"]

    gill.submit(MINUTE)

    assert gill.heading == "Response of Great Glen received"
    assert "2026/87, added on" in gill.text
    with site.app_context():
        response = db.session.scalars(select(ParishResponse)).one()
        assert (response.version, response.mandate, response.minuted_on) == (1, "full council", date.today())
    gill.get(f"{AT}/minute")
    assert gill.path == f"{AT}/", "there is nothing more to add"


def test_a_file_goes_with_the_response_and_comes_back_as_a_download_that_can_do_nothing(
    gill: Walker, sign_in: Callable[[str], Walker]
) -> None:
    answer(gill)
    gill.get(f"{AT}/submit")
    gill.submit({**MINUTE, "attachment": (io.BytesIO(b"MZ"), "virus.exe")})
    assert gill.errors[0].startswith("Choose a file of one of these kinds")
    assert gill.filled()["minute_reference"] == "2026/87"

    gill.submit({**MINUTE, "attachment": (io.BytesIO(PDF), "Minute é.pdf")})

    assert "Minute é.pdf" in gill.text
    response = gill.client.get(f"{AT}/receipt/1/file")
    assert response.data == PDF
    assert response.mimetype == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="Minute _.pdf"')
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert sign_in("kibworth").client.get(f"{AT}/receipt/1/file").status_code == 404


def test_a_clerk_whose_files_were_enough_for_today_is_told_beside_the_field_and_sends_without(
    site: Flask, gill: Walker
) -> None:
    site.extensions["csp_consult_settings"] = replace(site.extensions["csp_consult_settings"], files_a_day=0)
    answer(gill)
    gill.get(f"{AT}/submit")

    gill.submit({**MINUTE, "attachment": (io.BytesIO(PDF), "Minute.pdf")})

    assert gill.errors == [
        "Your account has sent enough files for today. Leave the file out, or send all this tomorrow"
    ]
    assert gill.filled()["minute_reference"] == "2026/87"
    gill.submit(MINUTE)
    assert gill.heading == "Response of Great Glen received"


def test_the_same_forged_key_for_two_parishes_gives_two_receipts(sign_in: Callable[[str], Walker]) -> None:
    kit = sign_in("kibworth")
    for parish in (KIBWORTH, TUR_LANGTON):
        kit.get(f"/clerk/{parish}/{WAVE}/page/worries")
        kit.submit(RATINGS)
        kit.get(f"/clerk/{parish}/{WAVE}/submit")
        kit.submit({**MINUTE, "form-submission": "forged"})
        assert kit.path == f"/clerk/{parish}/{WAVE}/receipt/1"


def test_a_grouped_parish_is_sent_to_the_one_it_answers_with(site: Flask, sign_in: Callable[[str], Walker]) -> None:
    with site.app_context():
        set_body(db.session(), db.session.get_one(Area, TUR_LANGTON), "grouped", KIBWORTH, since=date.today())
        db.session.commit()
    kit = sign_in("kibworth")

    assert "Tur Langton answers together with Kibworth, under one council." in kit.text
    kit.get(f"/clerk/{KIBWORTH}/{WAVE}/")
    assert "One response counts for Kibworth and Tur Langton" in kit.text
    kit.get(f"/clerk/{TUR_LANGTON}/{WAVE}/page/worries")
    assert "does not ask Tur Langton for an answer of its own" in kit.text


def test_a_parish_meeting_is_offered_its_own_mandate(site: Flask, gill: Walker) -> None:
    with site.app_context():
        set_body(db.session(), db.session.get_one(Area, GLEN), "meeting", since=date.today())
        db.session.commit()
    answer(gill)
    gill.get(f"{AT}/submit")
    assert "The full council" not in gill.text

    gill.submit({**MINUTE, "mandate": "parish meeting"})

    assert "Decided by Parish meeting" in gill.text


def test_a_council_that_missed_the_last_day_finds_its_way_to_more_time_for_four_weeks(
    site: Flask, gill: Walker
) -> None:
    def close(days_ago: int) -> None:
        with site.app_context():
            wave = db.session.scalars(select(Wave)).one()
            wave.opens_on, wave.closes_on = date.today() - timedelta(60), date.today() - timedelta(days_ago)
            db.session.commit()

    close(29)
    gill.get("/clerk/")
    assert "without an answer" not in gill.text
    close(28)

    gill.get("/clerk/")
    assert "without an answer. You can still ask for more time there." in gill.text
    gill.follow("First test consultation for Great Glen")
    gill.follow("Ask for more time")

    day = date.today() + timedelta(days=9)
    until = {"until-day": str(day.day), "until-month": str(day.month), "until-year": str(day.year)}
    gill.submit({"reason": "The clerk was ill.", **until})
    assert "The request was sent." in gill.text
