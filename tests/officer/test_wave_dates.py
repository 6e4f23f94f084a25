"""When a wave runs: it opens by itself once it is checked; its days change, and it is called off, on one page."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from walker import Walker

from csp_consult.commands.wave import wave as wave_commands
from csp_consult.db import db
from csp_consult.fieldwork import waves
from csp_consult.fieldwork.models import Wave
from csp_consult.papers.models import Publication
from csp_consult.papers.open_data import BEFORE_OPENING
from csp_consult.papers.published import versions
from csp_consult.papers.publishing import own_words, write
from csp_consult.people.models import AuditEntry
from csp_consult.questionnaire.models import QuestionnaireVersion

KEY = "residents-test/next"
DATES = f"/officer/waves/{KEY}/dates"
CHECKS = f"/officer/papers/before-opening?about={KEY}"
DAY = timedelta(days=1)


@pytest.fixture
def next_wave(site: Flask) -> Flask:
    """The site with a wave that was to open yesterday and whose checks nobody has signed off."""
    today = date.today()
    with site.app_context():
        session = db.session()
        asked = waves.find(session, "residents-test/2022")
        waves.create(
            session,
            asked.survey,
            "next",
            title="The next wave",
            questionnaire=session.get_one(QuestionnaireVersion, asked.questionnaire_id),
            opens_on=today - DAY,
            closes_on=today + 20 * DAY,
        )
        session.commit()
    return site


def typed(name: str, day: date) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def kept(site: Flask) -> Wave:
    with site.app_context():
        return waves.find(db.session(), KEY)


def needs(olive: Walker) -> dict[str, str]:
    """What needs attention on the first page: what each line says, and where it leads."""
    olive.get("/officer/")
    found = olive.page.select("main h2 + ul.govuk-list--bullet > li > a")
    return {line.get_text(): str(line["href"]) for line in found}


def test_a_wave_without_its_checks_stays_closed_says_so_on_the_first_page_and_opens_once_they_are_signed(
    next_wave: Flask, olive: Walker
) -> None:
    visitor = Walker(next_wave.test_client())
    visitor.get(f"/s/{KEY}")
    assert visitor.heading == "This survey is not open yet"
    found = needs(olive)
    said = next(line for line in found if line.startswith("The next wave was to open"))
    assert said.endswith("it stays closed until its checks are signed off.")
    assert found[said] == CHECKS

    olive.get(f"/officer/waves/{KEY}/open")
    olive.submit(button="Open it now")
    assert olive.errors == ["Have its checks signed off before you open it."]
    for section in ("privacy", "accessibility", "pilot", "fair"):
        olive.get(CHECKS)
        olive.send(olive.filled() | {"section": section, f"text-{section}": f"Done: {section}."})
    olive.submit({"signed_off_by": "Head of community safety"}, button="Sign off version 1")

    visitor.get(f"/s/{KEY}")
    assert visitor.heading != "This survey is not open yet"
    wave = kept(next_wave)
    assert wave.opens_on == wave.cleared_on == date.today(), "the record says when it truly opened"
    with next_wave.app_context():
        [signed] = versions(db.session(), BEFORE_OPENING, KEY)
        assert "21 days" in str(signed.paper), "and so does what was signed off"
    assert not [line for line in needs(olive) if "stays closed" in line]


def test_every_line_that_needs_attention_leads_to_a_page_and_stands_there_once(olive: Walker) -> None:
    olive.get("/officer/")
    lines = [line.get_text() for line in olive.page.select("main h2 + ul.govuk-list--bullet > li")]
    found = needs(olive)

    assert len(lines) == len(found) > 0
    for href in found.values():
        olive.get(href)
        assert olive.status == 200


def test_the_days_of_a_planned_wave_change_with_faults_in_words_and_a_line_in_the_trail(
    next_wave: Flask, olive: Walker
) -> None:
    first = date.today() + 5 * DAY
    olive.get(DATES)
    olive.submit({**typed("opens", first), **typed("closes", first - DAY)}, button="Change the dates")
    assert "cannot close" in olive.errors[0]
    assert olive.filled(button="Change the dates")["opens-day"] == str(first.day), "nothing typed is lost"

    olive.submit({**typed("opens", first), **typed("closes", first + DAY)}, button="Change the dates")

    assert "now runs from" in olive.page.get_text()
    assert (kept(next_wave).opens_on, kept(next_wave).closes_on) == (first, first + DAY)
    with next_wave.app_context():
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "wave dates changed"))
        assert entry.detail["until"] == (first + DAY).isoformat()


def test_a_planned_wave_is_cancelled_and_an_open_one_only_closed(next_wave: Flask, olive: Walker) -> None:
    with next_wave.app_context():
        waves.clear(waves.find(db.session(), KEY), date.today())
        db.session.commit()
    olive.get(DATES)
    assert "Cancel this wave" not in olive.text
    olive.submit(typed("closes", date.today() + 40 * DAY), button="Change the dates")
    assert kept(next_wave).closes_on == date.today() + 40 * DAY
    olive.get(DATES)
    olive.submit(button="Close it today")
    assert waves.state(kept(next_wave), date.today()) is waves.WaveState.CLOSED
    olive.get(DATES)
    assert "Its dates stay as they were" in olive.text

    with next_wave.app_context():
        again = waves.find(db.session(), KEY)
        again.ended, again.cleared_on = False, None
        write(db.session(), BEFORE_OPENING, KEY, "pilot", "Ten tried it.", by="olive", today=date.today())
        db.session.commit()
    olive.get(DATES)
    olive.submit(button="Cancel this wave")
    assert "The next wave is cancelled." in olive.page.get_text()
    with next_wave.app_context():
        assert waves.lookup(db.session(), "residents-test", "next") is None
        assert own_words(db.session(), BEFORE_OPENING, KEY) == {}, "the next wave of this name is to be checked itself"
        trail = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == KEY)).all()
    assert trail == ["wave dates changed", "wave closed", "wave cancelled"]


def test_a_wave_is_not_given_the_name_of_a_cancelled_one_whose_checks_were_signed_off(
    site: Flask, olive: Walker
) -> None:
    first = date.today() + 30 * DAY
    taken = f"residents-test/{first:%Y-%m}"
    with site.app_context():
        signed = {"published_by": "olive@example.org", "signed_off_by": "Head of safety", "paper": {}}
        session = db.session()
        session.add(Publication(kind=BEFORE_OPENING, about=taken, version=1, published_on=date.today(), **signed))
        session.commit()

    olive.get("/officer/waves/residents-test/2022/copy")
    olive.submit({**typed("opens", first), **typed("closes", first + DAY)})

    with site.app_context():
        assert waves.lookup(db.session(), "residents-test", f"{first:%Y-%m}") is None
        assert waves.lookup(db.session(), "residents-test", f"{first:%Y-%m}-v2") is not None
    days = ["--opens-on", first.isoformat(), "--closes-on", first.isoformat()]
    refused = site.test_cli_runner().invoke(wave_commands, ["copy", "residents-test/2022", f"{first:%Y-%m}", *days])
    assert "were signed off before it was cancelled: choose another name" in refused.output
