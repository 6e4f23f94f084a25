"""From an empty database to a first open wave: the first page says what is next, and reads what is done."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

import pytest
from flask import Flask
from parish_world import CODE_KEY, PASSWORD, code
from playwright.sync_api import Page
from sqlalchemy import select
from walker import Walker

from csp_consult.commands.user import user
from csp_consult.db import db
from csp_consult.fieldwork.waves import listed
from csp_consult.people.models import AuditEntry, User
from csp_consult.people.second_step import set_up_codes
from csp_consult.places.models import Area
from csp_consult.resources import resource_folder
from csp_consult.topics.models import Topic

AREAS = b"code,kind,name,valid_from,valid_to,source,note\nW9,ward,Glen,,,made up,\nP9,parish,Glen,,,made up,\n"
SOURCE = (resource_folder("surveys") / "vrn-community-safety.yaml").read_text()


@pytest.fixture
def empty(app: Flask) -> Flask:
    """A site with nothing in it but the administrator whom a command made."""
    asked = ["add", "ada@example.org", "--role", "administrator", "--password-stdin"]
    run = app.test_cli_runner().invoke(user, asked, input=f"{PASSWORD}\n")
    assert "Added ada@example.org as administrator" in run.output, run.output
    with app.app_context():
        # The authenticator app: setting it up by scanning is another test's matter.
        administrator = db.session().scalars(select(User)).one()
        set_up_codes(administrator, CODE_KEY)
        administrator.mf_recovery_codes = ["kept in a drawer"]
        db.session.commit()
    return app


@pytest.fixture
def ada(empty: Flask) -> Walker:
    """The administrator, signed in."""
    walker = Walker(empty.test_client())
    walker.get("/sign-in")
    walker.submit({"email": "ada@example.org", "password": PASSWORD})
    walker.submit({"code": code()})
    return walker


def states(walker: Walker) -> list[str]:
    """Whether each of the five steps is done, as the first page says."""
    walker.get("/officer/")
    return [tag.get_text() for tag in walker.page.select("ol[aria-labelledby=first-steps] .govuk-tag")]


def places(app: Flask) -> None:
    with app.app_context():
        session = db.session()
        session.add_all([Area(code="E05", kind="ward", name="Glen", source="test")])
        session.commit()


def test_the_first_page_leads_from_an_empty_database_to_an_open_wave(app: Flask, ada: Walker) -> None:
    assert states(ada) == ["To do"] * 5

    ada.follow("Load the places")
    ada.submit(button="Take them in")
    assert "Choose one or more files first." in ada.errors[0]
    for then, said in (
        ("look", "Nothing has been put on record"),
        ("store", "1 file was taken in: 2 rows kept, 0 refused."),
    ):
        ada.send(ada.filled() | {"then": then, "files": [(io.BytesIO(AREAS), "areas.csv")]})
        assert said in ada.page.get_text()
        with app.app_context():
            assert (db.session.get(Area, "W9") is None) == (then == "look")
    ada.send(ada.filled() | {"then": "store", "files": [(io.BytesIO(b"shoe,size\n1,2\n"), "shoes.csv")]})
    assert "shoes.csv was not read: no known layout has the columns shoe, size." in ada.errors[0]
    assert "What was taken in before is still there." in ada.text
    with app.app_context():
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "places taken in"))
        assert (entry.actor, entry.subject, entry.detail["kept"]) == ("ada@example.org", "areas.csv", 2)
    assert states(ada) == ["Done", *["To do"] * 4]

    ada.follow("Keep a questionnaire")
    ada.send(ada.filled() | {"file": (io.BytesIO(SOURCE.encode()), "survey.yaml")})
    ada.submit(button="Keep as version 2022.1")
    assert states(ada) == ["Done", "Done", *["To do"] * 3]

    ada.follow("Plan the first wave")
    ada.submit({"questionnaire": ""})
    assert ada.errors == ["Choose the questionnaire that the wave asks."]
    chosen = ada.page.select("#questionnaire option")[1]["value"]
    ada.submit({"questionnaire": str(chosen)})
    assert ada.heading == "Before it opens"

    ada.follow("say who looked at each, and have it signed off")
    checks = ada.path
    for section in ("privacy", "accessibility", "pilot", "fair"):
        ada.get(checks)
        ada.send(ada.filled() | {"section": section, f"text-{section}": f"Done: {section}."})
    ada.submit({"signed_off_by": "Head of community safety"}, button="Sign off version 1")
    assert states(ada) == ["Done", "Done", "Done", "Done", "To do"]

    ada.follow("Open it")
    assert "Its checks were signed off by Head of community safety" in ada.text
    ada.submit(button="Open it now")
    assert states(ada) == [], "who has had an open wave needs no first steps"
    assert "is open. Residents find it on the front page." in ada.text or ada.path == "/officer/"
    visitor = Walker(app.test_client())
    visitor.get("/")
    with app.app_context():
        [wave] = listed(db.session())
        assert wave.opens_on == date.today()
        assert f"/s/{wave.key}" in str(visitor.page)
        opened = select(AuditEntry.subject).where(AuditEntry.action == "wave opened")
        assert db.session().scalars(opened).all() == [wave.key]
        assert db.session().scalar(select(Topic.title).where(Topic.slug == "speeding"))


def test_a_wave_that_nobody_has_checked_is_not_opened_by_hand(app: Flask, ada: Walker) -> None:
    places(app)
    ada.get("/officer/questionnaires")
    ada.send(ada.filled() | {"file": (io.BytesIO(SOURCE.encode()), "survey.yaml")})
    ada.submit(button="Keep as version 2022.1")
    ada.get("/officer/waves/new")
    chosen = str(ada.page.select("#questionnaire option")[1]["value"])
    past = date.today() - timedelta(days=3)
    ada.submit({"questionnaire": chosen, "opens-day": "", "opens-month": "", "opens-year": ""})
    assert ada.errors == ["Enter the first and the last day of the wave."]
    typed = {"opens-day": str(past.day), "opens-month": str(past.month), "opens-year": str(past.year)}
    ada.submit({"questionnaire": chosen, **typed})
    assert ada.errors == ["The first day is past. Choose today or a later day."]
    assert [field["value"] for field in ada.page.select("[name=opens-day]")] == [str(past.day)], "nothing typed is lost"

    tomorrow = date.today() + timedelta(days=1)
    typed = {"opens-day": str(tomorrow.day), "opens-month": str(tomorrow.month), "opens-year": str(tomorrow.year)}
    ada.submit({"questionnaire": chosen, **typed})
    ada.submit(button="Open it now")
    assert ada.errors == ["Have its checks signed off before you open it."]
    with app.app_context():
        assert [wave.opens_on for wave in listed(db.session())] == [tomorrow]


@pytest.mark.browser
def test_the_steps_are_walked_in_a_browser_by_keyboard_and_are_accessible(
    empty: Flask, live_server: str, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    places(empty)
    page.goto(f"{live_server}/sign-in")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill(code())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="To your first survey").wait_for()
    assert axe(page) == []

    def press(role: Literal["link", "button"], name: str, then: str) -> None:
        page.get_by_role(role, name=name).first.focus()
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=then).first.wait_for()
        assert axe(page) == [], then

    press("link", "Keep a questionnaire", "Questionnaires")
    page.locator("#file").set_input_files(resource_folder("surveys") / "vrn-community-safety.yaml")
    press("button", "Start a draft from it", "VRN Community Safety Survey")
    press("button", "Keep as version", "VRN Community Safety Survey")
    page.goto(f"{live_server}/officer/")
    press("link", "Plan the first wave", "Plan a wave")
    page.get_by_label("Questionnaire").select_option(index=1)
    press("button", "Plan this wave", "Before it opens")
    press("link", "say who looked at each, and have it signed off", "Before opening")
    for title in ("The privacy notice", "Accessibility", "The pilot", "Whether it is fair"):
        page.locator("summary", has_text=f"Your own words: {title}").press("Enter")
        page.locator("details[open] textarea").fill("Somebody has looked at it.")
        page.locator("details[open] button").press("Enter")
        page.locator(".govuk-notification-banner--success").wait_for()
        page.reload()
    page.get_by_label("Which role signed it off?").fill("Head of community safety")
    press("button", "Sign off version 1", "Before opening")
    page.goto(f"{live_server}/officer/")
    press("link", "Open it", "Before it opens")
    press("button", "Open it now", "Surveys")
    assert "is open" in page.locator(".govuk-notification-banner--success").inner_text()
