"""The residents' door: one survey, answered page by page, checked, and sent once.

No account and no session: everything hangs on the draft's key, which the browser alone holds in a cookie of
this wave's path. The same key makes the token in every form, so a form cannot be sent from another site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_wtf.csrf import validate_csrf
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WebResponse
from wtforms import ValidationError

from csp_consult.db import db, writing
from csp_consult.fieldwork import drafts, limits, progress, responses, returning, waves
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.drafts import DraftContent, DraftKey, StoredDraft
from csp_consult.fieldwork.models import Survey, Wave
from csp_consult.fieldwork.waves import WaveState
from csp_consult.questionnaire.cautions import cautions
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.pages import FieldError, PageResult, Showing, fill_page, in_order, orders, read_page
from csp_consult.questionnaire.path import answers_on, page_after, page_before, path
from csp_consult.questionnaire.questions.base import Question
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.questionnaire.texts import ENGLISH

blueprint = Blueprint("resident", __name__, url_prefix="/s")

WAVE = "/<survey>/<wave>"
COOKIE = "draft"
LARGEST_FORM = 2 * 1024 * 1024
"""Bytes of a form that are read at all: more than anybody types, so that too much is refused with what was typed."""
LARGEST_TYPED = 100_000
"""Characters kept in a draft of what cannot be an answer yet."""

TRAP = "form-website"
"""A field of the last form that people do not see."""

TOO_OFTEN = (
    "This was tried very often from your network in the last hour. Nothing is lost: wait an hour, then try again."
)
NO_COOKIE = (
    "Your browser did not send back the cookie that keeps your answers. What you put in on this page is still here: "
    "continue to try again. If this comes back, cookies are off; answers to earlier pages may have to be given again."
)
FOREIGN_FORM = (
    "We could not tell that this form came from your own page. Nothing is lost: check what is shown, then continue."
)


@dataclass(frozen=True)
class Visit:
    """Somebody at one wave."""

    session: Session
    wave: Wave
    questionnaire: Questionnaire
    today: date
    key: DraftKey
    returning: bool
    """Whether the browser brought the key; a new one was made otherwise."""
    language: str = ENGLISH

    @property
    def state(self) -> WaveState:
        """Whether the wave takes answers."""
        return waves.state(self.wave, self.today)

    def draft(self, *, hold: bool = False) -> StoredDraft:
        """The draft of this browser, empty where there is none."""
        return drafts.load(self.session, self.key, self.wave.id, hold=hold) if self.returning else StoredDraft()

    def path(self, content: DraftContent) -> tuple[Page, ...]:
        """The pages asked, given the answers so far."""
        return path(self.questionnaire, content.answers)

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of a page of this wave."""
        return url_for(f"resident.{endpoint}", survey=self.wave.survey.slug, wave=self.wave.slug, **values)


@blueprint.record_once
def _bring_own_tokens(setup: BlueprintSetupState) -> None:
    # These forms carry the draft key's own token, and a view refuses a wrong one without losing what was typed.
    setup.app.extensions["csrf"].exempt(blueprint)


@blueprint.before_request
def _prepare() -> None:
    request.max_content_length = LARGEST_FORM


@blueprint.get(WAVE)
def start(survey: str, wave: str) -> str:
    """Who asks, why, how long it takes and what happens to the answers."""
    visit = _visit(db.session(), survey, wave)
    if visit.state is not WaveState.OPEN:
        return _dated(visit)
    draft = visit.draft().content
    pages = visit.path(draft)
    due = progress.first_due(pages, draft.seen)
    return _render(
        visit,
        "start",
        begun=bool(draft.seen),
        sent=draft.sent,
        withdrawn=draft.sent is not None and responses.find(visit.session, draft.sent) is None,
        href=visit.url("question", page_id=due.id) if due else visit.url("check"),
        token=visit.key.form_token,
        kept_days=drafts.KEPT_DAYS,
    )


@blueprint.get(f"{WAVE}/questions/<page_id>")
def question(survey: str, wave: str, page_id: str) -> WebResponse:
    """One page of questions, with what was answered before."""
    visit = _open_visit(db.session(), survey, wave)
    draft = visit.draft().content
    if draft.sent:
        return redirect(visit.url("thanks"))
    pages = visit.path(draft)
    page = progress.find_page(pages, page_id)
    if page is None or not progress.may_show(pages, page, draft.seen):
        return _to_first_due(visit, draft)
    return _show_question(
        visit,
        page,
        pages,
        Showing(
            language=visit.language,
            typed=draft.typed.get(page.id) or fill_page(page, draft.answers),
            context=context_for(visit.session, page.questions, visit.today, by_postcode=True),
        ),
    )


