"""Keeping answers for later: a link by mail, an end that is told and put off, and nothing sent twice by Back."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select, update
from walker import Walker

from csp_consult.db import writing
from csp_consult.fieldwork.drafts import KEPT_DAYS
from csp_consult.fieldwork.models import Draft
from csp_consult.fieldwork.retention import let_go
from csp_consult.mail.models import Message

TODAY = date.today()


def begun(address: str, somebody: Walker) -> None:
    somebody.get(f"{address}/questions/connection")
    somebody.submit({"connection": "live"})


def saved_days_ago(app: Flask, days: int) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Draft).values(saved_on=TODAY - timedelta(days=days)))


def test_a_link_by_mail_opens_the_answers_elsewhere_and_only_by_its_button(app: Flask, real_wave: str) -> None:
    somebody, elsewhere = Walker(app.test_client()), Walker(app.test_client())
    begun(real_wave, somebody)
    somebody.get(f"{real_wave}/save")
    somebody.submit(button="Give me a code")
    somebody.submit({"email": "not an address"}, button="Send me the link")
    assert "Enter an e-mail address" in somebody.text
    assert "Your code" in somebody.text
    somebody.submit({"email": "jo@example.org"}, button="Send me the link")

    with app.app_context(), writing() as session:
        mail = session.scalars(select(Message)).one()
        assert (mail.recipient, mail.kept) == ("jo@example.org", False)
        link = next(line for line in mail.body.splitlines() if "/return/" in line)
    elsewhere.get(link.removeprefix("http://localhost:8000"))
    assert elsewhere.heading == "Come back to your answers"
    elsewhere.submit()

    assert "You have begun on this device" in elsewhere.text


def test_an_end_that_is_near_is_told_and_put_off_by_a_button(app: Flask, real_wave: str, resident: Walker) -> None:
    begun(real_wave, resident)
    resident.get(real_wave)
    assert "They are kept until the end of" in resident.text
    assert "Keep my answers for longer" not in resident.text

    saved_days_ago(app, KEPT_DAYS - 1)
    resident.get(real_wave)
    resident.submit(button="Keep my answers for longer")

    with app.app_context(), writing() as session:
        assert session.scalars(select(Draft.saved_on)).all() == [TODAY]


def test_after_its_end_a_draft_is_gone_and_what_is_typed_then_is_kept(
    app: Flask, real_wave: str, resident: Walker
) -> None:
    begun(real_wave, resident)
    saved_days_ago(app, KEPT_DAYS + 1)
    with app.app_context(), writing() as session:
        assert let_go(session, TODAY, months=24).drafts == 1

    resident.submit({"safe_day": "very_safe"})

    assert resident.status == 200
    assert resident.path.endswith("/questions/connection")
    resident.submit({"connection": "live"})
    resident.get(f"{real_wave}/questions/safety")
    assert resident.page.select_one("input[name=safe_day][value=very_safe][checked]")


def test_a_refused_page_has_an_address_of_its_own(real_wave: str, resident: Walker) -> None:
    resident.get(f"{real_wave}/questions/connection")
    typed = {**resident.filled(), "connection": "nonsense"}

    answer = resident.client.post(f"{real_wave}/questions/connection", data=typed)

    assert answer.status_code == 303
    resident.get(answer.headers["Location"])
    assert "There is a problem" in resident.text
    resident.get(f"{real_wave}/questions/connection")
    assert "There is a problem" not in resident.text


def test_another_tab_adds_nothing_to_answers_that_are_sent(app: Flask, open_wave: str) -> None:
    somebody = Walker(app.test_client())
    somebody.get(open_wave)
    somebody.follow("Start now")
    old_form, old_path = somebody.filled(), somebody.path
    while "/check" not in somebody.path:
        somebody.submit()
    somebody.submit()
    with app.app_context(), writing() as session:
        before = session.scalars(select(Draft.sealed)).all()

    answer = somebody.client.post(old_path, data=old_form)

    assert answer.headers["Location"].endswith("/thanks")
    with app.app_context(), writing() as session:
        assert session.scalars(select(Draft.sealed)).all() == before
