"""What is checked before a wave opens: privacy notice, accessibility, pilot, and that the consultation is fair.

Each section needs an officer's own words of what was done; signing it off records who stands for it, and when.
"""

from datetime import date

from sqlalchemy.orm import Session

from csp_consult import words
from csp_consult.fieldwork.asked import questionnaire_for
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import first_day
from csp_consult.papers.contents import Paper, Paragraph, Section
from csp_consult.papers.open_data import BEFORE_OPENING

KIND = BEFORE_OPENING
NEEDS_WORDS = ("privacy", "accessibility", "pilot", "fair")


def before_opening(session: Session, wave: Wave, today: date, *, organisation: str) -> Paper:
    """The checks of one wave, with what is known of each."""
    questionnaire = questionnaire_for(session, wave)
    languages = len(questionnaire.languages)
    opens_on = first_day(wave, today)
    days = words.number((wave.closes_on - opens_on).days + 1)
    checks = {
        "privacy": (
            "The privacy notice",
            "Say who read the privacy notice against what this survey asks, and what they found.",
        ),
        "accessibility": (
            "Accessibility",
            (
                "Say who went through it on a phone, by keyboard and with a screen reader, and what was mended. "
                f"It can be read in {languages} {'language' if languages == 1 else 'languages'}."
            ),
        ),
        "pilot": (
            "The pilot",
            (
                "Say how many people tried it, how long they took, and what was changed. "
                f"People are told that it takes about {questionnaire.minutes} minutes."
            ),
        ),
        "fair": (
            "Whether it is fair",
            (
                f"Say who agreed that what is asked is still open, and that the time is enough: {days} days, "
                f"{words.period(opens_on, wave.closes_on)}. People are told: {questionnaire.intro.decides()}"
            ),
        ),
    }
    return Paper(
        kind=KIND,
        title=f"Before opening: {wave.title}",
        subtitle="Four checks, to be signed off before the first answer",
        organisation=organisation,
        made_on=today.isoformat(),
        sections=tuple(Section(id_, title, (Paragraph(text),)) for id_, (title, text) in checks.items()),
        synthetic=wave.synthetic,
        about={"wave": wave.key, "opens_on": opens_on.isoformat()},
    )
