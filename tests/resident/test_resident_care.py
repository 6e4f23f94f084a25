"""What tells of abuse, self-harm or danger is read the same day; an address for news is kept apart from answers."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select
from walker import Walker

from csp_consult.db import writing
from csp_consult.fieldwork import care, news, responses
from csp_consult.fieldwork.models import CareFlag, NewsAddress, Response, Wave
from csp_consult.mail.models import Message
from csp_consult.people.models import AuditEntry
from csp_consult.questionnaire.care import signs

TODAY = date.today()


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Some days I want to die.", ("self-harm",)),
        ("He hits me when he’s drunk", ("abuse",)),
        ("I don’t want to live any more; he has a gun", ("self-harm", "danger")),
        ("Mae’n bygwth lladd pawb", ("danger",)),
        ("Mąż BIJE MNIE co tydzień", ("abuse",)),
        ("وہ مجھے مارتا ہے", ("abuse",)),
        ("The speeding here is killing the village.", ()),
        ("Grapes and drapes; the trapeze artist.", ()),
        ("", ()),
    ],
)
def test_plain_rules_find_what_must_be_read_in_any_language(words: str, kinds: tuple[str, ...]) -> None:
    assert signs([words]) == kinds


def answered(app: Flask, address: str, comment: str) -> Walker:
    """Somebody who answers nothing but writes a comment, and sends it."""
    somebody = Walker(app.test_client())
    somebody.get(address)
    somebody.follow("Start now")
    while "/check" not in somebody.path:
        text = somebody.page.select_one("main textarea[name]")
        first = somebody.page.select_one("main input[name=connection]")
        somebody.submit(({str(text["name"]): comment} if text else {}) | ({"connection": "live"} if first else {}))
    somebody.submit()
    return somebody


def test_an_answer_that_tells_of_harm_waits_for_an_officer_and_shows_helplines(app: Flask, real_wave: str) -> None:
    somebody = answered(app, real_wave, "I want to die.")
    answered(app, real_wave, "The lane is dark.")

    assert "Samaritans" in somebody.text
    with app.app_context(), writing() as session:
        flag, wave, response = care.waiting(session)[0]
        assert (care.unread(session), flag.kinds, wave.slug) == (1, ["self-harm"], "now")
        assert response is not None
        assert care.settle(session, flag.id, "police", by="olive@example.org", today=TODAY)
        assert not care.settle(session, flag.id, "nothing", by="olive@example.org", today=TODAY)
        assert care.unread(session) == 0
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "care.read")).one()
        assert "die" not in f"{noted.subject} {noted.detail}"


def test_what_waits_goes_when_the_answers_are_withdrawn(app: Flask, real_wave: str) -> None:
    answered(app, real_wave, "He hits me.")

    with app.app_context(), writing() as session:
        assert responses.withdraw(session, session.scalars(select(Response.reference)).one())
        assert care.unread(session) == 0
        assert session.scalar(select(func.count()).select_from(CareFlag)) == 0


def test_an_address_for_news_is_kept_with_nothing_that_leads_to_an_answer(app: Flask, real_wave: str) -> None:
    somebody = answered(app, real_wave, "")
    somebody.submit({"email": "nonsense"}, button="Tell me of the results")
    assert "Enter an e-mail address" in somebody.text
    assert "nonsense" in str(somebody.form("Tell me of the results"))

    somebody.submit({"email": "jo@example.org"}, button="Tell me of the results")

    assert "then delete your address" in somebody.text
    with app.app_context(), writing() as session:
        columns = {column["name"] for column in inspect(session.connection()).get_columns("news_address")}
        assert columns == {"id", "wave_id", "address", "asked_on"}
        wave = session.scalars(select(Wave).where(Wave.slug == "now")).one()
        assert news.send(session, wave, subject="Results", body="They are out.", today=TODAY) == 1
        assert session.scalar(select(func.count()).select_from(NewsAddress)) == 0
        assert session.scalars(select(Message.recipient)).all() == ["jo@example.org"]
