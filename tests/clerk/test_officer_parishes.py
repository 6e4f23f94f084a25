"""Parishes as officers keep them: made, merged, renamed and grouped, and posts that fall vacant."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from parish_world import GLEN, KIBWORTH, TUR_LANGTON, WAVE
from sqlalchemy import select
from walker import Walker, table

from csp_consult.db import db
from csp_consult.parishes.models import ClerkParish, ParishBody
from csp_consult.people.models import AuditEntry
from csp_consult.places.models import Area, Electorate

BOARD = f"/officer/waves/{WAVE}/fieldwork"
MERGED = {"name": "Kibworth and Langton", "code": "E04000009", "instead_of": [KIBWORTH, TUR_LANGTON]}


def day(field: str, days: int) -> dict[str, str]:
    on = date.today() + timedelta(days=days)
    return {f"{field}-day": str(on.day), f"{field}-month": str(on.month), f"{field}-year": str(on.year)}


def test_the_list_says_who_speaks_and_where_nobody_acts(site: Flask, olive: Walker) -> None:
    with site.app_context():
        db.session.delete(db.session.scalars(select(ClerkParish).where(ClerkParish.parish_code == GLEN)).one())
        db.session.commit()

    olive.get("/officer/")
    olive.follow("People")

    assert "3 parishes today. Nobody acts for 1 of them." in olive.text
    assert table(olive, "parishes")[0] == ["Great Glen", "Its council", "No clerk"]
    olive.follow("Great Glen")
    olive.follow("invited by mail")
    assert (olive.filled()["role"], olive.filled()["parishes"]) == (["clerk"], GLEN)


def test_officer_and_clerk_have_their_quick_start_at_the_foot_of_every_page(olive: Walker, gill: Walker) -> None:
    for walker, guide in ((olive, "officer"), (gill, "clerk")):
        assert walker.page.select(f'footer a[href="/help/{guide}"]')


def test_a_merger_is_looked_at_first_and_then_made(
    site: Flask, olive: Walker, sign_in: Callable[[str], Walker]
) -> None:
    with site.app_context():
        for code, electors in ((KIBWORTH, 3_000), (TUR_LANGTON, 250)):
            db.session.add(Electorate(area_code=code, as_at=date(2020, 6, 30), electors=electors, source="register"))
        db.session.commit()
    olive.get("/officer/parishes/new")
    olive.submit({**MERGED, **day("since", 400)}, button="Look at what it changes")

    assert "Electors 3,250" in olive.text
    assert "Ends that day Kibworth and Tur Langton" in olive.text
    assert "Kit Kibworth" in olive.text, "their clerk goes along"
    assert "Nothing changes: it asks whom it asked." in olive.text
    with site.app_context():
        assert db.session.get(Area, "E04000009") is None, "looking stores nothing"

    olive.submit(button="Make this parish")

    assert olive.heading == "Kibworth and Langton"
    assert "Took the place of Kibworth and Tur Langton" in olive.text
    with site.app_context():
        assert db.session.get_one(Area, KIBWORTH).valid_to == date.today() + timedelta(days=400)
        assert db.session.scalars(select(AuditEntry.action)).all().count("parish succeeded") == 2
    sign_in("kibworth")


def test_a_merger_within_a_consultation_says_that_an_answer_would_no_longer_count(
    olive: Walker, sign_in: Callable[[str], Walker]
) -> None:
    kit = sign_in("kibworth")
    kit.get(f"/clerk/{KIBWORTH}/{WAVE}/page/worries")
    kit.submit({"ratings.speeding": "5", "ratings.burglary": "1"})

    olive.get("/officer/parishes/new")
    olive.submit({**MERGED, **day("since", 0)}, button="Look at what it changes")

    assert "It asks Kibworth and Langton." in olive.text
    assert "It no longer asks Kibworth and Tur Langton by these names." in olive.text
    assert "The draft of Kibworth stays, but can no longer be sent." in olive.text


def test_a_faulty_parish_is_explained_at_its_field_and_nothing_typed_is_lost(olive: Walker) -> None:
    olive.get("/officer/parishes/new")

    olive.submit({**MERGED, "code": GLEN, **day("since", 400)}, button="Look at what it changes")

    assert olive.errors == ["There is already an area with the code E04000001. A new parish needs a new code."]
    assert olive.filled()["name"] == "Kibworth and Langton"
    assert olive.filled()["instead_of"] == [KIBWORTH, TUR_LANGTON]
    olive.submit({"code": "E04000009", "since-day": "31", "since-month": "2"}, button="Look at what it changes")
    assert olive.errors == ["Enter a day from which the parish exists that is in the calendar"]


def test_who_speaks_is_set_from_a_day_and_a_faulty_group_is_explained(site: Flask, olive: Walker) -> None:
    olive.get(f"/officer/parishes/{TUR_LANGTON}")
    olive.submit({"body": "grouped", "answers_with": TUR_LANGTON, **day("since", 0)}, button="Look at what it changes")
    assert olive.errors[0].startswith("Choose the other parish")

    olive.submit({"body": "grouped", "answers_with": KIBWORTH}, button="Look at what it changes")
    assert "It no longer asks Tur Langton by this name." in olive.text
    assert "Kibworth speaks for other parishes than before" in olive.text
    with site.app_context():
        assert db.session.scalars(select(ParishBody)).all() == []
    olive.submit(button="Keep who speaks for it")

    assert "Answers together with Kibworth" in olive.text
    olive.get(BOARD)
    assert "0 of 2 councils have answered." in olive.text
    assert "for Kibworth and Tur Langton" in olive.text
    olive.get(f"/officer/waves/{WAVE}/parishes/{TUR_LANGTON}")
    assert "answers together with Kibworth" in olive.text


def test_a_parish_gets_another_name_everywhere_at_once(site: Flask, olive: Walker) -> None:
    olive.get(f"/officer/parishes/{GLEN}")

    olive.submit({"name": "Glen Magna", **day("renamed", -3)}, button="Rename it")

    assert olive.heading == "Glen Magna"
    assert "Called Great Glen until" in olive.text
    olive.get(BOARD)
    assert "Glen Magna" in olive.text
    with site.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "parish renamed")).one()
        assert (entry.actor, entry.detail["from"]) == ("olive@example.org", "Great Glen")


def test_a_clerk_who_left_loses_the_parish_at_once_and_the_draft_stays(
    olive: Walker, sign_in: Callable[[str], Walker]
) -> None:
    gill = sign_in("glen")
    gill.get(f"/clerk/{GLEN}/{WAVE}/page/worries")
    gill.submit({"ratings.speeding": "5"})
    olive.get(f"/officer/parishes/{GLEN}")
    olive.submit(button="End this access")
    assert olive.errors == ["Choose the clerk who no longer acts for the parish."]
    clerk = olive.form("End this access").select_one("input[type=radio]")
    assert clerk is not None

    olive.submit({"leaving": str(clerk["value"])}, button="End this access")

    assert "Gill Glen no longer acts for Great Glen." in olive.text
    assert gill.client.get(f"/clerk/{GLEN}/{WAVE}/").status_code == 404
    olive.get(BOARD)
    assert "No clerk" in olive.text
    assert "Draft: 1" in olive.text


def test_an_officer_hands_a_parish_to_another_clerk_in_mid_draft(
    olive: Walker, sign_in: Callable[[str], Walker]
) -> None:
    gill = sign_in("glen")
    gill.get(f"/clerk/{GLEN}/{WAVE}/page/worries")
    gill.submit({"ratings.speeding": "5"})
    olive.get(f"/officer/parishes/{GLEN}")
    olive.submit({"email": "nobody@example.org"}, button="Give it to this clerk")
    assert len(olive.errors) == 1
    leaving = next(str(one["value"]) for one in olive.page.select("#clerk option") if "Gill" in one.text)

    olive.submit({"email": "kibworth@example.org", "clerk": leaving}, button="Give it to this clerk")

    assert "Kit Kibworth acts for Great Glen now, and Gill Glen no longer does." in olive.text
    assert gill.client.get(f"/clerk/{GLEN}/{WAVE}/").status_code == 404
    kit = sign_in("kibworth")
    kit.get(f"/clerk/{GLEN}/{WAVE}/page/worries")
    assert kit.filled()["ratings.speeding"] == ["5"]


def test_an_officer_lets_a_second_clerk_act_and_no_account_of_another_kind(
    olive: Walker, sign_in: Callable[[str], Walker]
) -> None:
    olive.get(f"/officer/parishes/{GLEN}")
    olive.submit({"email": "olive@example.org"}, button="Give it to this clerk")
    assert olive.errors == ["olive@example.org is not an open account of a clerk, so cannot act for a parish."]

    olive.submit({"email": "kibworth@example.org"}, button="Give it to this clerk")

    assert "Clerks Gill Glen and Kit Kibworth" in olive.text
    assert sign_in("glen").client.get(f"/clerk/{GLEN}/{WAVE}/").status_code == 200
