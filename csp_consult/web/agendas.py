"""Agenda papers as downloads: set by the helper process, so that no web worker loads what sets type."""

import base64
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import Response

from csp_consult.fieldwork.models import Wave
from csp_consult.jobs import JobError, helper
from csp_consult.questionnaire.model import Questionnaire
from csp_consult.questionnaire.questions.base import QuestionContext
from csp_consult.reports.agenda import AgendaPaper, agenda_paper
from csp_consult.web.files import file_response

log = logging.getLogger(__name__)

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


NO_FILE = "This file cannot be made on this server at the moment. Try the other kind, or write to us and we send it."


@dataclass(frozen=True)
class Council:
    """The council a paper is for, with what its clerk has drafted."""

    name: str
    last_day: date
    answers: Mapping[str, Any]
    context: QuestionContext


def council_paper(wave: Wave, questionnaire: Questionnaire, council: Council, kind: str) -> Response | None:
    """The paper for one council's meeting (``docx`` or ``pdf``); None where this machine cannot make it."""
    paper = agenda_paper(
        wave,
        questionnaire,
        council=council.name,
        last_day=council.last_day,
        answers=council.answers,
        context=council.context,
    )
    return _file(paper, kind, f"{wave.survey.slug}-{wave.slug}-agenda-paper")


def blank_paper(wave: Wave, questionnaire: Questionnaire, context: QuestionContext, kind: str) -> Response | None:
    """The blank questions for any council's meeting; None where this machine cannot make the file."""
    paper = agenda_paper(wave, questionnaire, context=context)
    return _file(paper, kind, f"{wave.survey.slug}-{wave.slug}-questions")


def _file(paper: AgendaPaper, kind: str, name: str) -> Response | None:
    try:
        made = helper.call("csp_consult.reports.agenda_files:make", kind, asdict(paper))
    except JobError:
        log.exception("The paper could not be made as %s.", kind)
        return None
    synthetic = "synthetic-" if paper.synthetic else ""
    return file_response(base64.b64decode(made), f"{synthetic}{name}.{kind}", KINDS[kind])
