"""Looking everything over, sending it once, and what is shown after."""

from collections.abc import Mapping
from typing import Any

from flask import make_response, redirect, request
from werkzeug.wrappers import Response as WebResponse

from csp_consult.db import db, writing
from csp_consult.fieldwork import care, drafts, limits, notices, personal_links, progress, responses
from csp_consult.fieldwork import news as results_news
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.drafts import DraftContent
from csp_consult.questionnaire.cautions import cautions
from csp_consult.questionnaire.pages import FieldError, orders
from csp_consult.questionnaire.path import answers_on, path
from csp_consult.questionnaire.questions.base import Question
from csp_consult.web.calling import within
from csp_consult.web.languages import gettext
from csp_consult.web.resident.door import (
    TOO_OFTEN,
    WAVE,
    Visit,
    blueprint,
    link_token,
    open_visit,
    refusal_of,
    render,
    to_first_due,
    visit_of,
    without_link,
)

TRAP = "form-website"
"""A field of the last form that people do not see."""


@blueprint.get(f"{WAVE}/check")
def check(survey: str, wave: str) -> WebResponse:
    """Every answer in words, each with a way to change it."""
    visit = open_visit(db.session(), survey, wave)
    draft = visit.draft.content
    if draft.sent:
        return redirect(visit.url("thanks"))
    if progress.first_due(visit.path(draft), draft):
        return to_first_due(visit, draft)
    return _show_check(visit, draft)


@blueprint.post(f"{WAVE}/check")
def send(survey: str, wave: str) -> WebResponse:
    """Store the response. However often this is repeated, there is one response and one reference."""
    with writing() as session:
        visit = open_visit(session, survey, wave)
        found = visit.held_draft()
        draft = found.content
        if not draft.sent:
            pages = visit.path(draft)
            if progress.first_due(pages, draft):
                return to_first_due(visit, draft)
            refusal = refusal_of(visit)
            if refusal:
                return _show_check(visit, draft, refusal)
            if not within(limits.SENDING, session):
                return _show_check(visit, draft, gettext(TOO_OFTEN), 429)
            if visit.wave.by_link and not personal_links.use(session, visit.wave, link_token(), visit.today):
                return make_response(without_link(visit), 403)
            stored = responses.submit(
                session,
                visit.wave,
                draft.answers,
                submission=visit.key.submission(visit.wave.id, draft.mark),
                mode="online",
                language=visit.language,
                today=visit.today,
                orders=orders(pages, visit.key.order_seed),
                trapped=bool(request.form.get(TRAP)),
                notice=notices.current(),
            )
            sent = DraftContent(sent=stored.reference)
            drafts.change(session, visit.key, visit.wave.id, lambda _: sent, today=visit.today, found=found)
        address = visit.url("thanks")
    return redirect(address, 303)


@blueprint.get(f"{WAVE}/thanks")
def thanks(survey: str, wave: str) -> str | WebResponse:
    """The reference, a copy of the answers, and what happens next."""
    visit = visit_of(db.session(), survey, wave)
    return _show_thanks(visit, asked=request.args.get("news") == "asked")


@blueprint.post(f"{WAVE}/news")
def news(survey: str, wave: str) -> WebResponse | tuple[str | WebResponse, int]:
    """Keep an address for news of the results, apart from the answers."""
    visit = visit_of(db.session(), survey, wave)
    if visit.draft.content.sent is None:
        return redirect(visit.url("start"), 303)
    if refusal := refusal_of(visit):
        return _show_thanks(visit, refusal), 400
    if not within(limits.ASKING_NEWS):
        return _show_thanks(visit, gettext(TOO_OFTEN)), 429
    try:
        address = results_news.tidy_address(request.form.get("email", ""))
    except ValueError:
        return _show_thanks(visit, gettext("Enter an e-mail address, like name@example.org.")), 422
    with writing() as session:
        results_news.ask(session, visit.wave, address, today=visit.today)
    return redirect(visit.url("thanks", news="asked", _anchor="news"), 303)


def _show_thanks(visit: Visit, refusal: str = "", *, asked: bool = False) -> str | WebResponse:
    reference = visit.draft.content.sent
    if reference is None:
        return redirect(visit.url("start"))
    response = responses.find(visit.session, reference)
    return render(
        visit,
        "thanks",
        reference=reference,
        sections=sections(visit, response.answers) if response else None,
        care=bool(response and care.told(visit.questionnaire, response.answers)),
        asked=asked,
        email=request.form.get("email", "")[:320],
        errors=[FieldError("", "email", refusal)] if refusal else [],
        token=visit.key.form_token,
    )


def _show_check(visit: Visit, draft: DraftContent, refusal: str = "", status: int = 400) -> WebResponse:
    rendered = render(
        visit,
        "check",
        sections=sections(visit, draft.answers, changeable=True),
        back=visit.url("question", page_id=visit.path(draft)[-1].id),
        token=visit.key.form_token,
        errors=[FieldError("", "", refusal)] if refusal else [],
        trap=TRAP,
    )
    return make_response(rendered, status if refusal else 200)


def sections(visit: Visit, answers: Mapping[str, Any], *, changeable: bool = False) -> list[dict[str, Any]]:
    """The answers page by page, in words; with links to change them where they still can be."""
    pages = path(visit.questionnaire, answers)
    context = context_for(visit.session, (one for page in pages for one in page.questions), visit.today)
    given = answers_on(pages, answers)
    return [
        {
            "title": page.title(visit.language),
            "rows": [
                {
                    "key": one.text(visit.language),
                    "value": one.display(given[one.id], visit.language, context).split("\n")
                    if one.id in given
                    else gettext("Not answered"),
                    "notes": _cautions(visit, one, given) if changeable else [],
                    "href": f"{visit.url('question', page_id=page.id, came='check')}#{one.fields()[0]}"
                    if changeable
                    else None,
                }
                for one in page.questions
                if one.fields()
            ],
        }
        for page in pages
    ]


def _cautions(visit: Visit, question: Question, answers: Mapping[str, Any]) -> list[str]:
    """What is worth a second look in what was written freely; nobody is held up by it."""
    words = question.own_words(answers[question.id]) if question.id in answers else []
    return [text(visit.language) for written in words for text in cautions(written)]
