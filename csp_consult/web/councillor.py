"""The councillors' page: read what the clerk has drafted, and comment. The link is all that opens it."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.fieldwork.areas import context_for
from csp_consult.fieldwork.models import Wave
from csp_consult.parishes.comments import COMMENT_LENGTH, CommentError, comment, find_link
from csp_consult.parishes.drafts import find_draft
from csp_consult.parishes.models import CommentLink
from csp_consult.places.models import Area
from csp_consult.questionnaire.models import QuestionnaireVersion
from csp_consult.questionnaire.store import questionnaire_of
from csp_consult.web.clerk.door import in_words, said_synthetic

blueprint = Blueprint("councillor", __name__, url_prefix="/councillors")


@blueprint.get("/<token>")
def read(token: str) -> str:
    """The draft as it is now, and room for a comment; 404 once the link is closed or its days are over."""
    return _show(_link(token))


@blueprint.post("/<token>")
def write(token: str) -> str | Response:
    """Keep a comment for the clerk."""
    link = _link(token)
    try:
        comment(
            db.session(),
            link,
            name=request.form.get("name", ""),
            words=request.form.get("words", ""),
            today=date.today(),
        )
    except CommentError as error:
        return _show(link, {"field_id": error.field_id, "message": str(error)})
    db.session.commit()
    flash("Thank you. The clerk sees your comment; nobody else does.", "success")
    return redirect(url_for("councillor.read", token=token))


def _link(token: str) -> CommentLink:
    return find_link(db.session(), token, date.today()) or abort(404)


def _show(link: CommentLink, error: dict[str, str] | None = None) -> str:
    store, today = db.session(), date.today()
    wave = store.get_one(Wave, link.wave_id)
    questionnaire = questionnaire_of(store.get_one(QuestionnaireVersion, wave.questionnaire_id))
    draft = find_draft(store, wave, link.parish_code)
    context = context_for(store, questionnaire.questions.values(), today)
    return render_template(
        "councillor/read.html",
        parish=store.get_one(Area, link.parish_code),
        wave=wave,
        link=link,
        drafted=draft is not None,
        sections=in_words(questionnaire, draft.answers, context) if draft else [],
        form=request.form if error else {},
        errors=[error] if error else [],
        messages={error["field_id"]: error["message"]} if error else {},
        longest=COMMENT_LENGTH,
        synthetic=said_synthetic([wave]),
    )
