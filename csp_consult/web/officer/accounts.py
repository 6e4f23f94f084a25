"""Accounts of clerks and officers: who has one, inviting, and closing one."""

from collections import defaultdict
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from csp_consult.db import db
from csp_consult.fieldwork.row_files import RowFileError
from csp_consult.mail.bounces import flagged
from csp_consult.parishes.access import ParishError
from csp_consult.parishes.clerk_list import ClerkList, look, take_in
from csp_consult.parishes.inviting import invite_again, invite_with_parishes, parish_named
from csp_consult.parishes.models import ClerkParish
from csp_consult.people.accounts import AccountError, close_account
from csp_consult.people.invitations import may_give
from csp_consult.people.models import User
from csp_consult.places.models import Area
from csp_consult.web.officer.door import uploaded_rows

FIELDS = ("email", "name", "role", "parishes")


def accounts() -> str:
    """Every account, with what it is for and whether it has been taken up."""
    store = db.session()
    parishes: dict[int, list[str]] = defaultdict(list)
    pairs = select(ClerkParish.user_id, Area.name).join(Area, Area.code == ClerkParish.parish_code).order_by(Area.name)
    for user_id, name in store.execute(pairs):
        parishes[user_id].append(name)
    bounced = {one.address for one in flagged(store)}
    lines = [
        {
            "user": user,
            "role": ", ".join(role.name for role in user.roles),
            "parishes": parishes[user.id],
            "state": account_state(user),
            "bounced": user.email.lower() in bounced,
            "mine": _may_change(user),
        }
        for user in store.scalars(select(User).order_by(User.name))
    ]
    return render_template("officer/accounts.html", lines=lines)


def account_state(user: User) -> str:
    """In one word: ``closed``, ``invited`` (no password yet) or ``in use``."""
    if not user.active:
        return "closed"
    return "invited" if user.password is None else "in use"


def invite() -> str | Response:
    """Invite somebody by e-mail."""
    given = {field: request.form.get(field, "").strip() for field in FIELDS}
    if request.method == "GET" and "parish" in request.args:
        given |= {"role": "clerk", "parishes": request.args["parish"]}
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        if given["role"] not in may_give(current_user):
            errors = [{"field_id": "role", "message": "Select what the account is for"}]
        else:
            errors = _invite(given)
        if not errors:
            flash(f"{given['email']} is invited. The mail is on its way.", "success")
            return redirect(url_for("officer.accounts"))
    return render_template("officer/invite.html", given=given, errors=errors, roles=may_give(current_user))


def account_again(user_id: int) -> Response:
    """Mail the invitation again."""
    store, user = db.session(), _changeable(user_id)
    try:
        invite_again(store, user, inviter=current_user.name, today=date.today())
    except AccountError as error:
        store.rollback()
        flash(str(error), "important")
        return redirect(url_for("officer.accounts"))
    store.commit()
    flash(f"{user.email} is invited again. The earlier link no longer works.", "success")
    return redirect(url_for("officer.accounts"))


def account_close(user_id: int) -> str | Response:
    """Ask whether to close an account, and close it."""
    user = _changeable(user_id)
    if request.method == "GET":
        return render_template("officer/account_close.html", account=user)
    close_account(db.session(), user)
    db.session.commit()
    flash(f"The account of {user.email} is closed. What it did keeps its name.", "success")
    return redirect(url_for("officer.accounts"))


def _invite(given: dict[str, Any]) -> list[dict[str, str]]:
    store, today = db.session(), date.today()
    try:
        parishes = [parish_named(store, line, today) for line in given["parishes"].splitlines() if line.strip()]
        invite_with_parishes(
            store,
            given["email"],
            role=given["role"],
            name=given["name"] or None,
            parishes=parishes,
            inviter=current_user.name,
            today=today,
        )
    except AccountError as error:
        store.rollback()
        return [{"field_id": "email", "message": str(error)}]
    except ParishError as error:
        store.rollback()
        return [{"field_id": "parishes", "message": str(error)}]
    store.commit()
    return []


def _changeable(user_id: int) -> User:
    store: Session = db.session()
    user = store.get(User, user_id)
    if user is None:
        abort(404)
    if not _may_change(user):
        abort(403)
    return user


def _may_change(user: User) -> bool:
    """Nobody closes their own account, and nobody one of a role that they could not give."""
    return user.id != current_user.id and all(role.name in may_give(current_user) for role in user.roles)


def clerk_list() -> str | Response:
    """Clerks and their parishes from a spreadsheet: look, then take in."""
    store, today = db.session(), date.today()
    faults: list[str] = []
    found: ClerkList | None = None
    taken = False
    if request.method == "POST":
        try:
            found = look(store, uploaded_rows("list"), today)
            faults = list(found.faults)
            if request.form.get("then") == "store" and not faults:
                take_in(store, found, inviter=current_user.name, today=today)
                store.commit()
                taken = True
        except (RowFileError, AccountError, ParishError) as error:
            store.rollback()
            faults = [str(error)]
    errors = [{"field_id": "list", "message": fault} for fault in faults]
    return render_template("officer/clerk_list.html", errors=errors, found=found, taken=taken)