@blueprint.post(f"{WAVE}/questions/<page_id>")
def answer(survey: str, wave: str, page_id: str) -> WebResponse:
    """Keep one page of answers and go on, or back."""
    visit = _open_visit(db.session(), survey, wave)
    found = visit.draft()
    draft = found.content
    if draft.sent:
        return redirect(visit.url("thanks"))
    pages = visit.path(draft)
    # A page that is off the path (an old tab, a lost draft) is still read, so that nothing typed is thrown away.
    page = progress.find_page(pages, page_id) or progress.find_page(visit.questionnaire.pages, page_id)
    if page is None:
        return _to_first_due(visit, draft)
    context = context_for(visit.session, page.questions, visit.today, by_postcode=True)
    result = read_page(page, request.form, context)
    refusal = _refusal(visit)
    if refusal or (result.errors and not _leaving()):
        errors = [FieldError("", "", refusal)] if refusal else result.errors
        showing = Showing(language=visit.language, typed=result.typed, errors=errors, context=context)
        return _show_question(visit, page, pages, showing, status=400 if refusal else 422)
    content = _keep(visit, found, page, result)
    return _onward(visit, content, page)


@blueprint.get(f"{WAVE}/check")
def check(survey: str, wave: str) -> WebResponse:
    """Every answer in words, each with a way to change it."""
    visit = _open_visit(db.session(), survey, wave)
    draft = visit.draft().content
    if draft.sent:
        return redirect(visit.url("thanks"))
    if progress.first_due(visit.path(draft), draft.seen):
        return _to_first_due(visit, draft)
    return _show_check(visit, draft)


@blueprint.post(f"{WAVE}/check")
def send(survey: str, wave: str) -> WebResponse:
    """Store the response. However often this is repeated, there is one response and one reference."""
    with writing() as session:
        visit = _open_visit(session, survey, wave)
        found = visit.draft(hold=True)
        draft = found.content
        if not draft.sent:
            pages = visit.path(draft)
            if progress.first_due(pages, draft.seen):
                return _to_first_due(visit, draft)
            refusal = _refusal(visit)
            if refusal:
                return _show_check(visit, draft, refusal)
            if not _within(limits.SENDING, session):
                return _show_check(visit, draft, TOO_OFTEN, 429)
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
            )
            sent = DraftContent(sent=stored.reference)
            drafts.change(session, visit.key, visit.wave.id, lambda _: sent, today=visit.today, found=found)
        address = visit.url("thanks")
    return redirect(address, 303)


@blueprint.get(f"{WAVE}/thanks")
def thanks(survey: str, wave: str) -> str | WebResponse:
    """The reference, a copy of the answers, and what happens next."""
    visit = _visit(db.session(), survey, wave)
    reference = visit.draft().content.sent
    if reference is None:
        return redirect(visit.url("start"))
    response = responses.find(visit.session, reference)
    return _render(
        visit,
        "thanks",
        reference=reference,
        sections=_sections(visit, response.answers) if response else None,
        token=visit.key.form_token,
    )


@blueprint.post(f"{WAVE}/finish")
def finish(survey: str, wave: str) -> WebResponse:
    """Clear this browser: for the next person of a household, or on a device that others use."""
    visit = _visit(db.session(), survey, wave)
    back = redirect(visit.url("start"), 303)
    if visit.key.owns(request.form.get("csrf_token")):
        # With a code the answers stay where the code finds them; only this device forgets its key.
        if "form-keep" not in request.form:
            with writing() as session:
                drafts.discard(session, visit.key)
        back.delete_cookie(COOKIE, path=visit.url("start"))
    return back


@blueprint.get(f"{WAVE}/save")
def saving(survey: str, wave: str) -> str | WebResponse:
    """Stop for now: with a code to come back by, or clearing the device."""
    visit = _open_visit(db.session(), survey, wave)
    draft = visit.draft().content
    if draft.sent:
        return redirect(visit.url("thanks"))
    if not draft.seen and not draft.typed:
        return redirect(visit.url("start"))
    return _show_saving(visit)


