"""The clerks' door: a council's response, from the first draft to the receipt and its amendments."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session
from flask_security import current_user
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import WaveState, listed, state
from csp_consult.parishes.access import ParishError, parishes_of
from csp_consult.parishes.drafts import ContestedError, Editor, begin_amendment, save_page
from csp_consult.parishes.mandates import Mandate, MandateError, read_mandate
from csp_consult.parishes.standing import standings
from csp_consult.parishes.submission import ChangedSinceCheckedError, gaps, submit, submitted_as
from csp_consult.parishes.versions import versions
from csp_consult.questionnaire.model import Page
from csp_consult.questionnaire.pages import FieldError, PageResult, Showing, fill_page, read_page
from csp_consult.questionnaire.path import answers_on, page_after, page_before, path
from csp_consult.questionnaire.questions.base import Question, Typed
from csp_consult.web.clerk_desk import Desk, lay_out

blueprint = Blueprint("clerk", __name__, url_prefix="/clerk")

ANSWERS = "/<parish_code>/<survey>/<wave>"


@blueprint.before_request
def _sit_down() -> None:
    """For every address that names a parish: 404 unless this clerk acts for it, then lay out the desk."""
    if request.view_args and "parish_code" in request.view_args:
        g.desk = lay_out(**{key: request.view_args.pop(key) for key in ("parish_code", "survey", "wave")})


@blueprint.get("/")
def home() -> str:
    """The clerk's parishes, each with what is asked of it and what it has answered."""
    store, today = db.session(), date.today()
    waves = sorted(listed(store, audience="parishes"), key=lambda wave: wave.closes_on, reverse=True)
    parishes = parishes_of(store, current_user.id)
    found = standings(store, waves, parishes)
    groups: list[dict[str, Any]] = [
        {
            "parish": parish,
            "asked": [one for one in found if one.parish is parish and state(one.wave, today) is not WaveState.CLOSED],
            "earlier": [
                one
                for one in found
                if one.parish is parish and state(one.wave, today) is WaveState.CLOSED and one.current is not None
            ],
        }
        for parish in parishes
    ]
    return render_template("clerk/home.html", groups=groups, synthetic=_synthetic([one.wave for one in found]))


def _synthetic(waves: Sequence[Wave]) -> str | None:
    """What to say on a page about waves that also hold responses nobody gave."""
    if not any(wave.synthetic for wave in waves):
        return None
    return "Among the councils' responses here are some that no council gave, made to try out the platform."


@blueprint.context_processor
def _say_what_is_synthetic() -> dict[str, str | None]:
    return {"synthetic": _synthetic([g.desk.wave])} if "desk" in g else {}


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
        state=state(desk.wave, date.today()),
        pages=pages,
        progress=progress,
        versions=versions(db.session(), desk.wave, desk.parish.code),
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
            editor=_editor(),
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
        sections=_sections(desk, desk.answers, to_change=True),
        gaps=missing,
        back=desk.url("page", page_id=last.id),
    )


@blueprint.get(f"{ANSWERS}/submit")
def mandate() -> str | Response:
    """On whose authority the response is made."""
    desk: Desk = g.desk
    if not desk.drafted or not desk.takes_answers:
        return redirect(desk.url("overview"))
    if gaps(desk.questionnaire, desk.answers, desk.context):
        return redirect(desk.url("check"))
    return _show_mandate(desk, {"form-submission": secrets.token_urlsafe(24), "form-revision": str(desk.revision)})


@blueprint.post(f"{ANSWERS}/submit")
def send() -> str | Response:
    """Submit the council's response; a repeat arrives at the receipt of the first."""
    desk: Desk = g.desk
    store, form = db.session(), request.form
    # One made up by somebody else's program still marks that program's repeats; it only has to fit.
    key = form.get("form-submission", "")[:64] or secrets.token_urlsafe(24)
    first = submitted_as(store, desk.wave, desk.parish.code, key)
    if first is not None:
        return redirect(desk.url("receipt", version=first.version))
    try:
        stated = read_mandate(form, today=date.today(), amending=desk.current is not None)
    except MandateError as error:
        return _show_mandate(desk, form, error)
    return _submit(desk, stated, key)


def _submit(desk: Desk, stated: Mandate, key: str) -> Response:
    try:
        response = submit(
            db.session(),
            desk.wave,
            desk.questionnaire,
            desk.parish.code,
            stated,
            checked_revision=_number("form-revision"),
            submission=key,
            user_id=current_user.id,
            today=date.today(),
        )
    except ParishError as error:
        db.session.rollback()
        flash(str(error), "important")
        return redirect(desk.url("check" if isinstance(error, ChangedSinceCheckedError) else "overview"))
    db.session.commit()
    return redirect(desk.url("receipt", version=response.version))


@blueprint.get(f"{ANSWERS}/receipt/<int:version>")
def receipt(version: int) -> str:
    """What was submitted, in full and for the minutes."""
    desk: Desk = g.desk
    kept = versions(db.session(), desk.wave, desk.parish.code)
    response = next((one for one in kept if one.version == version), None)
    if response is None:
        abort(404)
    return render_template(
        "clerk/receipt.html",
        desk=desk,
        response=response,
        versions=kept,
        sections=_sections(desk, response.answers),
    )


@blueprint.post(f"{ANSWERS}/amend")
def amend() -> Response:
    """Begin the next version from the current one."""
    desk: Desk = g.desk
    try:
        begin_amendment(db.session(), desk.wave, desk.parish.code, editor=_editor(), today=date.today())
    except ParishError as error:
        db.session.rollback()
        flash(str(error), "important")
    else:
        db.session.commit()
    return redirect(desk.url("overview"))


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
    return _number("form-decided") if contested and decided else _number("form-revision")


def _number(field: str) -> int:
    typed = request.form.get(field, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def _editor() -> Editor:
    browser: str = session.setdefault("browser", secrets.token_urlsafe(12))
    return Editor(current_user.id, current_user.name, browser)


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
        seen=_number("form-revision"),
        errors=errors,
    )


def _show_mandate(desk: Desk, form: Mapping[str, str], error: MandateError | None = None) -> str:
    faults = error.faults if error else []
    return render_template(
        "clerk/mandate.html",
        desk=desk,
        form=form,
        errors=faults,
        messages={fault.field_id: fault.message for fault in faults},
    )


def _sections(desk: Desk, answers: Mapping[str, Any], *, to_change: bool = False) -> list[dict[str, Any]]:
    """The answers page by page, in words; with links to change them where asked for."""
    return [
        {
            "title": one.title(),
            "rows": [
                {
                    "key": question.text(),
                    "value": _in_words(desk, question, answers),
                    "href": f"{desk.url('page', page_id=one.id)}#{question.fields()[0]}" if to_change else None,
                }
                for question in one.questions
                if question.fields()
            ],
        }
        for one in path(desk.questionnaire, answers)
    ]


def _in_words(desk: Desk, question: Question, answers: Mapping[str, Any]) -> str | list[str]:
    if question.id not in answers:
        return "Not answered"
    return question.display(answers[question.id], context=desk.context).split("\n")
