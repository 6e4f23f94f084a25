"""What each council hears back: one sheet a council, with the same officer's words, signed off together."""

from flask import Flask
from parish_world import PASSWORD
from walker import Walker

from csp_consult.db import db
from csp_consult.papers.published import versions
from csp_consult.parishes.models import ClerkParish
from csp_consult.people.models import User

SHEET = "/officer/papers/parish-feedback?about=councils-test/2022/{}"


def test_an_officers_words_stand_in_every_sheet_and_all_are_signed_off_together(olive: Walker, site: Flask) -> None:
    olive.get(SHEET.format("P1"))
    olive.send(olive.filled() | {"section": "said", "text-said": "Thank you: your minutes were read out."})
    olive.submit({"signed_off_by": "Chair"}, button="Sign off version 1")

    assert "3 were signed off together." in olive.text
    with site.app_context():
        for parish in ("P1", "P2", "P3"):
            [one] = versions(db.session(), "parish-feedback", f"councils-test/2022/{parish}")
            assert one.paper["sections"][0]["own_words"] == "Thank you: your minutes were read out."


def test_with_few_other_councils_nothing_is_told_of_them(olive: Walker) -> None:
    olive.get(SHEET.format("P1"))

    assert "too few to show without pointing at one." in olive.text
    assert not olive.page.select("#compared-1")
    assert "Road safety: Very much" in olive.text


def test_a_council_that_has_not_answered_has_no_sheet_and_a_made_up_one_neither(olive: Walker) -> None:
    for parish in ("P4", "nowhere"):
        olive.get(SHEET.format(parish))
        assert olive.status == 404
        assert "is on record in councils-test, 2022" in olive.text


def test_a_clerk_takes_away_the_own_councils_sheet_once_it_is_signed_off(olive: Walker, site: Flask) -> None:
    with site.app_context():
        clerk = db.session.query(User).filter_by(email="clerk@example.org").one()
        db.session.add(ClerkParish(user_id=clerk.id, parish_code="P1"))
        db.session.commit()
    clerk_walks = Walker(site.test_client())
    clerk_walks.get("/sign-in")
    clerk_walks.submit({"email": "clerk@example.org", "password": PASSWORD})
    outcome = "/clerk/P1/councils-test/2022/outcome"
    assert clerk_walks.client.get(f"{outcome}.pdf").status_code == 404

    olive.get(SHEET.format("P1"))
    olive.submit({"signed_off_by": "Chair of the partnership"}, button="Sign off version 1")

    clerk_walks.get(outcome)
    assert "by: Chair of the partnership" in clerk_walks.text
    assert clerk_walks.client.get(f"{outcome}.docx").data.startswith(b"PK")
    assert clerk_walks.client.get("/papers/parish-feedback?about=councils-test/2022/P1").status_code == 404
    assert clerk_walks.client.get(outcome.replace("P1", "P2") + ".docx").status_code in {403, 404}
