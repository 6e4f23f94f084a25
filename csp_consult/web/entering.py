"""Ways in by mail: asking for a link, and what the link opens. Only a button does anything; opening does nothing."""

from datetime import date

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_security import current_user
from flask_security.utils import login_user, logout_user
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.mail.letters import write
from csp_consult.mail.outbox import queue
from csp_consult.parishes.access import parishes_of
from csp_consult.people import audit, links, throttle
from csp_consult.people.accounts import AccountError, change_password
from csp_consult.people.invitations import find_by_address
from csp_consult.people.models import User

blueprint = Blueprint("entering", __name__)

PURPOSES = ("sign-in", "password")


@blueprint.route("/sign-in/by-mail", methods=["GET", "POST"])
def ask() -> str | Response:
    """Ask for a link. Whether there is such an account is not told."""
    email, purpose = request.form.get("email", "").strip(), request.form.get("purpose", "")
    errors = []
    if request.method == "POST":
        if "@" not in email:
            errors.append({"field_id": "email", "message": "Enter your email address"})
        if purpose not in PURPOSES:
            errors.append({"field_id": "purpose", "message": "Select what the link is for"})
        if not errors:
            _send(email, purpose)
            return render_template("people/link_sent.html", email=email, minutes=links.MINUTES)
    return render_template("people/ask_for_link.html", errors=errors, email=email, purpose=purpose)


@blueprint.route("/enter/<token>", methods=["GET", "POST"])
def opened(token: str) -> str | Response | tuple[str, int]:
    """The page that a link opens, and its button."""
    found = links.find(db.session(), token)
    if found is None:
        return render_template("people/link_over.html"), 410
    user, purpose = found
    errors = []
    if request.method == "POST":
        try:
            return _enter(token, user, purpose)
        except AccountError as error:
            db.session.rollback()
            errors = [{"field_id": "password", "message": str(error)}]
    return render_template(
        "people/link_opened.html",
        account=user,
        purpose=purpose,
        parishes=parishes_of(db.session(), user.id),
        errors=errors,
    )


def _send(email: str, purpose: str) -> None:
    store = db.session()
    user = find_by_address(store, email)
    if throttle.may_ask_for_link(store, email):
        throttle.note_failure(store, email, "link")
        # An account that was never taken up is entered by its invitation.
        if user is not None and user.password is not None:
            links.send_link(store, user, purpose, today=date.today())
    store.commit()


def _enter(token: str, user: User, purpose: str) -> Response:
    """Use the link up and let its owner in; whoever needs a code is asked for it next."""
    store = db.session()
    if not links.use_up(store, token):
        abort(410)
    if purpose == "sign-in":
        audit.record(store, "signed in by link", subject=user.email, actor=user.email)
    else:
        _choose_password(user, purpose)
    if current_user.is_authenticated:
        logout_user()
    second_step = current_app.extensions["security"].two_factor_plugins.tf_enter(user, False, "link", next_loc=None)
    if second_step is None:
        login_user(user, authn_via=["link"])
    store.commit()
    if purpose == "password":
        flash("Your password is changed.", "success")
    return second_step or redirect(url_for("signing_in.signed_in"))


def _choose_password(user: User, purpose: str) -> None:
    store = db.session()
    change_password(store, user, request.form.get("password", ""))
    if purpose == "invitation":
        audit.record(store, "invitation taken up", subject=user.email, actor=user.email)
        return
    words = write("password changed")
    queue(store, to=user.email, subject=words.subject, body=words.body, kind="password changed", today=date.today())
