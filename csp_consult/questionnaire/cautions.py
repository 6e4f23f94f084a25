"""A word of caution about what somebody wrote freely: it may tell who they or others are.

Plain rules that only ever advise: whoever means what they wrote sends it as it is.
"""

import re

from csp_consult.questionnaire.texts import Text, phrase

_RULES: tuple[tuple[re.Pattern[str], Text], ...] = (
    (
        re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE),
        phrase("This seems to hold an e-mail address. Change it if you can say it without."),
    ),
    (
        # Ten or eleven digits after 0 or +44, however they are grouped.
        re.compile(r"(?<![\w+])(?:\+44|0)(?:[ ().-]{0,2}\d){9,10}(?!\d)"),
        phrase("This seems to hold a telephone number. Change it if you can say it without."),
    ),
    (
        # The pattern since 2001 however it is written, and the one before in capitals: A123 BCD.
        re.compile(r"\b(?:[A-Za-z]{2}[0-9]{2} ?[A-Za-z]{3}|[A-Z][0-9]{2,3} ?[A-Z]{3})\b"),
        phrase("This seems to hold a vehicle’s number. Change it if you can say it without."),
    ),
)


def cautions(words: str) -> list[Text]:
    """What is worth a second look in what somebody wrote."""
    return [text for pattern, text in _RULES if pattern.search(words)]
