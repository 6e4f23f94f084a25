"""Surveys that only invited people answer: each once, by a link of their own that leads to no answers."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from parish_world import PASSWORD, account, code
from pypdf import PdfReader
from sqlalchemy import inspect, select, update
from walker import Walker

from csp_consult.commands.wave import wave as wave_commands
from csp_consult.db import db, writing
from csp_consult.fieldwork import personal_links, waves
from csp_consult.fieldwork.models import Mailing, PersonalLink, Response, Wave
from csp_consult.fieldwork.personal_links import Invited
from csp_consult.mail.models import Message
from csp_consult.parishes import mailing
from csp_consult.typed_dates import PARTS

PEOPLE = [Invited("Household 1", "one@home.example"), Invited("Household 2", "two@home.example"), Invited("Flat 3")]
PAGE = "/officer/waves/small/now/invited"


@pytest.fixture
def links(app: Flask, open_wave: str) -> list[str]:
    """The paths of the links of three people, in the order of the list."""
    with app.app_context(), writing() as session:
        wave = waves.find(session, "small/now")
        personal_links.add_list(session, wave, PEOPLE)
        rows = session.scalars(select(PersonalLink).order_by(PersonalLink.id)).all()
        return [personal_links._address(wave, row).removeprefix("http://localhost:8000") for row in rows]


@pytest.fixture
def officer(app: Flask) -> Walker:
    with app.app_context():
        account(db.session(), "olive@example.org", "officer", name="Olive")
        db.session.commit()
    walker = Walker(app.test_client())
    walker.get("/sign-in")
    walker.submit({"email": "olive@example.org", "password": PASSWORD})
    walker.submit({"code": code()})
    return walker


def answer(walker: Walker) -> None:
    walker.follow("Start now")
    for fields in ({"top.1": "speeding"}, {"victim": "no"}, {"connection": "live", "ward": "E05011958"}):
        walker.submit(dict(fields), button="Continue")
    walker.submit(button="Send my answers")


def used(app: Flask) -> list[Any]:
    with app.app_context(), writing() as session:
        return list(session.scalars(select(PersonalLink.used_on).order_by(PersonalLink.id)))


def upload(walker: Walker, file: tuple[io.BytesIO, str], then: str) -> None:
    walker.get(walker.path)
    fields = walker.filled({"then": then, "list": file}, button="Take them in")
    walker._arrive(walker.client.post(walker.path, data=fields, follow_redirects=True))


def test_without_a_link_nobody_answers_and_with_one_somebody_does_once(
    app: Flask, resident: Walker, open_wave: str, links: list[str]
) -> None:
    resident.get(open_wave)
    assert resident.heading == "This survey is for people who were invited"
    assert resident.client.get(f"{open_wave}/questions/concerns").status_code == 403

    resident.get(links[0])
    answer(resident)

    assert resident.heading == "Thank you, your answers are in"
    assert used(app) == [date.today(), None, None]
    again = Walker(app.test_client())
    again.get(links[0])
    assert again.heading == "This link has been used"
    with app.app_context():
        assert len(db.session.scalars(select(Response)).all()) == 1


def test_opening_a_link_uses_nothing_up(app: Flask, links: list[str]) -> None:
    for _ in range(3):
        assert app.test_client().get(links[0]).status_code == 303

    assert used(app) == [None, None, None]


def test_two_browsers_with_one_link_send_one_response(app: Flask, links: list[str]) -> None:
    first, second = Walker(app.test_client()), Walker(app.test_client())
    for walker in (first, second):
        walker.get(links[1])
        walker.follow("Start now")
        for fields in ({"top.1": "speeding"}, {"victim": "no"}, {"connection": "live", "ward": "E05011958"}):
            walker.submit(dict(fields), button="Continue")

    first.submit(button="Send my answers")
    second.submit(button="Send my answers")

    assert (first.heading, second.status) == ("Thank you, your answers are in", 403)
    with app.app_context():
        assert len(db.session.scalars(select(Response)).all()) == 1


def test_nothing_leads_from_a_used_link_to_the_answers(app: Flask, resident: Walker, links: list[str]) -> None:
    resident.get(links[0])
    answer(resident)

    with app.app_context():
        link = db.session.scalars(select(PersonalLink).where(PersonalLink.used_on.is_not(None))).one()
        response = db.session.scalars(select(Response)).one()
        keys = {column.name for column in inspect(PersonalLink).columns} & {
            column.name for column in inspect(Response).columns
        }
        assert keys == {"id", "wave_id"}
        assert str(response.id) != str(link.id)
        assert type(link.used_on) is date
        told = [str(value) for value in vars(response).values()]
        assert not any(secret in text for text in told for secret in (link.seed, link.digest, link.invited))


def test_the_database_alone_lets_nobody_answer(app: Flask, open_wave: str, links: list[str]) -> None:
    with app.app_context():
        row = db.session.scalars(select(PersonalLink)).first()
        assert row is not None
        assert row.seed not in links[0]
        stolen = [row.seed, row.digest]
    for guess in stolen:
        thief = Walker(app.test_client())
        thief.get(f"{open_wave}/link/{guess}")
        assert thief.heading == "This survey is for people who were invited"


def test_the_list_is_written_to_on_its_day_and_reminders_stop_when_somebody_has_answered(
    app: Flask, resident: Walker, links: list[str]
) -> None:
    today = date.today()
    with app.app_context(), writing() as session:
        wave = waves.find(session, "small/now")
        personal_links.schedule(session, wave, "invitation", today, today)
        personal_links.schedule(session, wave, "reminder", today + timedelta(days=5), today)
    with app.app_context():
        mailing.queue_due()
        mailing.queue_due()
    resident.get(links[0])
    answer(resident)
    with app.app_context(), writing() as session:
        session.execute(update(Mailing).where(Mailing.kind == "reminder").values(send_on=today))
    with app.app_context():
        mailing.queue_due()

    with app.app_context():
        mails = db.session.execute(select(Message.kind, Message.recipient, Message.body).order_by(Message.id)).all()
        assert [(kind, to) for kind, to, _ in mails] == [
            ("survey invitation", "one@home.example"),
            ("survey invitation", "two@home.example"),
            ("survey reminder", "two@home.example"),
        ]
        assert f"http://localhost:8000{links[1]}" in mails[2].body
        assert db.session.scalars(select(Mailing.queued).order_by(Mailing.id)).all() == [2, 1]


def test_the_list_of_a_wave_that_is_not_cleared_to_open_is_invited_once_it_is_and_not_reminded_at_once(
    app: Flask, links: list[str]
) -> None:
    today = date.today()
    with app.app_context(), writing() as session:
        wave = waves.find(session, "small/now")
        personal_links.schedule(session, wave, "reminder", today, today)
        personal_links.schedule(session, wave, "invitation", today, today)
        wave.cleared_on = None
    with app.app_context():
        mailing.queue_due()
        assert db.session.scalars(select(Mailing.queued)).all() == [None, None]

    with app.app_context(), writing() as session:
        waves.clear(waves.find(session, "small/now"), today)
    with app.app_context():
        mailing.queue_due()
        assert dict(db.session.execute(select(Mailing.kind, Mailing.queued)).all()) == {"invitation": 2, "reminder": 0}


def test_last_waves_list_is_copied_under_new_links_and_the_old_one_erased_once_it_closed(
    app: Flask, links: list[str]
) -> None:
    runner, today = app.test_cli_runner(), date.today()
    days = ["--opens-on", (today + timedelta(days=300)).isoformat(), "--closes-on", str(today + timedelta(days=340))]

    copied = runner.invoke(wave_commands, ["copy", "small/now", "next", *days])
    too_early = runner.invoke(wave_commands, ["forget-list", "small/now"])
    runner.invoke(wave_commands, ["close", "small/now"])
    forgotten = runner.invoke(wave_commands, ["forget-list", "small/now"])

    assert "with 3 people on its list" in copied.output
    assert "has not closed" in too_early.output
    assert forgotten.output == "3 people were erased from the list of small/now.\n"
    with app.app_context():
        new = db.session.scalars(select(Wave).where(Wave.slug == "next")).one()
        assert new.by_link
        rows = db.session.scalars(select(PersonalLink)).all()
        assert [row.invited for row in rows] == [one.name for one in PEOPLE]
        assert {row.wave_id for row in rows} == {new.id}
        assert not {personal_links._address(new, row).rpartition("/")[2] for row in rows} & {
            link.rpartition("/")[2] for link in links
        }


def test_an_officer_looks_at_a_spreadsheet_takes_it_in_and_plans_the_mail(
    app: Flask, officer: Walker, open_wave: str
) -> None:
    book = openpyxl.Workbook()
    for row in (["Name", "Email"], ["=Household 1", "one@home.example"], ["Flat 3", None]):
        book.worksheets[0].append(row)
    made = io.BytesIO()
    book.worksheets[0]["A2"].data_type = "s"
    book.save(made)
    officer.get(PAGE)

    upload(officer, (io.BytesIO(made.getvalue()), "people.xlsx"), "look")
    assert "2 people, of whom 1 are written to by mail. Nothing is stored yet." in officer.text
    assert used(app) == []
    upload(officer, (io.BytesIO(made.getvalue()), "people.xlsx"), "store")
    assert "2 people were added to the list." in officer.text
    day = date.today() + timedelta(days=2)
    fields = {"kind": "invitation", "day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)}
    officer.submit(fields, button="Plan this day")

    assert "invitation, planned" in officer.text
    assert used(app) == [None, None]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"household\n1\n", "The file needs a column headed name"),
        (b"name,email\nA,a@b.example\nA,c@d.example\n", "Row 3 has the name A, as an earlier row does."),
        (b"name,email\nA,nonsense\n", "Row 2 has 'nonsense' for an email address."),
        (b"name\n", "The file has no rows."),
        (b"\xff\xfe", "is not in UTF-8"),
    ],
)
def test_a_list_that_cannot_be_used_says_why_and_nothing_is_stored(
    app: Flask, officer: Walker, open_wave: str, content: bytes, fault: str
) -> None:
    officer.get(PAGE)

    upload(officer, (io.BytesIO(content), "people.csv"), "store")

    assert fault in officer.errors[0]
    assert used(app) == []


def test_a_day_on_which_nobody_can_answer_is_refused(officer: Walker, links: list[str]) -> None:
    officer.get(PAGE)
    officer.submit({"kind": "reminder", "day-day": "1", "day-month": "1", "day-year": "2001"}, button="Plan this day")
    past = officer.errors
    officer.submit({"day-day": "31", "day-month": "2", "day-year": "2027"}, button="Plan this day")

    assert "Choose a day from today on" in past[0]
    assert officer.errors == ["Enter a day of the mails that is in the calendar"]


def test_letters_and_the_notice_are_tagged_pdf_with_the_link_in_words(officer: Walker, links: list[str]) -> None:
    letters = PdfReader(io.BytesIO(officer.client.get("/officer/waves/small/now/letters.pdf").data))
    notice = PdfReader(io.BytesIO(officer.client.get("/officer/waves/small/now/notice.pdf").data))

    assert len(letters.pages) == 1, "one letter: the two others are mailed"
    text = letters.pages[0].extract_text().replace("\n", "")
    assert "To: Flat 3" in text
    assert links[2] in text.replace(" ", "")
    assert "Have your say" in notice.pages[0].extract_text()
    for made in (letters, notice):
        root: Any = made.root_object
        assert repr(root["/MarkInfo"]["/Marked"]) == "True"
        assert root["/Lang"] == "en-GB"


def test_every_mail_is_seen_before_it_goes_without_the_links_by_which_people_answer(
    officer: Walker, links: list[str]
) -> None:
    officer.get(PAGE)
    officer.follow("every reminder")

    assert "2 reminders as they would go out today" in officer.text
    assert "To Household 1, one@home.example" in officer.text
    assert not any(link in officer.text for link in links)


def test_the_next_wave_asks_the_same_people_by_new_links(app: Flask, officer: Walker, links: list[str]) -> None:
    with app.app_context():
        wave = waves.find(db.session(), "small/now")
        day = max(date.today(), wave.opens_on) + timedelta(days=40)
    officer.get("/officer/waves/small/now/copy")
    fields = {f"{name}-{part}": str(getattr(day, part)) for name in ("opens", "closes") for part in PARTS}

    officer.submit(fields)

    assert "with 3 people on its list, each by a new link" in officer.text
    with app.app_context():
        seeds = db.session.scalars(select(PersonalLink.seed)).all()
        assert (len(seeds), len(set(seeds))) == (6, 6)
