"""Ready-made answer scales that any questionnaire may name: ``options: agreement``.

They run from most to least, have a middle only where the wording has one, and end in *don't know*. Changing a word
or a code would break the trend of every survey that uses the scale: add a scale instead.
"""

from collections.abc import Mapping

from csp_consult.questionnaire.questions.base import Choice
from csp_consult.questionnaire.texts import Text, phrase

_DONT_KNOW = Choice("dont_know", phrase("Don’t know"), "dont_know", exclusive=True)


def _scale(**options: Text) -> tuple[Choice, ...]:
    return (*(Choice(code, text) for code, text in options.items()), _DONT_KNOW)


SCALES: Mapping[str, tuple[Choice, ...]] = {
    "agreement": _scale(
        strongly_agree=phrase("Strongly agree"),
        agree=phrase("Agree"),
        neither=phrase("Neither agree nor disagree"),
        disagree=phrase("Disagree"),
        strongly_disagree=phrase("Strongly disagree"),
    ),
    "frequency": _scale(
        daily=phrase("Every day or almost every day"),
        weekly=phrase("At least once a week"),
        monthly=phrase("At least once a month"),
        less=phrase("Less often"),
        never=phrase("Never"),
    ),
}
