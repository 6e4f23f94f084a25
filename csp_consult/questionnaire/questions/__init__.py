"""The answer types: one class each, by the name they have in files."""

from csp_consult.questionnaire.questions.area import Area
from csp_consult.questionnaire.questions.base import Question
from csp_consult.questionnaire.questions.choice import Multiple, Single
from csp_consult.questionnaire.questions.dates import Date
from csp_consult.questionnaire.questions.grid import Grid
from csp_consult.questionnaire.questions.information import Information
from csp_consult.questionnaire.questions.number import Number
from csp_consult.questionnaire.questions.rank import Rank
from csp_consult.questionnaire.questions.street import Street
from csp_consult.questionnaire.questions.words import LongText, ShortText

TYPES: tuple[type[Question], ...] = (
    Single,
    Multiple,
    Grid,
    Rank,
    Number,
    Date,
    ShortText,
    LongText,
    Area,
    Street,
    Information,
)
KINDS: dict[str, type[Question]] = {question_type.kind: question_type for question_type in TYPES}
