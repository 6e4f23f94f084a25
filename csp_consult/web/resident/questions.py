"""Starting, and answering page by page."""

from collections.abc import Mapping, Sequence

from flask import make_response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WebResponse

from csp_consult.db import db, writing
from csp_consult.fieldwork import drafts, progress, responses
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.drafts import DraftContent, StoredDraft
from csp_consult.fieldwork.waves import WaveState
from csp_consult.questionnaire.model import Page
from csp_consult.questionnaire.pages import FieldError, PageResult, Showing, fill_page, in_order, read_page
from csp_consult.questionnaire.path import length_from, page_after, page_before
from csp_consult.web.languages import offers
from csp_consult.web.resident.door import (
    LINK_COOKIE,
    WAVE,
    Visit,
    blueprint,
    came_from_check,
    dated,
    give_cookie,
    hand_over,
    open_visit,
    refusal_of,
    render,
    renewed,
    to_first_due,
    visit_of,
    without_link,
)

ENDS_SOON_DAYS = 2
"""From how many days before its end a draft's time is offered anew."""
LARGEST_TYPED = 100_000
"""Characters kept in a draft of what cannot be an answer yet."""


@blueprint.get(WAVE)
def start(survey: str, wave: str) -> str:
    """Who asks, why, how long it takes and what happens to the answers."""
    visit = visit_of(db.session(), survey, wave)
    if visit.state is not WaveState.OPEN:
        return dated(visit)
    draft = visit.draft.content
    refusal = "" if draft.sent else without_link(visit)
    if refusal:
        return refusal
    pages = visit.path(draft)
    due = progress.first_due(pages, draft)
    last_day = min(visit.draft.last_day(visit.today), visit.wave.closes_on)
    return render(
        visit,
        "start",
        last_day=last_day,
        ends_soon=(last_day - visit.today).days <= ENDS_SOON_DAYS and last_day < visit.wave.closes_on,
        begun=visit.draft.sealed is not None,
        sent=draft.sent,
        withdrawn=draft.sent is not None and responses.find(visit.session, draft.sent) is None,
        href=visit.url("question", page_id=due.id) if due else visit.url("check"),
        token=visit.key.form_token,
        kept_days=drafts.KEPT_DAYS,
        offers=offers(visit.questionnaire.languages),
    )


@blueprint.get(f"{WAVE}/link/<token>")
def by_link(survey: str, wave: str, token: str) -> WebResponse:
    """Come in by a personal link. Nothing is noted before answers are sent, so a mail scanner uses nothing up."""
    visit = visit_of(db.session(), survey, wave)
    answer = redirect(visit.url("start"), 303)
    give_cookie(answer, visit, LINK_COOKIE, token[:100])
    return answer


@blueprint.get(f"{WAVE}/questions/<page_id>")
def question(survey: str, wave: str, page_id: str) -> WebResponse:
    """One page of questions, with what was answered before."""
    visit = open_visit(db.session(), survey, wave)
    draft = visit.draft.content
    if draft.sent:
        return redirect(visit.url("thanks"))
    pages = visit.path(draft)
    page = progress.find_page(pages, page_id)
    if page is None or not progress.may_show(pages, page, draft):
        return to_first_due(visit, draft)
    context = context_for(visit.session, page.questions, visit.today, by_postcode=True)
    typed = draft.typed.get(page.id)
    errors: Sequence[FieldError] = ()
    if typed is not None and "refused" in request.args:
        form = MultiDict((name, value) for name, values in typed.items() for value in values)
        errors = read_page(page, form, context, visit.language).errors
    showing = Showing(
        language=visit.language, typed=typed or fill_page(page, draft.answers), errors=errors, context=context
    )
    was = progress.stamps(page, draft.answers)
    return _show_question(visit, page, pages, showing, was, status=422 if errors else 200)


