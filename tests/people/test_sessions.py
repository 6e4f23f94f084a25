"""Where one is signed in: listed, and ended from another browser."""

import pytest
from flask import Flask
from parish_world import PASSWORD, account
from sqlalchemy import select
from walker import Walker

from csp_consult.db import db
from csp_consult.people.models import SignedIn
from csp_consult.people.sessions import LASTS

PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.fixture
def site(app: Flask) -> Flask:
    with app.app_context():
        for name in ("clerk", "other"):
            account(db.session(), f"{name}@example.org", "clerk")
        db.session.commit()
    return app


def signed_in(site: Flask, browser: str, name: str = "clerk") -> Walker:
    client = site.test_client()
    client.environ_base["HTTP_USER_AGENT"] = browser
    walker = Walker(client)
    walker.get("/sign-in")
    walker.submit({"email": f"{name}@example.org", "password": PASSWORD})
    assert walker.heading == "Your parishes"
    return walker


def is_in(walker: Walker) -> bool:
    walker.get("/clerk/")
    return walker.heading == "Your parishes"


def test_each_browser_is_listed_in_words(site: Flask) -> None:
    desk = signed_in(site, DESK)
    signed_in(site, PHONE)

    desk.get("/account/")

    assert "Chrome on Android" in desk.text
    assert "Firefox on Linux" in desk.text


def test_a_session_is_ended_from_another_browser(site: Flask) -> None:
    desk, phone = signed_in(site, DESK), signed_in(site, PHONE)
    desk.get("/account/")

    desk.submit(button=next(b.get_text(strip=True) for b in desk.page.select("button") if "Chrome" in b.get_text()))

    assert is_in(desk)
    assert not is_in(phone)


def test_everywhere_else_is_ended_at_once(site: Flask) -> None:
    desk, phone, other = signed_in(site, DESK), signed_in(site, PHONE), signed_in(site, DESK, "other")
    desk.get("/account/")

    desk.submit(button="Sign out everywhere else")

    assert is_in(desk)
    assert not is_in(phone)
    assert is_in(other), "somebody else's session is not touched"


def test_nobody_ends_somebody_elses_session(site: Flask) -> None:
    desk, other = signed_in(site, DESK), signed_in(site, DESK, "other")
    signed_in(site, PHONE)
    with site.app_context():
        wanted = db.session.scalars(select(SignedIn.id).order_by(SignedIn.id)).first()
    other.get("/account/")

    response = other.client.post(
        f"/account/sessions/{wanted}/end", data={"csrf_token": other.filled(button="Sign out")["csrf_token"]}
    )

    assert response.status_code == 404
    assert is_in(desk)


def test_a_cookie_kept_from_before_signing_out_is_worth_nothing(site: Flask) -> None:
    desk = signed_in(site, DESK)
    kept = desk.client.get_cookie("session")
    assert kept is not None
    desk.get("/clerk/")
    desk.submit(button="Sign out")

    desk.client.set_cookie("session", kept.value)

    assert not is_in(desk)


def test_after_a_working_day_one_signs_in_again_and_the_old_session_is_gone(site: Flask) -> None:
    desk = signed_in(site, DESK)
    with site.app_context():
        [kept] = db.session.scalars(select(SignedIn))
        kept.started_at -= LASTS
        db.session.commit()

    assert not is_in(desk)
    signed_in(site, PHONE)

    with site.app_context():
        assert len(db.session.scalars(select(SignedIn)).all()) == 1
