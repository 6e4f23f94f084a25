"""Before the council meets: the paper for the agenda, councillors' comments, and more time."""

from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.parishes import comments as councillors
from csp_consult.parishes import windows
from csp_consult.parishes.access import ParishError
from csp_consult.typed_dates import DateError, read_date
from csp_consult.web.agendas import NO_FILE, Council, council_paper
from csp_consult.web.clerk.desk import Desk
from csp_consult.web.clerk.door import ANSWERS, blueprint, number


@blueprint.get(f"{ANSWERS}/paper.docx")
def paper_docx() -> Response:
    """The paper for the meeting, with what is drafted, for a word processor."""
    return _paper(g.desk, "docx")


@blueprint.get(f"{ANSWERS}/paper.pdf")
def paper_pdf() -> Response:
    """The paper for the meeting, with what is drafted, for printing."""
    return _paper(g.desk, "pdf")


def _paper(desk: Desk, kind: str) -> Response:
    council = Council(desk.parish.name, desk.window.last_day, desk.answers, desk.context)
    made = council_paper(desk.wave, desk.questionnaire, council, kind)
    if made is None:
        flash(NO_FILE, "important")
        return redirect(desk.url("overview"))
    return made


@blueprint.get(f"{ANSWERS}/comments")
def comments() -> str:
    """What councillors wrote on the draft, and the links by which they do."""
    return _show_comments(g.desk)


@blueprint.post(f"{ANSWERS}/comments")
def make_comment_link() -> str:
    """Make a link; it is shown this once, since only its digest is kept."""
    desk: Desk = g.desk
    token = councillors.make_link(
        db.session(), desk.wave, desk.parish.code, user_id=current_user.id, today=date.today()
    )
    db.session.commit()
    return _show_comments(desk, url_for("councillor.read", token=token, _external=True))


@blueprint.post(f"{ANSWERS}/comments/close")
def close_comment_link() -> Response:
    """Close a link at once."""
    desk: Desk = g.desk
    try:
        councillors.revoke(db.session(), desk.wave, desk.parish.code, number("link"), date.today())
    except ParishError as error:
        flash(str(error), "important")
    else:
        db.session.commit()
        flash("The link is closed. The comments made through it stay.", "success")
    return redirect(desk.url("comments"))


def _show_comments(desk: Desk, new_link: str | None = None) -> str:
    store, today = db.session(), date.today()
    return render_template(
        "clerk/comments.html",
        desk=desk,
        comments=councillors.comments(store, desk.wave, desk.parish.code),
        links=[
            (link, councillors.opens(link, today)) for link in councillors.links(store, desk.wave, desk.parish.code)
        ],
        new_link=new_link,
        days=councillors.LAST_DAYS,
    )


@blueprint.route(f"{ANSWERS}/more-time", methods=["GET", "POST"])
def more_time() -> str | Response:
    """Ask for a later last day, because no meeting falls in the window."""
    desk: Desk = g.desk
    if request.method == "GET":
        return _show_more_time(desk)
    try:
        until = read_date(request.form, "until", "last day you ask for")
    except DateError as error:
        return _show_more_time(desk, {"field_id": "until", "message": str(error)})
    try:
        windows.ask(
            db.session(),
            desk.wave,
            desk.parish.code,
            until=until,
            reason=request.form.get("reason", ""),
            user_id=current_user.id,
            today=date.today(),
        )
    except windows.WindowError as error:
        db.session.rollback()
        return _show_more_time(desk, {"field_id": error.field_id, "message": str(error)})
    db.session.commit()
    flash("The request was sent. The answer will stand on this page.", "success")
    return redirect(desk.url("overview"))


def _show_more_time(desk: Desk, error: dict[str, str] | None = None) -> str:
    return render_template(
        "clerk/more_time.html",
        desk=desk,
        form=request.form,
        errors=[error] if error else [],
        messages={error["field_id"]: error["message"]} if error else {},
    )
