"""One's own account: how one signs in, where one is signed in, and handing a parish over."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_security import auth_required, current_user
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.parishes.access import ParishError, hand_over, parish_of, parishes_of
from csp_consult.people import sessions as signed_in
from csp_consult.people.accounts import AccountError, find_account
from csp_consult.people.second_step import new_recovery_codes
from csp_consult.people.setup import CONFIGURATION
from csp_consult.people.telling import factor_changed

blueprint = Blueprint("account", __name__, url_prefix="/account")

_fresh = auth_required(
    "session",
    within=lambda: CONFIGURATION["SECURITY_FRESHNESS"],
    grace=lambda: CONFIGURATION["SECURITY_FRESHNESS_GRACE_PERIOD"],
)


@blueprint.get("/")
def home() -> str:
    """How the account signs in, and where it is signed in."""
    return render_template(
        "people/account.html",
        recovery_codes=len(current_user.mf_recovery_codes or []),
        parishes=parishes_of(db.session(), current_user.id),
        sessions=[
            {"session": one, "here": signed_in.is_this_browser(one)}
            for one in signed_in.sessions_of(db.session(), current_user)
        ],
    )


@blueprint.post("/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Response:
    """Sign out in one browser; 404 where it is not one of the account's."""
    if not signed_in.end_session(db.session(), current_user, session_id):
        abort(404)
    db.session.commit()
    flash("Signed out there.", "success")
    return redirect(url_for("account.home"))


@blueprint.post("/sessions/end-others")
def end_other_sessions() -> Response:
    """Sign out everywhere but here."""
    signed_in.end_other_sessions(db.session(), current_user)
    db.session.commit()
    flash("Signed out everywhere else.", "success")
    return redirect(url_for("account.home"))


@blueprint.get("/recovery-codes")
def recovery_codes() -> str:
    """What recovery codes are for, and the button that makes new ones."""
    return render_template("people/recovery_codes.html", codes=[], left=len(current_user.mf_recovery_codes or []))


@blueprint.post("/recovery-codes")
@_fresh
def make_recovery_codes() -> str:
    """New recovery codes, shown this once."""
    codes = new_recovery_codes(current_user)
    factor_changed(db.session(), current_user, "recovery codes made", today=date.today())
    db.session.commit()
    return render_template("people/recovery_codes.html", codes=codes, left=len(codes))


@blueprint.route("/parishes/<parish_code>/hand-over", methods=["GET", "POST"])
@_fresh
def hand_parish_over(parish_code: str) -> str | Response:
    """Hand one of one's own parishes over to another clerk; 404 where it is not one's own."""
    store = db.session()
    parish = parish_of(store, current_user.id, parish_code)
    if parish is None:
        abort(404)
    fault = _hand_over(parish_code, request.form.get("email", "").strip()) if request.method == "POST" else None
    if request.method == "POST" and fault is None:
        flash(f"{parish.name} is handed over. Its drafts and history stayed.", "success")
        return redirect(url_for("account.home"))
    errors = [{"field_id": "email", "message": fault}] if fault else []
    return render_template("people/hand_over.html", parish=parish, errors=errors, email=request.form.get("email", ""))


def _hand_over(parish_code: str, email: str) -> str | None:
    """Do it; what stands in the way, in a sentence."""
    store = db.session()
    try:
        hand_over(store, parish_code, old=current_user, new=find_account(store, email))
    except AccountError:
        store.rollback()
        return "Enter the address of a clerk who has an account here. Without one yet, ask us to make it"
    except ParishError as error:
        store.rollback()
        return str(error)
    store.commit()
    return None
