"""Two finished activities of the demo's communication plan, evaluated by a wave that nobody answered."""

from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from csp_consult.fieldwork.waves import find
from csp_consult.findings.gaps import gap
from csp_consult.plan import activities

BEFORE: Final = "vrn-community-safety/2022-autumn"
STARTED_ON, ENDED_ON = date(2022, 11, 28), date(2023, 1, 6)
MADE_UP: Final = "Made up for the demo: nobody did this, and the answers it is evaluated by are synthetic. "


def load_activities(session: Session) -> None:
    """Make an activity for a beat and one for an age group, both started and ended; the caller commits.

    What the wave after them shows is worked out like that of any other activity.
    """
    wave = find(session, BEFORE)
    for area, age, audience, channel in (
        ("NR42", "", "Residents of Harborough and the Bowdens", "Doorstep talks, and a leaflet with the figures"),
        (None, "65-74", "Residents aged 65 to 74", "A page in parish newsletters"),
    ):
        found = gap(session, wave, "asb", area)
        details = activities.suggested(found, STARTED_ON, audience=audience, age=age, channel=channel)
        details = replace(
            details,
            message=f"{MADE_UP}{details.message}"[:1000],
            engagement_type="broadcast" if age else "conversation",
            engagement="" if age else "Two officers take questions at the door",
            owner="Communications officer (demo)",
            status="under way",
            ends_on=ENDED_ON,
            priorities=("anti-social-behaviour",),
        )
        made = activities.create(session, found, wave.id, details, STARTED_ON)
        activities.change(session, made, replace(details, status="done"), ENDED_ON)
