"""Where somebody lands after signing in and after signing out."""

from flask import Blueprint, redirect, render_template, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

blueprint = Blueprint("signing_in", __name__)


@blueprint.get("/signed-in")
def signed_in() -> Response:
    """The first page of one's own door."""
    return redirect(url_for("clerk.home" if current_user.may("clerk") else "officer.home"))


@blueprint.get("/signed-out")
def signed_out() -> str:
    """Say that it worked: on a shared computer that matters."""
    return render_template("people/signed_out.html")