@blueprint.post(f"{WAVE}/questions/<page_id>")
def answer(survey: str, wave: str, page_id: str) -> WebResponse:
    """Keep one page of answers and go on, or back."""
    visit = open_visit(db.session(), survey, wave)
    found = visit.draft
    draft = found.content
    if draft.sent:
        return redirect(visit.url("thanks"))
    pages = visit.path(draft)
    # A page that is off the path (an old tab, a lost draft) is still read, so that nothing typed is thrown away.
    page = progress.find_page(pages, page_id) or progress.find_page(visit.questionnaire.pages, page_id)
    if page is None:
        return to_first_due(visit, draft)
    context = context_for(visit.session, page.questions, visit.today, by_postcode=True)
    result = read_page(page, request.form, context, visit.language)
    refusal = refusal_of(visit)
    if refusal or (result.errors and not _can_be_kept(page, result)):
        errors = [FieldError("", "", refusal)] if refusal else result.errors
        showing = Showing(language=visit.language, typed=result.typed, errors=errors, context=context)
        was = progress.stamps(page, draft.answers)
        return _show_question(visit, page, pages, showing, was, status=400 if refusal else 422)
    content = _keep(visit, found, page, result)
    if content.sent:
        return redirect(visit.url("thanks"), 303)
    if result.errors and not _leaving():
        # A page of its own address, so that Back and a refresh never ask whether to send the form once more.
        came = {"came": "check"} if came_from_check() else {}
        return renewed(redirect(visit.url("question", page_id=page.id, refused="1", **came), 303), visit)
    return renewed(_onward(visit, content, page), visit)


@blueprint.post(f"{WAVE}/keep")
def keep_longer(survey: str, wave: str) -> WebResponse:
    """Keep what was answered for the full time from today."""
    visit = open_visit(db.session(), survey, wave)
    back = redirect(visit.url("start"), 303)
    if refusal_of(visit):
        return back
    with writing() as session:
        drafts.extend(session, visit.key, visit.today)
    return renewed(back, visit)


def _leaving() -> bool:
    """Whether somebody leaves the page without going on: what cannot be an answer yet is then kept as it is."""
    return request.form.get("form-go") in {"back", "save"}


def _can_be_kept(page: Page, result: PageResult) -> bool:
    """Whether what cannot be an answer yet may lie in a draft meanwhile: not endless text, and not a postcode, which
    somebody who leaves the page puts in again."""
    fleeting = {name for question in page.questions for name in question.fleeting()}
    return (_leaving() or fleeting.isdisjoint(result.typed)) and _size(result.typed) <= LARGEST_TYPED


def _size(typed: Mapping[str, Sequence[str]]) -> int:
    return sum(len(value) for values in typed.values() for value in values)


def _keep(visit: Visit, found: StoredDraft, page: Page, result: PageResult) -> DraftContent:
    def edit(content: DraftContent) -> DraftContent:
        if content.sent:
            # Another tab has sent the answers meanwhile; nothing more is stored of them.
            return content
        if not result.errors:
            was = request.form.get("form-was", "")
            return progress.with_page(content, page, result.answers, was, sent=not _leaving())
        fleeting = {name for question in page.questions for name in question.fleeting()}
        typed = {name: values for name, values in result.typed.items() if name not in fleeting}
        return progress.with_typed(content, page, typed)

    with writing() as session:
        return drafts.change(session, visit.key, visit.wave.id, edit, today=visit.today, found=found)


def _onward(visit: Visit, content: DraftContent, page: Page) -> WebResponse:
    """Where somebody goes after a page was kept."""
    pages = visit.path(content)
    if request.form.get("form-go") == "save":
        return redirect(visit.url("saving"), 303)
    if page not in pages:
        return to_first_due(visit, content)
    if request.form.get("form-go") == "back":
        before = page_before(pages, page.id)
        return redirect(visit.url("question", page_id=before.id) if before else visit.url("start"), 303)
    following = page_after(pages, page.id)
    if following is None or came_from_check():
        return to_first_due(visit, content)
    return redirect(visit.url("question", page_id=following.id), 303)


def _show_question(
    visit: Visit, page: Page, pages: Sequence[Page], showing: Showing, was: str, *, status: int = 200
) -> WebResponse:
    on_path = page in pages
    rendered = render(
        visit,
        "question",
        page=in_order(page, visit.key.order_seed),
        showing=showing,
        errors=showing.errors,
        token=visit.key.form_token,
        was=was,
        came="check" if came_from_check() else "",
        number=pages.index(page) + 1 if on_path else None,
        length=length_from(visit.questionnaire, pages, page.id, visit.draft.content.answers) if on_path else None,
    )
    response = make_response(rendered, status)
    if not visit.returning:
        hand_over(response, visit, visit.key)
    return response
