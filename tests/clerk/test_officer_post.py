"""Mails and letters to councils: planned for a day, stopped on submitting, and all to be looked at before they go."""

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from parish_world import GLEN, KIBWORTH, TUR_LANGTON, WAVE
from pypdf import PdfReader
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork.models import Mailing, Wave
from csp_consult.mail.bounces import flag
from csp_consult.mail.models import Message
from csp_consult.parishes import mailing
from csp_consult.parishes.models import ParishReminder, ParishResponse

POST = f"/officer/waves/{WAVE}/post"


def day(field: str, days: int) -> dict[str, str]:
    on = date.today() + timedelta(days=days)
    return {f"{field}-day": str(on.day), f"{field}-month": str(on.month), f"{field}-year": str(on.year)}


def mails(site: Flask) -> list[tuple[str, str]]:
    """Whoever was written to when what is due goes into the outbox, with the kind of mail."""
    with site.app_context():
        mailing.queue_due()
        found = db.session.scalars(select(Message).order_by(Message.recipient, Message.id)).all()
        return [(one.recipient, one.kind) for one in found]


@pytest.fixture
def answered(site: Flask) -> None:
    """Tur Langton has answered, on the authority of its council."""
    with site.app_context():
        session = db.session()
        session.add(
            ParishResponse(
                wave_id=session.scalars(select(Wave.id)).one(),
                parish_code=TUR_LANGTON,
                version=1,
                reference="R-1",
                submission="one",
                answers={},
                mandate="full council",
                meeting_on=date.today(),
                minute_reference="12",
                submitted_on=date.today(),
            )
        )
        session.commit()


def test_an_invitation_is_planned_looked_at_and_names_all_of_a_clerk_s_councils_at_once(
    site: Flask, olive: Walker
) -> None:
    olive.get(f"/officer/waves/{WAVE}/fieldwork")
    olive.follow("Mails and letters to councils")
    olive.submit({"kind": "invitation", **day("day", 0)}, button="Plan this day")
    assert "The invitation goes out on" in olive.text
    olive.follow("every invitation")

    assert "2 invitations as they would go out today" in olive.text
    assert "we ask Kibworth and Tur Langton to answer: First test consultation" in olive.text
    assert mails(site) == [
        ("glen@example.org", "council invitation"),
        ("kibworth@example.org", "council invitation"),
    ]
    assert len(mails(site)) == 2, "once"


def test_a_planned_reminder_goes_to_those_who_have_not_answered_by_then(
    site: Flask, olive: Walker, answered: None
) -> None:
    olive.get(POST)
    olive.submit({"kind": "reminder", **day("day", 0)}, button="Plan this day")
    olive.follow("every reminder")
    assert "2 reminders" in olive.text

    assert mails(site) == [("glen@example.org", "council reminder"), ("kibworth@example.org", "council reminder")]
    with site.app_context():
        reminded = db.session.scalars(select(ParishReminder).order_by(ParishReminder.parish_code)).all()
        assert [(one.parish_code, one.sent_by) for one in reminded] == [(GLEN, None), (KIBWORTH, None)]


def test_a_day_on_which_no_council_can_answer_is_refused(olive: Walker) -> None:
    olive.get(POST)

    olive.submit({"kind": "reminder", **day("day", 400)}, button="Plan this day")

    assert olive.errors[0].startswith("Choose a day from today on while First test consultation is open")


def test_letters_go_to_councils_that_no_mail_reaches_or_to_every_one_and_are_seen_before(
    site: Flask, olive: Walker, answered: None
) -> None:
    with site.app_context():
        flag(db.session(), "glen@example.org", reason="no such mailbox", today=date.today())
        db.session.commit()

    olive.get(POST)
    assert "2 councils have not answered. No mail reaches 1 of them" in olive.text
    olive.follow("look at the letters")
    assert "1 letter as it would go out today" in olive.text
    assert "To The clerk to the parish council, Great Glen" in olive.text
    printed = PdfReader(io.BytesIO(olive.client.get(f"{POST}/letters.pdf").data))
    every = PdfReader(io.BytesIO(olive.client.get(f"{POST}/letters.pdf?to=every").data))

    text = printed.pages[0].extract_text().replace("\n", " ")
    assert (len(printed.pages), len(every.pages)) == (1, 2)
    assert "To: The clerk to the parish council, Great Glen" in text
    assert "We ask Great Glen to answer this consultation as a council" in text
    assert f"/parish-councils/{WAVE}/questions.pdf" in text.replace(" ", "")


def test_the_next_wave_is_planned_from_the_last_with_the_days_of_its_mails(site: Flask, olive: Walker) -> None:
    olive.get("/officer/")
    olive.follow("Plan the next wave after First test consultation")
    olive.submit({**day("opens", 30), **day("closes", 20)})
    assert "cannot close" in olive.errors[0]

    olive.submit({"title": "Second", **day("closes", 60), **day("invitation", 30), **day("reminder", 50)})

    assert "Second is planned from" in olive.text
    with site.app_context():
        first, second = db.session.scalars(select(Wave).order_by(Wave.id)).all()
        assert second.questionnaire_id == first.questionnaire_id
        planned = db.session.scalars(select(Mailing).where(Mailing.wave_id == second.id).order_by(Mailing.send_on))
        assert [(one.kind, one.queued) for one in planned] == [("invitation", None), ("reminder", None)]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, "Enter the first and the last day of the new wave."),
        ({**day("opens", -3), **day("closes", 20)}, "The first day is past. Choose today or a later day."),
        ({"opens-day": "x"}, "Enter the first day in numbers, with a year of four digits, for example 27 3 2027"),
        ({**day("opens", 3), **day("closes", 20), **day("reminder", 90)}, "Choose a day from today on while"),
    ],
)
def test_a_wave_that_cannot_be_planned_says_why_and_nothing_is_stored(
    site: Flask, olive: Walker, fields: dict[str, str], fault: str
) -> None:
    olive.get(f"/officer/waves/{WAVE}/copy")

    olive.submit(fields)

    assert olive.errors[0].startswith(fault)
    with site.app_context():
        assert len(db.session.scalars(select(Wave)).all()) == 1