@blueprint.post(f"{WAVE}/save")
def save(survey: str, wave: str) -> str | WebResponse | tuple[str, int]:
    """Give a code, shown this once: nobody can find it again."""
    visit = _open_visit(db.session(), survey, wave)
    if refusal := _refusal(visit):
        return _show_saving(visit, refusal), 400
    with writing() as session:
        code = returning.give_code(session, visit.wave, visit.key, visit.today)
    return _show_saving(visit, code=code)


@blueprint.get(f"{WAVE}/return")
def returned(survey: str, wave: str) -> str:
    """Ask for the code of a saved draft."""
    return _show_return(_open_visit(db.session(), survey, wave))


@blueprint.post(f"{WAVE}/return")
def come_back(survey: str, wave: str) -> WebResponse | tuple[str, int]:
    """Open the draft of that code in this browser."""
    visit = _open_visit(db.session(), survey, wave)
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _show_return(visit, "This form was open too long. Enter the code once more."), 400
    if not _within(limits.RETURNING):
        return _show_return(visit, TOO_OFTEN), 429
    key = returning.open_code(visit.session, visit.wave, request.form.get("code", ""), visit.today)
    if key is None or drafts.load(visit.session, key, visit.wave.id).sealed is None:
        return _show_return(visit, "No saved answers have this code. Check it; it may also have expired."), 422
    back = redirect(visit.url("start"), 303)
    _hand_over(back, visit, key)
    return back


@blueprint.get("/withdraw")
def withdrawal() -> str:
    """Ask for the reference of the response to erase."""
    return render_template("resident/withdraw.html", reference="", errors=[])


@blueprint.post("/withdraw")
def withdraw() -> str | tuple[str, int]:
    """Erase the response of that reference."""
    reference = request.form.get("reference", "").strip()[:60]
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return _withdrawal_refused(reference, "This form was open too long. Nothing was erased: send it once more.")
    if not reference:
        return _withdrawal_refused(reference, "Enter the reference you were given, such as 7KQ4-M2TX.")
    if not _within(limits.WITHDRAWING):
        return _withdrawal_refused(reference, TOO_OFTEN, 429)
    with writing() as session:
        if not responses.withdraw(session, reference):
            return _withdrawal_refused(
                reference, "We hold no answers with this reference. Check it, or they were erased already."
            )
    return render_template("resident/withdrawn.html")


def _visit(session: Session, survey: str, wave: str) -> Visit:
    """Whoever is here, at a wave for residents; 404 at any other address."""
    row = None
    if "\x00" not in survey + wave:
        row = session.execute(
            select(Wave, QuestionnaireVersion)
            .join(Wave.survey)
            .join(QuestionnaireVersion, QuestionnaireVersion.id == Wave.questionnaire_id)
            .where(Survey.slug == survey, Survey.audience == "residents", Wave.slug == wave)
        ).one_or_none()
    if row is None:
        abort(404)
    key = DraftKey.from_cookie(request.cookies.get(COOKIE))
    return Visit(
        session=session,
        wave=row[0],
        questionnaire=questionnaire_of(row[1]),
        today=date.today(),
        key=key or DraftKey.new(),
        returning=key is not None,
    )


def _open_visit(session: Session, survey: str, wave: str) -> Visit:
    """The same, at a wave that takes answers; too early or too late, the answer is a dated page."""
    visit = _visit(session, survey, wave)
    if visit.state is not WaveState.OPEN:
        abort(make_response(_dated(visit)))
    return visit


def _refusal(visit: Visit) -> str:
    """Why a form is not taken as this browser's own; empty when it is."""
    if not visit.returning:
        return NO_COOKIE
    return "" if visit.key.owns(request.form.get("csrf_token")) else FOREIGN_FORM


def _leaving() -> bool:
    """Whether somebody leaves the page without going on: what cannot be an answer yet is then kept as it is."""
    return request.form.get("form-go") in {"back", "save"}


def _keep(visit: Visit, found: StoredDraft, page: Page, result: PageResult) -> DraftContent:
    def edit(content: DraftContent) -> DraftContent:
        if not result.errors:
            return progress.with_page(content, page, result.answers)
        fleeting = {name for question in page.questions for name in question.fleeting()}
        typed = {name: values for name, values in result.typed.items() if name not in fleeting}
        size = sum(len(value) for values in typed.values() for value in values)
        return progress.with_typed(content, page, typed) if size <= LARGEST_TYPED else content

    with writing() as session:
        return drafts.change(session, visit.key, visit.wave.id, edit, today=visit.today, found=found)


