"""The questionnaire on paper: the same file as a tagged PDF, in each language, also in large print."""

import base64
from datetime import date

import segno
from flask import abort, current_app, make_response, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as WebResponse

from csp_consult.catalogues import direction
from csp_consult.db import db
from csp_consult.fieldwork import limits, notices
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.waves import WaveState
from csp_consult.jobs import JobError, helper
from csp_consult.mail.letters import address_of
from csp_consult.questionnaire.printed import printed
from csp_consult.web.calling import within
from csp_consult.web.languages import gettext, is_unchecked
from csp_consult.web.resident.door import TOO_OFTEN, WAVE, Visit, blueprint, render, visit_of

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
        return make_response(render(visit, "no_paper", reason=gettext(TOO_OFTEN), missing=""), 429)
    try:
        made = base64.b64decode(helper.call("csp_consult.printing:form_as_pdf", _page(visit, size)))
    except JobError as error:
        # The reader is told what to do instead; what is missing is for whoever runs the site, and said last.
        current_app.logger.error("The paper form could not be made. %s", error)
        words = gettext("The paper form cannot be made here at present. Please write to us for a copy.")
        # Of any other fault nothing is told here: its words may say how this machine is made.
        missing = str(error).partition("PrintingError: ")[2]
        return make_response(render(visit, "no_paper", reason=words, missing=missing), 503)
    name = f"{survey}-{wave}-{visit.language}{'-large' if size == 'large' else ''}.pdf"
    headers = {"Content-Type": "application/pdf", "Content-Disposition": f'inline; filename="{name}"'}
    return make_response(made, headers)


def _page(visit: Visit, size: str) -> str:
    """The form as a page of HTML that stands on its own."""
    link = address_of("resident.start", survey=visit.wave.survey.slug, wave=visit.wave.slug, language=visit.language)
    context = context_for(visit.session, visit.questionnaire.questions.values(), visit.today)
    return render_template(
        "resident/paper.html",
        wave=visit.wave,
        questionnaire=visit.questionnaire,
        language=visit.language,
        direction=direction(visit.language),
        unchecked=is_unchecked(visit.questionnaire, visit.language),
        size=SIZES[size],
        link=link,
        privacy=address_of("public.privacy", language=visit.language),
        notice=date.fromisoformat(notices.current()),
        code=Markup(segno.make(link, error="m").svg_inline(scale=3, border=1)),  # noqa: S704 - drawn from our own address
        parts=printed(visit.questionnaire, visit.language, context),
    )
