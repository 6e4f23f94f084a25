"""Where an account is signed in: each browser listed, and each ended from any other."""

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import logout_user, user_logged_in, user_logged_out
from flask_security import current_user
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from csp_consult.db import db, writing
from csp_consult.people import audit
from csp_consult.people.models import SignedIn, User

KEY = "signed_in"
LASTS = timedelta(hours=12)
"""From signing in, whether or not the site is used meanwhile: a working day."""
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def sessions_of(store: Session, user: User) -> Sequence[SignedIn]:
    """Where the account is signed in, the newest first."""
    query = select(SignedIn).where(SignedIn.user_id == user.id).order_by(SignedIn.started_at.desc())
    return store.scalars(query).all()


def is_this_browser(one: SignedIn) -> bool:
    """Whether the session is the one asking."""
    return one.key == session.get(KEY)


def end_session(store: Session, user: User, session_id: int) -> bool:
    """Sign the account out in one browser; False where it is not one of the account's. The caller commits."""
    found = store.scalar(select(SignedIn).where(SignedIn.id == session_id, SignedIn.user_id == user.id))
    if found is None:
        return False
    store.delete(found)
    audit.record(store, "session ended", subject=user.email, detail={"browser": found.browser})
    return True


def end_other_sessions(store: Session, user: User) -> None:
    """Sign the account out everywhere but here; the caller commits."""
    store.execute(delete(SignedIn).where(SignedIn.user_id == user.id, SignedIn.key != session.get(KEY, "")))
    audit.record(store, "other sessions ended", subject=user.email)


class CookieSessions(SecureCookieSessionInterface):
    """Flask's sessions; whoever brings no cookie, as most residents do, costs no look for a signature."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds; empty where there is none."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def init_sessions(app: Flask) -> None:
    """Keep the list as people sign in and out, and hold every request to it."""
    app.session_interface = CookieSessions()
    user_logged_in.connect(_begin, app)
    user_logged_out.connect(_end, app)

    @app.before_request
    def _hold() -> None:
        if request.endpoint == "static" or not current_user.is_authenticated:
            return
        found = db.session.scalar(
            select(SignedIn).where(SignedIn.key == session.get(KEY, ""), SignedIn.user_id == current_user.id)
        )
        if found is None or found.started_at < _now() - LASTS:
            session.pop(KEY, None)
            logout_user()
        elif found.last_used_on != date.today() and request.method == "GET":
            with writing() as store:
                store.execute(update(SignedIn).where(SignedIn.id == found.id).values(last_used_on=date.today()))


def _begin(_app: Flask, user: User) -> None:
    key = secrets.token_urlsafe(32)
    # What nobody can use any more is not kept either.
    db.session.execute(delete(SignedIn).where(SignedIn.started_at < _now() - LASTS))
    db.session.add(SignedIn(user_id=user.id, key=key, browser=_browser(), started_at=_now(), last_used_on=date.today()))
    audit.record(db.session(), "signed in", subject=user.email, actor=user.email)
    session[KEY] = key


def _end(_app: Flask, user: User) -> None:
    key = session.pop(KEY, None)
    if key is not None:
        db.session.execute(delete(SignedIn).where(SignedIn.key == key))
        audit.record(db.session(), "signed out", subject=user.email, actor=user.email)
        db.session.commit()


def _browser() -> str:
    """The browser in words a person recognises."""
    agent = request.user_agent.string
    name = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}", agent)), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in agent), None)
    return f"{name} on {system}" if system else name


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
