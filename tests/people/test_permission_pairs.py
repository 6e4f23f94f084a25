"""What one role is refused, another may do: each refusal beside its success, on the page and in the database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from parish_world import GLEN, PASSWORD, WAVE, account, build, code
from quick_app import quick_app
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from csp_consult.db import db, writing
from csp_consult.mail.models import BouncedAddress
from csp_consult.parishes.models import ClerkParish, ParishDraft
from csp_consult.people.models import AuditEntry, User

EMAILS = {
    "clerk": "glen@example.org",
    "another clerk": "kibworth@example.org",
    "officer": "olive@example.org",
    "administrator": "ada@example.org",
}
DRAFT = {"ratings.speeding": "5", "ratings.burglary": "1", "seen_revision": "0"}


@dataclass(frozen=True)
class Deed:
    """Something that changes a row: who may not, who may, what is then read, and what is then stored."""

    path: str
    fields: dict[str, str]
    refused: tuple[str | None, ...]
    allowed: str
    says: str
    stored: Callable[[Session], bool]


def there(*which: object) -> Callable[[Session], bool]:
    return lambda store: bool(store.scalar(select(exists().where(*which))))  # type: ignore[arg-type] # conditions


DEEDS = {
    "a parish's draft is saved by its own clerk": Deed(
        f"/clerk/{GLEN}/{WAVE}/page/worries",
        DRAFT,
        (None, "another clerk", "officer", "administrator"),
        "clerk",
        "The police",
        there(ParishDraft.parish_code == GLEN),
    ),
    "a parish is handed over by its own clerk": Deed(
        f"/account/parishes/{GLEN}/hand-over",
        {"email": "kibworth@example.org"},
        (None, "another clerk", "officer", "administrator"),
        "clerk",
        "Great Glen is handed over",
        lambda store: store.get(ClerkParish, (_id(store, "kibworth@example.org"), GLEN)) is not None,
    ),
    "a clerk is invited by an officer": Deed(
        "/officer/accounts/invite",
        {"email": "new@example.org", "role": "clerk"},
        (None, "clerk"),
        "officer",
        "new@example.org is invited",
        there(User.email == "new@example.org"),
    ),
    "an administrator is invited by an administrator": Deed(
        "/officer/accounts/invite",
        {"email": "new@example.org", "role": "administrator"},
        (None, "clerk", "officer"),
        "administrator",
        "new@example.org is invited",
        there(User.email == "new@example.org"),
    ),
    "an officer's account is closed by an administrator": Deed(
        "/officer/accounts/{olive}/close",
        {},
        (None, "clerk", "officer"),
        "administrator",
        "The account of olive@example.org is closed",
        there(User.email == "olive@example.org", User.active.is_(False)),
    ),
    "an address is flagged by an officer": Deed(
        "/officer/mail/bounce",
        {"address": "gone@example.org"},
        (None, "clerk"),
        "officer",
        "Nothing more is sent to gone@example.org",
        there(BouncedAddress.address == "gone@example.org"),
    ),
    "the trail is taken along by an administrator": Deed(
        "/officer/trail.csv",
        {},
        (None, "clerk", "officer"),
        "administrator",
        "signed in",
        there(AuditEntry.action == "export taken"),
    ),
}


@pytest.fixture
def site(database_url: str) -> Iterator[Flask]:
    """The application with its world and every role. Forms need no token: the roles are what is tried."""
    app = quick_app(database_url, WTF_CSRF_ENABLED=False)
    with app.app_context():
        today = date.today()
        build(db.session(), opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
        account(db.session(), EMAILS["officer"], "officer")
        account(db.session(), EMAILS["administrator"], "administrator")
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_what_one_role_is_refused_another_may_do(site: Flask, deed: Deed) -> None:
    with site.app_context(), writing() as store:
        path = deed.path.format(olive=_id(store, EMAILS["officer"]))

    for role in deed.refused:
        answer = _do(_as(site, role), path, deed.fields)
        assert deed.says not in answer, role
        assert not _stored(site, deed), role

    answer = _do(_as(site, deed.allowed), path, deed.fields)

    assert deed.says in answer
    assert _stored(site, deed)


def _do(client: FlaskClient, path: str, fields: dict[str, str]) -> str:
    call = client.get if path.endswith(".csv") else client.post
    return call(path, data=fields, follow_redirects=True).text


def _as(site: Flask, role: str | None) -> FlaskClient:
    client = site.test_client()
    if role is not None:
        client.post("/sign-in", data={"email": EMAILS[role], "password": PASSWORD})
        if "clerk" not in role:
            client.post("/sign-in/code", data={"code": code()})
    return client


def _stored(site: Flask, deed: Deed) -> bool:
    with site.app_context(), writing() as store:
        return deed.stored(store)


def _id(store: Session, email: str) -> int:
    return store.scalars(select(User.id).where(User.email == email)).one()
