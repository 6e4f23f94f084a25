"""Looking at a questionnaire in the making as respondents will: any page, at both widths, along every path."""

from datetime import date

from flask import abort, g, render_template, request

from csp_consult.catalogues import direction, english_name
from csp_consult.db import db
from csp_consult.fieldwork.areas import context_for
from csp_consult.questionnaire.checks import in_the_way_of_paths
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.pages import Showing
from csp_consult.questionnaire.parse import compiled
from csp_consult.questionnaire.routes import Route, routes, too_many
from csp_consult.questionnaire.texts import ENGLISH, listing
from csp_consult.web.officer.questionnaire_drafts import draft_called, linked


def questionnaire_paths(draft_id: int) -> str:
    """Every way through, with the answers that lead along it."""
    draft = draft_called(draft_id)
    questionnaire = compiled(draft.source)
    faults = in_the_way_of_paths(questionnaire)
    found = [] if faults else routes(questionnaire)
    return render_template(
        "officer/questionnaire_paths.html",
        draft=draft,
        questionnaire=questionnaire,
        routes=[
            {"number": number, "pages": route.pages, "because": _because(questionnaire, route)}
            for number, route in enumerate(found, start=1)
        ],
        too_many=not faults and too_many(questionnaire),
        faults=[linked(draft, fault) for fault in faults],
    )


def _because(questionnaire: Questionnaire, route: Route) -> str:
    """The answers that lead along a way, in words."""
    by_key: dict[str, list[str]] = {}
    for key, option in sorted(route.because):
        question = questionnaire.question(key.partition(".")[0])
        words = next((choice.text() for choice in question.choices() if choice.code == option), option)
        by_key.setdefault(key, []).append(f"“{words}”")
    return "; ".join(f"{key}: {listing(words, ENGLISH)}" for key, words in by_key.items())


def questionnaire_preview(draft_id: int, page_id: str) -> str:
    """One page as a respondent sees it, alone so that it fits a frame."""
    draft = draft_called(draft_id)
    questionnaire = compiled(draft.source)
    pages = _along(questionnaire)
    place = next((number for number, page in enumerate(pages) if page.id == page_id), None)
    if place is None:
        abort(404)
    language = _language(questionnaire)
    page = pages[place]
    g.framed = True
    return render_template(
        "officer/questionnaire_preview.html",
        draft=draft,
        page=page,
        number=place + 1,
        total=len(pages),
        page_language=language,
        language=language,
        page_direction=direction(language),
        showing=Showing(language=language, context=context_for(db.session(), page.questions, date.today())),
    )


def questionnaire_widths(draft_id: int, page_id: str) -> str:
    """One page on a phone and on a desk, side by side, with the pages before and after it."""
    draft = draft_called(draft_id)
    questionnaire = compiled(draft.source)
    pages = _along(questionnaire)
    place = next((number for number, page in enumerate(pages) if page.id == page_id), None)
    if place is None:
        abort(404)
    g.frames = True
    return render_template(
        "officer/questionnaire_widths.html",
        draft=draft,
        page=pages[place],
        before=pages[place - 1] if place else None,
        after=pages[place + 1] if place + 1 < len(pages) else None,
        path=request.args.get("path", type=int),
        language=_language(questionnaire),
        languages=[(code, english_name(code)) for code in questionnaire.languages],
    )


def _language(questionnaire: Questionnaire) -> str:
    """The language that is asked for, of those of the questionnaire."""
    asked = request.args.get("language", ENGLISH)
    return asked if asked in questionnaire.languages else ENGLISH


def _along(questionnaire: Questionnaire) -> tuple[Page, ...]:
    """The pages of the path that is asked for; every page without one."""
    number = request.args.get("path", type=int)
    if number is None:
        return questionnaire.pages
    found = [] if in_the_way_of_paths(questionnaire) else routes(questionnaire)
    if not 1 <= number <= len(found):
        abort(404)
    return found[number - 1].pages
