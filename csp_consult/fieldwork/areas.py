"""The areas a respondent may choose from."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from csp_consult.places.lookup import areas
from csp_consult.questionnaire.questions.area import Area as AreaQuestion
from csp_consult.questionnaire.questions.base import NO_CONTEXT, Choice, Question, QuestionContext
from csp_consult.questionnaire.texts import ENGLISH, Text


def context_for(session: Session, questions: Iterable[Question], today: date) -> QuestionContext:
    """What these questions need to know: one query for each kind of area they ask for, none for most pages."""
    kinds = sorted({question.of for question in questions if isinstance(question, AreaQuestion)})
    if not kinds:
        return NO_CONTEXT
    return QuestionContext(
        {
            kind: [Choice(area.code, Text({ENGLISH: area.name})) for area in areas(session, kind, today)]
            for kind in kinds
        }
    )