def _onward(visit: Visit, content: DraftContent, page: Page) -> WebResponse:
    """Where somebody goes after a page was kept."""
    pages = visit.path(content)
    if request.form.get("form-go") == "save":
        return redirect(visit.url("saving"), 303)
    if page not in pages:
        return _to_first_due(visit, content)
    if request.form.get("form-go") == "back":
        before = page_before(pages, page.id)
        return redirect(visit.url("question", page_id=before.id) if before else visit.url("start"), 303)
    following = page_after(pages, page.id)
    if following is None or _came_from_check():
        return _to_first_due(visit, content)
    return redirect(visit.url("question", page_id=following.id), 303)


def _came_from_check() -> bool:
    """Whether somebody is changing one answer: they then go back to the check, not through every page again."""
    return "check" in {request.args.get("came"), request.form.get("form-came")}


def _to_first_due(visit: Visit, content: DraftContent) -> WebResponse:
    due = progress.first_due(visit.path(content), content.seen)
    came = {"came": "check"} if _came_from_check() else {}
    return redirect(visit.url("question", page_id=due.id, **came) if due else visit.url("check"), 303)


def _show_question(
    visit: Visit, page: Page, pages: Sequence[Page], showing: Showing, *, status: int = 200
) -> WebResponse:
    rendered = _render(
        visit,
        "question",
        page=in_order(page, visit.key.order_seed),
        showing=showing,
        errors=showing.errors,
        token=visit.key.form_token,
        came="check" if _came_from_check() else "",
        number=pages.index(page) + 1 if page in pages else None,
        total=len(pages),
    )
    response = make_response(rendered, status)
    if not visit.returning:
        _hand_over(response, visit, visit.key)
    return response


def _hand_over(response: WebResponse, visit: Visit, key: DraftKey) -> None:
    """Give the browser the key of its draft."""
    response.set_cookie(
        COOKIE,
        key.cookie,
        max_age=timedelta(days=drafts.KEPT_DAYS),
        path=visit.url("start"),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def _within(limit: tuple[str, int], session: Session | None = None) -> bool:
    """Count one more call of this caller. A caller whose address we do not learn is not held to a limit."""
    address = request.remote_addr or ""
    if not address or ip_address(address).is_loopback:
        return True
    if session is not None:
        return limits.within(session, limit, address, datetime.now(UTC))
    with writing() as counting:
        return limits.within(counting, limit, address, datetime.now(UTC))


def _show_check(visit: Visit, draft: DraftContent, refusal: str = "", status: int = 400) -> WebResponse:
    rendered = _render(
        visit,
        "check",
        sections=_sections(visit, draft.answers, changeable=True),
        back=visit.url("question", page_id=visit.path(draft)[-1].id),
        token=visit.key.form_token,
        errors=[FieldError("", "", refusal)] if refusal else [],
        trap=TRAP,
    )
    return make_response(rendered, status if refusal else 200)


def _show_saving(visit: Visit, refusal: str = "", code: str = "") -> str:
    return _render(
        visit,
        "save",
        code=code,
        last_day=returning.last_day(visit.wave, visit.today),
        back=visit.url("start"),
        token=visit.key.form_token,
        errors=[FieldError("", "", refusal)] if refusal else [],
    )


def _show_return(visit: Visit, refusal: str = "") -> str:
    errors = [FieldError("", "code", refusal)] if refusal else []
    return _render(visit, "return", code=request.form.get("code", "")[:60], errors=errors)


def _sections(visit: Visit, answers: Mapping[str, Any], *, changeable: bool = False) -> list[dict[str, Any]]:
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
                    else "Not answered",
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


def _dated(visit: Visit) -> str:
    return _render(visit, "dated", state=visit.state.value)


def _withdrawal_refused(reference: str, message: str, status: int = 422) -> tuple[str, int]:
    errors = [FieldError("", "reference", message)]
    return render_template("resident/withdraw.html", reference=reference, errors=errors), status


def _render(visit: Visit, template: str, **values: Any) -> str:
    return render_template(
        f"resident/{template}.html",
        wave=visit.wave,
        questionnaire=visit.questionnaire,
        language=visit.language,
        url=visit.url,
        page_language=visit.language,
        **values,
    )
