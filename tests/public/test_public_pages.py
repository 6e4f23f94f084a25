"""What anybody may read: what is asked today, what is kept, and what to do when something goes wrong."""

from datetime import date, timedelta

import pytest
from cookies import TOLD, cookie_name
from flask import Flask
from parish_world import build
from small_survey import SOURCE
from walker import Walker

from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.questionnaire.store import store
from csp_consult.web.public import STATEMENT_REVIEWED
from csp_consult.words import day

TODAY = date.today()


def test_what_no_database_can_hold_is_no_fault_of_ours(app: Flask) -> None:
    walker = Walker(app.test_client())
    walker.get("/sign-in")
    app.testing = False

    refused = walker.client.post("/sign-in", data=walker.filled({"email": "a\x00@example.org", "password": "guess"}))

    assert refused.status_code in {200, 400}


def open_wave(app: Flask, slug: str, *, opens: int, closes: int, title: str) -> None:
    """A residents' wave that opens and closes so many days from today."""
    with app.app_context():
        session = db.session()
        survey = waves.create_survey(session, slug="small", title="Small", organisation="Us", audience="residents")
        waves.create(
            session,
            survey,
            slug,
            title=title,
            questionnaire=store(session, SOURCE, today=TODAY),
            opens_on=TODAY + timedelta(days=opens),
            cleared_on=TODAY + timedelta(days=opens),
            closes_on=TODAY + timedelta(days=closes),
        )
        session.commit()


@pytest.fixture
def visitor(app: Flask) -> Walker:
    return Walker(app.test_client())


def test_the_front_page_offers_what_is_open_today_and_nothing_else(app: Flask, visitor: Walker) -> None:
    open_wave(app, "past", opens=-20, closes=-1, title="Past")
    open_wave(app, "now", opens=-1, closes=0, title="Now")
    open_wave(app, "soon", opens=1, closes=20, title="Soon")

    visitor.get("/")

    starts = [str(link["href"]) for link in visitor.page.select("a.govuk-button--start")]
    assert starts == ["/s/small/now"]
    assert f"Open until {TODAY.day} " in visitor.text


def test_the_front_page_says_so_when_nothing_is_open(visitor: Walker) -> None:
    visitor.get("/")
    assert "No survey is open to residents today" in visitor.text
    assert "No parish consultation is open today" in visitor.text


def test_clerks_find_their_consultation_and_the_sign_in_on_the_front_page(app: Flask, visitor: Walker) -> None:
    with app.app_context():
        build(db.session(), opens_on=TODAY, closes_on=TODAY + timedelta(days=7))

    visitor.get("/")

    assert "is open until" in visitor.text
    visitor.follow("Sign in as a parish clerk or an officer")
    assert visitor.heading == "Sign in"


@pytest.mark.parametrize(
    ("path", "heading"),
    [("/privacy", "Privacy"), ("/cookies", "Cookies"), ("/accessibility", "Accessibility statement")],
)
def test_every_page_of_small_print_opens_without_signing_in(visitor: Walker, path: str, heading: str) -> None:
    visitor.get(path)
    assert (visitor.status, visitor.heading) == (200, heading)


def test_the_accessibility_statement_was_held_against_the_site_within_the_year(visitor: Walker) -> None:
    visitor.get("/accessibility")

    assert f"last held against the site on {day(STATEMENT_REVIEWED)}" in visitor.text
    age = date.today() - STATEMENT_REVIEWED
    assert timedelta(0) <= age < timedelta(days=365), "hold the statement against the site, then change its date"


def test_every_cookie_a_visitor_can_be_given_is_on_the_list(app: Flask, visitor: Walker) -> None:
    open_wave(app, "now", opens=0, closes=1, title="Now")
    visitor.get("/cookies")
    told = {str(cell.get_text(strip=True)) for cell in visitor.page.select("#cookies tbody th")}

    visitor.get("/s/small/now")
    first_page = visitor.page.select_one("a.govuk-button--start")
    assert first_page is not None
    given = {
        cookie_name(header)
        for address in ("/sign-in", "/privacy?language=cy", "/s/small/now/link/a-token", str(first_page["href"]))
        for header in visitor.client.get(address).headers.getlist("Set-Cookie")
    }

    # That no test of the whole suite is given another, whatever it does, is held after each of them.
    assert given == told == TOLD


