"""Ready-made answer scales that any questionnaire may name: ``options: agreement``.

They run from most to least, have a middle only where the wording has one, and end in *don't know*. Changing a word
or a code would break the trend of every survey that uses the scale: add a scale instead.
"""

from collections.abc import Mapping

from csp_consult.questionnaire.questions.base import Choice
from csp_consult.questionnaire.texts import Text

_DONT_KNOW = Choice("dont_know", Text({"en": "Don’t know", "cy": "Ddim yn gwybod"}), "dont_know", exclusive=True)


def _scale(*options: tuple[str, str, str]) -> tuple[Choice, ...]:
    return (*(Choice(code, Text({"en": english, "cy": welsh})) for code, english, welsh in options), _DONT_KNOW)


SCALES: Mapping[str, tuple[Choice, ...]] = {
    "agreement": _scale(
        ("strongly_agree", "Strongly agree", "Cytuno’n gryf"),
        ("agree", "Agree", "Cytuno"),
        ("neither", "Neither agree nor disagree", "Ddim yn cytuno nac yn anghytuno"),
        ("disagree", "Disagree", "Anghytuno"),
        ("strongly_disagree", "Strongly disagree", "Anghytuno’n gryf"),
    ),
    "frequency": _scale(
        ("daily", "Every day or almost every day", "Bob dydd neu bron bob dydd"),
        ("weekly", "At least once a week", "O leiaf unwaith yr wythnos"),
        ("monthly", "At least once a month", "O leiaf unwaith y mis"),
        ("less", "Less often", "Llai aml"),
        ("never", "Never", "Byth"),
    ),
}
