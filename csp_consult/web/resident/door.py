"""What the pages of the residents' door share: who is here, whether a form is their own, and how pages are shown.

No account and no session: everything hangs on the draft's key, which the browser alone holds in a cookie of
this wave's path. The same key makes the token in every form, so a form cannot be sent from another site.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WebResponse

from csp_consult.catalogues import marked
from csp_consult.fieldwork import asked, drafts, personal_links, progress, waves
from csp_consult.fieldwork.asked import AskedWave
from csp_consult.fieldwork.drafts import DraftContent, DraftKey, StoredDraft
from csp_consult.fieldwork.waves import WaveState
from csp_consult.questionnaire.model import Page, Questionnaire
from csp_consult.questionnaire.path import path
from csp_consult.web import languages
from csp_consult.web.languages import gettext

blueprint = Blueprint("resident", __name__, url_prefix="/s")

WAVE = "/<survey>/<wave>"
COOKIE = "draft"
LINK_COOKIE = "link"
LARGEST_FORM = 2 * 1024 * 1024
"""Bytes of a form that are read at all: more than anybody types, so that too much is refused with what was typed."""

TOO_OFTEN = marked(
    "This was tried very often from your network in the last hour. Nothing is lost: wait an hour, then try again."
)
NO_COOKIE = marked(
    "Your browser did not send back the cookie that keeps your answers. What you put in on this page is still here: "
    "continue to try again. If this comes back, cookies are off; answers to earlier pages may have to be given again."
)
FOREIGN_FORM = marked(
    "We could not tell that this form came from your own page. Nothing is lost: check what is shown, then continue."
)


@dataclass(frozen=True)
class Visit:
    """Somebody at one wave."""

    session: Session
    wave: AskedWave
    questionnaire: Questionnaire
    today: date
    key: DraftKey
    returning: bool
    """Whether the browser brought the key; a new one was made otherwise."""
    language: str
    draft: StoredDraft
    """The draft of this browser, empty where there is none."""

    @property
    def state(self) -> WaveState:
        """Whether the wave takes answers."""
        return waves.state(self.wave, self.today)

    def held_draft(self) -> StoredDraft:
        """The draft, read again: nobody else can save it until the transaction ends."""
        return drafts.load(self.session, self.key, self.wave.id, hold=True) if self.returning else StoredDraft()

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


def visit_of(session: Session, survey: str, wave: str) -> Visit:
    """Whoever is here, at a wave for residents; 404 at any other address."""
    key = DraftKey.from_cookie(request.cookies.get(COOKIE))
    found = asked.find(session, survey, wave, key)
    if found is None:
        abort(404)
    questionnaire = asked.questionnaire_for(session, found.wave)
    return Visit(
        session=session,
        wave=found.wave,
        questionnaire=questionnaire,
        today=date.today(),
        key=key or DraftKey.new(),
        returning=key is not None,
        language=languages.choose(questionnaire.languages),
        draft=found.draft,
    )


def open_visit(session: Session, survey: str, wave: str) -> Visit:
    """The same, at a wave that takes answers; too early or too late, the answer is a dated page."""
    visit = visit_of(session, survey, wave)
    if visit.state is not WaveState.OPEN:
        abort(make_response(dated(visit)))
    if visit.wave.by_link and not visit.draft.content.sent:
        refusal = without_link(visit)
        if refusal:
            abort(make_response(refusal, 403))
    return visit


def link_token() -> str:
    """What the browser brought of a personal link; empty where nothing."""
    return request.cookies.get(LINK_COOKIE, "")[:100]


def without_link(visit: Visit) -> str:
    """The page for whoever may not answer a survey by personal links; empty for those who may."""
    if not visit.wave.by_link:
        return ""
    link = personal_links.find(visit.session, visit.wave, link_token())
    return "" if link and link.used_on is None else render(visit, "by_link", used=link is not None)


def refusal_of(visit: Visit) -> str:
    """Why a form is not taken as this browser's own; empty when it is."""
    if not visit.returning:
        return gettext(NO_COOKIE)
    return "" if visit.key.owns(request.form.get("csrf_token")) else gettext(FOREIGN_FORM)


def came_from_check() -> bool:
    """Whether somebody is changing one answer: they then go back to the check, not through every page again."""
    return "check" in {request.args.get("came"), request.form.get("form-came")}


def to_first_due(visit: Visit, content: DraftContent) -> WebResponse:
    """The first page still to be gone through, or the check."""
    due = progress.first_due(visit.path(content), content)
    came = {"came": "check"} if came_from_check() else {}
    return redirect(visit.url("question", page_id=due.id, **came) if due else visit.url("check"), 303)


def hand_over(response: WebResponse, visit: Visit, key: DraftKey) -> None:
    """Give the browser the key of its draft."""
    give_cookie(response, visit, COOKIE, key.cookie)


def give_cookie(response: WebResponse, visit: Visit, name: str, value: str) -> None:
    """Have the browser keep something for as long as drafts are kept, and bring it to this wave alone."""
    response.set_cookie(
        name,
        value,
        max_age=timedelta(days=drafts.KEPT_DAYS),
        path=visit.url("start"),
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def renewed(response: WebResponse, visit: Visit) -> WebResponse:
    """The browser keeps its key for the full time from today on, as the server keeps the draft that was saved."""
    hand_over(response, visit, visit.key)
    return response


def dated(visit: Visit) -> str:
    """What is said before a wave opens and after it closed."""
    return render(visit, "dated", state=visit.state.value)


def render(visit: Visit, template: str, **values: Any) -> str:
    """A page of this wave."""
    return render_template(
        f"resident/{template}.html",
        wave=visit.wave,
        questionnaire=visit.questionnaire,
        language=visit.language,
        url=visit.url,
        unchecked=languages.is_unchecked(visit.questionnaire, visit.language),
        **values,
    )
