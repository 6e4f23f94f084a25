"""Every figure leads back to what made it, and an old figure that still stands somewhere is found."""

from findings_world import TODAY
from flask import Flask
from sqlalchemy import select
from walker import Walker, table

from csp_consult.db import db
from csp_consult.fieldwork.models import Response
from csp_consult.fieldwork.responses import withdraw
from csp_consult.fieldwork.waves import find
from csp_consult.findings.weighting import store_run, weighed
from csp_consult.version import code_version

RANKING = "/officer/waves/residents-test/2022/ranking"
PAPER = "/officer/papers/results?about=residents-test/2022"
GAP = "/officer/gap?wave=residents-test/2022&topic=asb"


def rests_on(walker: Walker) -> dict[str, str]:
    """The rows of *What this rests on*."""
    keys = [" ".join(key.get_text().split()) for key in walker.page.select("main .govuk-summary-list__key")]
    values = [" ".join(value.get_text(" ").split()) for value in walker.page.select("main .govuk-summary-list__value")]
    return dict(zip(keys, values, strict=True))


def test_a_ranking_leads_to_its_responses_questionnaire_weighting_and_code(site: Flask, olive: Walker) -> None:
    olive.get(RANKING)

    said = rests_on(olive)
    assert said["Responses"].startswith("240 submitted")
    assert said["Weighting run"].endswith("made for this page, not kept")
    assert said["Code"] == f"csp_consult {code_version()}"
    olive.follow("residents-test 1")
    assert olive.path.startswith("/officer/questionnaires/versions/")

    with site.app_context():
        session = db.session()
        wave = find(session, "residents-test/2022")
        store_run(session, wave, weighed(session, wave), TODAY)
        session.commit()
    olive.get(RANKING)
    assert "kept as run 1" in rests_on(olive)["Weighting run"]


def test_both_sides_of_a_gap_lead_back(olive: Walker) -> None:
    olive.get(GAP)
    said = rests_on(olive)
    assert {"Responses", "Questionnaire", "Weighting run", "Record from", "Code"} <= set(said)
    assert "Files of the record" not in said, "a published change rests on no file of ours"


def test_every_wave_of_a_trend_leads_back(olive: Walker) -> None:
    olive.get("/officer/surveys/residents-test/trend?question=asb_change")
    assert {"Responses, 2022", "Questionnaire, 2022", "Code"} <= set(rests_on(olive))


def test_a_withdrawn_response_changes_the_page_and_the_old_figure_is_listed_where_it_was_signed_off(
    site: Flask, olive: Walker
) -> None:
    olive.get(PAPER)
    olive.submit({"signed_off_by": "Chair of the partnership"}, button="Publish version 1")
    olive.get("/officer/corrections")
    assert "every figure and every sentence that was signed off is still what it was." in olive.text
    olive.get(RANKING)
    before = table(olive, "ranking-residents-test-2022")
    assert "version 1" in rests_on(olive)["Published"]

    with site.app_context():
        session = db.session()
        taken_back = session.scalars(select(Response.reference).order_by(Response.reference).limit(60)).all()
        assert all(withdraw(session, reference) for reference in taken_back)
        session.commit()

    olive.get(RANKING)
    assert table(olive, "ranking-residents-test-2022") != before
    assert rests_on(olive)["Responses"].startswith("180 submitted")
    olive.get("/officer/corrections")
    assert "signed off on" in olive.text
    assert "by Chair of the partnership" in olive.text
    olive.follow("Look at it and sign off a correction: " + olive.page.select("main h3")[0].get_text())
    assert olive.status == 200
