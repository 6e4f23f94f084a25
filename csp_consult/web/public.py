"""The public door: what is asked at present, and what anybody may know about this site."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.fieldwork import notices
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.drafts import KEPT_DAYS
from csp_consult.fieldwork.models import Wave
from csp_consult.fieldwork.waves import lookup, open_waves
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.settings import current_settings
from csp_consult.web import languages
from csp_consult.web.agendas import NO_FILE, blank_paper
from csp_consult.web.calling import hold_printing
from csp_consult.web.data_protection import stored
from csp_consult.web.languages import public_page
from csp_consult.web.resident import COOKIE, LINK_COOKIE

blueprint = Blueprint("public", __name__)

STATEMENT_REVIEWED = date(2026, 11, 26)
"""When the accessibility statement was last held against the site. Officers are told when a year has passed."""


@dataclass(frozen=True)
class OpenSurvey:
    """A survey that takes answers today."""

    wave: Wave
    title: str
    purpose: str
    minutes: int


@blueprint.get("/")
def home() -> str:
    """What this is, and what can be answered today."""
    session, today, page = db.session(), date.today(), public_page()
    return render_template(
        "public/home.html",
        **page,
        surveys=[_described(wave) for wave in open_waves(session, "residents", today)],
        parish_surveys=[_described(wave) for wave in open_waves(session, "parishes", today)],
    )


@blueprint.get("/parish-councils/<survey>/<wave>/questions.docx")
def questions_docx(survey: str, wave: str) -> Response:
    """The blank questions of a council consultation for a word processor."""
    return _questions(survey, wave, "docx")


@blueprint.get("/parish-councils/<survey>/<wave>/questions.pdf")
def questions_pdf(survey: str, wave: str) -> Response:
    """The blank questions of a council consultation for printing."""
    return _questions(survey, wave, "pdf")


def _questions(survey: str, wave: str, kind: str) -> Response:
    session = db.session()
    found = lookup(session, survey, wave)
    if found is None or found.survey.audience != "parishes":
        abort(404)
    hold_printing()
    questionnaire = questionnaire_of(session.get_one(QuestionnaireVersion, found.questionnaire_id))
    context = context_for(session, questionnaire.questions.values(), date.today())
    made = blank_paper(found, questionnaire, context, kind)
    if made is None:
        flash(NO_FILE, "important")
        return redirect(url_for("public.home"))
    return made


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept of a response, and what is not."""
    return render_template("public/privacy.html", version=date.fromisoformat(notices.current()), **public_page())


@blueprint.get("/data-protection")
def data_protection() -> str:
    """Every table: what it holds, why and how long."""
    people, others = stored(current_settings().keep_months)
    rows = [{"key": table.name.replace("_", " ").capitalize(), "value": table.holds} for table in others]
    return render_template("public/data_protection.html", people=people, others=rows)


@blueprint.get("/cookies")
def cookies() -> str:
    """Every cookie this site sets."""
    return render_template(
        "public/cookies.html",
        names={
            "session": current_app.config["SESSION_COOKIE_NAME"],
            "draft": COOKIE,
            "link": LINK_COOKIE,
            "language": languages.COOKIE,
        },
        kept_days=KEPT_DAYS,
        language_days=languages.KEPT.days,
        **public_page(),
    )


@blueprint.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("public/accessibility.html", reviewed=STATEMENT_REVIEWED, **public_page())


def _described(wave: Wave) -> OpenSurvey:
    version = db.session().get_one(QuestionnaireVersion, wave.questionnaire_id)
    questionnaire = questionnaire_of(version)
    language = str(g.language)
    title, purpose = questionnaire.title(language), questionnaire.intro.purpose(language)
    return OpenSurvey(wave, title, purpose, questionnaire.minutes)
