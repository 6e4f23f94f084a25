"""Answers counted together in a table, as *a very big problem* and *a fairly big problem* are.

Such a question is written ``problem.asb | big or fairly | little or none``: the key, then the answers of each row.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from csp_consult.findings.question_keys import AskedFor, asked_for
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import QuestionContext

_BETWEEN: Final = " | "
_OR: Final = " or "


def joined(key: str, groups: Sequence[Collection[str]]) -> str:
    """The question whose rows are these groups of answers to a key."""
    return _BETWEEN.join((key, *(row_of(group) for group in groups)))


def row_of(group: Collection[str]) -> str:
    """The row that counts a group of answers."""
    return _OR.join(sorted(group))


def key_of(question: str) -> str:
    """The key that a question of a table is about, whether or not its answers are joined."""
    return question.partition(_BETWEEN)[0]


def rows_of(question: str) -> dict[str, tuple[str, ...]]:
    """Each row with the answers it counts; empty where answers are not joined."""
    return {row: tuple(row.split(_OR)) for row in question.split(_BETWEEN)[1:]}


def asked(questionnaire: Questionnaire, question: str, context: QuestionContext) -> AskedFor:
    """The question of a table with the words of its rows. Raises FindingError for a key there is not."""
    found = asked_for(questionnaire, key_of(question), context)
    rows = rows_of(question)
    if not rows:
        return found
    titles = {row: _OR.join(found.titles.get(one, one) for one in answers) for row, answers in rows.items()}
    return replace(found, titles=titles)
