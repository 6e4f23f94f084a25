"""The questionnaire on paper: the same file as a tagged PDF, in each language, also in large print."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from flask import abort, make_response, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as WebResponse

from csp_consult.catalogues import direction
from csp_consult.db import db
from csp_consult.fieldwork import limits
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.waves import WaveState
from csp_consult.jobs import JobError, helper
from csp_consult.mail.letters import address_of
from csp_consult.questionnaire.conditions import Condition, Is
from csp_consult.questionnaire.questions.base import Choice, Question, QuestionContext
from csp_consult.questionnaire.texts import listing
from csp_consult.web.languages import gettext, is_unchecked
from csp_consult.web.resident.door import TOO_OFTEN, WAVE, Visit, blueprint, visit_of, within

SIZES = {"normal": "11pt", "large": "18pt"}
"""Large print is at least 16 point (UK Association for Accessible Formats)."""


@blueprint.get(f"{WAVE}/paper")
def paper(survey: str, wave: str) -> WebResponse:
    """The printable questionnaire; in the language of the request."""
    visit = visit_of(db.session(), survey, wave)
    size = request.args.get("size", "normal")
    if size not in SIZES or visit.state is WaveState.CLOSED:
        abort(404)
    if not within(limits.PRINTING):
        return make_response(gettext(TOO_OFTEN), 429, {"Content-Type": "text/plain; charset=utf-8"})
    try:
        made = base64.b64decode(helper.call("csp_consult.printing:page_as_pdf", _page(visit, size)))
    except JobError:
        words = gettext("The paper form cannot be made here at present. Please write to us for a copy.")
        return make_response(words, 503, {"Content-Type": "text/plain; charset=utf-8"})
    name = f"{survey}-{wave}-{visit.language}{'-large' if size == 'large' else ''}.pdf"
    headers = {"Content-Type": "application/pdf", "Content-Disposition": f'inline; filename="{name}"'}
    return make_response(made, headers)


def _page(visit: Visit, size: str) -> str:
    """The form as a page of HTML that stands on its own."""
    link = address_of("resident.start", survey=visit.wave.survey.slug, wave=visit.wave.slug, language=visit.language)
    pages = visit.questionnaire.pages
    context = context_for(visit.session, (one for page in pages for one in page.questions), visit.today)
    asked = [one for page in pages for one in page.questions if one.fields()]
    numbers = {question.id: number for number, question in enumerate(asked, start=1)}
    return render_template(
        "resident/paper.html",
        wave=visit.wave,
        questionnaire=visit.questionnaire,
        language=visit.language,
        direction=direction(visit.language),
        unchecked=is_unchecked(visit.questionnaire, visit.language),
        size=SIZES[size],
        link=link,
        code=Markup(segno.make(link, error="m").svg_inline(scale=3, border=1)),  # noqa: S704 - drawn from our own address
        parts=[
            {
                "title": page.title(visit.language),
                "lead": page.lead(visit.language),
                "only": _only(visit, page.show_if, numbers),
                "items": [_item(visit, one, numbers, context) for one in page.questions],
            }
            for page in pages
        ],
    )


def _item(visit: Visit, question: Question, numbers: Mapping[str, int], context: QuestionContext) -> dict[str, Any]:
    language = visit.language
    return {
        "number": numbers.get(question.id),
        "text": question.text(language),
        "notes": list(filter(None, (question.hint(language), question.reason(language)))),
        "only": _only(visit, question.show_if, numbers),
        "kind": question.kind,
        "places": len(question.fields()) if question.kind == "rank" else 0,
        "rows": _words(question.concern_items() if question.kind == "grid" else (), language),
        "options": _words(question.choices(context), language),
    }


def _words(choices: Sequence[Choice], language: str) -> list[dict[str, Any]]:
    return [{"text": one.text(language), "hint": one.hint(language), "say": one.say} for one in choices]


def _only(visit: Visit, condition: Condition | None, numbers: Mapping[str, int]) -> str:
    """When something is asked, as somebody with a pen can follow it."""
    if condition is None:
        return ""
    if not isinstance(condition, Is) or condition.key not in numbers:
        return gettext("Answer this only if it applies to you.")
    question = visit.questionnaire.question(condition.key)
    chosen = [one.text(visit.language) for one in question.choices() if one.code in condition.options]
    answers = listing((f"“{words}”" for words in chosen), visit.language)
    sentence = gettext("Answer this only if your answer to question %(number)s includes one of these: %(answers)s.")
    return sentence % {"number": numbers[condition.key], "answers": answers}