def test_a_page_that_is_not_there_is_explained(visitor: Walker) -> None:
    visitor.get("/no/such/page")
    assert (visitor.status, visitor.heading) == (404, "Page not found")


def test_a_page_used_the_wrong_way_is_explained(visitor: Walker) -> None:
    visitor._arrive(visitor.client.delete("/privacy"))
    assert (visitor.status, visitor.heading) == (405, "This page cannot be used like that")


def test_a_form_without_its_mark_is_explained(visitor: Walker) -> None:
    visitor._arrive(visitor.client.post("/sign-out"))
    assert (visitor.status, visitor.heading) == (400, "This form has to be opened again")


def test_a_fault_of_ours_is_owned_up_to_and_the_next_page_works(
    app: Flask, visitor: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("made to fail")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    with monkeypatch.context() as patch:
        patch.setitem(app.view_functions, "public.privacy", fail)
        visitor.get("/privacy")
        assert (visitor.status, visitor.heading) == (500, "Sorry, something went wrong here")

    visitor.get("/privacy")
    assert visitor.status == 200


def said(walker: Walker) -> set[str]:
    """Every paragraph, item, heading and cell of the page's main part."""
    parts = walker.page.select("main :is(h1, h2, p, li, th, td, caption)")
    return {" ".join(part.get_text(" ").split()) for part in parts} - {""}


@pytest.mark.parametrize("language", ["cy", "pl", "ur"])
def test_what_residents_read_besides_surveys_is_in_their_language_too(visitor: Walker, language: str) -> None:
    same = {"session", "draft", "link", "language", "English", "Cymraeg", "Polski", "اردو"}
    for path in ("/", "/privacy", "/cookies", "/accessibility", "/no-such-page"):
        visitor.get(f"{path}?language=en")
        english = said(visitor)
        visitor.get(f"{path}?language={language}")

        assert visitor.page.html is not None
        assert (visitor.page.html["lang"], visitor.page.html["dir"]) == (language, "rtl" if language == "ur" else "ltr")
        assert said(visitor) & english <= same, path
        assert len(said(visitor)) == len(english), path
        if path != "/no-such-page":
            assert visitor.page.select_one("footer .govuk-body-s") is not None, "that nobody checked the words is said"

    visitor.get("/privacy")
    assert visitor.page.html is not None
    assert visitor.page.html["lang"] == language, "the choice is kept"


def test_officers_and_clerks_are_spoken_to_in_english(visitor: Walker) -> None:
    visitor.get("/?language=ur")
    visitor.get("/sign-in")

    assert visitor.page.html is not None
    assert visitor.page.html["lang"] == "en"


@pytest.mark.parametrize("path", ["/help/officer.pdf", "/parish-councils/parish-test/first/questions.pdf"])
def test_a_passer_by_can_have_only_so_many_files_made(app: Flask, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """One process makes files for everybody, residents' paper forms among them."""
    monkeypatch.setattr("csp_consult.fieldwork.limits.PRINTING", ("print", 1))
    monkeypatch.setattr("csp_consult.jobs.HelperProcess.call", lambda *_given: "")
    with app.app_context():
        build(db.session(), opens_on=TODAY, closes_on=TODAY)
    from_outside = {"REMOTE_ADDR": "203.0.113.7"}

    first = app.test_client().get(path, environ_base=from_outside)
    second = app.test_client().get(path, environ_base=from_outside)
    from_elsewhere = app.test_client().get(path, environ_base={"REMOTE_ADDR": "203.0.113.8"})

    assert (first.status_code, second.status_code, from_elsewhere.status_code) == (200, 429, 200)
    assert "Too many tries" in second.text
