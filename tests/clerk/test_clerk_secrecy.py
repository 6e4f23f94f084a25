"""No role sees another parish's draft, or what councillors wrote on it, by any route, identifier or export."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from databases import Databases
from flask import Flask
from flask.testing import FlaskClient
from parish_world import GLEN, PASSWORD, WAVE, account, build, code
from quick_app import quick_app
from sqlalchemy import select
from sqlalchemy.orm import Session
from walker import Walker
from werkzeug.routing import Rule

from csp_consult.cli import COMMANDS
from csp_consult.db import db
from csp_consult.parishes.comments import comment, find_link, make_link
from csp_consult.parishes.drafts import Editor, save_page
from csp_consult.parishes.models import ParishDraft
from csp_consult.people.models import User

SECRET, REMARK = "Quetzal in the churchyard", "Axolotl in the pond"
SURVEY, WAVE_NAME = WAVE.split("/")
NUMBERS = (1, 2)
# The steps of signing in and out would change who asks: they are tried by nobody who has signed in.
STEPS = ("security.", "signing_in.", "entering.", "account.end_")


@pytest.fixture
def secret_site(databases: Databases) -> Iterator[Flask]:
    """The application where Great Glen has a secret. Forms need no token."""
    with databases.like(great_glens_secret) as address:
        app = quick_app(address, WTF_CSRF_ENABLED=False)
        yield app
        with app.app_context():
            db.engine.dispose()


def great_glens_secret(session: Session) -> None:
    """Great Glen has drafted a secret, and a councillor has remarked on it."""
    today = date.today()
    world = build(session, opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
    for role in ("officer", "administrator"):
        account(session, f"{role}@example.org", role)
    gill = Editor(world.glen_clerk.id, "Gill Glen", "a browser")
    save_page(
        session,
        world.wave,
        GLEN,
        {"ratings": {"speeding": "5", "burglary": "1"}, "met_police": "met", "meeting_note": SECRET},
        seen_revision=0,
        editor=gill,
        today=today,
    )
    token = make_link(session, world.wave, GLEN, user_id=gill.user_id, today=today)
    link = find_link(session, token, today)
    assert link is not None
    comment(session, link, name="Cllr Carter", words=REMARK, today=today)


def signed_in(site: Flask, name: str | None) -> FlaskClient:
    client = site.test_client()
    if name is not None:
        client.post("/sign-in", data={"email": f"{name}@example.org", "password": PASSWORD})
        if name in {"officer", "administrator"}:
            client.post("/sign-in/code", data={"code": code()})
        assert client.get("/account/").status_code == 200, name
    return client


def addresses(site: Flask, rule: Rule) -> list[str]:
    """The addresses of a rule that lead to Great Glen's wave, with every number that a row of it may have."""
    known: dict[str, Any] = {"parish_code": GLEN, "survey": SURVEY, "wave": WAVE_NAME, "page_id": "meeting"}
    found = []
    for number in NUMBERS:
        values = {
            name: known.get(name, number if "RowNumber" in type(rule._converters[name]).__name__ else GLEN)
            for name in rule.arguments - set(rule.defaults or {})
        }
        found.append(site.url_map.bind("localhost").build(rule.endpoint, values))
    return list(dict.fromkeys(found))


def words_of(content: bytes) -> str:
    """Everything that can be read in a file: the parts of a ZIP (Word, Excel), the text of a PDF, or itself."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if content.startswith(b"%PDF-"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


@pytest.mark.parametrize("role", [None, "kibworth", "officer", "administrator"])
def test_nobody_else_sees_or_changes_the_draft_by_any_route(secret_site: Flask, role: str | None) -> None:
    client = signed_in(secret_site, role)
    form = {"parish": GLEN, "wave": WAVE, "source": WAVE, "form-submission": "forged", "link": "1", "clerk": "1"}
    tried = 0
    for rule in secret_site.url_map.iter_rules():
        if rule.endpoint == "static" or (role and rule.endpoint.startswith(STEPS)):
            continue
        for path in addresses(secret_site, rule):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                query = {"wave": WAVE, "parish": GLEN, "area": GLEN} if method == "GET" else {}
                response = client.open(path, method=method, query_string=query, data=form if method == "POST" else None)
                read = words_of(response.data)
                assert SECRET not in read, (role, method, path)
                assert REMARK not in read, (role, method, path)
                tried += 1

    assert tried > 100
    assert role is None or client.get("/account/").status_code == 200, "signed in to the end"
    with secret_site.app_context():
        draft = db.session.scalars(select(ParishDraft)).one()
        assert draft.answers["meeting_note"] == SECRET


def test_its_own_clerk_does_see_both(secret_site: Flask) -> None:
    gill = Walker(signed_in(secret_site, "glen"))

    gill.get(f"/clerk/{GLEN}/{WAVE}/page/meeting")
    assert SECRET in gill.text
    gill.get(f"/clerk/{GLEN}/{WAVE}/comments")
    assert REMARK in gill.text
    for kind in ("docx", "pdf"):
        assert SECRET in words_of(gill.client.get(f"/clerk/{GLEN}/{WAVE}/paper.{kind}").data)


def test_no_export_of_the_command_line_holds_it(secret_site: Flask, tmp_path: Path) -> None:
    runner = secret_site.test_cli_runner()
    commands = __import__("csp_consult.cli", fromlist=["_commands"])._commands
    with secret_site.app_context():
        assert db.session.scalar(select(User).where(User.email == "officer@example.org"))
    for number, line in enumerate(
        (
            ["response", "export", WAVE, "--to", "csv", "--by", "officer@example.org"],
            ["response", "export", WAVE, "--to", "json", "--by", "officer@example.org"],
        )
    ):
        file = tmp_path / str(number)
        runner.invoke(commands, [*line, "--output", str(file)])
        assert not file.exists() or SECRET not in words_of(file.read_bytes()), line
    for line in (["user", "audit"], ["wave", "list"], ["wave", "show", WAVE], ["rank", WAVE]):
        assert line[0] in COMMANDS
        output = runner.invoke(commands, line).output
        assert SECRET not in output, line
        assert REMARK not in output, line
