"""What one is refused, another may do: each refusal beside its success, on the page and in the database."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from databases import Databases
from findings_world import DISTRICT, make_world
from flask import Flask
from flask.testing import FlaskClient
from officer.conftest import publish_fall
from parish_world import GLEN, PASSWORD, account, build, code
from people.writing_deeds import DEEDS, OPEN_TO_ALL, Deed
from quick_app import quick_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from csp_consult.db import Base, db, writing
from csp_consult.fieldwork.models import CareFlag, Wave
from csp_consult.fieldwork.waves import create
from csp_consult.mail.outbox import queue
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import BEFORE_OPENING
from csp_consult.parishes import comments
from csp_consult.parishes.models import CommentLink
from csp_consult.people.invitations import invite
from csp_consult.people.links import make_link
from csp_consult.people.models import SignedIn, User
from csp_consult.places.models import Area, AreaLink
from csp_consult.questionnaire.models import QuestionnaireDraft, QuestionnaireVersion
from csp_consult.web.permissions import PERMISSIONS, SIGNED_IN

EMAILS = {
    "clerk": "glen@example.org",
    "another clerk": "kibworth@example.org",
    "officer": "olive@example.org",
    "administrator": "ada@example.org",
}
CLERKS = ("clerk", "another clerk")
PEOPLE = ("passer-by", *EMAILS)
# Counting a refused sign-in, or when a browser was last seen, is no deed.
KEPT_ANYHOW = {"failed_try", "day_key", "call_count"}


@pytest.fixture
def site(databases: Databases) -> Iterator[Flask]:
    """The application with both worlds and every role. Forms need no token: the roles are what is tried."""
    with databases.like(_fill) as address:
        app = quick_app(address, district=DISTRICT, WTF_CSRF_ENABLED=False)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _fill(session: Session) -> None:
    today = date.today()
    world = make_world(session)
    world.crowd()
    world.residents.synthetic = True
    world.residents.opens_on, world.residents.closes_on = date(2022, 9, 1), date(2022, 11, 30)
    publish_fall(session)
    world.add(Area(code="E01000001", kind="lsoa11", name="District 001A", source="made up"))
    world.add(AreaLink(inner_code="E01000001", outer_code=DISTRICT, method="official", source="made up"))
    version = session.get_one(QuestionnaireVersion, world.residents.questionnaire_id)
    for name, starts in (("now", 0), ("later", 20)):
        create(
            session,
            world.residents.survey,
            name,
            title=name.capitalize(),
            questionnaire=version,
            opens_on=today + timedelta(days=starts),
            cleared_on=today + timedelta(days=starts),
            closes_on=today + timedelta(days=60),
        )
    build(session, opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
    account(session, EMAILS["officer"], "officer")
    account(session, EMAILS["administrator"], "administrator")
    account(session, "ari@example.org", "administrator")
    invite(session, "pending@example.org", role="clerk")
    session.add(
        Publication(
            kind=BEFORE_OPENING,
            about="residents-test/later",
            version=1,
            published_on=today,
            published_by=EMAILS["officer"],
            signed_off_by="Head of community safety",
            reason="",
            paper={},
        )
    )
    message = queue(session, to="x@example.org", subject="A mail", body="Words", kind="reminder", today=today)
    message.state = "failed"
    session.add(
        CareFlag(wave_id=world.residents.id, reference="A", question="comment", kinds=["danger"], found_on=today)
    )
    session.commit()


def test_every_writing_route_has_its_pair_or_a_reason_to_have_none(app: Flask) -> None:
    paired = {_endpoint(app, deed) for deed in DEEDS.values()}
    writing_routes = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"} and PERMISSIONS[rule.endpoint]
    }

    assert paired | OPEN_TO_ALL.keys() == writing_routes
    assert not paired & OPEN_TO_ALL.keys()
    assert all(PERMISSIONS[endpoint] >= SIGNED_IN or "anyone" in PERMISSIONS[endpoint] for endpoint in OPEN_TO_ALL)


def test_what_one_is_refused_another_may_do(site: Flask) -> None:
    clients = {who: _as(site, who) for who in PEOPLE}
    held: dict[str, Any] = {}
    faults: list[str] = []
    for name, deed in DEEDS.items():
        if deed.changes == "signed_in":
            # A second browser of the clerk's, to be signed out from the first.
            _as(site, "clerk")
        held |= _held(site, name)
        before = _rows(site)
        for who in _refused(site, deed):
            _, said = deed.send(clients[who], held, path=deed.instead)
            after = _rows(site)
            if deed.says in said or after != before:
                faults.append(f"{name}: {who} could do it, which changed {_changed(before, after)}")

        status, said = deed.send(clients[deed.by], held)
        changed = _changed(before, _rows(site))
        if status != 200 or deed.says not in said or deed.changes not in changed:
            faults.append(f"{name}: {deed.by} could not do it ({status}), which changed {changed}: {said[:1600]}")

    assert faults == []


def _refused(site: Flask, deed: Deed) -> list[str]:
    """Everybody but who does it, who may not: by the table of routes, by whose the parish is, or as the deed says."""
    if deed.instead is not None:
        return [deed.by]
    roles = PERMISSIONS[_endpoint(site, deed)]
    others = [who for who in PEOPLE if ("clerk" if who in CLERKS else who) not in roles]
    if deed.by in CLERKS and roles == {"clerk"}:
        others.append("another clerk")
    return [*others, *deed.also_refused]


def _endpoint(app: Flask, deed: Deed) -> str:
    path = re.sub(r"\{\w+\}", "1", deed.path).partition("?")[0]
    endpoint, _ = app.url_map.bind("localhost").match(path, "POST")
    return str(endpoint)


def _as(site: Flask, who: str) -> FlaskClient:
    client = site.test_client()
    if who in EMAILS:
        client.post("/sign-in", data={"email": EMAILS[who], "password": PASSWORD})
        if who not in CLERKS:
            client.post("/sign-in/code", data={"code": code()})
    return client


def _rows(site: Flask) -> Mapping[str, list[str]]:
    """Every row of every table, as text."""
    with site.app_context(), writing() as store:
        return {
            table.name: sorted(json.dumps([str(cell) for cell in row]) for row in store.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in KEPT_ANYHOW
        }


def _changed(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def _held(site: Flask, name: str) -> dict[str, Any]:
    """What the address or the form of a deed has to name."""
    with site.app_context(), writing() as store:
        wave_of = store.scalars(select(CommentLink)).first()
        held: dict[str, Any] = {
            "pending": _id(store, "pending@example.org"),
            "other_administrator": _id(store, "ari@example.org"),
            "failed": 1,
            "flag": 1,
            "revision": store.scalar(select(QuestionnaireDraft.revision).where(QuestionnaireDraft.id == 1)),
            "kept": store.scalar(select(QuestionnaireVersion.id).where(QuestionnaireVersion.slug == "made-up")),
            "link": wave_of.id if wave_of else None,
            "session": store.scalars(
                select(SignedIn.id).where(SignedIn.user_id == _id(store, EMAILS["clerk"])).order_by(SignedIn.id.desc())
            ).first(),
        }
        if name == "a councillor comments":
            draft_wave = store.get_one(CommentLink, held["link"]).wave_id
            held["token"] = comments.make_link(
                store, store.get_one(Wave, draft_wave), GLEN, user_id=_id(store, EMAILS["clerk"]), today=date.today()
            )
        if name == "a way in by mail is used":
            link = make_link(store, store.get_one(User, held["pending"]), "invitation")
            held["entry"] = link.rsplit("/", 1)[1]
        return held


def _id(store: Session, email: str) -> int:
    return store.scalars(select(User.id).where(User.email == email)).one()
