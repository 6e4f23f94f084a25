"""What every page of the clerks' door shares: whose parish it is, who is writing, and answers in words."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, request, session
from flask_security import current_user

from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.drafts import Editor
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.path import path
from csp_consult.questionnaire.questions.base import Question, QuestionContext
from csp_consult.web.clerk.desk import Desk, lay_out

blueprint = Blueprint("clerk", __name__, url_prefix="/clerk")

ANSWERS = "/<parish_code>/<survey>/<wave>"


@blueprint.before_request
def _sit_down() -> None:
    """For every address that names a parish: 404 unless this clerk acts for it, then lay out the desk."""
    if request.view_args and "parish_code" in request.view_args:
        g.desk = lay_out(**{key: request.view_args.pop(key) for key in ("parish_code", "survey", "wave")})


@blueprint.context_processor
def _say_what_is_synthetic() -> dict[str, str | None]:
    return {"synthetic": said_synthetic([g.desk.wave])} if "desk" in g else {}


def said_synthetic(waves: Sequence[Wave]) -> str | None:
    """What to say on a page about waves that also hold responses nobody gave."""
    if not any(wave.synthetic for wave in waves):
        return None
    return "Among the councils' responses here are some that no council gave, made to try out the platform."


def number(field: str) -> int:
    """The whole number in a field of the form; 0 for anything else."""
    typed = request.form.get(field, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def editor() -> Editor:
    """Who is writing, in which browser."""
    browser: str = session.setdefault("browser", secrets.token_urlsafe(12))
    return Editor(current_user.id, current_user.name, browser)


def sections(desk: Desk, answers: Mapping[str, Any], *, to_change: bool = False) -> list[dict[str, Any]]:
    """The answers page by page, in words; with links to change them where asked for."""
    found = in_words(desk.questionnaire, answers, desk.context)
    if to_change:
        for section in found:
            for row in section["rows"]:
                row["href"] = f"{desk.url('page', page_id=section['id'])}#{row['field']}"
    return found


def in_words(
    questionnaire: Questionnaire, answers: Mapping[str, Any], context: QuestionContext
) -> list[dict[str, Any]]:
    """Answers in words, page by page, as the summary list takes them."""
    return [
        {
            "id": page.id,
            "title": page.title(),
            "rows": [
                {
                    "key": question.text(),
                    "value": _said(question, answers, context),
                    "field": question.fields()[0],
                }
                for question in page.questions
                if question.fields()
            ],
        }
        for page in path(questionnaire, answers)
    ]


def _said(question: Question, answers: Mapping[str, Any], context: QuestionContext) -> str | list[str]:
    if question.id not in answers:
        return "Not answered"
    return question.display(answers[question.id], context=context).split("\n")
