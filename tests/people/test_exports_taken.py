"""Who took what out: every download and every command's file is in the trail; figures that are only seen are not."""

import getpass
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from parish_world import PASSWORD, account, build, code
from sqlalchemy import select

from csp_consult.commands.db import db as db_commands
from csp_consult.commands.place import place as place_commands
from csp_consult.commands.user import user as user_commands
from csp_consult.commands.wave import wave as wave_commands
from csp_consult.db import db, writing
from csp_consult.people import audit
from csp_consult.people.models import AuditEntry
from csp_consult.places.models import Area, Postcode


@pytest.fixture
def site(app: Flask) -> Flask:
    with app.app_context():
        today = date.today()
        build(db.session(), opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7))
        account(db.session(), "ada@example.org", "administrator")
        db.session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def taken(site: Flask) -> list[tuple[str, str]]:
    with site.app_context(), writing() as store:
        found = store.scalars(select(AuditEntry).where(AuditEntry.action == audit.EXPORT).order_by(AuditEntry.id))
        return [(one.actor, one.subject) for one in found]


def test_every_download_is_written_down_with_who_and_what(site: Flask) -> None:
    client = site.test_client()
    client.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD})
    client.post("/sign-in/code", data={"code": code()})

    paths = ["/officer/plan.csv", "/officer/plan.xlsx", "/officer/plan.ics", "/officer/published.csv?topic=asb"]
    given = [client.get(path) for path in paths]
    client.get("/officer/plan")
    client.get("/officer/nothing.csv")

    assert [one.status_code for one in given] == [200] * len(paths)
    assert all(one.headers["Content-Disposition"].startswith("attachment") for one in given)
    assert taken(site) == [("ada@example.org", path) for path in paths]


def test_an_administrator_reads_the_trail_checks_it_and_takes_it_along(site: Flask) -> None:
    client = site.test_client()
    client.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD})
    client.post("/sign-in/code", data={"code": code()})

    page = client.get("/officer/trail").text
    nobody = client.get("/officer/trail?only=exports").text
    file = client.get("/officer/trail.csv").text

    assert "The trail holds" in page
    assert "ada@example.org" in page
    assert file.splitlines()[0].startswith("\ufeffid,at,actor,action,subject,detail,previous,digest")
    assert "signed in,ada@example.org" in file
    assert taken(site) == [("ada@example.org", "/officer/trail.csv")]
    assert "Nobody took anything along yet." in nobody
    exports = client.get("/officer/trail?only=exports").text
    assert "/officer/trail.csv (by ada@example.org)" in exports
    assert "signed in" not in exports.split("<main")[1]


def test_the_files_of_a_refused_person_are_neither_given_nor_written_down(site: Flask) -> None:
    client = site.test_client()
    client.post("/sign-in", data={"email": "glen@example.org", "password": PASSWORD})

    refused = client.get("/officer/plan.csv")

    assert refused.status_code == 403
    assert taken(site) == []


def test_what_a_command_prints_for_programs_is_written_down_and_a_table_to_look_at_is_not(site: Flask) -> None:
    runner = site.test_cli_runner()
    first = runner.invoke(user_commands, ["list", "--format", "csv"])
    runner.invoke(user_commands, ["list"])
    runner.invoke(wave_commands, ["status", "parish-test/first", "--format", "json"])

    assert first.output.startswith("email,name")
    assert [subject for _, subject in taken(site)] == [
        "user list --format csv",
        "wave status parish-test/first --format json",
    ]
    assert {actor for actor, _ in taken(site)} == {f"{getpass.getuser()} at the command line"}


def test_a_postcode_that_somebody_looks_up_is_not_kept_in_the_trail(site: Flask) -> None:
    with site.app_context(), writing() as store:
        ward = Area(code="E05000001", kind="ward", name="Glen", source="test")
        store.add(ward)
        store.flush()
        store.add(Postcode(postcode="LE89XX", ward_code=ward.code, source="test"))

    result = site.test_cli_runner().invoke(place_commands, ["lookup", "LE8 9XX", "--format", "json"])

    assert result.exit_code == 0, result.output
    assert taken(site) == []


def test_a_copy_of_the_whole_database_is_written_down(site: Flask, tmp_path: Path) -> None:
    file = tmp_path / "copy"

    result = site.test_cli_runner().invoke(db_commands, ["backup", str(file)])

    assert result.exit_code == 0, result.output
    assert [subject for _, subject in taken(site)] == [f"database copied to {file}"]
