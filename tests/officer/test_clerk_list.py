"""Clerks and their parishes from a spreadsheet: looked at first, all or nothing, with a receipt."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from databases import Fill, nothing
from flask import Flask
from parish_world import PASSWORD, account, build, code
from quick_app import quick_app
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.mail.models import Message
from csp_consult.parishes.models import ClerkParish
from csp_consult.people.models import User

LIST = """Parish,Email,Name
Great Glen,glen@example.org,
Tur Langton,glen@example.org,
kibworth,New@Kibworth.example,Nell New
E04000003,new@kibworth.example,Nell New
"""


@pytest.fixture
def filled_with() -> Fill:
    return nothing


@pytest.fixture
def site(database_url: str) -> Iterator[Flask]:
    """Three parishes; the clerk of Great Glen has an account; an officer is there."""
    app = quick_app(database_url)
    with app.app_context():
        today = date.today()
        build(db.session(), opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
        account(db.session(), "olive@example.org", "officer", name="Olive")
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def officer(site: Flask) -> Walker:
    walker = Walker(site.test_client())
    walker.get("/sign-in")
    walker.submit({"email": "olive@example.org", "password": PASSWORD})
    walker.submit({"code": code()})
    return walker


def send(officer: Walker, text: str, then: str) -> None:
    officer.get("/officer/accounts/clerks")
    fields = officer.filled({"then": then, "list": (io.BytesIO(text.encode()), "clerks.csv")}, button="Take them in")
    officer._arrive(officer.client.post(officer.path, data=fields))


def stored(site: Flask) -> set[tuple[str, str]]:
    with site.app_context():
        pairs = select(User.email, ClerkParish.parish_code).join(ClerkParish, ClerkParish.user_id == User.id)
        return {(email, parish) for email, parish in db.session.execute(pairs)}


def test_a_preview_says_what_would_be_done_and_does_nothing(site: Flask, officer: Walker) -> None:
    before = stored(site)

    send(officer, LIST, "look")

    assert "glen@example.org: has an account, gets Tur Langton" in officer.text
    assert "New@Kibworth.example: invited, for Kibworth, Tur Langton" in officer.text
    assert "Nothing is stored yet." in officer.text
    assert stored(site) == before


def test_taking_in_links_invites_and_gives_a_receipt(site: Flask, officer: Walker) -> None:
    send(officer, LIST, "store")

    assert officer.heading == "Receipt: clerks from a spreadsheet"
    assert "4 rows were taken in." in officer.text
    assert {("glen@example.org", "E04000003"), ("New@kibworth.example", "E04000002")} <= stored(site)
    with site.app_context():
        mails = db.session.scalars(select(Message)).all()
        assert [(mail.kind, mail.recipient) for mail in mails] == [("invitation", "New@kibworth.example")]
        assert "Kibworth and Tur Langton" in mails[0].body
    send(officer, LIST, "store")
    assert "nothing to do" in officer.text


def test_one_faulty_row_and_nothing_is_taken_in(site: Flask, officer: Walker) -> None:
    before = stored(site)

    send(officer, LIST + "Nowhere Magna,a@b.example,\nKibworth,nonsense,\nKibworth,olive@example.org,\n", "store")

    assert officer.errors == [
        "Row 6: There is no parish 'Nowhere Magna' here. Write the name as on the list of places, or its code.",
        "Row 7: 'nonsense' is not an email address.",
        "olive@example.org has an account that is closed or no clerk’s.",
    ]
    assert stored(site) == before


def test_a_file_of_another_kind_is_refused_in_words(officer: Walker) -> None:
    send(officer, "nothing of use", "look")

    assert officer.errors[0].startswith("The file has no rows.")
