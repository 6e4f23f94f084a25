"""Plain rules on wording, for advice only: an author may know better.

They look for questions that ask two things at once, questions that lean, and pages that are hard to read. English
only.
"""

import re
from collections.abc import Iterator

from csp_consult.questionnaire.faults import ADVICE, Fault
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.questions.base import Question

READING_AGE = 14
"""Advice is given above this age, in years."""
FEWEST_WORDS = 40
"""Shorter pages are too short to be judged."""

LEADING = re.compile(
    r"\b(do(n['’]t| not) you (agree|think)|(do|would) you agree(?! or disagree)|is(n['’]t| it not)|aren['’]t you"
    r"|surely|obviously|clearly|how (much )?(worse|bad|terrible|serious)|as you know|most people|everyone knows)\b",
    re.IGNORECASE,
)
NAMING = re.compile(r"\bnam(e|ing)\b", re.IGNORECASE)
DOUBLE = re.compile(r"\band/or\b|\band\b(?! (abusive|horse|dealing|outbuildings|anti-social))", re.IGNORECASE)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
# Words a community safety survey cannot do without; they count as short ones.
NEEDED = re.compile(r"anti-social|antisocial|behaviour|community|neighbourhood|partnership|consultation", re.IGNORECASE)


def advise_on_wording(questionnaire: Questionnaire) -> list[Fault]:
    """What is worth a second look, by line."""
    return [advice for page in questionnaire.pages for advice in _advise_on_page(page)]


def _advise_on_page(page: Page) -> Iterator[Fault]:
    for question in page.questions:
        asked = QUOTED.sub("", _question_sentence(question))
        if DOUBLE.search(asked):
            message = f"Question {question.id} may ask two things at once (“and”); if so, make it two questions."
            yield Fault(question.line, message, ADVICE)
        leading = LEADING.search(asked)
        if leading:
            message = f"Question {question.id} may lead people to an answer (“{leading[0]}”); ask it evenly."
            yield Fault(question.line, message, ADVICE)
        if question.kind == "long_text" and not NAMING.search(question.hint()):
            message = f"Question {question.id} lets people write freely; its hint should ask them not to name anybody."
            yield Fault(question.line, message, ADVICE)
    age = reading_age(_prose(page))
    if age is not None and age > READING_AGE:
        message = f"Page {page.id} reads like a text for age {age:.0f}; use shorter sentences and words."
        yield Fault(page.line, message, ADVICE)


def _question_sentence(question: Question) -> str:
    """The sentence that asks; none where the text does not end in a question mark."""
    sentences = re.findall(r"[^.!?…]*\?", question.text())
    return sentences[-1] if sentences else ""


def _prose(page: Page) -> str:
    parts = [page.lead(), *(text() for question in page.questions for text in (question.text, question.hint))]
    return " ".join(part if part.rstrip().endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def reading_age(prose: str) -> float | None:
    """The age at which the text can be read, in years (Flesch-Kincaid grade plus five); None if it is too short.

    Kincaid and others (1975), with syllables counted by their vowels.
    """
    plain = NEEDED.sub("word", prose)
    words = re.findall(r"[A-Za-z][A-Za-z'’-]*", plain)
    sentences = max(1, len(re.findall(r"[.!?]+(?=\s|$)", plain)))
    if len(words) < FEWEST_WORDS:
        return None
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59 + 5


def _syllables(word: str) -> int:
    count = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le")
    return max(1, count - silent)
