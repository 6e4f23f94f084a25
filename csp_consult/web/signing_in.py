"""Where somebody lands after signing in and after signing out; in the demo, the code to sign in with."""

from datetime import date
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, session, url_for
from flask_security import current_user
from flask_security.signals import tf_disabled, tf_profile_changed, wan_deleted, wan_registered
from sqlalchemy import select
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.demo.sign_ins import code_to_show
from csp_consult.people.models import User
from csp_consult.people.telling import factor_changed

blueprint = Blueprint("signing_in", __name__)


@blueprint.get("/signed-in")
def signed_in() -> Response:
    """The first page of one's own door; before that, whoever has codes is given recovery codes."""
    if current_user.tf_totp_secret and not current_user.mf_recovery_codes:
        return redirect(url_for("account.recovery_codes"))
    return redirect(url_for("signing_in.door"))


@blueprint.get("/door")
def door() -> Response:
    """The first page of one's own door."""
    return redirect(url_for("clerk.home" if current_user.may("clerk") else "officer.home"))


@blueprint.get("/signed-out")
def signed_out() -> str:
    """Say that it worked: on a shared computer that matters."""
    return render_template("people/signed_out.html")


def init_signing_in(app: Flask) -> None:
    """Tell trail and owner of changes to codes and passkeys, and the demo's visitors their code."""
    app.extensions["security"].tf_token_validation_context_processor(_demo_code)
    tf_profile_changed.connect(_codes_set_up, app)
    tf_disabled.connect(_codes_given_up, app)
    wan_registered.connect(_passkey_made, app)
    wan_deleted.connect(_passkey_removed, app)


def _demo_code() -> dict[str, Any]:
    user = db.session.scalar(select(User).where(User.fs_uniquifier == session.get("tf_user_id", "")))
    return {"demo_code": code_to_show(db.session(), user) if user else None}


def _codes_set_up(_app: Flask, user: User, **_rest: Any) -> None:
    factor_changed(db.session(), user, "codes set up", today=date.today())


def _codes_given_up(_app: Flask, user: User, **_rest: Any) -> None:
    user.mf_recovery_codes = None
    factor_changed(db.session(), user, "codes given up", today=date.today())


def _passkey_made(_app: Flask, user: User, **_rest: Any) -> None:
    factor_changed(db.session(), user, "passkey made", today=date.today())
    flash("The passkey is made. From now on you can sign in with it.", "success")


def _passkey_removed(_app: Flask, user: User, **_rest: Any) -> None:
    factor_changed(db.session(), user, "passkey removed", today=date.today())
    flash("The passkey is removed here. Remove it on your device as well.", "success")
