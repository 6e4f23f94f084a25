"""The whole site with something of everything in it, every address of it, every role, and what is stored."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from parish_world import GLEN, PASSWORD, WAVE, account, build, code
from small_survey import give, make_wave
from sqlalchemy import inspect, text
from walker import Walker
from werkzeug.routing import IntegerConverter, Rule

from csp_consult.db import db
from csp_consult.places.models import Area

EMAILS = {
    "clerk": "glen@example.org",
    "another clerk": "kibworth@example.org",
    "officer": "olive@example.org",
    "administrator": "ada@example.org",
}
RESIDENTS = {"survey": "small", "wave": "now", "page_id": "concerns", "parish_code": GLEN}
COUNCILS = {**RESIDENTS, "survey": WAVE.split("/")[0], "wave": WAVE.split("/")[1], "page_id": "worries"}
ANSWERS = {"problem": {"speeding": "big"}, "victim": "no"}
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
COUNTERS = frozenset({"call_count", "day_key", "failed_try"})
"""Tables that only count calls; a refused call is counted too."""
PASSED_OVER = frozenset({"security.logout", "security.two_factor_token_validation"})
"""Endpoints that change who asks: opening the page for a code signs out whoever is signed in."""


@dataclass(frozen=True)
class Call:
    """One way to call the site."""

    endpoint: str
    method: str
    path: str


def furnish(app: Flask) -> str:
    """Parishes and clerks, an officer, an administrator, an open survey with one response: its reference."""
    today = date.today()
    with app.app_context():
        session = db.session()
        build(session, opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
        for role in ("officer", "administrator"):
            account(session, EMAILS[role], role)
        for ward, name in (("E05011957", "Fleckney"), ("E05011958", "Glen")):
            session.add(Area(code=ward, kind="ward", name=name, source="test"))
        wave = make_wave(session, "now", opens_on=today, closes_on=today + timedelta(days=9))
        reference = give(session, wave, ANSWERS, "somebody").reference
        session.commit()
    return reference


def calls(app: Flask) -> Iterator[Call]:
    """Every rule by every method of it; an address of a wave once for residents and once for councils."""
    urls = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PASSED_OVER:
            continue
        paths = {urls.build(rule.endpoint, values) for values in fillings(rule)}
        for method in sorted((rule.methods or set()) & {"GET", *UNSAFE}):
            for path in sorted(paths):
                yield Call(rule.endpoint, method, path)


def fillings(rule: Rule) -> Iterator[dict[str, object]]:
    """Values for the variables of a rule, which name something where they can."""
    for filling in (RESIDENTS, COUNCILS):
        yield {
            name: filling.get(name, 1 if isinstance(rule._converters[name], IntegerConverter) else "nothing")
            for name in rule.arguments - set(rule.defaults or {})
        }


def signed_in(app: Flask, role: str | None) -> FlaskClient:
    """A browser of somebody of that role; of a passer-by without one."""
    walker = Walker(app.test_client())
    if role is not None:
        walker.get("/sign-in")
        walker.submit({"email": EMAILS[role], "password": PASSWORD})
        if "clerk" not in role:
            walker.submit({"code": code()})
        assert not walker.path.startswith("/sign-in"), walker.text
    return walker.client


def mark_for(client: FlaskClient) -> str:
    """What shows that a form is of this browser's own, for every form but residents'."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/sign-in/by-mail").text)
    assert found
    return found[1]


def begun(app: Flask) -> Walker:
    """A resident who has gone on from the first page of the survey and looks at the second."""
    resident = Walker(app.test_client())
    resident.get("/s/small/now/questions/concerns")
    resident.submit({"problem.speeding": "big"}, button="Continue")
    assert resident.heading, resident.text
    return resident


def stored(app: Flask) -> dict[str, list[str]]:
    """Every row of every table, but for those that only count calls."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table: sorted(str(row) for row in connection.execute(text(f'SELECT * FROM "{table}"')))
            for table in inspect(connection).get_table_names()
            if table not in COUNTERS
        }


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """Rows that came, by table, and those that went, with a minus sign."""
    found = {
        table: [f"+ {row}" for row in after[table] if row not in before[table]]
        + [f"- {row}" for row in before[table] if row not in after[table]]
        for table in after
    }
    return {table: rows for table, rows in found.items() if rows}


def shows_a_fault(body: str) -> bool:
    """Whether a page shows what only programmers should see."""
    return any(mark in body for mark in ("Traceback (most recent", 'File "/', "sqlalchemy.exc", "werkzeug.exceptions"))
