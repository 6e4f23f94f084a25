from flask import Flask
from sqlalchemy import select
from walker import Walker

from csp_consult.db import writing
from csp_consult.fieldwork.models import Response
from csp_consult.fieldwork.waves import find

FIELDWORK = "/officer/waves/residents-test/2022/fieldwork"
REASON = "A field was filled in that people do not see"


def test_a_response_worth_a_look_is_named_to_the_officer_and_stays_counted(site: Flask, olive: Walker) -> None:
    olive.get(FIELDWORK)
    counted = olive.page.select_one("#fieldwork-area")
    assert REASON not in olive.text

    with site.app_context(), writing() as session:
        wave = find(session, "residents-test/2022")
        response = session.scalars(select(Response).where(Response.wave_id == wave.id).limit(1)).one()
        response.trapped = True
        flagged = str(response.id)

    olive.get(FIELDWORK)
    assert f"{REASON}: {flagged}" in olive.text
    assert olive.page.select_one("#fieldwork-area") == counted
