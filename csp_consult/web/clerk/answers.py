"""The draft of a council's response: its overview, its pages, and the check before it is sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.comments import comments
from csp_consult.parishes.drafts import ContestedError, save_page
from csp_consult.parishes.submission import gaps
from csp_consult.parishes.versions import versions
from csp_consult.parishes.windows import extensions
from csp_consult.questionnaire.model import Page
from csp_consult.questionnaire.pages import FieldError, PageResult, Showing, fill_page, read_page
from csp_consult.questionnaire.path import answers_on, page_after, page_before, path
from csp_consult.questionnaire.questions.base import Typed
from csp_consult.web.clerk.desk import Desk
from csp_consult.web.clerk.door import ANSWERS, blueprint, editor, number, sections


@blueprint.get(f"{ANSWERS}/")
def overview() -> str:
    """What is asked, by when, and how far the draft has come."""
    desk: Desk = g.desk
    pages = path(desk.questionnaire, desk.answers)
    missing = {gap.question.id for gap in gaps(desk.questionnaire, desk.answers, desk.context)}
    progress = {
        one.id: {
            "begun": bool(answers_on([one], desk.answers)),
            "done": len(answers_on([one], desk.answers).keys() - missing),
            "of": sum(bool(question.fields()) for question in one.questions),
        }
        for one in pages
    }
    return render_template(
        "clerk/overview.html",
        desk=desk,
        state=desk.window.state(date.today()),
        pages=pages,
        progress=progress,
        versions=versions(db.session(), desk.wave, desk.parish.code),
        extensions=extensions(db.session(), desk.wave, desk.parish.code),
        comments=len(comments(db.session(), desk.wave, desk.parish.code)),
    )


@blueprint.get(f"{ANSWERS}/page/<page_id>")
def page(page_id: str) -> str | Response:
    """One page of the questionnaire, with what the draft holds."""
    desk: Desk = g.desk
    asked = _asked(desk, page_id)
    if asked is None or not desk.takes_answers or (desk.current and not desk.drafted):
        return redirect(desk.url("overview"))
    return _show_page(desk, asked, fill_page(asked, desk.answers))


@blueprint.post(f"{ANSWERS}/page/<page_id>")
def save(page_id: str) -> str | Response:
    """Keep one page: what can be kept is, whatever else is wrong with it."""
    desk: Desk = g.desk
    asked = _asked(desk, page_id)
    if asked is None:
        flash("That page is no longer asked, since an earlier answer changed. Nothing on it was saved.", "important")
        return redirect(desk.url("overview"))
    result = read_page(_lenient(asked), request.form, desk.context)
    try:
        draft = save_page(
            db.session(),
            desk.wave,
            desk.parish.code,
            _to_keep(asked, result),
            seen_revision=_seen_revision(),
            editor=editor(),
            today=date.today(),
        )
        kept = replace(desk, drafted=True, answers=draft.answers, revision=draft.revision)
    except ContestedError as conflict:
        db.session.rollback()
        return _show_conflict(desk, asked, result, conflict)
    except ParishError as error:
        db.session.rollback()
        return _show_page(desk, asked, result.typed, [FieldError("", "", str(error))])
    db.session.commit()
    if result.errors:
        return _show_page(kept, asked, result.typed, result.errors)
    if request.form.get("form-then") == "later":
        return redirect(desk.url("overview"))
    following = page_after(path(desk.questionnaire, kept.answers), asked.id)
    return redirect(desk.url("page", page_id=following.id) if following else desk.url("check"))


@blueprint.get(f"{ANSWERS}/check")
def check() -> str | Response:
    """Every answer of the draft, to be checked and changed before the council submits."""
    desk: Desk = g.desk
    if not desk.drafted:
        return redirect(desk.url("overview"))
    missing = gaps(desk.questionnaire, desk.answers, desk.context)
    last = path(desk.questionnaire, desk.answers)[-1]
    return render_template(
        "clerk/check.html",
        desk=desk,
        sections=sections(desk, desk.answers, to_change=True),
        gaps=missing,
        back=desk.url("page", page_id=last.id),
    )


def _asked(desk: Desk, page_id: str) -> Page | None:
    """The page as it is asked now; None where it is off the path. 404 where there is no such page at all."""
    if page_id not in {one.id for one in desk.questionnaire.pages}:
        abort(404)
    return next((one for one in path(desk.questionnaire, desk.answers) if one.id == page_id), None)


def _lenient(asked: Page) -> Page:
    """The page with nothing required: a council drafts over days, and gaps are told before it submits."""
    return replace(asked, questions=tuple(replace(question, required=False) for question in asked.questions))


def _to_keep(asked: Page, result: PageResult) -> dict[str, Any]:
    faulty = {error.question_id for error in result.errors}
    return {
        question.id: result.answers.get(question.id)
        for question in asked.questions
        if question.id not in faulty and request.form.get(f"form-keep.{question.id}") != "theirs"
    }


def _seen_revision() -> int:
    """The revision that what is being saved was decided upon."""
    contested = request.form.getlist("form-contested")
    decided = all(request.form.get(f"form-keep.{question_id}") in {"mine", "theirs"} for question_id in contested)
    return number("form-decided") if contested and decided else number("form-revision")


def _show_page(desk: Desk, asked: Page, typed: Typed, errors: Sequence[FieldError] = ()) -> str:
    pages = path(desk.questionnaire, desk.answers)
    before = page_before(pages, asked.id)
    return render_template(
        "clerk/page.html",
        desk=desk,
        page=asked,
        showing=Showing(typed=typed, errors=errors, context=desk.context),
        errors=errors,
        back=desk.url("page", page_id=before.id) if before else desk.url("overview"),
    )


def _show_conflict(desk: Desk, asked: Page, result: PageResult, conflict: ContestedError) -> str:
    questions = {question.id: question for question in asked.questions}
    pairs = []
    for one in conflict.contested:
        question, mine = questions[one.question], result.answers.get(one.question)
        pairs.append(
            {
                "id": one.question,
                "text": question.text(),
                "by": one.by,
                "theirs": "No answer" if one.theirs is None else question.display(one.theirs, context=desk.context),
                "mine": "No answer" if mine is None else question.display(mine, context=desk.context),
            }
        )
    # The page of the choice comes back without one: say so there.
    asked_before = request.form.getlist("form-contested")
    errors = [
        {"field_id": f"form-keep.{pair['id']}", "message": f"Select which answer to keep: {pair['text']}"}
        for pair in pairs
        if pair["id"] in asked_before
    ]
    return render_template(
        "clerk/conflict.html",
        desk=desk,
        page=asked,
        pairs=pairs,
        typed=result.typed,
        conflict=conflict,
        seen=number("form-revision"),
        errors=errors,
    )
